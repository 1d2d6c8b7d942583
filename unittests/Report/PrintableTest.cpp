//===- PrintableTest.cpp - text and shares for people ---------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/Printable.h"
#include "gtest/gtest.h"
#include <numeric>
#include <random>

using namespace mcad;

namespace {

TEST(PrintableTest, EscapesWhatATerminalWouldObey) {
  EXPECT_EQ(printable("a\tb\x1b[2J\xc3\n"), "a b\\x1b[2J\\xc3\\x0a");
}

TEST(PrintableTest, CutsInTheMiddle) {
  EXPECT_EQ(shortened("abcdefgh", 8), "abcdefgh");
  EXPECT_EQ(shortened("abcdefgh", 7), "abc…fgh");
  EXPECT_EQ(shortened("abcdefgh", 6), "abc…gh");
  EXPECT_EQ(shortened("abcdefgh", 1), "…");
  EXPECT_EQ(shortened("\n\n\n", 8), "\\x0a…x0a");
}

TEST(PrintableTest, FillsAColumn) {
  EXPECT_EQ(padded("abc", 5), "abc  ");
  EXPECT_EQ(padded("abcdefgh", 5), "ab…gh");
  EXPECT_EQ(padded("abcdefgh", 4), "ab…h");
}

TEST(PrintableTest, DoesNotRoundUpToAll) {
  EXPECT_EQ(share(1, 3), "33.33 %");
  EXPECT_EQ(share(999999, 1000000), "> 99.99 %");
  EXPECT_EQ(share(0, 0), "0.00 %");
}

TEST(PrintableTest, ThousandthsAddUpToAThousand) {
  EXPECT_EQ(thousandths({1, 1, 1}), (std::vector<unsigned>{334, 333, 333}));
  EXPECT_EQ(thousandths({0, 0}), (std::vector<unsigned>{0, 0}));
  EXPECT_EQ(thousandths({0, 7}), (std::vector<unsigned>{0, 1000}));
  EXPECT_EQ(percentOf(334), "33.4 %");
  std::mt19937_64 Random(1);
  for (int I = 0; I != 1000; ++I) {
    std::vector<uint64_t> Parts(Random() % 20 + 1);
    for (uint64_t &Part : Parts)
      Part = Random() >> (Random() % 64);
    const std::vector<unsigned> Shares = thousandths(Parts);
    const bool IsEmpty = std::accumulate(Parts.begin(), Parts.end(), 0.0) == 0;
    EXPECT_EQ(std::accumulate(Shares.begin(), Shares.end(), 0u),
              IsEmpty ? 0u : 1000u);
  }
}

} // namespace
