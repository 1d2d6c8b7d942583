//===- StagesTest.cpp - work in stages, a thread for each ----------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Analysis/Stages.h"
#include "gtest/gtest.h"
#include <set>

namespace mcad {
namespace {

struct Item {
  int Number = 0;
  std::vector<int> Trail; ///< Keeps its memory, as batches do.
};

class StagesTest : public testing::TestWithParam<Threading> {
protected:
  int Next = 0;
  std::set<const Item *> Items;

  auto numbersBelow(int End) {
    return [this, End](Item &I) {
      Items.insert(&I);
      I.Trail.clear();
      I.Number = Next;
      return Next++ != End;
    };
  }
};

TEST_P(StagesTest, EachStageSeesAllItemsInOrder) {
  constexpr int Count = 1000;
  std::vector<int> First, Second;
  const std::vector<std::function<void(Item &)>> Stages = {
      [&](Item &I) {
        First.push_back(I.Number);
        I.Trail.push_back(I.Number * 2);
      },
      [&](Item &I) {
        ASSERT_EQ(I.Trail.size(), 1u);
        Second.push_back(I.Trail.front());
      }};
  const auto Seconds = runStages<Item>(numbersBelow(Count), Stages, GetParam());
  ASSERT_EQ(First.size(), size_t(Count));
  ASSERT_EQ(Second.size(), size_t(Count));
  for (int I = 0; I != Count; ++I) {
    EXPECT_EQ(First[I], I);
    EXPECT_EQ(Second[I], I * 2);
  }
  EXPECT_EQ(Seconds.size(), 3u);
  EXPECT_LE(Items.size(), 6u) << "items are used again";
}

TEST_P(StagesTest, NothingToDo) {
  int NumSeen = 0;
  const std::vector<std::function<void(Item &)>> Stages = {
      [&](Item &) { ++NumSeen; }};
  runStages<Item>(numbersBelow(0), Stages, GetParam());
  EXPECT_EQ(NumSeen, 0);
}

TEST_P(StagesTest, NoFurtherStage) {
  runStages<Item>(numbersBelow(7), {}, GetParam());
  EXPECT_EQ(Next, 8);
}

TEST_P(StagesTest, TheFirstStageIsTheCallers) {
  const std::thread::id Caller = std::this_thread::get_id();
  int Left = 3;
  const std::vector<std::function<void(Item &)>> Stages = {[&](Item &) {
    EXPECT_EQ(std::this_thread::get_id() == Caller,
              GetParam() == Threading::Inline);
  }};
  runStages<Item>(
      [&](Item &) {
        EXPECT_EQ(std::this_thread::get_id(), Caller);
        return Left-- != 0;
      },
      Stages, GetParam());
}

// A stage that is slower than the ones around it holds them up, and nothing is
// lost.
TEST_P(StagesTest, TheFastWaitForTheSlow) {
  std::vector<int> Seen;
  const std::vector<std::function<void(Item &)>> Stages = {
      [&](Item &) {},
      [&](Item &) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      },
      [&](Item &I) { Seen.push_back(I.Number); }};
  runStages<Item>(numbersBelow(40), Stages, GetParam());
  EXPECT_EQ(Seen.size(), 40u);
  EXPECT_LE(Items.size(), 8u);
}

INSTANTIATE_TEST_SUITE_P(Threads, StagesTest,
                         testing::Values(Threading::Inline,
                                         Threading::PerStage),
                         [](const auto &Case) {
                           return Case.param == Threading::Inline ? "Inline"
                                                                  : "PerStage";
                         });

TEST(StageClock, CountsTheTimeOfTheThreadAndNotThatOfWaiting) {
  StageClock Clock;
  Clock.measure(
      [] { std::this_thread::sleep_for(std::chrono::milliseconds(20)); });
  EXPECT_LT(Clock.seconds(), 0.015);
  const double Before = Clock.seconds();
  EXPECT_EQ(Clock.measure([] { return 5; }), 5);
  EXPECT_GT(Clock.seconds(), Before);
}

} // namespace
} // namespace mcad
