//===- Timing/MemoryUnit.cpp - loads and stores with real addresses -----===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Timing/MemoryUnit.h"
#include "Timing/StandIn.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace mcad {

MemoryUnit::MemoryUnit(const MCSchedModel &Model, unsigned LoadQueue,
                       unsigned StoreQueue, RecentInstructions &Recent,
                       const TimingCounters &Counters)
    : LSUnit(Model, LoadQueue, StoreQueue, /*AssumeNoAlias=*/true),
      Recent(Recent), Counters(Counters) {
  describeStandIn(KeyDesc);
  Key = makeStandIn(KeyDesc, /*Opcode=*/0);
  // It has no operands, so that this brings it to its end.
  Key->dispatch(0);
  Key->forceExecuted();
}

unsigned MemoryUnit::newGroup() {
  const unsigned Id = createMemoryGroup();
  getGroup(Id).addInstruction();
  return Id;
}

void MemoryUnit::order(unsigned Earlier, unsigned Later, Until U) {
  if (Earlier)
    getGroup(Earlier).addSuccessor(&getGroup(Later), U == Until::Executed);
}

unsigned MemoryUnit::dispatch(const mca::InstRef &IR) {
  const mca::Instruction &Inst = *IR.getInstruction();
  if (Inst.getMayLoad())
    acquireLQSlot();
  if (Inst.getMayStore())
    acquireSQSlot();

  RecentInstruction *R = Recent.find(IR.getSourceIndex());
  bool IsHeld = false;
  if (R && !R->Waits.empty() && R->HasFacts) {
    const Opening O = opening(*R);
    IsHeld = !O.Cycle || *O.Cycle > Counters.Cycles;
    if (IsHeld)
      R->HeldBy = O.Why;
  }
  const unsigned Group =
      Inst.getMayStore() ? dispatchStore(Inst) : dispatchLoad(Inst, IsHeld);
  if (IsHeld) {
    const Gate G{newGroup(), IR.getSourceIndex()};
    order(G.Group, Group, Until::Executed);
    Gates.push_back(G);
  }
  return Group;
}

unsigned MemoryUnit::dispatchStore(const mca::Instruction &Inst) {
  const unsigned Group = newGroup();
  // A store does not pass older loads, barriers or stores.
  order(std::max(LoadGroup, LoadBarrier), Group, Until::Issued);
  for (unsigned Held : HeldLoads)
    order(Held, Group, Until::Issued);
  order(StoreBarrier, Group, Until::Executed);
  if (StoreGroup != StoreBarrier)
    order(StoreGroup, Group, Until::Issued);
  // Who is behind this store is behind those loads.
  HeldLoads.clear();

  StoreGroup = Group;
  if (Inst.isAStoreBarrier())
    StoreBarrier = Group;
  if (Inst.getMayLoad()) {
    LoadGroup = Group;
    if (Inst.isALoadBarrier())
      LoadBarrier = Group;
  }
  return Group;
}

unsigned MemoryUnit::dispatchLoad(const mca::Instruction &Inst, bool IsHeld) {
  const bool IsBarrier = Inst.isALoadBarrier();
  const unsigned Dominator = std::max(LoadGroup, LoadBarrier);
  // mca::LSUnit's five reasons for a group of its own, and one more.
  const bool IsAlone = IsBarrier || !Dominator || LoadBarrier == Dominator ||
                       Dominator <= StoreGroup ||
                       getGroup(Dominator).isExecuting() || IsHeld;
  if (!IsAlone) {
    getGroup(LoadGroup).addInstruction();
    return LoadGroup;
  }
  const unsigned Group = newGroup();
  // A barrier does not pass older loads; no load passes an older barrier.
  if (IsBarrier) {
    order(Dominator, Group, Until::Executed);
    for (unsigned Held : AllHeldLoads)
      order(Held, Group, Until::Executed);
    LoadBarrier = Group;
  } else {
    order(LoadBarrier, Group, Until::Executed);
  }
  if (IsHeld && !IsBarrier) {
    HeldLoads.push_back(Group);
    AllHeldLoads.push_back(Group);
  } else {
    LoadGroup = Group;
  }
  return Group;
}

MemoryUnit::Opening MemoryUnit::opening(const RecentInstruction &R) {
  Opening Latest{0, Cause::None};
  for (const Wait &W : R.Waits) {
    const RecentInstruction *Older = Recent.find(R.Index - W.Distance);
    if (!Older)
      continue;
    if (!Older->IsIssued)
      return {std::nullopt, W.Why};
    uint64_t Cycle = Older->IssueCycle + W.Cycles;
    if (W.Why == Cause::Store)
      Cycle += Older->LatencyCycles;
    if (Cycle > *Latest.Cycle)
      Latest = {Cycle, W.Why};
  }
  return Latest;
}

void MemoryUnit::open(const Gate &G) {
  Key->setLSUTokenID(G.Group);
  const mca::InstRef Opener(G.Index, Key.get());
  LSUnitBase::onInstructionIssued(Opener);
  LSUnitBase::onInstructionExecuted(Opener);
}

void MemoryUnit::cycleEvent() {
  LSUnit::cycleEvent();
  erase_if(Draining, [&](uint64_t Arrival) {
    if (Arrival > Counters.Cycles)
      return false;
    releaseSQSlot();
    return true;
  });
  erase_if(Gates, [&](const Gate &G) {
    RecentInstruction &R = *Recent.find(G.Index);
    const Opening O = opening(R);
    if (!O.Cycle || *O.Cycle > Counters.Cycles) {
      R.HeldBy = O.Why;
      return false;
    }
    R.HeldBy = Cause::None;
    open(G);
    return true;
  });
}

void MemoryUnit::onInstructionExecuted(const mca::InstRef &IR) {
  const mca::Instruction &Inst = *IR.getInstruction();
  if (!Inst.isMemOp())
    return;
  LSUnitBase::onInstructionExecuted(IR);
  const unsigned Group = Inst.getLSUTokenID();
  if (isValidGroupID(Group))
    return;
  for (unsigned *Current :
       {&LoadGroup, &LoadBarrier, &StoreGroup, &StoreBarrier})
    if (*Current == Group)
      *Current = 0;
  erase(HeldLoads, Group);
  erase(AllHeldLoads, Group);
}

void MemoryUnit::onInstructionRetired(const mca::InstRef &IR) {
  const mca::Instruction &Inst = *IR.getInstruction();
  if (Inst.getMayLoad())
    releaseLQSlot();
  if (!Inst.getMayStore())
    return;
  const RecentInstruction *R = Recent.find(IR.getSourceIndex());
  const uint64_t Arrival =
      R && R->HasFacts ? R->IssueCycle + R->Facts.StoreCycles : 0;
  // A queue without a size is never full.
  if (Arrival > Counters.Cycles && getStoreQueueSize())
    Draining.push_back(Arrival);
  else
    releaseSQSlot();
}

} // namespace mcad
