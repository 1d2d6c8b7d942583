//===- Timing/Fast/MemoryOrder.cpp - loads and stores in order -----------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Timing/Fast/MemoryOrder.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace mcad::fast {

GroupId MemoryOrder::newGroup() {
  forget();
  if (Next - Oldest == Groups.size()) {
    std::vector<Group> Longer(2 * Groups.size());
    for (GroupId Id = Oldest; Id != Next; ++Id)
      Longer[Id & (Longer.size() - 1)] = group(Id);
    Groups = std::move(Longer);
  }
  group(Next) = Group();
  group(Next).Members = 1;
  return Next++;
}

void MemoryOrder::order(GroupId Earlier, GroupId Later, Until U) {
  if (!Earlier)
    return;
  Group &E = group(Earlier);
  if (E.isExecuting()) {
    if (U == Until::Issued)
      return;
    ++group(Later).Running;
  } else {
    ++group(Later).Waiting;
  }
  uint32_t Number = FreeNode;
  if (Number == NoNode) {
    Number = Nodes.size();
    Nodes.emplace_back();
  } else {
    FreeNode = Nodes[Number].Next;
  }
  Nodes[Number] = {Later, U, E.Successors};
  E.Successors = Number;
}

GroupId MemoryOrder::add(const InstructionTiming &T, bool IsHeld) {
  const GroupId Id = T.MayStore ? addStore(T) : addLoad(T, IsHeld);
  if (IsHeld)
    ++group(Id).Waiting;
  return Id;
}

GroupId MemoryOrder::addStore(const InstructionTiming &T) {
  const GroupId Id = newGroup();
  const Until Passed = LoadsPassStores ? Until::Issued : Until::Executed;
  order(std::max(Load, LoadBarrier), Id, Passed);
  for (GroupId Held : HeldLoads)
    order(Held, Id, Until::Issued);
  order(StoreBarrier, Id, Until::Executed);
  if (Store != StoreBarrier)
    order(Store, Id, Passed);
  HeldLoads.clear();

  Store = Id;
  if (T.IsStoreBarrier)
    StoreBarrier = Id;
  if (T.MayLoad) {
    Load = Id;
    if (T.IsLoadBarrier)
      LoadBarrier = Id;
  }
  return Id;
}

GroupId MemoryOrder::addLoad(const InstructionTiming &T, bool IsHeld) {
  const GroupId Dominator = std::max(Load, LoadBarrier);
  const bool IsAlone = T.IsLoadBarrier || !Dominator ||
                       LoadBarrier == Dominator || Dominator <= Store ||
                       group(Dominator).isExecuting() || IsHeld;
  if (!IsAlone) {
    ++group(Load).Members;
    return Load;
  }
  const GroupId Id = newGroup();
  if (!LoadsPassStores)
    order(Store, Id, Until::Executed);
  if (T.IsLoadBarrier) {
    order(Dominator, Id, Until::Executed);
    for (GroupId Held : AllHeldLoads)
      order(Held, Id, Until::Executed);
    LoadBarrier = Id;
  } else {
    order(LoadBarrier, Id, Until::Executed);
  }
  if (IsHeld && !T.IsLoadBarrier) {
    HeldLoads.push_back(Id);
    AllHeldLoads.push_back(Id);
  } else {
    Load = Id;
  }
  return Id;
}

void MemoryOrder::issued(GroupId Id) {
  Group &G = group(Id);
  ++G.Executing;
  if (!G.isExecuting())
    return;
  uint32_t *Link = &G.Successors;
  while (*Link != NoNode) {
    Node &N = Nodes[*Link];
    stopWaiting(N.Successor);
    if (N.U == Until::Executed) {
      ++group(N.Successor).Running;
      Link = &N.Next;
      continue;
    }
    const uint32_t Gone = *Link;
    *Link = N.Next;
    N.Next = FreeNode;
    FreeNode = Gone;
  }
}

void MemoryOrder::executed(GroupId Id) {
  Group &G = group(Id);
  --G.Executing;
  if (--G.Members)
    return;
  while (G.Successors != NoNode) {
    const uint32_t Number = G.Successors;
    Node &N = Nodes[Number];
    if (!--group(N.Successor).Running)
      HasChanged = true;
    G.Successors = N.Next;
    N.Next = FreeNode;
    FreeNode = Number;
  }
  for (GroupId *Current : {&Load, &LoadBarrier, &Store, &StoreBarrier})
    if (*Current == Id)
      *Current = 0;
  erase(HeldLoads, Id);
  erase(AllHeldLoads, Id);
}

} // namespace mcad::fast
