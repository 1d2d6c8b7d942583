//===- TagArrayTest.cpp - sets, ways and replacement ---------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Facts/TagArray.h"
#include "gtest/gtest.h"
#include <deque>
#include <map>
#include <random>

namespace mcad {
namespace {

/// Accesses \p Key as a cache does. Returns whether it was a hit.
bool access(TagArray &A, uint64_t Key) {
  if (A.find(Key) != TagArray::None)
    return true;
  A.insert(Key);
  return false;
}

TEST(TagArrayTest, FillsEmptyWaysFirst) {
  TagArray A(4, 4, Replacement::Lru, 1);
  for (uint64_t Key = 0; Key != 4; ++Key)
    EXPECT_EQ(A.insert(Key).Replaced, TagArray::NoKey);
  for (uint64_t Key = 0; Key != 4; ++Key)
    EXPECT_TRUE(access(A, Key));
}

TEST(TagArrayTest, LruReplacesTheOneUsedLongestAgo) {
  TagArray A(4, 4, Replacement::Lru, 1);
  for (uint64_t Key : {10, 11, 12, 13})
    A.insert(Key);
  A.find(10);
  EXPECT_EQ(A.insert(14).Replaced, 11u);
  // To look without using is no use.
  EXPECT_NE(A.peek(12), TagArray::None);
  EXPECT_EQ(A.insert(15).Replaced, 12u);
}

TEST(TagArrayTest, KeepsSetsApart) {
  TagArray A(4, 2, Replacement::Lru, 1); // Even keys, odd keys.
  A.insert(0);
  A.insert(2);
  A.insert(1);
  EXPECT_EQ(A.insert(4).Replaced, 0u);
  EXPECT_TRUE(access(A, 1));
}

TEST(TagArrayTest, PlruFollowsItsTree) {
  TagArray A(4, 4, Replacement::Plru, 1);
  // By hand: the root says left or right, the other two which of a pair. After
  // each use the bits on its path point away from it.
  for (uint64_t Key : {0, 1, 2, 3})
    A.insert(Key); // Ways 0 to 3; root points left, left pair at way 0.
  EXPECT_EQ(A.insert(4).Replaced, 0u); // Way 0; root right, left pair at 1.
  EXPECT_EQ(A.insert(5).Replaced, 2u); // Way 2; root left, right pair at 3.
  EXPECT_TRUE(access(A, 1));           // Root right, left pair at way 0.
  EXPECT_EQ(A.insert(6).Replaced, 3u); // Root left.
  EXPECT_EQ(A.insert(7).Replaced, 4u); // Not 1, which is used since.
}

TEST(TagArrayTest, PlruOfTwoWaysIsLru) {
  TagArray Plru(8, 2, Replacement::Plru, 1), Lru(8, 2, Replacement::Lru, 1);
  std::mt19937 Random(3);
  for (int I = 0; I != 5000; ++I) {
    const uint64_t Key = Random() % 20;
    ASSERT_EQ(access(Plru, Key), access(Lru, Key)) << I;
  }
}

TEST(TagArrayTest, RandomIsTheSameForTheSameSeed) {
  auto hits = [](uint64_t Seed) {
    TagArray A(64, 8, Replacement::Random, Seed);
    std::mt19937 Random(5);
    std::vector<bool> Hits;
    for (int I = 0; I != 2000; ++I)
      Hits.push_back(access(A, Random() % 100));
    return Hits;
  };
  EXPECT_EQ(hits(7), hits(7));
  EXPECT_NE(hits(7), hits(8));
}

TEST(TagArrayTest, RandomReplacesAnyWay) {
  TagArray A(4, 4, Replacement::Random, 1);
  for (uint64_t Key = 0; Key != 4; ++Key)
    A.insert(Key);
  std::map<TagArray::Slot, int> Times;
  for (uint64_t Key = 4; Key != 4004; ++Key)
    ++Times[A.insert(Key).Where];
  ASSERT_EQ(Times.size(), 4u);
  for (const auto &[Slot, Count] : Times)
    EXPECT_NEAR(Count, 1000, 120) << Slot;
}

TEST(TagArrayTest, WhatIsRemovedIsGoneAndItsWayFree) {
  TagArray A(2, 2, Replacement::Lru, 1);
  A.insert(0);
  const TagArray::Slot One = A.insert(1).Where;
  A.remove(One);
  EXPECT_EQ(A.peek(1), TagArray::None);
  EXPECT_EQ(A.insert(2).Replaced, TagArray::NoKey);
  EXPECT_TRUE(access(A, 0));
}

/// Another implementation: each set a list, the last used in front.
TEST(TagArrayTest, LruAgreesWithLists) {
  for (unsigned Ways : {1, 2, 3, 8, 48}) {
    for (unsigned Sets : {1, 4, 16}) {
      TagArray A(Ways * Sets, Ways, Replacement::Lru, 1);
      std::map<uint64_t, std::deque<uint64_t>> Lists;
      std::mt19937 Random(Ways * 100 + Sets);
      for (int I = 0; I != 20000; ++I) {
        const uint64_t Key = Random() % (3 * Ways * Sets);
        std::deque<uint64_t> &List = Lists[Key % Sets];
        const auto At = std::find(List.begin(), List.end(), Key);
        const bool IsHit = At != List.end();
        if (IsHit)
          List.erase(At);
        List.push_front(Key);
        if (List.size() > Ways)
          List.pop_back();
        ASSERT_EQ(access(A, Key), IsHit)
            << Ways << " ways, " << Sets << " sets, access " << I;
      }
    }
  }
}

} // namespace
} // namespace mcad
