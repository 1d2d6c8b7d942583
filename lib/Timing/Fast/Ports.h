//===- Timing/Fast/Ports.h - the processor resources in use --------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Which units of which resources are free, which one of several comes next,
/// and how full the buffers in front of them are: the state and the rules of
/// mca::ResourceManager, with all that is odd about them.
///
/// LLVM hands out the units of a group in turns. Whose turn it is seldom
/// decides when anything issues, and there are very many turns that a group can
/// be in. So a recording of what a block asked of the ports leaves out every
/// question whose answer is the same for all turns; where the other answers are
/// the same as when it was recorded, so is all that the core does, and only the
/// ports have to go through it again (replay). What of the ports decides more
/// than that, uses longer than a cycle and reservations, counts as a part of
/// the core's state: transferLasting.
///
/// Tested by unittests/Timing/DifferentialTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TIMING_FAST_PORTS_H
#define MCAD_TIMING_FAST_PORTS_H

#include "Timing/Fast/Archive.h"
#include "Timing/Fast/Compiler.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/MathExtras.h"
#include <array>

namespace mcad::fast {

class Ports {
public:
  explicit Ports(const CoreModel &Model);

  /// Whether all buffers that \p T needs have room.
  bool canBuffer(const InstructionTiming &T) const {
    return !(T.Buffers & (HeldUp | FullBuffers));
  }
  void takeBuffers(const InstructionTiming &T) {
    forEachBit(T.Buffers & HaveEntries, [&](unsigned Index) {
      FullBuffers |= uint64_t(!--FreeEntries[Index]) << Index;
    });
    HeldUp ^= T.Buffers & AreHazards;
  }
  void leaveBuffers(const InstructionTiming &T) {
    FullBuffers &= ~T.Buffers;
    forEachBit(T.Buffers & HaveEntries,
               [&](unsigned Index) { ++FreeEntries[Index]; });
  }

  /// Whether \p T may issue in the cycle at hand.
  bool canIssue(const InstructionTiming &T) {
    const bool Can = isFree(T);
    if (IsRecording && !isCertain(T))
      write(Can ? Op::CanIssue : Op::CannotIssue, T.Id);
    return Can;
  }

  /// Issues \p T, calling \p Used(Column, Cycles) for each unit that it takes;
  /// Column is ~0 where LLVM takes none.
  template <typename Callback>
  void issue(const InstructionTiming &T, uint64_t Now, Callback Used) {
    if (IsRecording)
      write(Op::Issue, T.Id);
    for (const ResourceNeed &Need : T.Needs) {
      if (!Need.Cycles) {
        endReservation(Need.Resource);
        continue;
      }
      if (Need.IsBrief && areApart())
        if (const uint64_t Unit = freeUnit(Need.Resource)) {
          const unsigned Index = llvm::countr_zero(Unit);
          if (IsRecording)
            notePick(Need, Index, Unit);
          useBriefly(Index, Now);
          Used(Model.Resources[Index].FirstColumn, 1);
          continue;
        }
      if (Need.Reserves) {
        reserve(Need.Resource);
        occupy(Need.Resource, Model.Resources[Need.Resource].Mask, Now,
               Need.Cycles);
        continue;
      }
      unsigned Index = Need.Resource;
      const uint64_t Unit = select(Index);
      if (IsRecording)
        notePick(Need, Index, Unit);
      const Resource &R = Model.Resources[Index];
      if (Need.Cycles == 1 && R.NumUnits == 1 && Unit && areApart()) {
        useBriefly(Index, Now);
        Used(R.FirstColumn, 1);
        continue;
      }
      use(Index, Unit);
      occupy(Index, Unit, Now, Need.Cycles);
      const bool IsPlaced = Unit && (Unit & R.Units) == Unit;
      Used(IsPlaced ? R.FirstColumn + llvm::countr_zero(Unit) : ~0u,
           Need.Cycles);
    }
  }

  /// At the start of cycle \p Now: frees what is not in use any more.
  /// \returns whether anything was.
  bool release(uint64_t Now);
  /// The first cycle in which something gets free; ~0 if nothing is in use.
  uint64_t nextRelease() const;

