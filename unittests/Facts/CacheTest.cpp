//===- CacheTest.cpp - caches, one behind the other ----------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Facts/Cache.h"
#include "gtest/gtest.h"
#include <random>

namespace mcad {
namespace {

constexpr uint32_t MemoryLatency = 100;

CacheLevel level(uint32_t Size, uint32_t Ways, uint32_t Latency) {
  CacheLevel L;
  L.SizeBytes = Size;
  L.Ways = Ways;
  L.LatencyCycles = Latency;
  return L;
}

/// 1 KiB, 2 ways of 64 bytes (8 sets), in front of 4 KiB, 4 ways (16 sets).
struct TwoLevels {
  Cache L2, L1;
  explicit TwoLevels(bool IsInclusive = false, uint32_t NextLines = 0)
      : L2(inclusive(level(4096, 4, 12), IsInclusive), Cause::L2, 1, nullptr,
           MemoryLatency),
        L1(nextLines(level(1024, 2, 4), NextLines), Cause::None, 1, &L2,
           MemoryLatency) {}

  static CacheLevel inclusive(CacheLevel L, bool IsInclusive) {
    L.IsInclusive = IsInclusive;
    return L;
  }
  static CacheLevel nextLines(CacheLevel L, uint32_t Lines) {
    L.NextLinePrefetch = Lines;
    return L;
  }
  Cause read(GuestAddr Address, uint64_t Now = 1) {
    return L1.access(Address, false, Now).Where;
  }
  Cause write(GuestAddr Address, uint64_t Now = 1) {
    return L1.access(Address, true, Now).Where;
  }
};

TEST(CacheTest, FindsALineWhereItWasPut) {
  TwoLevels T;
  EXPECT_EQ(T.read(0x1000), Cause::Memory);
  EXPECT_EQ(T.read(0x103f), Cause::None);   // The same line.
  EXPECT_EQ(T.read(0x1040), Cause::Memory); // The next.
  T.read(0x1200), T.read(0x1400);           // Two more of the first's set.
  EXPECT_EQ(T.read(0x1000), Cause::L2);
}

TEST(CacheTest, TellsTheLatencyOfTheLevelThatHadIt) {
  TwoLevels T;
  EXPECT_EQ(T.L1.access(0, false, 1).LatencyCycles, MemoryLatency);
  EXPECT_EQ(T.L1.access(0, false, 2).LatencyCycles, 4u);
  T.read(0x200), T.read(0x400);
  EXPECT_EQ(T.L1.access(0, false, 3).LatencyCycles, 12u);
}

TEST(CacheTest, CountsAccessesAndMissesOfEachLevel) {
  TwoLevels T;
  for (int Round = 0; Round != 3; ++Round)
    for (GuestAddr A = 0; A != 2048; A += 64) // Twice what L1 holds.
      T.read(A);
  EXPECT_EQ(T.L1.counters().Accesses, 96u);
  EXPECT_EQ(T.L1.counters().Misses, 96u); // LRU and a loop: never a hit.
  EXPECT_EQ(T.L2.counters().Accesses, 96u);
  EXPECT_EQ(T.L2.counters().Misses, 32u); // The first round.
}

TEST(CacheTest, WritesBackADirtyLineOnceAndOnlyADirtyOne) {
  TwoLevels T;
  T.write(0);
  T.read(0x200);
  EXPECT_EQ(T.L1.counters().WriteBacks, 0u);
  T.read(0x400); // Replaces 0.
  EXPECT_EQ(T.L1.counters().WriteBacks, 1u);
  T.read(0x600); // Replaces 0x200, which is clean.
  EXPECT_EQ(T.L1.counters().WriteBacks, 1u);
  // It is dirty in L2 now: when that replaces it, memory gets it.
  for (GuestAddr A = 0x400; A != 0x2000; A += 0x400)
    T.read(A);
  EXPECT_EQ(T.L2.counters().WriteBacks, 1u);
}

TEST(CacheTest, AWriteBackIsNoUse) {
  TwoLevels T;
  T.write(0);
  // Three more of its set in L2 (every 0x400), none of which is 0's in time.
  T.read(0x400), T.read(0x800); // L1 replaces 0 and writes it back.
  T.read(0xc00);
  T.read(0x1000); // L2 replaces the one used longest ago: 0.
  EXPECT_EQ(T.read(0), Cause::Memory);
}

TEST(CacheTest, WhatLeavesAnInclusiveCacheLeavesTheOneInFront) {
  for (bool IsInclusive : {false, true}) {
    TwoLevels T(IsInclusive);
    T.read(0);
    // Keeps 0 in use in L1, so that only L2 forgets it.
    for (GuestAddr A : {0x400, 0x800, 0xc00, 0x1000}) {
      T.read(A);
      if (A != 0x1000)
        T.read(0);
    }
    EXPECT_EQ(T.read(0), IsInclusive ? Cause::Memory : Cause::None);
  }
}

TEST(CacheTest, ADirtyLineThatInclusionTakesOutIsWrittenBack) {
  TwoLevels T(/*IsInclusive=*/true);
  T.write(0);
  for (GuestAddr A : {0x400, 0x800, 0xc00, 0x1000}) {
    if (A != 0x1000)
      T.read(0);
    T.read(A);
  }
  EXPECT_EQ(T.L1.counters().WriteBacks, 0u);
  EXPECT_EQ(T.L2.counters().WriteBacks, 1u);
}

TEST(CacheTest, FetchesNextLinesOnAMiss) {
  TwoLevels T(false, /*NextLines=*/2);
  EXPECT_EQ(T.read(0), Cause::Memory);
  EXPECT_EQ(T.read(64), Cause::None);
  EXPECT_EQ(T.read(128), Cause::None);
  EXPECT_EQ(T.read(192), Cause::Memory);
  EXPECT_EQ(T.L1.counters().Accesses, 4u);
  EXPECT_EQ(T.L1.counters().Misses, 2u);
  EXPECT_EQ(T.L1.counters().Prefetches, 4u);
}

TEST(CacheTest, RemembersWhoBroughtALineAndWhenItArrives) {
  TwoLevels T(false, /*NextLines=*/1);
  T.read(0, /*Now=*/7);
  const Cache::Found Same = T.L1.access(8, false, 9);
  EXPECT_EQ(Same.Pending.Trigger, 7u);
  EXPECT_EQ(Same.Pending.Cycles, MemoryLatency - 4);
  EXPECT_EQ(Same.Pending.From, Cause::Memory);
  const Cache::Found Prefetched = T.L1.access(64, false, 10);
  EXPECT_EQ(Prefetched.Where, Cause::None);
  EXPECT_EQ(Prefetched.Pending.Trigger, 7u);
  EXPECT_EQ(Prefetched.Pending.Cycles, MemoryLatency - 4);
}

TEST(CacheTest, ALineThatIsOnItsWayBehindComesFromThere) {
  // Both levels prefetch the next line: L1 finds it in L2, which has asked for
  // it a moment ago.
  CacheLevel Behind = level(4096, 4, 12), InFront = level(1024, 2, 4);
  Behind.NextLinePrefetch = InFront.NextLinePrefetch = 1;
  Cache L2(Behind, Cause::L2, 1, nullptr, MemoryLatency);
  Cache L1(InFront, Cause::None, 1, &L2, MemoryLatency);
  L1.access(0, false, 7);
  const Cache::Found Next = L1.access(64, false, 8);
  EXPECT_EQ(Next.Where, Cause::None);
  EXPECT_EQ(Next.Pending.Trigger, 7u);
  EXPECT_EQ(Next.Pending.Cycles, MemoryLatency - 4);
  EXPECT_EQ(Next.Pending.From, Cause::Memory);
}

TEST(CacheTest, WhatIsLongThereIsNotOnItsWay) {
  TwoLevels T;
  T.read(0, 7);
  T.read(0x200, 8), T.read(0x400, 9); // 0 is in L2 alone.
  T.read(0, 100000);
  const Cache::Found Again = T.L1.access(0, false, 100001);
  EXPECT_EQ(Again.Pending.Trigger, 100000u);
  EXPECT_EQ(Again.Pending.Cycles, 12u - 4);
}

TEST(CacheTest, LongerLinesBehindServeShorterOnesInFront) {
  CacheLevel Long = level(4096, 4, 12);
  Long.LineBytes = 128;
  Long.IsInclusive = true;
  Cache L2(Long, Cause::L2, 1, nullptr, MemoryLatency);
  Cache L1(level(1024, 2, 4), Cause::None, 1, &L2, MemoryLatency);
  EXPECT_EQ(L1.access(0, true, 1).Where, Cause::Memory);
  EXPECT_EQ(L1.access(64, true, 2).Where, Cause::L2);
  // 8 sets of 128 bytes: every 0x400 is the same set.
  for (GuestAddr A : {0x400, 0x800, 0xc00})
    L1.access(A + 0x80, false, 3); // Other sets.
  for (GuestAddr A : {0x400, 0x800, 0xc00, 0x1000})
    L1.access(A, false, 4);
  // Both halves have left L1 with the one line of L2.
  EXPECT_EQ(L1.access(64, false, 5).Where, Cause::Memory);
}

//===--- classic patterns
//--------------------------------------------------===//

/// Miss ratio of \p Addresses, which are run through once before.
template <typename Generator>
double missRatio(const CacheLevel &Level, unsigned Accesses, Generator Next) {
  Cache C(Level, Cause::None, 1, nullptr, MemoryLatency);
  for (unsigned I = 0; I != Accesses; ++I)
    C.access(Next(I), false, 1);
  const CacheCounters Warm = C.counters();
  for (unsigned I = 0; I != Accesses; ++I)
    C.access(Next(I), false, 1);
  return double(C.counters().Misses - Warm.Misses) / Accesses;
}

class Patterns : public ::testing::TestWithParam<Replacement> {};

TEST_P(Patterns, AStreamMissesOncePerLine) {
  CacheLevel L = level(32768, 8, 4);
  L.Policy = GetParam();
  // 1 MiB in words of 8: 1 of 8 accesses is the first of its line.
  EXPECT_DOUBLE_EQ(missRatio(L, 1 << 17, [](uint64_t I) { return I * 8; }),
                   1.0 / 8);
  EXPECT_DOUBLE_EQ(missRatio(L, 1 << 16, [](uint64_t I) { return I * 16; }),
                   1.0 / 4);
}

TEST_P(Patterns, AStrideOfALineOrMoreMissesAlways) {
  CacheLevel L = level(32768, 8, 4);
  L.Policy = GetParam();
  for (uint64_t Stride : {64, 72, 256, 4096})
    EXPECT_DOUBLE_EQ(
        missRatio(L, 1 << 14, [=](uint64_t I) { return I * Stride; }), 1.0)
        << Stride;
}

TEST_P(Patterns, WhatFitsNeverMissesAgain) {
  CacheLevel L = level(32768, 8, 4);
  L.Policy = GetParam();
  const unsigned Lines = 32768 / 64;
  EXPECT_EQ(missRatio(L, Lines / 2, [](uint64_t I) { return I * 64; }), 0);
  EXPECT_EQ(missRatio(L, Lines, [](uint64_t I) { return I * 64; }), 0);
}

TEST_P(Patterns, ARandomChoiceFromAWorkingSetHitsWithTheShareThatIsIn) {
  CacheLevel L = level(32768, 8, 4);
  L.Policy = GetParam();
  for (double Factor : {0.5, 1.0, 2.0, 4.0}) {
    const auto Lines = static_cast<unsigned>(Factor * 32768 / 64);
    std::mt19937 Random(1);
    Cache C(L, Cause::None, 1, nullptr, MemoryLatency);
    for (unsigned I = 0; I != 100000; ++I)
      C.access(uint64_t(Random() % Lines) * 64, false, 1);
    const CacheCounters Warm = C.counters();
    for (unsigned I = 0; I != 200000; ++I)
      C.access(uint64_t(Random() % Lines) * 64, false, 1);
    const double Ratio = (C.counters().Misses - Warm.Misses) / 200000.0;
    // All of the cache is in use, and every line of the set is as likely.
    EXPECT_NEAR(Ratio, std::max(0.0, 1 - 1 / Factor), 0.005) << Factor;
  }
}

INSTANTIATE_TEST_SUITE_P(All, Patterns,
                         ::testing::Values(Replacement::Lru, Replacement::Plru,
                                           Replacement::Random));

TEST(CacheTest, ALoopOverABitMoreThanLruHoldsAlwaysMisses) {
  const CacheLevel L = level(32768, 8, 4);
  // One line too many in each set.
  EXPECT_DOUBLE_EQ(missRatio(L, 64 * 9, [](uint64_t I) { return I * 64; }),
                   1.0);
  CacheLevel R = L;
  R.Policy = Replacement::Random;
  EXPECT_LT(missRatio(R, 64 * 9, [](uint64_t I) { return I * 64; }), 0.5);
}

TEST(CacheTest, APointerChaseOverAPermutationIsALoop) {
  const CacheLevel L = level(32768, 8, 4);
  for (double Factor : {0.5, 1.0, 2.0, 4.0}) {
    const auto Lines = static_cast<unsigned>(Factor * 32768 / 64);
    std::vector<unsigned> Order(Lines);
    for (unsigned I = 0; I != Lines; ++I)
      Order[I] = I;
    std::shuffle(Order.begin(), Order.end(), std::mt19937(2));
    // Any order of a permutation visits each set's lines in turn.
    EXPECT_DOUBLE_EQ(
        missRatio(L, Lines, [&](uint64_t I) { return Order[I] * 64ull; }),
        Factor > 1 ? 1.0 : 0.0)
        << Factor;
  }
}

} // namespace
} // namespace mcad
