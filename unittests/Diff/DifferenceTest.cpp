//===- DifferenceTest.cpp - two reports compared -------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Diff/Difference.h"
#include "ChangedReport.h"
#include "Diff/DiffJson.h"
#include "Diff/DiffText.h"
#include "llvm/Support/JSON.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace mcad;
using namespace mcad::test;

namespace {

std::string text(const Difference &D) {
  std::string Text;
  raw_string_ostream OS(Text);
  printDifferenceText(D, OS);
  return Text;
}

TEST(DifferenceTest, EqualReportsHaveNone) {
  const Difference D = compare(smallReport(), smallReport());
  EXPECT_TRUE(D.isEmpty());
  EXPECT_TRUE(D.HasProfiles);
  EXPECT_TRUE(D.Blocks.empty());
  EXPECT_TRUE(D.Code.empty());
}

TEST(DifferenceTest, FunctionsAndCausesAddUpToTheTotal) {
  const Report Before = smallReport(), After = changedReport();
  const Difference D = compare(Before, After);
  EXPECT_FALSE(D.isEmpty());
  int64_t OfFunctions = 0, OfCauses = 0;
  for (const FunctionChange &F : D.Functions)
    OfFunctions += F.cycles().delta();
  for (const CountChange &C : D.Causes)
    OfCauses += C.delta();
  auto total = [](const Report &R) {
    uint64_t Sum = 0;
    for (const FunctionReport &F : R.Traces[0].Attribution->Functions)
      Sum += totalCycles(F.Self);
    return static_cast<int64_t>(Sum);
  };
  EXPECT_EQ(OfFunctions, total(After) - total(Before));
  EXPECT_EQ(OfCauses, OfFunctions);
}

TEST(DifferenceTest, TheMostChangedComesFirst) {
  const Difference D = compare(smallReport(), changedReport());
  ASSERT_GE(D.Functions.size(), 2u);
  EXPECT_EQ(D.Functions[0].LinkName, "_Z5twicei");
  for (size_t I = 1; I != D.Functions.size(); ++I)
    EXPECT_GE(D.Functions[I - 1].cycles().magnitude(),
              D.Functions[I].cycles().magnitude());
  // memcpy has moved with its library, whose name changed; it is the same.
  const Difference Same = compare(smallReport(), smallReport());
  EXPECT_EQ(Same.Functions.size(),
            smallReport().Traces[0].Attribution->Functions.size());
}

TEST(DifferenceTest, PrintsWhatChanged) {
  const Difference D = compare(smallReport(), changedReport());
  const std::string Text = text(D);
  EXPECT_NE(Text.find("twice(int)"), std::string::npos) << Text;
  EXPECT_NE(Text.find("sarl"), std::string::npos) << Text;
  std::string Json;
  raw_string_ostream OS(Json);
  printDifferenceJson(D, OS);
  Expected<json::Value> Read = json::parse(Json);
  ASSERT_TRUE(bool(Read)) << toString(Read.takeError());
}

} // namespace