  /// Whether the turns are no part of a core's state. They are where an
  /// instruction may be made to issue without a unit: there all counts.
  bool areApart() const { return !Model.HasDispatchHazards; }

  /// Records what is asked from here on, in cycle \p Now.
  void record(uint64_t Now) {
    Recorded.clear();
    IsRecording = areApart();
    FirstCycle = LastCycle = LogCycle = Now;
    ArePicksKnown = false;
  }
  void stopRecording() { IsRecording = false; }
  llvm::ArrayRef<uint32_t> recorded() const { return Recorded; }
  /// Goes through what was recorded, from cycle \p Now on. \returns whether
  /// all answers are the same; else these ports are spoilt.
  template <typename Callback>
  bool replay(llvm::ArrayRef<uint32_t> Log, const Compiler &Code, uint64_t Now,
              Callback Used) {
    uint64_t Cycle = Now;
    for (size_t I = 0; I != Log.size(); ++I) {
      const uint32_t Operand = Log[I] & OperandMask;
      switch (Op(Log[I] >> OperandBits)) {
      case Op::Cycle:
        Cycle = Now + Operand;
        release(Cycle);
        break;
      case Op::Issue:
        issue(Code.timing(Operand), Cycle, Used);
        break;
      case Op::CanIssue:
        if (!isFree(Code.timing(Operand)))
          return false;
        break;
      case Op::CannotIssue:
        if (isFree(Code.timing(Operand)))
          return false;
        break;
      case Op::Took:
        if (!isTaken(Operand, Cycle + Log[++I]))
          return false;
        break;
      }
    }
    return true;
  }

  /// Without the buffers: after reading, retakeBuffers() for all that wait.
  template <typename Archive> void transfer(Archive &A) {
    if constexpr (!Archive::IsReading)
      llvm::sort(InUse);
    transferList(A, InUse, [&](Use &U) {
      A.number(U.Resource);
      A.number(U.Unit);
      A.cycle(U.End);
    });
    A.number(Brief);
    BriefEnd = A.Now + 1;
    for (unsigned Index : TakeTurns) {
      A.number(Turns[Index].Next);
      A.number(Turns[Index].Removed);
    }
    for (unsigned G = 0; G != MembersOf.size(); ++G) {
      transferLane(A, &TurnsOfGroups::Next, G);
      transferLane(A, &TurnsOfGroups::Removed, G);
    }
    bool HasReservations = ClosedGroups || ReservedGroups;
    A.number(HasReservations);
    if (HasReservations) {
      A.number(ClosedGroups);
      A.number(ReservedGroups);
    } else {
      ClosedGroups = ReservedGroups = 0;
    }
    if (Model.HasDispatchHazards) {
      A.number(HeldUp);
      A.number(FreeMembers);
      for (uint64_t &Units : Ready)
        A.number(Units);
    }
    if constexpr (Archive::IsReading)
      rebuild();
  }
  void retakeBuffers(const InstructionTiming &T);
  /// If the turns are apart: what of the ports is a part of the core's state
  /// all the same. Only written: transfer() reads it.
  void writeLasting(StateWriter &A) {
    llvm::sort(InUse);
    for (Use &U : InUse)
      if (U.End > A.Now + 1) {
        A.number(U.Resource + 1);
        A.number(U.Unit);
        A.cycle(U.End);
      }
    A.number(0);
    A.number(ClosedGroups);
    A.number(ReservedGroups);
  }

private:
  /// What a word of a recording says, in its highest bits.
  enum class Op : uint8_t {
    Cycle,       ///< So many cycles after the first.
    Issue,       ///< Of that timing.
    CanIssue,    ///< That timing,
    CannotIssue, ///< or not.
    Took         ///< That unit is in use for as many cycles as follow.
  };
  static constexpr unsigned OperandBits = 28;
  static constexpr uint32_t OperandMask = (1u << OperandBits) - 1;
  bool isFree(const InstructionTiming &T) const {
    if ((T.NeedsUnits & BusyUnits) | (T.NeedsGroups & ClosedGroups) |
        (T.Groups & ReservedGroups))
      return false;
    for (uint64_t Members : T.NeedsOneOf)
      if (!(Members & FreeMembers))
        return false;
    return (T.NeedsOthers.empty() && !T.HasOverlappingGroups) ||
           canIssueSlow(T);
  }

