//===- Timing/FetchStage.cpp - when instructions are there to dispatch --===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Timing/FetchStage.h"

using namespace llvm;

namespace mcad {

Error FetchStage::execute(mca::InstRef &IR) {
  const RecentInstruction &R = Recent.start(IR.getSourceIndex());
  Coming = IR;
  Fetched += IR.getInstruction()->getNumMicroOps();
  BranchEnd = RedirectEnd = TlbEnd = Arrival = Counters.Cycles;
  AwaitsBranch = R.HasFacts && R.Facts.AwaitsBranch;
  if (R.HasFacts && R.Facts.delaysFetch())
    schedule();
  return arrive();
}

Error FetchStage::cycleStart() {
  Fetched = 0;
  if (AwaitsBranch)
    schedule();
  if (Error E = arrive())
    return E;
  return handOn();
}

void FetchStage::schedule() {
  const RecentInstruction &R = *Recent.find(Coming.getSourceIndex());
  BranchEnd = Counters.Cycles;
  if (R.Facts.AwaitsBranch) {
    // Source indices follow each other: the branch is the one before.
    const RecentInstruction *Branch = Recent.find(Coming.getSourceIndex() - 1);
    AwaitsBranch = Branch && !Branch->IsIssued;
    if (AwaitsBranch)
      return;
    if (Branch)
      BranchEnd =
          std::max(BranchEnd, Branch->IssueCycle + Branch->LatencyCycles +
                                  R.Facts.BranchCycles);
  }
  RedirectEnd = BranchEnd + R.Facts.RedirectCycles;
  TlbEnd = RedirectEnd + R.Facts.FetchTlbCycles;
  Arrival = TlbEnd + R.Facts.FetchMissCycles;
  if (R.Facts.FetchWaitCycles)
    if (const RecentInstruction *Asked =
            Recent.find(Coming.getSourceIndex() - R.Facts.FetchWaitDistance))
      Arrival = std::max(Arrival, Asked->FetchCycle + R.Facts.FetchWaitCycles);
}

Error FetchStage::arrive() {
  if (!Coming || AwaitsBranch || Counters.Cycles < Arrival)
    return Error::success();
  Recent.find(Coming.getSourceIndex())->FetchCycle = TlbEnd;
  Queue.push_back(Coming);
  Coming.invalidate();
  return handOn();
}

Error FetchStage::handOn() {
  while (!Queue.empty() && checkNextStage(Queue.front())) {
    mca::InstRef Next = Queue.front();
    Queue.pop_front();
    ++HandedOn;
    if (Error E = moveToTheNextStage(Next))
      return E;
  }
  return Error::success();
}

Cause FetchStage::stalledBy() const {
  if (!Coming)
    return Cause::None;
  if (AwaitsBranch || Counters.Cycles < BranchEnd)
    return Recent.find(Coming.getSourceIndex())->Facts.BranchWhy;
  if (Counters.Cycles < RedirectEnd)
    return Cause::Target;
  return Counters.Cycles < TlbEnd ? Cause::FetchTlb : Cause::FetchMiss;
}

} // namespace mcad
