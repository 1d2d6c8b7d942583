//===- Timing/FetchStage.h - when instructions are there to dispatch ----===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A stage between the entry of LLVM's pipeline and dispatch (or in-order
/// issue): a queue of fetched instructions, in order. An instruction whose
/// facts delay its fetch comes that much later, and so does all behind it; what
/// is in the queue already goes on. After a mispredicted branch the next
/// instruction is fetched when the branch has executed and the penalty has
/// passed.
///
/// As many micro-ops are fetched in a cycle as the next stage takes in one: the
/// queue fills while that is held up, and hides short delays of fetch later.
///
/// Without facts it changes no cycle: what it takes it hands on at once as far
/// as the next stage takes it. It is full when its queue is, and says so;
/// otherwise all of the trace would collect in it.
///
/// Tested by unittests/Timing/FactsTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TIMING_FETCHSTAGE_H
#define MCAD_TIMING_FETCHSTAGE_H

#include "Timing/RecentInstructions.h"
#include "Timing/TimingEngine.h"
#include "llvm/MCA/Instruction.h"
#include "llvm/MCA/Stages/Stage.h"

namespace mcad {

class FetchStage final : public llvm::mca::Stage {
public:
  /// \p Counters: for the cycle at hand. \p Width: micro-ops in a cycle. All
  /// references live as long.
  FetchStage(RecentInstructions &Recent, const TimingCounters &Counters,
             unsigned QueueLength, unsigned Width)
      : Recent(Recent), Counters(Counters), QueueLength(QueueLength),
        Width(Width) {}

  bool isAvailable(const llvm::mca::InstRef &IR) const override {
    // In order, one of more micro-ops than issue in a cycle starts in any.
    const bool HasRoom =
        Fetched < Width || IR.getInstruction()->getNumMicroOps() > Width;
    return !Coming && HasRoom && Queue.size() < QueueLength;
  }
  bool hasWorkToComplete() const override { return Coming || !Queue.empty(); }
  llvm::Error execute(llvm::mca::InstRef &IR) override;
  llvm::Error cycleStart() override;

  /// What keeps the next instruction from coming in the cycle at hand, None if
  /// nothing does.
  Cause stalledBy() const;
  /// Instructions handed to the next stage.
  unsigned handedOn() const { return HandedOn; }

private:
  /// Decides when Coming arrives, if that is known yet.
  void schedule();
  llvm::Error arrive();
  llvm::Error handOn();

  RecentInstructions &Recent;
  const TimingCounters &Counters;
  const size_t QueueLength;
  const unsigned Width;
  unsigned Fetched = 0; ///< Micro-ops in the cycle at hand.
  std::deque<llvm::mca::InstRef> Queue;
  unsigned HandedOn = 0;

  /// The instruction whose fetch takes time; invalid if there is none.
  llvm::mca::InstRef Coming;
  bool AwaitsBranch = false; ///< Else the cycles below are known.
  /// The first cycle in which each cause no longer holds it, in this order.
  uint64_t BranchEnd = 0, RedirectEnd = 0, TlbEnd = 0, Arrival = 0;
};

} // namespace mcad

#endif // MCAD_TIMING_FETCHSTAGE_H
