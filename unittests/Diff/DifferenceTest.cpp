//===- DifferenceTest.cpp - what changed between two reports --------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Diff/Difference.h"
#include "../Report/DistinctReport.h"
#include "ChangedReport.h"
#include "Report/JsonReport.h"
#include "llvm/Support/MemoryBuffer.h"
#include "gtest/gtest.h"
#include <random>

using namespace llvm;
using namespace mcad::test;

namespace mcad {
namespace {

const FunctionChange *find(const Difference &D, StringRef Name) {
  for (const FunctionChange &F : D.Functions)
    if (F.Name == Name)
      return &F;
  return nullptr;
}

/// The main executable's function \p Name: one instruction of \p Cycles.
void addFunction(Profile &P, std::string Name, GuestAddr Address,
                 std::string Text, uint64_t Cycles) {
  const auto Row = static_cast<uint32_t>(P.Functions.size());
  P.Functions.push_back({Name, Name, 0, Address, 4, 1, 1,
                         causes({{Cause::None, Cycles}}), 1, Cycles});
  P.Instructions.push_back({Address,
                            {1, 2, 3, 4},
                            std::move(Text),
                            Row,
                            NoIndex,
                            1,
                            causes({{Cause::None, Cycles}})});
}

TEST(DifferenceTest, FindsNothingBetweenEqualReports) {
  for (const Report &R :
       {smallReport(), changedReport(), distinctReport(distinctRun()),
        distinctReport(distinctListing()), Report()}) {
    const Difference D = compare(R, R);
    EXPECT_TRUE(D.isEmpty());
    EXPECT_TRUE(D.Remarks.empty() || !R.isComplete());
    EXPECT_TRUE(D.Blocks.empty());
    EXPECT_TRUE(D.Code.empty());
  }
}

TEST(DifferenceTest, MovedCodeIsNoChange) {
  Report Moved = smallReport();
  Profile &P = *Moved.Traces[0].Attribution;
  for (FunctionReport &F : P.Functions)
    F.Address += 0x100000;
  for (InstructionReport &I : P.Instructions)
    I.Address += 0x100000;
  for (BlockReport &B : P.Blocks)
    B.Address += 0x100000;
  P.Instructions[1].Text = "callq\t0x101010";
  P.Instructions[2].Text = "callq\t0x107000";
  const Difference D = compare(smallReport(), Moved);
  // But for the one whose name is its address, which has a new one.
  for (const FunctionChange &F : D.Functions)
    EXPECT_FALSE(F.isChanged()) << F.Name;
  EXPECT_TRUE(D.isEmpty());
}

TEST(DifferenceTest, NamesTheFunctionThatChangedFirst) {
  const Difference D = compare(smallReport(), changedReport());
  ASSERT_EQ(D.Functions.size(), 5u);
  EXPECT_EQ(D.Functions[0].Name, "twice(int)");
  EXPECT_EQ(D.Functions[0].cycles().delta(), -190);
  EXPECT_EQ(D.Functions[0].Before->Address, 0x1010u);
  EXPECT_EQ(D.Functions[0].After->Address, 0x11010u);
  EXPECT_EQ(D.Functions[1].Name, "copier");
  EXPECT_FALSE(D.Functions[1].Before.has_value());
  EXPECT_EQ(D.Functions[1].After->Calls, 2u);
  // In a newer library, matched by its name all the same.
  EXPECT_FALSE(find(D, "memcpy")->isChanged());
  EXPECT_FALSE(find(D, "main")->isChanged());
  EXPECT_FALSE(find(D, "0x9000")->isChanged());
  EXPECT_FALSE(D.isEmpty());
}

TEST(DifferenceTest, SaysTotalsAndCauses) {
  const Difference D = compare(smallReport(), changedReport());
  EXPECT_EQ(D.Cycles.Before, 301u);
  EXPECT_EQ(D.Cycles.After, 114u);
  EXPECT_EQ(D.Instructions.delta(), 2);
  const auto &Latency = D.Causes[static_cast<unsigned>(Cause::Latency)];
  EXPECT_EQ(Latency.Before, 200u);
  EXPECT_EQ(Latency.After, 10u);
}

TEST(DifferenceTest, IsTheSameBackwards) {
  const Difference D = compare(smallReport(), changedReport());
  const Difference B = compare(changedReport(), smallReport());
  ASSERT_EQ(D.Functions.size(), B.Functions.size());
  for (size_t I = 0; I != D.Functions.size(); ++I) {
    EXPECT_EQ(D.Functions[I].Name, B.Functions[I].Name);
    EXPECT_EQ(D.Functions[I].cycles().delta(),
              -B.Functions[I].cycles().delta());
  }
}

TEST(DifferenceTest, MatchesBlocksByContent) {
  Report After = changedReport();
  // The same code again, but it cost more.
  Profile &P = *After.Traces[0].Attribution;
  P.Blocks[6].Cycles = P.Functions[2].Self = causes({{Cause::Memory, 99}});
  const Difference D = compare(smallReport(), After);
  const BlockChange *Copy = nullptr;
  for (const BlockChange &B : D.Blocks)
    if (D.Functions[B.Function].Name == "memcpy")
      Copy = &B;
  ASSERT_NE(Copy, nullptr);
  EXPECT_EQ(Copy->Before->Address, 0x7000u);
  EXPECT_EQ(Copy->After->Address, 0x17000u);
  EXPECT_EQ(Copy->cycles().delta(), 45);
}

TEST(DifferenceTest, ShowsTheCodeSideBySide) {
  const Difference D = compare(smallReport(), changedReport());
  ASSERT_EQ(D.Code.size(), 1u);
  const std::vector<CodeRow> &Rows = D.Code[0].Rows;
  ASSERT_EQ(Rows.size(), 3u);
  EXPECT_TRUE(Rows[0].IsSame);
  EXPECT_FALSE(Rows[1].IsSame);
  EXPECT_EQ(Rows[1].Before->Text, "idivl\t%esi");
  EXPECT_EQ(Rows[1].After->Text, "sarl\t%eax");
  EXPECT_EQ(Rows[1].After->Cycles, 20u);
  EXPECT_TRUE(Rows[2].IsSame);
}

TEST(DifferenceTest, MatchesFunctionsOfOneNameInOrder) {
  Report Before = smallReport(), After = smallReport();
  for (Report *R : {&Before, &After}) {
    Profile &P = *R->Traces[0].Attribution;
    addFunction(P, "local", 0xa000, "nop", 5);
    addFunction(P, "local", 0xb000, "hlt", 7);
  }
  EXPECT_TRUE(compare(Before, After).isEmpty());
}

TEST(DifferenceTest, MatchesStrippedFunctionsByContent) {
  Report Before = smallReport(), After = smallReport();
  addFunction(*Before.Traces[0].Attribution, "", 0xa000, "vpaddd", 5);
  addFunction(*After.Traces[0].Attribution, "", 0xa100, "vpaddd", 5);
  EXPECT_TRUE(compare(Before, After).isEmpty());
}

TEST(DifferenceTest, AddsUpTheTracesOfAReport) {
  Report Twice = smallReport();
  Twice.Traces.push_back(Twice.Traces[0]);
  const Difference D = compare(smallReport(), Twice);
  EXPECT_EQ(D.Cycles.After, 602u);
  EXPECT_EQ(find(D, "twice(int)")->After->Calls, 20u);
  ASSERT_FALSE(D.Code.empty());
  EXPECT_EQ(D.Code[0].Rows.size(), 3u);
  EXPECT_EQ(D.Remarks, std::vector<std::string>(
                           {"before there are 1 traces, after there are 2"}));
}

TEST(DifferenceTest, SaysWhyTwoReportsMayNotCompare) {
  Report After = smallReport();
  After.Triple = "aarch64-unknown-linux-gnu";
  After.Cpu = "cortex-a57";
  After.Surroundings = distinctModel();
  After.Traces[0].Losses = {{"x", Loss::Severity::Incomplete, 1, "y", "z"}};
  EXPECT_EQ(compare(smallReport(), After).Remarks,
            std::vector<std::string>(
                {"the target is another: x86_64-unknown-linux-gnu before, "
                 "aarch64-unknown-linux-gnu after",
                 "the CPU is another: skylake before, cortex-a57 after",
                 "the model around the core is another: none before, "
                 "some-core after",
                 "the report after is not complete"}));
  Report Other = After;
  Other.Surroundings->Values[0].Text = "64K";
  const auto Remarks = compare(After, Other).Remarks;
  EXPECT_NE(llvm::find(Remarks, "values of the model around the core differ"),
            Remarks.end());
}

TEST(DifferenceTest, ComparesTotalsWithoutProfiles) {
  const Difference D = compare(distinctReport(distinctRun()), smallReport());
  EXPECT_FALSE(D.HasProfiles);
  EXPECT_TRUE(D.Functions.empty());
  EXPECT_EQ(D.Cycles.Before, 3000u);
}

/// Whatever changed, functions account for all of it.
TEST(DifferenceTest, FunctionsAddUpToTheProfiles) {
  std::mt19937_64 Random(1);
  for (int Round = 0; Round != 100; ++Round) {
    SCOPED_TRACE(Round);
    Report Sides[2];
    uint64_t Sum[2] = {};
    for (int Side = 0; Side != 2; ++Side) {
      Sides[Side] = smallReport();
      Profile &P = *Sides[Side].Traces[0].Attribution;
      P = Profile();
      P.Images = smallProfile().Images;
      for (int N = Random() % 8; N; --N) {
        const uint64_t Cycles = Random() % 100;
        Sum[Side] += Cycles;
        std::string Name;
        if (Random() % 4)
          Name = std::string(1, char('a' + Random() % 4));
        addFunction(P, Name, Random() % 0x10000,
                    std::string(1, char('s' + Random() % 3)), Cycles);
        if (Random() % 2)
          P.Functions.back().Image = Random() % 2 ? 1 : NoIndex;
      }
    }
    uint64_t Before = 0, After = 0;
    for (const FunctionChange &F : compare(Sides[0], Sides[1]).Functions) {
      Before += F.cycles().Before;
      After += F.cycles().After;
    }
    EXPECT_EQ(Before, Sum[0]);
    EXPECT_EQ(After, Sum[1]);
  }
}

/// To mend it, write the report there.
TEST(DifferenceTest, TheFileOfTheOtherTestsIsThisReport) {
  const auto File = MemoryBuffer::getFile(MCAD_TEST_INPUTS "/changed.json");
  ASSERT_TRUE(bool(File));
  std::string Text;
  raw_string_ostream OS(Text);
  printJson(changedReport(), OS);
  EXPECT_EQ((*File)->getBuffer(), Text);
}

} // namespace
} // namespace mcad
