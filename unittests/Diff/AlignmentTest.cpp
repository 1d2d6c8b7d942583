//===- AlignmentTest.cpp - two sequences side by side --------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Diff/Alignment.h"
#include "gtest/gtest.h"
#include <random>

using namespace mcad;

namespace {

using Words = std::vector<std::string>;
using Pairs = std::vector<std::pair<uint32_t, uint32_t>>;

TEST(AlignmentTest, FindsWhatIsTheSame) {
  EXPECT_EQ(alignSequences(Words{"a", "b", "c"}, Words{"a", "x", "c"}),
            (Pairs{{0, 0}, {2, 2}}));
  EXPECT_EQ(alignSequences(Words{"a", "b"}, Words{"x", "a", "b", "y"}),
            (Pairs{{0, 1}, {1, 2}}));
  EXPECT_EQ(alignSequences(Words{}, Words{"a"}), Pairs());
}

/// The length of the longest common subsequence, by recursion.
size_t longest(const Words &A, size_t I, const Words &B, size_t J) {
  if (I == A.size() || J == B.size())
    return 0;
  if (A[I] == B[J])
    return 1 + longest(A, I + 1, B, J + 1);
  return std::max(longest(A, I + 1, B, J), longest(A, I, B, J + 1));
}

TEST(AlignmentTest, IsTheLongestThereIs) {
  std::mt19937 Random(1);
  auto words = [&] {
    Words W(Random() % 9);
    for (std::string &Word : W)
      Word = std::string(1, "abc"[Random() % 3]);
    return W;
  };
  for (int Run = 0; Run != 300; ++Run) {
    const Words A = words(), B = words();
    const Pairs Found = alignSequences(A, B);
    EXPECT_EQ(Found.size(), longest(A, 0, B, 0));
    for (size_t I = 0; I != Found.size(); ++I) {
      EXPECT_EQ(A[Found[I].first], B[Found[I].second]);
      if (I) {
        EXPECT_LT(Found[I - 1].first, Found[I].first);
        EXPECT_LT(Found[I - 1].second, Found[I].second);
      }
    }
  }
}

} // namespace
