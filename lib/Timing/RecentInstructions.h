//===- Timing/RecentInstructions.h - what an engine knows of the last ones ===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What LLVM's instructions have no room for: the facts of each, and when it
/// was fetched and issued. A ring by source index, which grows by one for each
/// instruction; long enough for all that a Wait can look back at.
///
/// Tested by unittests/Timing/FactsTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TIMING_RECENTINSTRUCTIONS_H
#define MCAD_TIMING_RECENTINSTRUCTIONS_H

#include "Facts/Facts.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include <deque>
#include <vector>

namespace mcad {

struct RecentInstruction {
  static constexpr unsigned NoIndex = ~0u;
  unsigned Index = NoIndex; ///< Its source index.
  bool IsIssued = false, IsRetired = false;
  uint32_t LatencyCycles = 0; ///< From issue to execution, if it is issued.
  uint64_t FetchCycle = 0;    ///< When fetch asked for its line.
  uint64_t IssueCycle = 0;    ///< If it is issued.
  Cause HeldBy = Cause::None; ///< What it waits for before it may issue.
  bool HasFacts = false;
  InstructionFacts Facts;
  llvm::SmallVector<Wait, 2> Waits;
};

class RecentInstructions {
public:
  /// The ring's length, once so many instructions have come.
  static constexpr unsigned Length = 2 * (MaxDistance + 1);

  RecentInstructions() : Ring(64) {}

  /// The facts of a batch whose first instruction has the source index
  /// \p First. Batches come in order, before their instructions.
  void announce(unsigned First, const BatchFacts &Facts) {
    for (const InstructionFacts &F : Facts.Rows)
      Announced.push_back(
          {First + F.At, F, llvm::SmallVector<Wait, 2>(Facts.waits(F))});
  }

  /// Instruction \p Index, the next one, is there.
  RecentInstruction &start(unsigned Index) {
    // A short stream needs little. Before the first one is overwritten, each
    // is where its index says, in a ring of any size.
    if (Index == Ring.size() && Ring.size() < Length)
      Ring.resize(2 * Ring.size());
    RecentInstruction &R = Ring[Index % Ring.size()];
    R.Index = Index;
    R.IsIssued = R.IsRetired = R.HasFacts = false;
    R.HeldBy = Cause::None;
    if (!Announced.empty() && Announced.front().Index == Index) {
      R.HasFacts = true;
      R.Facts = Announced.front().Facts;
      R.Waits = std::move(Announced.front().Waits);
      Announced.pop_front();
    }
    return R;
  }

  /// Null if it is not among the last any more, or was before the first.
  RecentInstruction *find(unsigned Index) {
    RecentInstruction &R = Ring[Index % Ring.size()];
    return R.Index == Index && Index != RecentInstruction::NoIndex ? &R
                                                                   : nullptr;
  }

private:
  struct Row {
    unsigned Index;
    InstructionFacts Facts;
    llvm::SmallVector<Wait, 2> Waits;
  };
  std::vector<RecentInstruction> Ring; ///< At most Length.
  std::deque<Row> Announced; ///< Of instructions that are not there yet.
};

} // namespace mcad

#endif // MCAD_TIMING_RECENTINSTRUCTIONS_H
