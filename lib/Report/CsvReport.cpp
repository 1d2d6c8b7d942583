//===- Report/CsvReport.cpp - instructions as a table ---------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/CsvReport.h"
#include "Report/Printable.h"
#include "Report/ProfileIndex.h"
#include "llvm/Support/Format.h"

using namespace llvm;

namespace mcad {

/// A field, printable; in quotes where it must be.
static void printField(StringRef Unsafe, raw_ostream &OS) {
  const std::string Text = printable(Unsafe);
  if (Text.find_first_of(",\"") == std::string::npos) {
    OS << Text;
    return;
  }
  OS << '"';
  for (const char C : Text) {
    if (C == '"')
      OS << '"';
    OS << C;
  }
  OS << '"';
}

static void printRow(const Profile &P, const InstructionReport &I,
                     raw_ostream &OS) {
  const ArrayRef<SourcePlace::Frame> Frames = framesOf(P, I);
  printField(functionName(P, I.Function), OS);
  OS << ',';
  printField(imagePath(P, I.Function), OS);
  OS << ',' << format_hex(I.Address, 1) << ',';
  if (!Frames.empty())
    printField(Frames.front().File, OS);
  OS << ',';
  if (!Frames.empty() && Frames.front().Line)
    OS << Frames.front().Line;
  OS << ',';
  printField(I.Text, OS);
  OS << ',' << I.Executions << ',' << totalCycles(I.Cycles);
  for (const uint64_t Cycles : I.Cycles)
    OS << ',' << Cycles;
  OS << '\n';
}

void printCsv(const Report &R, raw_ostream &OS) {
  OS << "trace,function,image,address,file,line,text,executions,cycles";
  for (unsigned I = 0; I != NumCauses; ++I)
    OS << ',' << causeName(static_cast<Cause>(I));
  OS << '\n';
  for (size_t T = 0; T != R.Traces.size(); ++T) {
    if (!R.Traces[T].Attribution)
      continue;
    const Profile &P = *R.Traces[T].Attribution;
    for (const InstructionReport &I : P.Instructions) {
      OS << T << ',';
      printRow(P, I, OS);
    }
  }
}

} // namespace mcad
