//===- FailConditionTest.cpp - when a difference is a failure ------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Diff/FailCondition.h"
#include "ChangedReport.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace mcad;
using namespace mcad::test;

namespace {

/// Whether \p Text holds from \p Before to \p After; an error is thrown away.
std::optional<bool> holds(StringRef Text, const Report &Before,
                          const Report &After) {
  Expected<FailCondition> C = parseFailCondition(Text);
  if (!C) {
    consumeError(C.takeError());
    return std::nullopt;
  }
  Expected<std::optional<std::string>> Why =
      failure(*C, compare(Before, After));
  if (!Why) {
    consumeError(Why.takeError());
    return std::nullopt;
  }
  return Why->has_value();
}

TEST(FailConditionTest, TellsARegressionFromAGain) {
  Report Small = smallReport(), Larger = smallReport();
  Small.Traces[0].Total.Cycles = 1000;
  Larger.Traces[0].Total.Cycles = 1010;
  EXPECT_EQ(holds("regression>0.9%", Small, Larger), true);
  EXPECT_EQ(holds("regression>1%", Small, Larger), false); // More, it says.
  EXPECT_EQ(holds("regression>0%", Larger, Small), false);
  EXPECT_EQ(holds("cycles>1009", Small, Larger), true);
  EXPECT_EQ(holds("cycles>1010", Small, Larger), false);
}

TEST(FailConditionTest, LooksAtOneFunction) {
  // twice takes less.
  EXPECT_EQ(holds("function:_Z5twicei>1%", changedReport(), smallReport()),
            true);
  EXPECT_EQ(holds("function:twice>1%", smallReport(), changedReport()), false);
  EXPECT_EQ(holds("function:nobody>1%", smallReport(), changedReport()),
            std::nullopt);
}

TEST(FailConditionTest, RefusesWhatIsNone) {
  for (StringRef Text : {"", "regression", "regression>", "regression>x%",
                         "regression>1", "cycles>1%", "function:>1%", "x>1%"})
    EXPECT_EQ(holds(Text, smallReport(), smallReport()), std::nullopt)
        << Text.str();
}

} // namespace
