//===- HierarchyTest.cpp - caches and TLBs as a core sees them -----------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Facts/Hierarchy.h"
#include "gtest/gtest.h"
#include <random>

namespace mcad {
namespace {

/// L1s of 1 KiB, L2 of 4 KiB, L3 of 16 KiB; 4, 12, 40 and 200 cycles.
MachineModel threeLevels() {
  MachineModel M;
  for (auto [Level, Size, Latency] : {std::tuple(&M.L1I, 1024, 0),
                                      {&M.L1D, 1024, 4},
                                      {&M.L2, 4096, 12},
                                      {&M.L3, 16384, 40}}) {
    Level->SizeBytes = Size;
    Level->Ways = 4;
    Level->LatencyCycles = Latency;
  }
  M.MemoryLatencyCycles = 200;
  return M;
}

CoreMemory::Cost read(CoreMemory &Core, GuestAddr Address, uint64_t Now = 1,
                      uint32_t Size = 8) {
  return Core.data(0x400000, Address, Size, false, Now);
}

TEST(HierarchyTest, ALevelCostsWhatItIsSlowerThanL1) {
  const MachineModel M = threeLevels();
  Hierarchy Shared(M);
  CoreMemory Core(Shared);
  EXPECT_EQ(read(Core, 0).LevelCycles, 196u);
  EXPECT_EQ(read(Core, 0).LevelCycles, 0u);
  for (GuestAddr A = 0x100; A <= 0x400; A += 0x100)
    read(Core, A); // L1D's set of 0 is full of others.
  EXPECT_EQ(read(Core, 0).LevelCycles, 8u);
  EXPECT_EQ(read(Core, 0).Level, Cause::None);
}

TEST(HierarchyTest, InstructionsAndDataMeetInL2) {
  const MachineModel M = threeLevels();
  Hierarchy Shared(M);
  CoreMemory Core(Shared);
  read(Core, 0x2000);
  EXPECT_EQ(Core.fetch(0x2000, 2).LevelCycles, 12u); // Fetch has no L1 latency.
  EXPECT_EQ(Core.fetch(0x2000, 3).LevelCycles, 0u);
  EXPECT_EQ(Core.fetch(0x2040, 4).LevelCycles, 200u);
}

TEST(HierarchyTest, CoresShareWhatIsSharedAndNothingElse) {
  MachineModel M = threeLevels();
  M.L3.IsShared = true;
  Hierarchy Shared(M);
  CoreMemory One(Shared), Two(Shared);
  EXPECT_EQ(read(One, 0).Level, Cause::Memory);
  EXPECT_EQ(read(Two, 0).Level, Cause::L3);
  EXPECT_EQ(Shared.sharedL3()->counters().Accesses, 2u);
  EXPECT_EQ(Shared.sharedL3()->counters().Misses, 1u);
  EXPECT_EQ(Shared.sharedL2(), nullptr);
  EXPECT_EQ(Two.ownL2()->counters().Misses, 1u);

  M.L3.IsShared = false;
  Hierarchy Apart(M);
  CoreMemory Three(Apart), Four(Apart);
  EXPECT_EQ(read(Three, 0).Level, Cause::Memory);
  EXPECT_EQ(read(Four, 0).Level, Cause::Memory);
}

TEST(HierarchyTest, AnInclusiveSharedCacheTakesLinesFromEveryCore) {
  MachineModel M = threeLevels();
  M.L3 = {};
  M.L2.IsShared = M.L2.IsInclusive = true;
  Hierarchy Shared(M);
  CoreMemory One(Shared), Two(Shared);
  read(One, 0);
  for (GuestAddr A = 0x400; A <= 0x1000; A += 0x400)
    read(Two, A); // L2's set of 0 is full of others.
  EXPECT_EQ(read(One, 0).Level, Cause::Memory);
}

/// What the shared levels count of two cores, one behind the other; \p Ends:
/// the first goes away between.
std::vector<uint64_t> countShared(const MachineModel &M, bool Ends) {
  Hierarchy Shared(M);
  std::mt19937 Random(1);
  const auto run = [&](CoreMemory &Core, unsigned Times) {
    for (unsigned I = 1; I <= Times; ++I)
      Core.data(0x400000, Random() % 0x8000, 1, Random() % 2, I);
  };
  auto One = std::make_unique<CoreMemory>(Shared);
  CoreMemory Two(Shared);
  run(*One, 500);
  if (Ends)
    One.reset();
  run(Two, 2000);
  std::vector<uint64_t> Counts;
  for (const Cache *C : {Shared.sharedL2(), Shared.sharedL3()})
    if (C)
      for (uint64_t Count : {C->counters().Accesses, C->counters().Misses,
                             C->counters().WriteBacks})
        Counts.push_back(Count);
  return Counts;
}

TEST(HierarchyTest, ACoreThatIsGoneIsNotMissed) {
  for (unsigned Kind = 0; Kind != 8; ++Kind) {
    MachineModel M = threeLevels();
    M.L3.IsShared = true;
    M.L2.IsShared = Kind & 1;
    M.L2.IsInclusive = Kind & 2;
    M.L3.IsInclusive = Kind & 4;
    const std::vector<uint64_t> Stays = countShared(M, /*Ends=*/false);
    EXPECT_GT(Stays.back(), 0u) << Kind;
    EXPECT_EQ(countShared(M, /*Ends=*/true), Stays) << Kind;
  }
}

TEST(HierarchyTest, AStraddlingAccessTouchesBothLines) {
  MachineModel M = threeLevels();
  M.Data.SplitPenaltyCycles = 5;
  Hierarchy Shared(M);
  CoreMemory Core(Shared);
  EXPECT_EQ(read(Core, 0x3c, 1, 4).SplitCycles, 0u);
  const CoreMemory::Cost Split = read(Core, 0x7c, 2, 8);
  EXPECT_EQ(Split.SplitCycles, 5u);
  EXPECT_EQ(Split.Misses, 2u);
  EXPECT_EQ(Split.cycles(), 5u + 196u); // Both lines come at the same time.
  EXPECT_EQ(read(Core, 0x80, 3).Misses, 0u);
}

TEST(HierarchyTest, SharingHidesWhoseInstructionALineWaitsFor) {
  MachineModel M = threeLevels();
  M.L2.IsShared = M.L3.IsShared = true;
  Hierarchy Shared(M);
  CoreMemory One(Shared), Two(Shared);
  read(One, 0, 7);
  EXPECT_EQ(read(One, 0, 9).Pending.Trigger, 7u);
  EXPECT_EQ(read(Two, 0, 9).Pending.Cycles, 0u);
}

TEST(HierarchyTest, ACoreWaitsForItsOwnLinesInASharedCache) {
  MachineModel M = threeLevels();
  M.L2.IsShared = M.L3.IsShared = true;
  M.L2.NextLinePrefetch = 1;
  Hierarchy Shared(M);
  CoreMemory One(Shared), Two(Shared);
  read(One, 0, 7);
  const CoreMemory::Cost Own = read(One, 0x40, 8);
  EXPECT_EQ(Own.Level, Cause::L2);
  EXPECT_EQ(Own.Pending.Trigger, 7u);
  EXPECT_EQ(Own.Pending.Cycles, 200u - 12);
  read(One, 0x80, 9); // Brings 0xc0 into L2.
  EXPECT_EQ(read(Two, 0xc0, 10).Pending.Cycles, 0u);
}

TEST(HierarchyTest, FetchWaitsForALineOnItsWayBehind) {
  MachineModel M = threeLevels();
  M.L2.NextLinePrefetch = 1;
  Hierarchy Shared(M);
  CoreMemory Core(Shared);
  Core.fetch(0, 7);
  const CoreMemory::FetchCost Next = Core.fetch(0x40, 23);
  EXPECT_EQ(Next.LevelCycles, 12u);
  EXPECT_EQ(Next.Pending.Trigger, 7u);
  EXPECT_EQ(Next.Pending.Cycles, 200u); // As it came from memory then.
}

TEST(HierarchyTest, AnAccessTouchesEveryLineItLiesIn) {
  MachineModel M = threeLevels();
  M.L1D.LineBytes = 16;
  Hierarchy Shared(M);
  CoreMemory Core(Shared);
  EXPECT_EQ(read(Core, 0, 1, 64).Misses, 4u);
  EXPECT_EQ(read(Core, 8, 2, 64).Misses, 1u);
}

TEST(HierarchyTest, WithoutCachesMemoryIsAsFarAsItIs) {
  MachineModel M;
  M.L1D.LatencyCycles = 2;
  M.MemoryLatencyCycles = 2;
  Hierarchy Shared(M);
  CoreMemory Core(Shared);
  EXPECT_EQ(read(Core, 0).cycles(), 0u);
  EXPECT_EQ(Core.fetch(0, 1).LevelCycles, 0u);
}

TEST(HierarchyTest, AStridePrefetcherIsAhead) {
  MachineModel M = threeLevels();
  M.Data.StridePrefetch = 2;
  M.Data.StrideEntries = 16;
  Hierarchy Shared(M);
  CoreMemory Core(Shared);
  unsigned Misses = 0;
  for (GuestAddr A = 0; A != 64 * 16; A += 64)
    Misses += read(Core, A).Misses;
  // The first four teach it the stride; the fourth asks for the sixth.
  EXPECT_EQ(Misses, 5u);
  EXPECT_EQ(Core.l1d()->counters().Prefetches, 13u);
}

//===--- translation
//-------------------------------------------------------===//

MachineModel withTlbs() {
  MachineModel M;
  M.Tlbs.Data = M.Tlbs.Instruction = {4, 4};
  M.Tlbs.Second = {8, 8};
  M.Tlbs.SecondLatencyCycles = 7;
  M.Tlbs.WalkLatencyCycles = 30;
  return M;
}

TEST(TlbTest, APageIsWalkedOnceThenKnown) {
  const MachineModel M = withTlbs();
  Hierarchy Shared(M);
  CoreMemory Core(Shared);
  EXPECT_EQ(read(Core, 0x1000).TlbCycles, 30u);
  EXPECT_EQ(read(Core, 0x1ff8).TlbCycles, 0u);
  EXPECT_EQ(read(Core, 0x2000).TlbCycles, 30u);
  EXPECT_EQ(read(Core, 0x1000).TlbCycles, 0u);
  EXPECT_EQ(Core.dataTlb().counters().Accesses, 4u);
  EXPECT_EQ(Core.dataTlb().counters().Misses, 2u);
  EXPECT_EQ(Core.dataTlb().counters().Walks, 2u);
}

TEST(TlbTest, TheSecondLevelKnowsMore) {
  const MachineModel M = withTlbs();
  Hierarchy Shared(M);
  CoreMemory Core(Shared);
  for (GuestAddr Page = 0; Page != 8; ++Page)
    read(Core, Page << 12);
  EXPECT_EQ(read(Core, 0).TlbCycles, 7u);
  EXPECT_EQ(Core.dataTlb().counters().Walks, 8u);
}

TEST(TlbTest, InstructionsAndDataShareTheSecondLevel) {
  const MachineModel M = withTlbs();
  Hierarchy Shared(M);
  CoreMemory Core(Shared);
  EXPECT_EQ(Core.fetch(0x5000, 1).TlbCycles, 30u);
  EXPECT_EQ(read(Core, 0x5000).TlbCycles, 7u);
}

TEST(TlbTest, TheDearerOfTwoPagesCounts) {
  const MachineModel M = withTlbs();
  Hierarchy Shared(M);
  CoreMemory Core(Shared);
  read(Core, 0x1000);
  EXPECT_EQ(read(Core, 0x1ffc, 2, 8).TlbCycles, 30u);
}

} // namespace
} // namespace mcad
