//===- Facts/Hierarchy.h - the caches and TLBs of a machine -------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Puts the caches of a MachineModel together: Hierarchy has what the guest's
/// threads share, CoreMemory what each has of its own. All cores of a hierarchy
/// are used from one thread.
///
/// Tested by unittests/Facts/HierarchyTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_FACTS_HIERARCHY_H
#define MCAD_FACTS_HIERARCHY_H

#include "Facts/Cache.h"
#include "Facts/StridePrefetcher.h"
#include "Facts/Tlb.h"
#include <memory>

namespace mcad {

class Hierarchy {
public:
  /// \p M, checked by checkModel(), lives as long.
  explicit Hierarchy(const MachineModel &M);

  const MachineModel &model() const { return M; }
  /// Null: there is none, or each core has its own.
  Cache *sharedL2() const { return L2.get(); }
  Cache *sharedL3() const { return L3.get(); }

private:
  const MachineModel &M;
  std::unique_ptr<Cache> L3, L2;
};

class CoreMemory {
public:
  /// \p Shared lives as long.
  explicit CoreMemory(Hierarchy &Shared);

  /// What one access costs beyond a hit in L1.
  struct Cost {
    uint32_t TlbCycles = 0;
    uint32_t SplitCycles = 0;
    uint32_t LevelCycles = 0; ///< Of the level that had it, above L1D's.
    Cause Level = Cause::None;
    unsigned Misses = 0; ///< Of L1D: lines.
    Fill Pending;        ///< Cycles is 0: the line is not on the way.

    uint32_t cycles() const { return TlbCycles + SplitCycles + LevelCycles; }
  };
  /// Instruction \p Now, at \p Pc, loads or stores.
  Cost data(GuestAddr Pc, GuestAddr Address, uint32_t SizeBytes, bool IsStore,
            uint64_t Now);

  /// What the fetch of one line costs.
  struct FetchCost {
    uint32_t TlbCycles = 0;
    uint32_t LevelCycles = 0;
    Fill Pending;
  };
  /// Instruction \p Now is the first in the line of \p Address.
  FetchCost fetch(GuestAddr Address, uint64_t Now);

  /// Null where there is no such cache.
  const Cache *l1i() const { return L1I.get(); }
  const Cache *l1d() const { return L1D.get(); }
  const Cache *ownL2() const { return OwnL2.get(); }
  const Cache *ownL3() const { return OwnL3.get(); }
  const Tlb &instructionTlb() const { return InstructionPages; }
  const Tlb &dataTlb() const { return DataPages; }

private:
  void dataLine(GuestAddr Address, bool IsStore, uint64_t Now, Cost &C);

  const MachineModel &M;
  std::unique_ptr<Cache> OwnL3, OwnL2, L1I, L1D;
  Cache *FirstData; ///< The level that data meets first; null: none.
  SecondTlb Second;
  Tlb InstructionPages, DataPages;
  StridePrefetcher Strides;
};

} // namespace mcad

#endif // MCAD_FACTS_HIERARCHY_H