  /// Calls \p Visit for the number of each bit of \p Bits.
  template <typename Visitor>
  static void forEachBit(uint64_t Bits, Visitor Visit) {
    for (; Bits; Bits &= Bits - 1)
      Visit(static_cast<unsigned>(llvm::countr_zero(Bits)));
  }

  /// So many numbers at once.
  using Lanes [[gnu::vector_size(16)]] = int16_t;
  static constexpr unsigned NumLanes = sizeof(Lanes) / sizeof(int16_t);
  /// Turns of the members of so many groups: RoundRobin in a form in which that
  /// a member is taken is noted for all of them at once. A bit per member, in
  /// the order of the resources' numbers. Groups that there are not stay zero.
  struct TurnsOfGroups {
    Lanes Next{}, Removed{}, All{};
  };
  int16_t lane(Lanes TurnsOfGroups::*Of, unsigned Group) const {
    return (GroupTurns[Group / NumLanes].*Of)[Group % NumLanes];
  }
  void setLane(Lanes TurnsOfGroups::*Of, unsigned Group, int16_t To) {
    (GroupTurns[Group / NumLanes].*Of)[Group % NumLanes] = To;
  }
  template <typename Archive>
  void transferLane(Archive &A, Lanes TurnsOfGroups::*Of, unsigned Group) {
    int16_t Lane = lane(Of, Group);
    A.number(Lane);
    setLane(Of, Group, Lane);
  }

  void write(Op What, uint32_t Operand);
  bool isCertain(const InstructionTiming &T) const;
  void notePick(const ResourceNeed &Need, unsigned Index, uint64_t Unit);
  bool isTaken(uint32_t Operand, uint64_t End) const;

  struct Use {
    uint64_t Unit;
    uint64_t End; ///< The cycle in which it is free again.
    unsigned Resource;

    bool operator<(const Use &Other) const {
      return std::tie(Resource, Unit) < std::tie(Other.Resource, Other.Unit);
    }
  };
  /// The strategy of a resource with several units: mca's
  /// DefaultResourceStrategy.
  struct RoundRobin {
    uint64_t Next, Removed;
  };

  uint64_t readyUnits(unsigned Index) const {
    const Resource &R = Model.Resources[Index];
    if (R.IsGroup)
      return FreeMembers & R.Units;
    return Brief & R.Mask ? 0 : Ready[Index];
  }
  bool isReady(unsigned Index, unsigned NumUnits) const {
    return !(ClosedGroups >> Index & 1) &&
           static_cast<unsigned>(llvm::popcount(readyUnits(Index))) >= NumUnits;
  }
  bool canIssueSlow(const InstructionTiming &T) const;
  /// Of \p Index, which has single units: the resource whose turn it is, as a
  /// bit; 0 if the turns have to begin anew first, or nothing is free.
  uint64_t freeUnit(unsigned Index) {
    if (!Model.Resources[Index].IsGroup)
      return FreeMembers & uint64_t(1) << Index;
    const unsigned G = GroupOf[Index];
    return takeTurn(G, lane(&TurnsOfGroups::Next, G));
  }
  /// The free one of the highest number of \p Next, members of group \p G that
  /// have their turns before the others; 0 if there is none. Those from it on
  /// down stay.
  uint64_t takeTurn(unsigned G, uint32_t Next) {
    for (uint32_t Candidates = Next; Candidates;) {
      const unsigned Bit = llvm::Log2_32(Candidates);
      const uint64_t Member = uint64_t(1) << MembersOf[G][Bit];
      if (FreeMembers & Member) {
        setLane(&TurnsOfGroups::Next, G, Next & ((2u << Bit) - 1));
        return Member;
      }
      Candidates ^= 1u << Bit;
    }
    return 0;
  }
  /// A free unit of \p Index, which becomes the resource that has it.
  uint64_t select(unsigned &Index);
  uint64_t selectUnit(unsigned Index);
  uint64_t selectMember(unsigned Group);
  void noteUse(unsigned Index, uint64_t Unit);
  /// noteUse of \p Index, a resource that has no free unit any more, for all
  /// groups that it is in; others are left as they are.
  void noteMember(unsigned Index) {
    const Lanes *Bits = BitIn.data() + Index * GroupTurns.size();
    // What compares vectors has all bits where it is true, and none elsewhere.
    for (TurnsOfGroups &T : GroupTurns) {
      const Lanes Bit = *Bits++;
      const Lanes IsAbove = Bit > T.Next;
      const Lanes Removed = T.Removed | (Bit & IsAbove);
      const Lanes Left = T.Next & ~(Bit & ~IsAbove);
      const Lanes IsEmpty = Left == 0;
      T.Next = Left | ((T.All ^ Removed) & IsEmpty);
      T.Removed = Removed & ~IsEmpty;
    }
  }
  void use(unsigned Index, uint64_t Unit);
  /// For this cycle, the only unit of \p Index.
  void useBriefly(unsigned Index, uint64_t Now) {
    const uint64_t Mask = Model.Resources[Index].Mask;
    Brief |= Mask;
    BriefEnd = Now + 1;
    BusyUnits |= Mask;
    FreeMembers &= ~Mask;
    noteMember(Index);
  }
  void free(unsigned Index, uint64_t Unit);
  void occupy(unsigned Index, uint64_t Unit, uint64_t Now, uint32_t Cycles);
  void reserve(unsigned Index);
  void endReservation(unsigned Index);
  void rebuild();

