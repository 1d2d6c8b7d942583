//===- Report/TimelineText.cpp - a timeline for people --------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/TimelineText.h"
#include "Report/Printable.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace mcad {

/// Cycles side by side. An instruction that takes longer is shown whole, up to
/// MostCycles.
static constexpr uint64_t CyclesPerPart = 100, MostCycles = 1000;

static std::string label(const TimelineRow &Row) {
  return "[" + std::to_string(Row.Stream) + "," + std::to_string(Row.Number) +
         "]";
}

/// The stages of \p Row from cycle \p From on, \p Width cycles of it.
static std::string stages(const TimelineRow &Row, uint64_t From,
                          uint64_t Width) {
  std::string Text(Width, ' ');
  for (uint64_t I = 0; I != Width; ++I)
    if (I % 5 == 0 || I + 1 == Width)
      Text[I] = '.';
  auto put = [&](uint64_t First, uint64_t End, char C) {
    for (uint64_t I = std::max(First, From); I < End && I - From < Width; ++I)
      Text[I - From] = C;
  };
  put(Row.Executed + 1, Row.Retired, '-');
  if (Row.Executed < Row.Retired)
    put(Row.Retired, Row.Retired + 1, 'R');
  put(Row.Dispatched + 1, Row.Issued, '=');
  put(Row.Issued, Row.Executed, 'e');
  put(Row.Executed, Row.Executed + 1, 'E');
  put(Row.Dispatched, Row.Dispatched + 1, 'D');
  return Text;
}

/// llvm-mca's two lines of digits: tens stand in turns above and below.
static void printHeader(uint64_t Width, size_t LabelWidth, raw_ostream &OS) {
  std::string Above, Below;
  for (uint64_t I = 0; I != Width; ++I) {
    const bool IsAbove = I / 10 % 2;
    Above += IsAbove ? char('0' + I % 10) : ' ';
    Below += IsAbove ? ' ' : char('0' + I % 10);
  }
  if (Width > 10)
    OS << std::string(LabelWidth, ' ') << StringRef(Above).rtrim() << '\n';
  OS << left_justify("Index", LabelWidth) << StringRef(Below).rtrim() << '\n';
}

static void printPart(const Profile &P, ArrayRef<TimelineRow> Rows,
                      raw_ostream &OS) {
  const uint64_t From = Rows.front().Dispatched;
  uint64_t Width = 0;
  size_t LabelWidth = 0;
  for (const TimelineRow &Row : Rows) {
    Width = std::max(Width, Row.Retired - From + 1);
    LabelWidth = std::max(LabelWidth, label(Row).size());
  }
  Width = std::min(Width, MostCycles);
  LabelWidth = std::max<size_t>(LabelWidth + 1, 10);
  OS << "\nCycles from " << From << " of stream " << Rows.front().Stream
     << ":\n";
  printHeader(Width, LabelWidth, OS);
  OS << '\n';
  for (const TimelineRow &Row : Rows) {
    OS << left_justify(label(Row), LabelWidth) << stages(Row, From, Width);
    OS << "   ";
    if (Row.Instruction == NoIndex)
      OS << "[unknown]";
    else
      OS << printable(P.Instructions[Row.Instruction].Text);
    OS << '\n';
  }
}

void printTimeline(const Profile &P, raw_ostream &OS) {
  const ArrayRef<TimelineRow> Rows(P.Timeline);
  if (Rows.empty())
    return;
  OS << "\n\nTimeline view:\n";
  size_t First = 0;
  auto endsPart = [&](const TimelineRow &Row) {
    const TimelineRow &Head = Rows[First];
    return Row.Stream != Head.Stream || Row.Dispatched < Head.Dispatched ||
           Row.Retired < Head.Dispatched ||
           (Row.Retired - Head.Dispatched >= CyclesPerPart &&
            Row.Retired != Head.Retired);
  };
  for (size_t I = 1; I <= Rows.size(); ++I)
    if (I == Rows.size() || endsPart(Rows[I])) {
      printPart(P, Rows.slice(First, I - First), OS);
      First = I;
    }
}

} // namespace mcad
