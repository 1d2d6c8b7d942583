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

/// Shift of the lines that data is accessed in: of the first level there is.
static unsigned dataLineShift(const MachineModel &M) {
  for (const CacheLevel *Level : {&M.L1D, &M.L2, &M.L3})
    if (Level->isPresent())
      return llvm::countr_zero(Level->LineBytes);
  return llvm::countr_zero(M.Tlbs.PageBytes);
}

CoreMemory::CoreMemory(Hierarchy &Shared)
    : M(Shared.model()), Core(Shared.newCore()),
      DataLineShift(dataLineShift(M)),
      InstructionPages(M.Tlbs.Instruction, M.Tlbs, Second),
      DataPages(M.Tlbs.Data, M.Tlbs, Second),
      Strides(M.Data.StrideEntries, M.Data.StridePrefetch, DataLineShift) {
  Cache *L3 = Shared.sharedL3(), *L2 = Shared.sharedL2();
  FirstShared = L2 ? L2 : L3;
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

CoreMemory::~CoreMemory() {
  if (!FirstShared)
    return;
  for (const auto *Own : {&L1D, &L1I, &OwnL2, &OwnL3})
    if (*Own)
      FirstShared->forget(**Own);
}

void CoreMemory::dataLine(GuestAddr Address, bool IsStore, Asker Now, Cost &C) {
  C.TlbCycles = std::max(C.TlbCycles, DataPages.access(Address));
  if (!FirstData) {
    C.LevelCycles = M.MemoryLatencyCycles - M.L1D.LatencyCycles;
    C.Level = Cause::Memory;
    return;
  }
  const Cache::Found Found = FirstData->access(Address, IsStore, Now);
  if (Found.Where != Cause::None) {
    ++C.Misses;
    C.MemoryMisses += Found.Where == Cause::Memory;
    const uint32_t Cycles = Found.LatencyCycles - M.L1D.LatencyCycles;
    if (Cycles >= C.LevelCycles) {
      C.LevelCycles = Cycles;
      C.Level = Found.Where;
    }
  }
  // Of two lines, the one that was asked for last is the later one as a rule.
  if (Found.Pending.mayConcern(Now) &&
      Found.Pending.Trigger >= C.Pending.Trigger)
    C.Pending = Found.Pending;
}

CoreMemory::Cost CoreMemory::data(GuestAddr Pc, GuestAddr Address,
                                  uint32_t SizeBytes, bool IsStore,
                                  uint64_t Ordinal) {
  const Asker Now(Ordinal, Core);
  Cost C;
  const uint64_t First = Address >> DataLineShift;
  const uint64_t Last = (Address + SizeBytes - 1) >> DataLineShift;
  dataLine(Address, IsStore, Now, C);
  for (uint64_t Line = First; Line != Last;)
    dataLine(++Line << DataLineShift, IsStore, Now, C);
  if (First != Last)
    C.SplitCycles = M.Data.SplitPenaltyCycles;
  if (L1D)
    if (std::optional<GuestAddr> Next = Strides.access(Pc, Address))
      L1D->prefetch(*Next, Now);
  return C;
}

CoreMemory::FetchCost CoreMemory::fetch(GuestAddr Address, uint64_t Ordinal) {
  FetchCost C;
  C.TlbCycles = InstructionPages.access(Address);
  if (!L1I)
    return C;
  const Asker Now(Ordinal, Core);
  const Cache::Found Found = L1I->access(Address, /*IsStore=*/false, Now);
  if (Found.Where != Cause::None)
    C.LevelCycles = Found.LatencyCycles;
  if (Found.Pending.mayConcern(Now)) {
    C.Pending = Found.Pending;
    C.Pending.Cycles += C.LevelCycles;
  }
  return C;
}

} // namespace mcad
