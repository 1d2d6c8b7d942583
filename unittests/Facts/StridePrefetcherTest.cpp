//===- StridePrefetcherTest.cpp - what it asks for, and when -------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Facts/StridePrefetcher.h"
#include "gtest/gtest.h"

namespace mcad {
namespace {

constexpr unsigned LineShift = 6;

TEST(StridePrefetcherTest, AsksAfterTwoEqualStridesInARow) {
  StridePrefetcher P(16, /*Ahead=*/3, LineShift);
  EXPECT_EQ(P.access(4, 0), std::nullopt);
  EXPECT_EQ(P.access(4, 256), std::nullopt); // The first stride.
  EXPECT_EQ(P.access(4, 512), std::nullopt); // Once the same.
  EXPECT_EQ(P.access(4, 768), 768u + 3 * 256);
  EXPECT_EQ(P.access(4, 1024), 1024u + 3 * 256);
}

TEST(StridePrefetcherTest, GoesDownwardsToo) {
  StridePrefetcher P(16, 1, LineShift);
  for (GuestAddr A : {4096, 3968, 3840})
    EXPECT_EQ(P.access(4, A), std::nullopt);
  EXPECT_EQ(P.access(4, 3712), 3712u - 128);
}

TEST(StridePrefetcherTest, StartsAgainWhenTheStrideChanges) {
  StridePrefetcher P(16, 1, LineShift);
  for (GuestAddr A : {0, 64, 128, 192})
    P.access(4, A);
  EXPECT_EQ(P.access(4, 1000), std::nullopt);
  EXPECT_EQ(P.access(4, 1064), std::nullopt);
  EXPECT_EQ(P.access(4, 1128), std::nullopt);
  EXPECT_NE(P.access(4, 1192), std::nullopt);
}

TEST(StridePrefetcherTest, CountsShortStridesAsALineAndAsksOncePerLine) {
  StridePrefetcher P(16, 2, LineShift);
  unsigned Asked = 0;
  for (GuestAddr A = 0; A != 640; A += 8)
    if (std::optional<GuestAddr> Next = P.access(4, A)) {
      EXPECT_EQ(*Next, A + 2 * 64);
      ++Asked;
    }
  EXPECT_EQ(Asked, 9u); // Ten lines, the first without a line before it.
}

TEST(StridePrefetcherTest, TellsInstructionsApart) {
  StridePrefetcher P(16, 1, LineShift);
  for (GuestAddr A : {0, 64, 128}) {
    EXPECT_EQ(P.access(4, A), std::nullopt);
    EXPECT_EQ(P.access(8, A * 5), std::nullopt);
  }
  EXPECT_EQ(P.access(4, 192), 256u);
  EXPECT_EQ(P.access(8, 960), 1280u);
}

TEST(StridePrefetcherTest, DoesNothingWhereThereIsNone) {
  StridePrefetcher P(16, 0, LineShift);
  for (GuestAddr A = 0; A != 1024; A += 64)
    EXPECT_EQ(P.access(4, A), std::nullopt);
}

TEST(StridePrefetcherTest, TakesAnyAddress) {
  StridePrefetcher P(16, 64, LineShift);
  for (int I = 0; I != 8; ++I)
    P.access(4, GuestAddr(I & 1) << 63);
  for (int I = 0; I != 8; ++I)
    P.access(4, (GuestAddr(1) << 60) * I);
}

TEST(StridePrefetcherTest, StandingStillAsksForNothing) {
  StridePrefetcher P(16, 1, LineShift);
  for (int I = 0; I != 8; ++I)
    EXPECT_EQ(P.access(4, 64), std::nullopt);
}

} // namespace
} // namespace mcad
