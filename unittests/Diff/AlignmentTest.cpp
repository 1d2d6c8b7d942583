//===- AlignmentTest.cpp - two sequences side by side ---------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Diff/Alignment.h"
#include "llvm/ADT/StringRef.h"
#include "gtest/gtest.h"
#include <random>

using namespace mcad;

namespace {

using Pairs = std::vector<std::pair<uint32_t, uint32_t>>;

std::vector<std::string> letters(llvm::StringRef Text) {
  std::vector<std::string> Result;
  for (const char C : Text)
    Result.emplace_back(1, C);
  return Result;
}

Pairs align(llvm::StringRef A, llvm::StringRef B) {
  return alignSequences(letters(A), letters(B));
}

TEST(AlignmentTest, FindsWhatIsCommon) {
  EXPECT_EQ(align("", ""), Pairs());
  EXPECT_EQ(align("abc", ""), Pairs());
  EXPECT_EQ(align("abc", "abc"), (Pairs{{0, 0}, {1, 1}, {2, 2}}));
  EXPECT_EQ(align("abc", "axc"), (Pairs{{0, 0}, {2, 2}}));
  EXPECT_EQ(align("abc", "bc"), (Pairs{{1, 0}, {2, 1}}));
  EXPECT_EQ(align("aa", "aaa"), (Pairs{{0, 0}, {1, 1}}));
  EXPECT_EQ(align("xaby", "zabw"), (Pairs{{1, 1}, {2, 2}}));
}

/// By all subsequences of A.
size_t longestCommon(llvm::StringRef A, llvm::StringRef B) {
  size_t Best = 0;
  for (unsigned Chosen = 0; Chosen != 1u << A.size(); ++Chosen) {
    size_t Length = 0, From = 0;
    for (size_t I = 0; I != A.size(); ++I) {
      if (!(Chosen >> I & 1))
        continue;
      From = B.find(A[I], From);
      if (From == llvm::StringRef::npos) {
        Length = 0;
        break;
      }
      ++From;
      ++Length;
    }
    Best = std::max(Best, Length);
  }
  return Best;
}

TEST(AlignmentTest, IsAsLongAsAnyCommonSubsequence) {
  std::mt19937 Random(1);
  for (int Round = 0; Round != 500; ++Round) {
    std::string A(Random() % 9, ' '), B(Random() % 9, ' ');
    for (std::string *Side : {&A, &B})
      for (char &C : *Side)
        C = char('a' + Random() % 3);
    const Pairs Found = align(A, B);
    EXPECT_EQ(Found.size(), longestCommon(A, B)) << A << " and " << B;
    for (size_t I = 0; I != Found.size(); ++I) {
      EXPECT_EQ(A[Found[I].first], B[Found[I].second]);
      if (I) {
        EXPECT_GT(Found[I].first, Found[I - 1].first);
        EXPECT_GT(Found[I].second, Found[I - 1].second);
      }
    }
  }
}

TEST(AlignmentTest, GivesUpOnWhatIsTooLarge) {
  std::vector<std::string> A(5000, "a"), B(5000, "b");
  A.front() = B.front() = "first";
  A.back() = B.back() = "last";
  A[2000] = B[3000] = "middle";
  EXPECT_EQ(alignSequences(A, B), (Pairs{{0, 0}, {4999, 4999}}));
}

} // namespace
