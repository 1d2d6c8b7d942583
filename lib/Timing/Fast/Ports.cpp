//===- Timing/Fast/Ports.cpp - the processor resources in use ------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Timing/Fast/Ports.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;

namespace mcad::fast {

/// LLVM's choice where no unit is free: one that there is not.
static constexpr uint64_t NoUnit = uint64_t(1) << 63;

Ports::Ports(const CoreModel &Model) : Model(Model) {
  for (const Resource &R : Model.Resources) {
    Ready.push_back(R.IsGroup ? 0 : R.Units);
    Turns.push_back({R.Units, 0});
    GroupOf.push_back(MembersOf.size());
    if (R.NumUnits > 1)
      TakeTurns.push_back(Ready.size() - 1);
    if (R.IsGroup) {
      assert(popcount(R.Units) < 15 && "turns are signed 16-bit numbers");
      MembersOf.emplace_back();
    }
    FreeEntries.push_back(std::max(0, R.BufferSize));
    FreeMembers |= R.IsGroup ? 0 : R.Mask;
    BusyUnits |= R.Units ? 0 : R.Mask;
    HaveSeveralUnits |= R.NumUnits > 1 ? R.Mask : 0;
    const uint64_t Bit = uint64_t(1) << (Ready.size() - 1);
    HaveEntries |= R.BufferSize > 0 ? Bit : 0;
    AreHazards |= R.isDispatchHazard() ? Bit : 0;
  }
  const size_t NumVectors = divideCeil(MembersOf.size(), NumLanes);
  GroupTurns.resize(NumVectors);
  BitIn.resize(NumVectors * Model.Resources.size());
  for (unsigned Index = 0; Index != Ready.size(); ++Index) {
    const Resource &R = Model.Resources[Index];
    if (!R.IsGroup)
      continue;
    const unsigned G = GroupOf[Index];
    unsigned Bit = 0;
    forEachBit(R.Units, [&](unsigned Member) {
      BitIn[Member * NumVectors + G / NumLanes][G % NumLanes] = 1 << Bit;
      MembersOf[G][Bit++] = static_cast<uint8_t>(Member);
    });
    setLane(&TurnsOfGroups::All, G, (1 << Bit) - 1);
  }
  for (TurnsOfGroups &T : GroupTurns)
    T.Next = T.All;
}

void Ports::retakeBuffers(const InstructionTiming &T) {
  const uint64_t Hazards = HeldUp;
  takeBuffers(T);
  HeldUp = Hazards;
}

void Ports::rebuild() {
  FullBuffers = BusyUnits = 0;
  for (unsigned Index = 0; Index != Ready.size(); ++Index)
    FreeEntries[Index] = std::max(0, Model.Resources[Index].BufferSize);
  if (!Model.HasDispatchHazards) {
    HeldUp = FreeMembers = 0;
    for (unsigned Index = 0; Index != Ready.size(); ++Index)
      if (!Model.Resources[Index].IsGroup)
        Ready[Index] = Model.Resources[Index].Units;
    for (const Use &U : InUse)
      if (!Model.Resources[U.Resource].IsGroup)
        Ready[U.Resource] ^= U.Unit;
  }
  for (unsigned Index = 0; Index != Ready.size(); ++Index) {
    const Resource &R = Model.Resources[Index];
    const uint64_t Bit = uint64_t(1) << Index;
    if (R.IsGroup)
      continue;
    if (!Ready[Index])
      BusyUnits |= Bit;
    else if (!Model.HasDispatchHazards)
      FreeMembers |= Bit;
  }
  BusyUnits |= Brief;
  FreeMembers &= ~Brief;
}

bool Ports::canIssueSlow(const InstructionTiming &T) const {
  for (const ResourceNeed &Need : T.NeedsOthers)
    if (!isReady(Need.Resource, Need.NumUnits))
      return false;
  if (!T.HasOverlappingGroups)
    return true;
  // Groups share units here: each must get one that no other need takes. LLVM
  // asks this way only, so that it may refuse what could be had.
  uint64_t Consumed = 0;
  SmallVector<std::pair<uint64_t, unsigned>, 8> Available;
  for (const ResourceNeed &Need : T.Needs) {
    const Resource &R = Model.Resources[Need.Resource];
    if (R.IsGroup)
      continue;
    const unsigned Left = popcount(readyUnits(Need.Resource)) - Need.NumUnits;
    Available.emplace_back(R.Mask, Left);
    if (!Left)
      Consumed |= R.Mask;
  }
  bool IsBusy = false;
  for (const ResourceNeed &Need : T.Needs) {
    if (Need.Reserves || !Model.Resources[Need.Resource].IsGroup)
      continue;
    const uint64_t Free = readyUnits(Need.Resource) & ~Consumed;
    if (!Free) {
      IsBusy |= readyUnits(Need.Resource) != 0;
      continue;
    }
    const uint64_t Mask = bit_floor(Free);
    auto *It = find_if(Available, [&](auto &A) { return A.first == Mask; });
    if (It == Available.end()) {
      Available.emplace_back(Mask, popcount(readyUnits(countr_zero(Mask))));
      It = std::prev(Available.end());
    }
    if (!It->second) {
      IsBusy = true;
      continue;
    }
    if (!--It->second)
      Consumed |= Mask;
  }
  return !IsBusy;
}

uint64_t Ports::select(unsigned &Index) {
  while (true) {
    const Resource &R = Model.Resources[Index];
    if (!R.IsGroup)
      return R.NumUnits == 1 ? readyUnits(Index) : selectUnit(Index);
    const uint64_t Unit = selectMember(Index);
    // LLVM would go on with a resource that there is not.
    if (Unit == NoUnit)
      return Unit;
    Index = countr_zero(Unit);
  }
}

/// The member of \p Index, a group, whose turn it is: see selectUnit.
uint64_t Ports::selectMember(unsigned Index) {
  const unsigned G = GroupOf[Index];
  if (const uint64_t Member = takeTurn(G, lane(&TurnsOfGroups::Next, G)))
    return Member;
  const uint32_t All = lane(&TurnsOfGroups::All, G);
  const uint32_t Removed = lane(&TurnsOfGroups::Removed, G);
  setLane(&TurnsOfGroups::Removed, G, 0);
  if (const uint64_t Member = takeTurn(G, All ^ Removed))
    return Member;
  if (const uint64_t Member = takeTurn(G, All))
    return Member;
  setLane(&TurnsOfGroups::Next, G, All);
  return NoUnit;
}

uint64_t Ports::selectUnit(unsigned Index) {
  RoundRobin &Turn = Turns[Index];
  const uint64_t Free = readyUnits(Index);
  const uint64_t All = Model.Resources[Index].Units;
  // With no unit free, LLVM takes one that there is not.
  auto take = [&](uint64_t Candidates) {
    const uint64_t Unit = Candidates ? bit_floor(Candidates) : NoUnit;
    Turn.Next &= Unit | (Unit - 1);
    return Unit;
  };
  if (const uint64_t Candidates = Free & Turn.Next)
    return take(Candidates);
  Turn.Next = All ^ Turn.Removed;
  Turn.Removed = 0;
  if (const uint64_t Candidates = Free & Turn.Next)
    return take(Candidates);
  Turn.Next = All;
  return take(Free & Turn.Next);
}

void Ports::noteUse(unsigned Index, uint64_t Unit) {
  RoundRobin &Turn = Turns[Index];
  if (Unit > Turn.Next) {
    Turn.Removed |= Unit;
    return;
  }
  Turn.Next &= ~Unit;
  if (Turn.Next)
    return;
  Turn.Next = Model.Resources[Index].Units ^ Turn.Removed;
  Turn.Removed = 0;
}

void Ports::use(unsigned Index, uint64_t Unit) {
  const Resource &R = Model.Resources[Index];
  if (Brief & R.Mask) {
    // Not even one that is free.
    Brief ^= R.Mask;
    InUse.push_back({std::exchange(Ready[Index], 0), BriefEnd, Index});
  }
  Ready[Index] ^= Unit;
  if (R.NumUnits > 1)
    noteUse(Index, Unit);
  if (Ready[Index])
    return;
  BusyUnits |= R.Mask;
  FreeMembers ^= R.Mask;
  noteMember(Index);
}

void Ports::free(unsigned Index, uint64_t Unit) {
  const Resource &R = Model.Resources[Index];
  const bool WasFullyUsed = !Ready[Index];
  Ready[Index] ^= Unit;
  if (Ready[Index])
    BusyUnits &= ~R.Mask;
  if (WasFullyUsed)
    FreeMembers ^= R.Mask;
}

void Ports::occupy(unsigned Index, uint64_t Unit, uint64_t Now,
                   uint32_t Cycles) {
  // Only groups and units that there are not can be occupied twice.
  if (!Unit || Model.Resources[Index].IsGroup)
    for (Use &U : InUse)
      if (U.Resource == Index && U.Unit == Unit) {
        // LLVM counts what is left with 32 bits, and some of its models give
        // groups less than no cycle.
        U.End = Now + (static_cast<uint32_t>(U.End - Now) + Cycles);
        return;
      }
  InUse.push_back({Unit, Now + Cycles, Index});
}

void Ports::reserve(unsigned Index) {
  const uint64_t Bit = uint64_t(1) << Index;
  ReservedGroups ^= Bit;
  if (!Model.Resources[Index].isDispatchHazard())
    ClosedGroups |= Bit;
}

void Ports::endReservation(unsigned Index) {
  const Resource &R = Model.Resources[Index];
  const uint64_t Bit = uint64_t(1) << Index;
  if (R.isDispatchHazard())
    HeldUp ^= Bit;
  if (!R.IsGroup)
    return;
  ClosedGroups &= ~Bit;
  ReservedGroups ^= Bit;
}

void Ports::write(Op What, uint32_t Operand) {
  auto put = [&](Op O, uint32_t N) {
    assert(N <= OperandMask && "cycles of a block, and timings, are few");
    Recorded.push_back(uint32_t(O) << OperandBits | N);
  };
  if (LogCycle != LastCycle)
    put(Op::Cycle, LogCycle - FirstCycle);
  LastCycle = LogCycle;
  put(What, Operand);
}

/// Whether the answer to canIssue(\p T) is the same for all turns.
bool Ports::isCertain(const InstructionTiming &T) const {
  if (!ArePicksKnown)
    return false;
  if ((T.NeedsGroups & ClosedGroups) | (T.Groups & ReservedGroups) |
      (T.NeedsUnits & BusyUnits & ~Uncertain))
    return true;
  bool IsFree = !(T.NeedsUnits & Uncertain) && T.NeedsOthers.empty() &&
                !T.HasOverlappingGroups;
  for (const uint64_t Members : T.NeedsOneOf) {
    const unsigned Left = popcount(Members & (FreeMembers | Uncertain));
    unsigned Inside = 0, Touching = 0;
    for (const uint64_t Pick : Picks) {
      Inside += !(Pick & ~Members);
      Touching += (Pick & Members) != 0;
    }
    // A resource of several units is not busy when one is taken.
    if (!Left || (Inside >= Left && !(Members & HaveSeveralUnits)))
      return true;
    IsFree &= Touching < Left;
  }
  return IsFree;
}

/// \p Need gets \p Unit of \p Index.
void Ports::notePick(const ResourceNeed &Need, unsigned Index, uint64_t Unit) {
  const Resource &Asked = Model.Resources[Need.Resource];
  const bool IsLong = Need.Cycles > 1;
  if (IsLong && (Asked.IsGroup || Asked.NumUnits > 1)) {
    write(Op::Took, Index << 6 | countr_zero(Unit));
    Recorded.push_back(Need.Cycles);
  }
  if (Asked.IsGroup && !IsLong) {
    Picks.push_back(Asked.Units & (FreeMembers | Uncertain));
    Uncertain |= Picks.back();
  } else if (Model.Resources[Index].NumUnits == 1) {
    Uncertain &= ~Model.Resources[Index].Mask;
  }
}

bool Ports::isTaken(uint32_t Operand, uint64_t End) const {
  return any_of(InUse, [&](const Use &U) {
    return U.Resource == Operand >> 6 &&
           U.Unit == uint64_t(1) << (Operand & 63) && U.End == End;
  });
}

bool Ports::release(uint64_t Now) {
  if (IsRecording) {
    LogCycle = Now;
    ArePicksKnown = true;
    Picks.clear();
    Uncertain = 0;
  }
  bool Any = false;
  if (Brief && BriefEnd <= Now) {
    BusyUnits &= ~Brief;
    FreeMembers |= Brief;
    Brief = 0;
    Any = true;
  }
  for (size_t I = 0; I != InUse.size();) {
    if (InUse[I].End > Now) {
      ++I;
      continue;
    }
    const Use Done = InUse[I];
    InUse[I] = InUse.back();
    InUse.pop_back();
    if (!Model.Resources[Done.Resource].IsGroup)
      free(Done.Resource, Done.Unit);
    endReservation(Done.Resource);
    Any = true;
  }
  return Any;
}

uint64_t Ports::nextRelease() const {
  uint64_t First = Brief ? BriefEnd : ~uint64_t(0);
  for (const Use &U : InUse)
    First = std::min(First, U.End);
  return First;
}

} // namespace mcad::fast
