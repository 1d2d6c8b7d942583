//===- Attribution/StreamAccounts.cpp - whom the cycles are for -----------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Attribution/StreamAccounts.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace mcad {

bool StreamAccounts::settle() {
  const Account &Before = Accounts[Current];
  if (Before.Context == Context && Before.Regions == OpenSet)
    return false;
  const auto [Known, IsNew] = Numbers.try_emplace(
      {Context, OpenSet}, static_cast<uint32_t>(Accounts.size()));
  if (IsNew)
    Accounts.push_back({Context, OpenSet});
  Current = Known->second;
  return true;
}

void StreamAccounts::change(const RegionTracker::Change &C, uint32_t At,
                            std::vector<AccountSwitch> &Switches) {
  RegionSet Open = Sets[OpenSet];
  if (C.Opens)
    Open.push_back(C.Region);
  else
    Open.erase(find(Open, C.Region));
  const auto [Known, IsNew] =
      SetNumbers.try_emplace(Open, uint32_t(Sets.size()));
  if (IsNew) {
    Sets.push_back(Open);
    Instructions.push_back(0);
  }
  OpenSet = Known->second;
  settle();
  Switches.push_back(
      {At + C.At, Current, C.Region,
       C.Opens ? AccountSwitch::Kind::Opens : AccountSwitch::Kind::Closes});
}

void StreamAccounts::consume(const Batch &B,
                             std::vector<AccountSwitch> &Switches) {
  Calls.noteNewBlocks();
  uint32_t At = 0;
  ExecutionCursor Cursor(B);
  Execution E;
  while (Cursor.next(E)) {
    const uint32_t Count = P.block(E.Block).NumInstructions;
    Context = Calls.step(E.Block);
    Instructions[OpenSet] += Count;
    if (Tracker)
      changeRegions(E.Block, At, Switches);
    if (settle()) // No region changed.
      Switches.push_back({At, Current});
    At += Count;
  }
}

void StreamAccounts::changeRegions(BlockId Block, uint32_t At,
                                   std::vector<AccountSwitch> &Switches) {
  const uint32_t Count = P.block(Block).NumInstructions;
  for (const RegionTracker::Change &C : Tracker->step(Block, Calls.depth())) {
    if (C.At && settle())
      Switches.push_back({At, Current});
    // What is behind it is of another set.
    Instructions[OpenSet] -= Count - C.At;
    change(C, At, Switches);
    Instructions[OpenSet] += Count - C.At;
  }
}

} // namespace mcad
