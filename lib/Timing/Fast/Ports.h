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

namespace mcad::fast {

class Ports {
public:
  explicit Ports(const CoreModel &Model);

  /// Whether all buffers that \p T needs have room.
  bool canBuffer(const InstructionTiming &T) const {
    return !(T.Buffers & (HeldUp | FullBuffers));
  }
  void takeBuffers(const InstructionTiming &T);
  void leaveBuffers(const InstructionTiming &T);

  /// Whether \p T may issue in the cycle at hand.
  bool canIssue(const InstructionTiming &T) const {
    if ((T.NeedsUnits & BusyUnits) | (T.NeedsGroups & ClosedGroups) |
        (T.Groups & ReservedGroups))
      return false;
    for (uint64_t Members : T.NeedsOneOf)
      if (!(Members & FreeMembers))
        return false;
    return (T.NeedsOthers.empty() && !T.HasOverlappingGroups) ||
           canIssueSlow(T);
  }

  /// Issues \p T, calling \p Used(Column, Cycles) for each unit that it takes;
  /// Column is ~0 where LLVM takes none.
  template <typename Callback>
  void issue(const InstructionTiming &T, uint64_t Now, Callback Used) {
    for (const ResourceNeed &Need : T.Needs) {
      if (!Need.Cycles) {
        endReservation(Need.Resource);
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
      use(Index, Unit);
      occupy(Index, Unit, Now, Need.Cycles);
      const Resource &R = Model.Resources[Index];
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

  /// Without the buffers: after reading, retakeBuffers() for all that wait.
  template <typename Archive> void transfer(Archive &A) {
    if constexpr (!Archive::IsReading)
      llvm::sort(InUse);
    transferList(A, InUse, [&](Use &U) {
      A.number(U.Resource);
      A.number(U.Unit);
      A.cycle(U.End);
    });
    for (unsigned Index = 0; Index != Turns.size(); ++Index) {
      const Resource &R = Model.Resources[Index];
      if (!R.IsGroup && R.NumUnits <= 1)
        continue;
      const unsigned Shift = llvm::countr_zero(R.Units);
      for (uint64_t *Mask : {&Turns[Index].Next, &Turns[Index].Removed}) {
        uint64_t Bits = *Mask >> Shift;
        A.number(Bits);
        *Mask = Bits << Shift;
      }
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

private:
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
    return R.IsGroup ? FreeMembers & R.Units : Ready[Index];
  }
  bool isReady(unsigned Index, unsigned NumUnits) const {
    return !(ClosedGroups >> Index & 1) &&
           static_cast<unsigned>(llvm::popcount(readyUnits(Index))) >= NumUnits;
  }
  bool canIssueSlow(const InstructionTiming &T) const;
  /// A free unit of \p Index, which becomes the resource that has it.
  uint64_t select(unsigned &Index);
  uint64_t selectOf(unsigned Index);
  void noteUse(unsigned Index, uint64_t Unit);
  void use(unsigned Index, uint64_t Unit);
  void free(unsigned Index, uint64_t Unit);
  void occupy(unsigned Index, uint64_t Unit, uint64_t Now, uint32_t Cycles);
  void reserve(unsigned Index);
  void endReservation(unsigned Index);
  void rebuild();

  const CoreModel &Model;
  std::vector<uint64_t> Ready; ///< Free units, by resource; not of groups.
  std::vector<RoundRobin> Turns;
  std::vector<unsigned> FreeEntries; ///< Of buffers, by resource.
  llvm::SmallVector<Use, 32> InUse;

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
};

} // namespace mcad::fast

#endif // MCAD_TIMING_FAST_PORTS_H
