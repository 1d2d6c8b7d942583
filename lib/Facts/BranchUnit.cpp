//===- Facts/BranchUnit.cpp - how the front end fares at a branch -------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Facts/BranchUnit.h"

namespace mcad {

BranchUnit::BranchUnit(const BranchPrediction &Parameters, bool OnlyMainCode)
    : Parameters(Parameters), OnlyMainCode(OnlyMainCode),
      Directions(createDirectionPredictor(Parameters)),
      Btb(Parameters.BtbEntries, Parameters.BtbWays),
      Returns(Parameters.ReturnStackEntries),
      Indirect(Parameters.IndirectEntries, Parameters.IndirectHistoryBits) {}

/// Whether what came next is where the taken \p B went.
bool BranchUnit::isFollowed(const Branch &B, GuestAddr Behind,
                            GuestAddr Next) const {
  if (B.IsDirect)
    return Next == B.Target;
  if (!OnlyMainCode)
    return true;
  // A call that is followed by what is behind it has a callee that is not in
  // the trace; a return that does not go to the last call has a caller that is
  // not: a library has called back.
  if (B.Kind == BranchKind::Return && Returns.isPresent())
    return Returns.top() == Next;
  return Next != Behind;
}

/// Where a taken \p B goes, as far as it was not known before.
bool BranchUnit::targetIsRight(const Branch &B, GuestAddr Pc, GuestAddr Next,
                               Outcome &Result) {
  if (B.IsDirect) {
    if (!Btb.lookUpAndLearn(Pc, Next)) {
      ++Counters.UnknownTargets;
      Result.FetchCycles += Parameters.BtbPenaltyCycles;
    }
    return true;
  }
  if (B.Kind == BranchKind::Return && Returns.isPresent()) {
    ++Counters.Returns;
    const bool IsRight = Returns.pop() == Next;
    Counters.WrongReturns += !IsRight;
    return IsRight;
  }
  ++Counters.Indirect;
  std::optional<GuestAddr> Known = Btb.lookUpAndLearn(Pc, Next);
  if (Indirect.isPresent())
    if (std::optional<GuestAddr> ByPath = Indirect.lookUpAndLearn(Pc, Next))
      Known = ByPath;
  // A callee that is not in the trace has returned meanwhile.
  if (OnlyMainCode && Returns.top() == Next)
    Returns.pop();
  const bool IsRight = Known == Next;
  Counters.WrongIndirect += !IsRight;
  return IsRight;
}

BranchUnit::Outcome BranchUnit::execute(const Branch &B, GuestAddr Pc,
                                        GuestAddr Behind, GuestAddr Next) {
  Outcome Result;
  const bool IsTaken = !B.IsConditional || Next != Behind;
  if (IsTaken && !isFollowed(B, Behind, Next)) {
    ++Counters.NotFollowed;
    return Result;
  }
  Counters.Taken += IsTaken;
  if (!Directions) {
    Counters.Conditional += B.IsConditional;
    Result.Refills = IsTaken && Parameters.TakenPenaltyCycles;
    return Result;
  }

  bool IsRight = true;
  if (B.IsConditional) {
    ++Counters.Conditional;
    IsRight = Directions->predictAndLearn(Pc, IsTaken) == IsTaken;
    Counters.WrongDirections += !IsRight;
  }
  if (IsTaken) {
    if (B.Kind == BranchKind::Call)
      Returns.push(Behind);
    // Where the direction is wrong already, targets are only learnt from.
    Outcome Ignored;
    const bool TargetIsRight =
        targetIsRight(B, Pc, Next, IsRight ? Result : Ignored);
    IsRight = IsRight && TargetIsRight;
    Indirect.learnPath(Next);
  }
  Result.IsMispredicted = !IsRight;
  if (Result.IsMispredicted)
    Result.FetchCycles = 0;
  return Result;
}

} // namespace mcad
