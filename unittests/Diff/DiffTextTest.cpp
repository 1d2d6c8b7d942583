//===- DiffTextTest.cpp - a difference for people -------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Diff/DiffText.h"
#include "../Report/DistinctReport.h"
#include "../Report/TextOf.h"
#include "ChangedReport.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace mcad::test;

namespace mcad {
namespace {

std::string printed(const Report &Before, const Report &After) {
  return textOf(printDifferenceText, compare(Before, After));
}

TEST(DiffTextTest, ShowsWhatChanged) {
  EXPECT_EQ(
      printed(smallReport(), changedReport()),
      R"~(Before:            /bin/prog on skylake (x86_64-unknown-linux-gnu)
After:             /bin/prog-new on skylake (x86_64-unknown-linux-gnu)

           before            after           change     per cent
              301              114             -187     -62.13 %  cycles
               49               51               +2      +4.08 %  instructions
               60               60                0       0.00 %  uOps
             0.16             0.45            +0.28    +174.81 %  IPC


Cycles by cause:
           before            after           change     per cent  cause
              200               10             -190     -95.00 %  waiting for the oldest instruction's own latency
               42               45               +3      +7.14 %  instructions retired


Functions that changed, by their own cycles:
           before            after           change     per cent  function
              225               35             -190     -84.44 %  twice(int) (prog-new)
                0                3               +3          new  copier (prog-new): appeared


Blocks that changed:
           before            after           change     per cent  instructions  executions       block
              225                0             -225    -100.00 %             3  10 > 0           0x1010 in twice(int) (prog-new): vanished
                0               35              +35          new             3  0 > 10           0x11010 in twice(int) (prog-new): appeared
                0                3               +3          new             1  0 > 2            0x18000 in copier (prog-new): appeared


Code of twice(int) (prog-new) (! is other code):
        cycles  before                                     cycles  after
             5  leal (%rdi,%rdi), %eax                          5  leal (%rdi,%rdi), %eax
!          210  idivl %esi                                     20  sarl %eax
            10  retq                                           10  retq
)~");
}

TEST(DiffTextTest, SaysThatNothingChanged) {
  EXPECT_EQ(
      printed(smallReport(), smallReport()),
      R"~(Before:            /bin/prog on skylake (x86_64-unknown-linux-gnu)
After:             /bin/prog on skylake (x86_64-unknown-linux-gnu)

           before            after           change     per cent
              301              301                0       0.00 %  cycles
               49               49                0       0.00 %  instructions
               60               60                0       0.00 %  uOps
             0.16             0.16             0.00       0.00 %  IPC

Nothing changed: no total, and no function.
)~");
}

TEST(DiffTextTest, SaysThatFunctionsAreNotCompared) {
  const Report Bare = distinctReport(distinctRun());
  const std::string Text = printed(Bare, smallReport());
  EXPECT_TRUE(StringRef(Text).ends_with(
      "\nFunctions are not compared: one of the reports does not say whose "
      "the cycles are\n"));
  EXPECT_TRUE(StringRef(Text).contains(
      "note: the CPU is another: cortex-a72 before, skylake after\n"));
  EXPECT_TRUE(StringRef(printed(Bare, Bare))
                  .contains("\nNothing changed in the totals.\n"));
}

TEST(DiffTextTest, TablesThatAreCutAddUpAndQuietCodeIsLeftOut) {
  Report Before = smallReport(), After = smallReport();
  for (uint64_t I = 0; I != 13; ++I) {
    FunctionReport &F = After.Traces[0].Attribution->Functions.emplace_back();
    F.Name = F.LinkName = "f" + std::to_string(I);
    F.Self[0] = I + 1;
  }
  // 1 + 2 + 3
  EXPECT_TRUE(StringRef(printed(Before, After))
                  .contains("                0                6               "
                            "+6          new  [3 more functions]\n"));
  After = smallReport();
  for (Report *R : {&Before, &After}) {
    Profile &P = *R->Traces[0].Attribution;
    for (uint64_t I = 0; I != 20; ++I)
      P.Instructions.push_back({0x1100 + I, {0x90}, "nop", 1, NoIndex, 10, {}});
  }
  Profile &P = *After.Traces[0].Attribution;
  P.Instructions[5].Cycles[0] += 3;
  P.Functions[1].Self[0] += 3;
  const std::string Text = printed(Before, After);
  EXPECT_TRUE(StringRef(Text).contains("                ... 19 the same\n"))
      << Text;
}

TEST(DiffTextTest, EscapesHostileNames) {
  Report Before = smallReport(), After = changedReport();
  for (Report *R : {&Before, &After}) {
    Profile &P = *R->Traces[0].Attribution;
    P.Functions[1].Name = "\x1b[2J\n";
    P.Images[0].Path = R->Traces[0].Description.BinaryPath = "\x1b";
    P.Instructions[6].Text = "\x1b[1m";
    R->Cpu = R->Traces.size() == 1 && R == &Before ? "\x1b" : "\x1b\x1b";
  }
  for (const char C : printed(Before, After))
    EXPECT_TRUE((C >= ' ' && C < 0x7f) || C == '\n') << int(C);
}

} // namespace
} // namespace mcad
