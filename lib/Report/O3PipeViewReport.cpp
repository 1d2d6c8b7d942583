//===- Report/O3PipeViewReport.cpp - timelines for Konata -----------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/O3PipeViewReport.h"
#include "Report/Printable.h"
#include "llvm/Support/Format.h"

using namespace llvm;

namespace mcad {

static uint64_t tick(uint64_t Cycle) { return (Cycle + 1) * 1000; }

void printO3PipeView(const Report &R, raw_ostream &OS) {
  uint64_t Sequence = 0;
  for (const TraceReport &T : R.Traces) {
    if (!T.Attribution)
      continue;
    for (const TimelineRow &Row : T.Attribution->Timeline) {
      const InstructionReport *I =
          Row.Instruction == NoIndex
              ? nullptr
              : &T.Attribution->Instructions[Row.Instruction];
      const uint64_t Dispatched = tick(Row.Dispatched);
      OS << "O3PipeView:fetch:" << Dispatched << ':'
         << format_hex(I ? I->Address : 0, 10) << ":0:" << ++Sequence << ':'
         << (I && !I->Text.empty() ? printable(I->Text) : "[unknown]") << '\n'
         << "O3PipeView:decode:" << Dispatched << '\n'
         << "O3PipeView:rename:" << Dispatched << '\n'
         << "O3PipeView:dispatch:" << Dispatched << '\n'
         << "O3PipeView:issue:" << tick(Row.Issued) << '\n'
         << "O3PipeView:complete:" << tick(Row.Executed) << '\n'
         << "O3PipeView:retire:" << tick(Row.Retired) << ":store:0\n";
    }
  }
}

} // namespace mcad