  const CoreModel &Model;
  /// Units that are not in InUse, by resource; not of groups.
  std::vector<uint64_t> Ready;
  std::vector<RoundRobin> Turns;   ///< Of the units of a resource.
  std::vector<unsigned> TakeTurns; ///< The resources that have several.
  std::vector<TurnsOfGroups> GroupTurns;
  /// For each resource, its bit in each group; 0 if it is not in it.
  std::vector<Lanes> BitIn;
  /// The resources in each group, in the order of their numbers.
  std::vector<std::array<uint8_t, 8 * sizeof(int16_t)>> MembersOf;
  std::vector<uint8_t> GroupOf;      ///< By resource, if it is one.
  std::vector<unsigned> FreeEntries; ///< Of buffers, by resource.
  llvm::SmallVector<Use, 32> InUse;  ///< Without the brief ones.
  /// In use up to BriefEnd: the only units of these resources.
  uint64_t Brief = 0;
  uint64_t BriefEnd = 0;

  // A bit per resource; constant.
  uint64_t HaveSeveralUnits = 0;
  uint64_t HaveEntries = 0; ///< Buffers of a size.
  uint64_t AreHazards = 0;  ///< isDispatchHazard().

  // A bit per resource.
  uint64_t BusyUnits = 0; ///< Not one unit is free. Not groups.
  /// Those that groups see as free. They are those that are not busy, unless
  /// an instruction was made to issue without a unit.
  uint64_t FreeMembers = 0;
  uint64_t ClosedGroups = 0; ///< Reserved, and no dispatch hazards.
  /// As LLVM has it: a need of no cycles makes it another set.
  uint64_t ReservedGroups = 0;
  uint64_t FullBuffers = 0;
  uint64_t HeldUp = 0; ///< Dispatch hazards.

  bool IsRecording = false;
  llvm::SmallVector<uint32_t, 64> Recorded;
  /// Of the first, the last word, and the one at hand.
  uint64_t FirstCycle = 0, LastCycle = 0, LogCycle = 0;
  // What would be else with other turns, in the cycle at hand: nothing is known
  // of the first one, which began before.
  bool ArePicksKnown = false;
  /// Of each unit that a group gave for this cycle, the resources that it may
  /// have come from; and all of them.
  llvm::SmallVector<uint64_t, 8> Picks;
  uint64_t Uncertain = 0;
};

} // namespace mcad::fast

#endif // MCAD_TIMING_FAST_PORTS_H
