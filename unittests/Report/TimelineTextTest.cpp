//===- TimelineTextTest.cpp - a timeline for people -----------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/TimelineText.h"
#include "SmallReport.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace mcad::test;

namespace mcad {
namespace {

std::string timeline(const Profile &P) {
  std::string Text;
  raw_string_ostream OS(Text);
  printTimeline(P, OS);
  return Text;
}

TEST(TimelineTextTest, IsLLVMMcasNotation) {
  EXPECT_EQ(timeline(smallProfile()), R"~(

Timeline view:

Cycles from 0 of stream 0:
                    012
Index     0123456789

[0,0]     DeER .    . .   pushq %rbp
[0,1]     DeER .    . .   callq 0x1010
[0,2]     .DeER.    . .   leal (%rdi,%rdi), %eax
[0,3]     .D==eeeeeeeER   idivl %esi
[0,4]     . D=eE------R   retq
)~");
}

TEST(TimelineTextTest, SaysNothingWhereThereIsNone) {
  EXPECT_EQ(timeline(Profile()), "");
}

TEST(TimelineTextTest, CountsFromTheFirstCycleThatIsShown) {
  Profile P = smallProfile();
  P.Timeline = {{2, 1234, 3, 500, 500, 500, 501, 502},
                {2, 1235, 3, 500, 500, 502, 502, 502}};
  EXPECT_EQ(timeline(P), R"(

Timeline view:

Cycles from 500 of stream 2:
Index     012

[2,1234]  DER   retq
[2,1235]  D=E   retq
)");
}

TEST(TimelineTextTest, GoesOnBelowWhereItIsWideOrAnotherStream) {
  Profile P;
  for (uint64_t I = 0; I != 60; ++I)
    P.Timeline.push_back(
        {0, I, NoIndex, 4 * I, 4 * I, 4 * I, 4 * I + 1, 4 * I + 2});
  P.Timeline.push_back({1, 0, NoIndex, 300, 300, 300, 800, 801});
  const std::string Text = timeline(P);
  for (const char *Part :
       {"\nCycles from 0 of stream 0:\n", "\nCycles from 100 of stream 0:\n",
        "\nCycles from 200 of stream 0:\n", "\nCycles from 300 of stream 1:\n"})
    EXPECT_EQ(StringRef(Text).count(Part), 1u) << Part;
  EXPECT_EQ(StringRef(Text).count("Cycles from"), 4u);
}

TEST(TimelineTextTest, IsBoundedWhateverAFileSays) {
  Profile P;
  const uint64_t Most = ~uint64_t(0);
  P.Timeline = {{0, 0, NoIndex, 0, Most, Most, Most, Most},
                {0, 1, NoIndex, Most, 0, 0, 0, 0},
                {0, 2, NoIndex, Most, Most, Most, Most, Most}};
  EXPECT_LT(timeline(P).size(), 10000u);
}

} // namespace
} // namespace mcad
