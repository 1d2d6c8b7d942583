//===- Timing/WatchedStretch.h - a stretch, stage by stage ---------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Notes when the executed instructions of one stretch of a stream come to each
/// stage of the core, as an engine tells it; of what is outside of the stretch
/// nothing. Instructions are named by their number in the stream, cycles count
/// from its start.
///
/// Tested by unittests/Timing/WatchedStretchTest.cpp, and DifferentialTest.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TIMING_WATCHEDSTRETCH_H
#define MCAD_TIMING_WATCHEDSTRETCH_H

#include "Timing/TimingEngine.h"
#include <algorithm>

namespace mcad {

class WatchedStretch {
public:
  explicit WatchedStretch(Stretch S) : S(S) {}

  /// Whether any of the \p Count instructions from \p Number on is in it.
  bool overlaps(uint64_t Number, uint64_t Count) const {
    return Number < S.To && Number + Count > S.From;
  }

  /// The \p Count instructions from \p Number on are those of the program from
  /// \p First on. Comes in order, before they are simulated.
  void name(uint64_t Number, uint32_t First, uint32_t Count) {
    if (!overlaps(Number, Count))
      return;
    const uint64_t End = std::min(Number + Count, S.To);
    for (uint64_t N = std::max(Number, S.From); N != End; ++N)
      Rows.push_back({InstructionId(First + (N - Number))});
  }

  /// One that is wider than the core is dispatched over several cycles: the
  /// first counts.
  void dispatched(uint64_t Number, uint64_t Cycle) {
    if (InstructionTimes *Row = find(Number);
        Row && Row->Dispatched == InstructionTimes::Never)
      Row->Dispatched = Cycle;
  }
  void ready(uint64_t Number, uint64_t Cycle) {
    if (InstructionTimes *Row = find(Number))
      Row->Ready = Cycle;
  }
  void issued(uint64_t Number, uint64_t Cycle) {
    if (InstructionTimes *Row = find(Number))
      Row->Issued = Cycle;
  }
  void executed(uint64_t Number, uint64_t Cycle) {
    if (InstructionTimes *Row = find(Number))
      Row->Executed = Cycle;
  }
  void retired(uint64_t Number, uint64_t Cycle) {
    if (InstructionTimes *Row = find(Number)) {
      Row->Retired = Cycle;
      ++NumRetired;
    }
  }

  /// All of it has retired.
  bool isOver() const { return NumRetired == S.To - S.From; }

  /// In order, from the first one; those that were executed so far.
  llvm::ArrayRef<InstructionTimes> rows() const { return Rows; }

private:
  /// Null if it is not in the stretch.
  InstructionTimes *find(uint64_t Number) {
    return Number - S.From < Rows.size() ? &Rows[Number - S.From] : nullptr;
  }

  const Stretch S;
  std::vector<InstructionTimes> Rows;
  uint64_t NumRetired = 0;
};

} // namespace mcad

#endif // MCAD_TIMING_WATCHEDSTRETCH_H
