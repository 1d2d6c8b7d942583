//===- FailConditionTest.cpp - when a difference is a failure -------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Diff/FailCondition.h"
#include "../Report/DistinctReport.h"
#include "ChangedReport.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace mcad::test;

namespace mcad {
namespace {

/// "-" if it does not hold.
std::string why(StringRef Text, const Report &Before, const Report &After) {
  Expected<FailCondition> C = parseFailCondition(Text);
  if (!C)
    return toString(C.takeError());
  Expected<std::optional<std::string>> Why =
      failure(*C, compare(Before, After));
  return Why ? Why->value_or("-") : toString(Why.takeError());
}

/// From the faster to the slower.
std::string slower(StringRef Text) {
  return why(Text, changedReport(), smallReport());
}
std::string faster(StringRef Text) {
  return why(Text, smallReport(), changedReport());
}

TEST(FailConditionTest, HoldsIfCyclesGrewByMore) {
  // 114 to 301.
  EXPECT_EQ(slower("regression>164%"),
            "regression>164%: cycles grew by 164.04 %, from 114 to 301");
  EXPECT_EQ(slower("regression>164.1%"), "-");
  EXPECT_EQ(faster("regression>0%"), "-");
  EXPECT_EQ(why("regression>0%", smallReport(), smallReport()), "-");
  Report One = smallReport();
  ++One.Traces[0].Total.Cycles;
  EXPECT_EQ(why("regression>0%", smallReport(), One),
            "regression>0%: cycles grew by 0.33 %, from 301 to 302");
}

TEST(FailConditionTest, HoldsIfThereAreMoreCyclesAfter) {
  EXPECT_EQ(slower("cycles>300"), "cycles>300: there are 301 cycles");
  EXPECT_EQ(slower("cycles>301"), "-");
}

TEST(FailConditionTest, HoldsIfAFunctionGrew) {
  EXPECT_EQ(slower("function:twice>542%"),
            "function:twice>542%: the cycles of twice grew by 542.86 %, from "
            "35 to 225");
  EXPECT_EQ(slower("function:_Z5twicei>543%"), "-");
  EXPECT_EQ(faster("function:copier>5%"),
            "function:copier>5%: the cycles of copier grew from nothing, from "
            "0 to 3");
  EXPECT_EQ(slower("function:copier>5%"), "-");
}

TEST(FailConditionTest, RefusesWhatCannotBeTold) {
  EXPECT_EQ(slower("function:twise>1%"),
            "--fail-if=function:twise>1%: no function twise ran: 'mcad "
            "report' lists those that did");
  EXPECT_EQ(
      why("function:main>1%", smallReport(), distinctReport(distinctRun())),
      "--fail-if=function:main>1%: one of the reports does not say "
      "whose the cycles are: give those of programs that were timed");
}

TEST(FailConditionTest, RefusesWhatIsNoCondition) {
  for (const char *Text :
       {"", "regression", "regression>", "regression>1", "regression>x%",
        "regression>-1%", "regression>nan%", "cycles>", "cycles>1%",
        "cycles>-1", "function:>1%", "function:f>1", "faster>1%", "cycles"})
    EXPECT_EQ(slower(Text), std::string("--fail-if=") + Text +
                                ": regression>N%, cycles>N or "
                                "function:NAME>N% is wanted");
}

TEST(FailConditionTest, ANameMayHaveTheSignItself) {
  Expected<FailCondition> C = parseFailCondition("function:f<a>>2%");
  ASSERT_TRUE(bool(C)) << toString(C.takeError());
  EXPECT_EQ(C->Function, "f<a>");
  EXPECT_EQ(C->Percent, 2);
}

} // namespace
} // namespace mcad
