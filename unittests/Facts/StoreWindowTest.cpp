//===- StoreWindowTest.cpp - which stores a load reads from --------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Facts/StoreWindow.h"
#include "gtest/gtest.h"
#include <algorithm>
#include <map>
#include <random>

namespace mcad {
namespace {

using Writers = std::vector<uint64_t>;

Writers sorted(const StoreWindow::Sources &S) {
  Writers W(S.Writers.begin(), S.Writers.end());
  std::sort(W.begin(), W.end());
  return W;
}

TEST(StoreWindowTest, ALoadReadsFromTheLastStoreOfItsBytes) {
  StoreWindow W;
  W.store(0x1000, 8, 1);
  W.store(0x1000, 8, 2);
  const StoreWindow::Sources S = W.load(0x1000, 8, 3);
  EXPECT_EQ(sorted(S), Writers{2});
  EXPECT_TRUE(S.IsCovered);
}

TEST(StoreWindowTest, NeighboursDoNotOverlap) {
  StoreWindow W;
  W.store(0x1004, 4, 1);
  EXPECT_TRUE(W.load(0x1000, 4, 2).Writers.empty());
  EXPECT_TRUE(W.load(0x1008, 8, 2).Writers.empty());
  EXPECT_EQ(sorted(W.load(0x1007, 1, 2)), Writers{1});
}

TEST(StoreWindowTest, OneByteOverlaps) {
  StoreWindow W;
  W.store(0x1000, 8, 1);
  const StoreWindow::Sources S = W.load(0x1007, 8, 2);
  EXPECT_EQ(sorted(S), Writers{1});
  EXPECT_FALSE(S.IsCovered); // Seven bytes are from elsewhere.
}

TEST(StoreWindowTest, ALoadOfTwoStoresHasBoth) {
  StoreWindow W;
  W.store(0x1000, 4, 1);
  W.store(0x1004, 4, 2);
  const StoreWindow::Sources S = W.load(0x1000, 8, 3);
  EXPECT_EQ(sorted(S), (Writers{1, 2}));
  EXPECT_FALSE(S.IsCovered);
}

TEST(StoreWindowTest, AWideStoreCoversWhatLiesWithin) {
  StoreWindow W;
  W.store(0x0ff8, 64, 1);
  EXPECT_TRUE(W.load(0x1004, 32, 2).IsCovered);
  EXPECT_FALSE(W.load(0x1030, 16, 2).IsCovered);
}

TEST(StoreWindowTest, ForgetsWhatIsOutOfFlight) {
  StoreWindow W;
  W.store(0x1000, 8, 1);
  EXPECT_FALSE(W.load(0x1000, 8, 1 + MaxInFlight).Writers.empty());
  EXPECT_TRUE(W.load(0x1000, 8, 2 + MaxInFlight).Writers.empty());
}

TEST(StoreWindowTest, AnInstructionsOwnStoreIsNoOlderOne) {
  StoreWindow W;
  W.store(0x1000, 8, 5);
  EXPECT_TRUE(W.load(0x1000, 8, 5).Writers.empty());
}

TEST(StoreWindowTest, AnInstructionsOwnBytesHideOlderOnes) {
  StoreWindow W;
  W.store(0x1000, 8, 1);
  W.store(0x1002, 1, 2);
  W.store(0x1004, 2, 5);
  W.store(0x1006, 2, 5);
  const StoreWindow::Sources S = W.load(0x1000, 8, 5);
  EXPECT_EQ(sorted(S), (Writers{1, 2}));
  EXPECT_FALSE(S.IsCovered);
  EXPECT_TRUE(W.load(0x1004, 4, 5).Writers.empty());
  EXPECT_TRUE(W.load(0x1004, 4, 6).IsCovered);
}

/// Another implementation: a map from byte to writer.
TEST(StoreWindowTest, AgreesWithAMapOfBytes) {
  for (unsigned Seed = 0; Seed != 20; ++Seed) {
    StoreWindow W;
    std::map<GuestAddr, uint64_t> Bytes;
    std::mt19937 Random(Seed);
    // A stack, a heap far away, and a page in the middle.
    const GuestAddr Bases[] = {0x7ffffff0, 0x555500001000, 0x10000};
    for (uint64_t Now = 1; Now != 8000; ++Now) {
      const GuestAddr Address = Bases[Random() % 3] + Random() % 700;
      const uint32_t Size = 1u << Random() % 7;
      if (Random() % 3 == 0) {
        W.store(Address, Size, Now);
        for (uint32_t I = 0; I != Size; ++I)
          Bytes[Address + I] = Now;
        continue;
      }
      Writers Expected;
      bool OtherBytes = false;
      for (uint32_t I = 0; I != Size; ++I) {
        const auto At = Bytes.find(Address + I);
        if (At == Bytes.end() || Now - At->second > MaxInFlight)
          OtherBytes = true;
        else
          Expected.push_back(At->second);
      }
      std::sort(Expected.begin(), Expected.end());
      Expected.erase(std::unique(Expected.begin(), Expected.end()),
                     Expected.end());
      const StoreWindow::Sources S = W.load(Address, Size, Now);
      ASSERT_EQ(sorted(S), Expected) << "seed " << Seed << ", " << Now;
      ASSERT_EQ(S.IsCovered, Expected.size() == 1 && !OtherBytes);
    }
  }
}

} // namespace
} // namespace mcad
