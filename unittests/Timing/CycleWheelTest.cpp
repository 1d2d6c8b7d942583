//===- CycleWheelTest.cpp - what happens in which cycle -------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Timing/Fast/CycleWheel.h"
#include "gtest/gtest.h"
#include <map>
#include <random>

using namespace mcad::fast;

namespace {

std::vector<uint32_t> pop(CycleWheel &Wheel, uint64_t Now) {
  std::vector<uint32_t> Numbers;
  Wheel.pop(Now, [&](uint32_t Number) { Numbers.push_back(Number); });
  std::sort(Numbers.begin(), Numbers.end());
  return Numbers;
}

using Numbers = std::vector<uint32_t>;

TEST(CycleWheelTest, GivesEachBackInItsCycleAndNotBefore) {
  CycleWheel Wheel(8);
  Wheel.add(3, 12, /*Now=*/10);
  Wheel.add(5, 12, 10);
  Wheel.add(1, 11, 10);
  EXPECT_EQ(pop(Wheel, 11), Numbers({1}));
  EXPECT_EQ(pop(Wheel, 12), Numbers({3, 5}));
  EXPECT_EQ(pop(Wheel, 13), Numbers());
}

TEST(CycleWheelTest, SaysWhenTheNextOneIsDue) {
  CycleWheel Wheel(8);
  EXPECT_EQ(Wheel.next(10), ~uint64_t(0));
  Wheel.add(3, 200, 10);
  EXPECT_EQ(Wheel.next(10), 200u);
  Wheel.add(4, 11, 10);
  EXPECT_EQ(Wheel.next(10), 11u);
}

TEST(CycleWheelTest, KeepsWhatLiesBeyondItsRim) {
  CycleWheel Wheel(8);
  Wheel.add(3, 100000, 10);
  uint64_t Now = 10;
  while (true) {
    const uint64_t Next = Wheel.next(Now);
    ASSERT_GT(Next, Now);
    ASSERT_LE(Next, 100000u);
    Now = Next;
    if (!pop(Wheel, Now).empty())
      break;
  }
  EXPECT_EQ(Now, 100000u);
  EXPECT_EQ(Wheel.next(Now), ~uint64_t(0));
}

TEST(CycleWheelTest, DoesWhatASortedListDoes) {
  std::mt19937 Random(/*Seed=*/1);
  constexpr uint32_t NumEntries = 64;
  CycleWheel Wheel(NumEntries);
  std::multimap<uint64_t, uint32_t> Expected;
  Numbers Free;
  for (uint32_t I = 0; I != NumEntries; ++I)
    Free.push_back(I);
  for (uint64_t Now = 0; Now != 20000; ++Now) {
    Numbers Due;
    for (auto It = Expected.begin(); It != Expected.end() && It->first == Now;
         It = Expected.erase(It))
      Due.push_back(It->second);
    std::sort(Due.begin(), Due.end());
    ASSERT_EQ(pop(Wheel, Now), Due) << Now;
    Free.insert(Free.end(), Due.begin(), Due.end());
    if (!Free.empty() && Random() % 3 == 0) {
      const uint64_t Cycle = Now + 1 + Random() % (Random() % 8 ? 20 : 900);
      Wheel.add(Free.back(), Cycle, Now);
      Expected.emplace(Cycle, Free.back());
      Free.pop_back();
    }
    const uint64_t First =
        Expected.empty() ? ~uint64_t(0) : Expected.begin()->first;
    ASSERT_LE(Wheel.next(Now), First);
  }
}

} // namespace
