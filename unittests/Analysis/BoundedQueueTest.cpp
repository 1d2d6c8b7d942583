//===- BoundedQueueTest.cpp - from one thread to another -----------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Analysis/BoundedQueue.h"
#include "gtest/gtest.h"
#include <atomic>
#include <memory>
#include <thread>

namespace mcad {
namespace {

TEST(BoundedQueue, GivesTheOldestFirst) {
  BoundedQueue<int> Q(3);
  // Around the end of the ring, too.
  for (int Round = 0; Round != 5; ++Round) {
    Q.push(Round);
    Q.push(Round + 100);
    EXPECT_EQ(Q.pop(), Round);
    EXPECT_EQ(Q.pop(), Round + 100);
  }
}

TEST(BoundedQueue, GivesWhatWasPushedBeforeItWasClosedThenNothing) {
  BoundedQueue<std::unique_ptr<int>> Q(2);
  Q.push(std::make_unique<int>(1));
  Q.push(std::make_unique<int>(2));
  Q.close();
  EXPECT_EQ(**Q.pop(), 1);
  EXPECT_EQ(**Q.pop(), 2);
  EXPECT_EQ(Q.pop(), std::nullopt);
  EXPECT_EQ(Q.pop(), std::nullopt);
}

TEST(BoundedQueue, ClosingWakesWhoWaits) {
  BoundedQueue<int> Q(1);
  std::thread Receiver([&] { EXPECT_EQ(Q.pop(), std::nullopt); });
  Q.close();
  Receiver.join();
}

TEST(BoundedQueue, NeverHoldsMoreThanItsCapacity) {
  constexpr int Count = 2000;
  constexpr int Capacity = 3;
  BoundedQueue<int> Q(Capacity);
  std::atomic<int> NumPushed = 0;
  std::thread Sender([&] {
    for (int I = 0; I != Count; ++I) {
      Q.push(I);
      ++NumPushed;
    }
    Q.close();
  });
  int NumPopped = 0;
  while (const std::optional<int> I = Q.pop()) {
    EXPECT_EQ(*I, NumPopped++);
    // A push may have passed whose count is not in yet, but not the reverse.
    EXPECT_LE(NumPushed, NumPopped + Capacity);
  }
  EXPECT_EQ(NumPopped, Count);
  Sender.join();
}

} // namespace
} // namespace mcad
