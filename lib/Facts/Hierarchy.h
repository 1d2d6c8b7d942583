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

  /// A number that no other core has (until there are 65536).
  uint16_t newCore() { return NumCores++; }

private:
  const MachineModel &M;
  uint16_t NumCores = 0;
  std::unique_ptr<Cache> L3, L2;
};

class CoreMemory {
public:
  /// \p Shared lives as long.
  explicit CoreMemory(Hierarchy &Shared);
  ~CoreMemory();

  /// What one access costs beyond a hit in L1.
  struct Cost {
    uint32_t TlbCycles = 0;
    uint32_t SplitCycles = 0;
    uint32_t LevelCycles = 0; ///< Of the level that had it, above L1D's.
    Cause Level = Cause::None;
    unsigned Misses = 0;       ///< Of L1D: lines.
    unsigned MemoryMisses = 0; ///< Of them: no level had the line.
    /// The line is on the way, for an older instruction; else Cycles is 0.
    Fill Pending;

    uint32_t cycles() const { return TlbCycles + SplitCycles + LevelCycles; }
  };
  /// Instruction \p Ordinal, at \p Pc, loads or stores.
  Cost data(GuestAddr Pc, GuestAddr Address, uint32_t SizeBytes, bool IsStore,
            uint64_t Ordinal);

  /// What the fetch of one line costs.
  struct FetchCost {
    uint32_t TlbCycles = 0;
    uint32_t LevelCycles = 0;
    Fill Pending; ///< As above; Cycles from when that one was asked for.
  };
  /// Instruction \p Ordinal is the first in the line of \p Address.
  FetchCost fetch(GuestAddr Address, uint64_t Ordinal);

  /// Null where there is no such cache.
  const Cache *l1i() const { return L1I.get(); }
  const Cache *l1d() const { return L1D.get(); }
  const Cache *ownL2() const { return OwnL2.get(); }
  const Cache *ownL3() const { return OwnL3.get(); }
  const Tlb &instructionTlb() const { return InstructionPages; }
  const Tlb &dataTlb() const { return DataPages; }

private:
  void dataLine(GuestAddr Address, bool IsStore, Asker Now, Cost &C);

  const MachineModel &M;
  const uint16_t Core;
  const unsigned DataLineShift;
  std::unique_ptr<Cache> OwnL3, OwnL2, L1I, L1D;
  Cache *FirstShared; ///< Behind those; null: none.
  Cache *FirstData;   ///< The level that data meets first; null: none.
  SecondTlb Second;
  Tlb InstructionPages, DataPages;
  StridePrefetcher Strides;
};

} // namespace mcad

#endif // MCAD_FACTS_HIERARCHY_H
