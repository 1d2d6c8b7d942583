//===- Facts/Hierarchy.cpp - the caches and TLBs of a machine -----------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Facts/Hierarchy.h"

namespace mcad {

/// The cache of \p Level in front of \p Below, or null if there is none.
static std::unique_ptr<Cache> makeCache(const CacheLevel &Level, Cause Where,
                                        const MachineModel &M, Cache *Below) {
  if (!Level.isPresent())
    return nullptr;
  return std::make_unique<Cache>(Level, Where, M.ReplacementSeed, Below,
                                 M.MemoryLatencyCycles);
}

Hierarchy::Hierarchy(const MachineModel &M) : M(M) {
  if (M.L3.IsShared)
    L3 = makeCache(M.L3, Cause::L3, M, nullptr);
  if (M.L2.IsShared)
    L2 = makeCache(M.L2, Cause::L2, M, L3.get());
}

CoreMemory::CoreMemory(Hierarchy &Shared)
    : M(Shared.model()), InstructionPages(M.Tlbs.Instruction, M.Tlbs, Second),
      DataPages(M.Tlbs.Data, M.Tlbs, Second),
      Strides(M.Data.StrideEntries, M.Data.StridePrefetch,
              llvm::countr_zero(M.L1D.LineBytes)) {
  Cache *L3 = Shared.sharedL3(), *L2 = Shared.sharedL2();
  if (!M.L3.IsShared) {
    OwnL3 = makeCache(M.L3, Cause::L3, M, nullptr);
    L3 = OwnL3.get();
  }
  if (!M.L2.IsShared) {
    OwnL2 = makeCache(M.L2, Cause::L2, M, L3);
    L2 = OwnL2.get();
  }
  L1D = makeCache(M.L1D, Cause::None, M, L2);
  // L1I has no latency of its own: a hit costs fetch nothing.
  CacheLevel Instructions = M.L1I;
  Instructions.LatencyCycles = 0;
  L1I = makeCache(Instructions, Cause::None, M, L2);
  FirstData = L1D ? L1D.get() : L2;
  if (M.Tlbs.Second.Entries)
    Second.emplace(M.Tlbs.Second.Entries, M.Tlbs.Second.Ways, Replacement::Lru,
                   1);
}

void CoreMemory::dataLine(GuestAddr Address, bool IsStore, uint64_t Now,
                          Cost &C) {
  const uint32_t TlbCycles = DataPages.access(Address);
  if (TlbCycles > C.TlbCycles)
    C.TlbCycles = TlbCycles;
  if (!FirstData) {
    C.LevelCycles = M.MemoryLatencyCycles - M.L1D.LatencyCycles;
    C.Level = Cause::Memory;
    return;
  }
  const Cache::Found Found = FirstData->access(Address, IsStore, Now);
  if (Found.Where != Cause::None) {
    ++C.Misses;
    const uint32_t Cycles = Found.LatencyCycles - M.L1D.LatencyCycles;
    if (Cycles >= C.LevelCycles) {
      C.LevelCycles = Cycles;
      C.Level = Found.Where;
    }
  }
  // In a shared cache it may be another thread's instruction that is waited
  // for.
  const bool IsOwn = Found.Where == Cause::None ||
                     (Found.Where == Cause::L2 && OwnL2) ||
                     (Found.Where == Cause::L3 && OwnL3);
  if (IsOwn && Found.Pending.Cycles > C.Pending.Cycles)
    C.Pending = Found.Pending;
}

CoreMemory::Cost CoreMemory::data(GuestAddr Pc, GuestAddr Address,
                                  uint32_t SizeBytes, bool IsStore,
                                  uint64_t Now) {
  Cost C;
  dataLine(Address, IsStore, Now, C);
  const GuestAddr Last = Address + SizeBytes - 1;
  const unsigned Shift = llvm::countr_zero(M.L1D.LineBytes);
  if (Address >> Shift != Last >> Shift) {
    C.SplitCycles = M.Data.SplitPenaltyCycles;
    dataLine(Last, IsStore, Now, C);
  }
  if (L1D)
    if (std::optional<GuestAddr> Next = Strides.access(Pc, Address))
      L1D->prefetch(*Next, Now);
  return C;
}

CoreMemory::FetchCost CoreMemory::fetch(GuestAddr Address, uint64_t Now) {
  FetchCost C;
  C.TlbCycles = InstructionPages.access(Address);
  if (!L1I)
    return C;
  const Cache::Found Found = L1I->access(Address, /*IsStore=*/false, Now);
  if (Found.Where != Cause::None)
    C.LevelCycles = Found.LatencyCycles;
  else
    C.Pending = Found.Pending;
  return C;
}

} // namespace mcad
