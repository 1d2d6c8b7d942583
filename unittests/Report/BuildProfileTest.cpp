//===- BuildProfileTest.cpp - who pays for the cycles ---------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/BuildProfile.h"
#include "../Code/X86Bytes.h"
#include "../Target/MakeTarget.h"
#include "llvm/ADT/STLExtras.h"
#include "gtest/gtest.h"
#include <numeric>

using namespace llvm;
using namespace mcad;
using namespace mcad::test;

namespace {

/// Five bytes long.
const Bytes Call = branch(0xe8, 0x1001, 0x2000);

CausedCycles latency(uint64_t Cycles) {
  CausedCycles C = {};
  C[static_cast<unsigned>(Cause::Latency)] = Cycles;
  return C;
}

/// Two files that are not there any more: each is one function.
class BuildProfileTest : public testing::Test {
protected:
  Program Code{target("x86_64-linux-gnu", "skylake")};
  TraceDescription Description;
  SymbolTable Names{Code, Description};
  Tally Counts{Code, 0};
  std::vector<RegionRequest> Requests;
  RegionMap Regions{Code, Names, Requests};
  std::vector<std::unique_ptr<StreamAccounts>> Accounts; ///< By stream.
  /// Of the first stream.
  std::vector<CausedCycles> ByInstruction, ByAccount;
  std::vector<RegionEntries> ByRegion;
  std::vector<StreamCycles> OtherStreams;

  BuildProfileTest() {
    for (const GuestAddr Start : {0x1000, 0x2000}) {
      Image I;
      I.Start = Start;
      I.End = Start + 0x1000;
      I.Path = Start == 0x1000 ? "/none/one" : "/none/two";
      Code.defineImage(I);
    }
  }

  /// Another stream runs the blocks.
  void run(const std::vector<BlockId> &Blocks,
           uint32_t MostEdges = CallTree::MaxEdges) {
    const SmallVector<uint16_t> Units = unitsOf(Blocks);
    const auto Stream = static_cast<StreamId>(Accounts.size());
    Counts.consume({Stream, Units});
    Accounts.push_back(std::make_unique<StreamAccounts>(
        Code, CallTree::functionsOf(Names), &Regions, MostEdges));
    Regions.noteNewBlocks();
    std::vector<AccountSwitch> Switches;
    Accounts.back()->consume({Stream, Units}, Switches);
  }
  /// The first stream has one function call the other: 8 cycles and 7.
  /// \returns the one that is called.
  BlockId runACall() {
    const BlockId Main = defineBlock(Code, 0x1000, {Nop, Call}),
                  Leaf = defineBlock(Code, 0x2000, {Nop, Return}),
                  Behind = defineBlock(Code, 0x1006, {Nop});
    ByInstruction = {latency(1), latency(2), latency(3), latency(4),
                     latency(5)};
    ByAccount = {latency(8), latency(7)};
    run({Main, Leaf, Behind});
    return Leaf;
  }
  Profile build() {
    std::vector<StreamCycles> Cycles{{ByAccount, ByRegion}};
    append_range(Cycles, OtherStreams);
    return buildProfile(
        {Code, Counts, Names, 0, &Regions, Accounts, Cycles, ByInstruction});
  }
};

template <typename Rows, typename Member>
uint64_t total(const Rows &R, Member M) {
  return std::accumulate(
      R.begin(), R.end(), uint64_t(0),
      [&](uint64_t Sum, const auto &Row) { return Sum + totalCycles(Row.*M); });
}

TEST_F(BuildProfileTest, ClosesOverCode) {
  const BlockId Main = defineBlock(Code, 0x1000, {Nop, Call}),
                // Another block has the call as well.
      Part = defineBlock(Code, 0x1001, {Call}),
                Leaf = defineBlock(Code, 0x2000, {Nop, Return}),
                Behind = defineBlock(Code, 0x1006, {Nop});
  ByInstruction = {latency(1),    latency(10),    latency(100),
                   latency(1000), latency(10000), latency(100000)};
  ByAccount = {latency(100111), latency(11000)};
  run({Main, Leaf, Behind});
  // As if a jump led there: for the counts alone.
  Counts.consume({StreamId(0), unitsOf(Part)});

  const Profile P = build();
  EXPECT_EQ(P.Instructions.size(), 5u);
  EXPECT_EQ(P.Instructions[1].Executions, 2u);
  EXPECT_EQ(P.Instructions[0].Target, 0u);
  EXPECT_EQ(P.Instructions[1].Target, 0x2000u);
  EXPECT_EQ(totalCycles(P.Instructions[1].Cycles), 110u);
  ASSERT_EQ(P.Blocks.size(), 4u);
  EXPECT_EQ(P.Blocks[1].FirstInstruction, 1u);
  EXPECT_EQ(total(P.Instructions, &InstructionReport::Cycles), 111111u);
  EXPECT_EQ(total(P.Blocks, &BlockReport::Cycles), 111111u);
  EXPECT_EQ(total(P.Functions, &FunctionReport::Self), 111111u);
  EXPECT_EQ(total(P.Contexts, &ContextReport::Self), 111111u);
}

TEST_F(BuildProfileTest, AFunctionHasWhatItCallsAsWell) {
  runACall();
  const Profile P = build();
  ASSERT_EQ(P.Functions.size(), 2u);
  EXPECT_EQ(P.Functions[0].InclusiveCycles, 15u);
  EXPECT_EQ(P.Functions[0].InclusiveInstructions, 5u);
  EXPECT_EQ(P.Functions[1].InclusiveCycles, 7u);
  EXPECT_EQ(P.Functions[1].Calls, 1u);
  ASSERT_EQ(P.Calls.size(), 1u);
  EXPECT_EQ(P.Calls[0].Site, 0x1001u);
  EXPECT_EQ(P.Calls[0].Caller, 0u);
  EXPECT_EQ(P.Calls[0].Callee, 1u);
  EXPECT_EQ(P.Calls[0].Cycles, 7u);
  EXPECT_EQ(P.Calls[0].Instructions, 2u);
}

// The callee calls itself in two of three rounds.
TEST_F(BuildProfileTest, ARecursiveFunctionCountsOnce) {
  const Bytes JumpIfEqual{0x74, 0x05};                // From 0x2000 to 0x2007.
  const Bytes CallBack{0xe8, 0xf9, 0xff, 0xff, 0xff}; // From 0x2002 to 0x2000.
  const BlockId Main = defineBlock(Code, 0x1000, {Nop, Call}),
                Test = defineBlock(Code, 0x2000, {JumpIfEqual}),
                Again = defineBlock(Code, 0x2002, {CallBack}),
                Leave = defineBlock(Code, 0x2007, {Return}),
                Behind = defineBlock(Code, 0x1006, {Nop});
  ByInstruction = {latency(1),  latency(2),  latency(10),
                   latency(20), latency(30), latency(4)};
  ByAccount = {latency(7), latency(60)};
  run({Main, Test, Again, Test, Again, Test, Leave, Leave, Leave, Behind});
  const Profile P = build();
  ASSERT_EQ(P.Functions.size(), 2u);
  EXPECT_EQ(P.Functions[0].InclusiveInstructions, 11u);
  EXPECT_EQ(P.Functions[0].InclusiveCycles, 67u);
  EXPECT_EQ(P.Functions[1].Calls, 3u);
  EXPECT_EQ(P.Functions[1].Instructions, 8u);
  EXPECT_EQ(P.Functions[1].InclusiveInstructions, 8u);
  EXPECT_EQ(P.Functions[1].InclusiveCycles, 60u);
  ASSERT_EQ(P.Calls.size(), 2u);
  EXPECT_EQ(P.Calls[0].Calls, 1u);
  EXPECT_EQ(P.Calls[0].Instructions, 8u);
  EXPECT_EQ(P.Calls[0].Cycles, 60u);
  // What it calls of itself is part of the outermost call.
  EXPECT_EQ(P.Calls[1].Site, 0x2002u);
  EXPECT_EQ(P.Calls[1].Caller, P.Calls[1].Callee);
  EXPECT_EQ(P.Calls[1].Calls, 2u);
  EXPECT_EQ(P.Calls[1].Instructions, 0u);
  EXPECT_EQ(P.Calls[1].Cycles, 0u);
  ASSERT_EQ(P.Contexts.size(), 2u);
  EXPECT_EQ(P.Contexts[1].Calls, 1u);
  EXPECT_EQ(P.Contexts[1].Instructions, 8u);
}

// The second thread begins in what the first one calls.
TEST_F(BuildProfileTest, AddsUpStreams) {
  const BlockId Leaf = runACall();
  // Its engine knows of no instruction behind those that it has seen.
  const std::vector<CausedCycles> Instructions{
      {}, {}, latency(300), latency(400)},
      OfAccounts{latency(700)};
  addCycles(ByInstruction, Instructions);
  OtherStreams = {{OfAccounts, {}}};
  run({Leaf});
  const Profile P = build();
  ASSERT_EQ(P.Functions.size(), 2u);
  EXPECT_EQ(P.Functions[0].InclusiveCycles, 15u);
  EXPECT_EQ(P.Functions[1].Calls, 2u);
  EXPECT_EQ(P.Functions[1].Instructions, 4u);
  EXPECT_EQ(totalCycles(P.Functions[1].Self), 707u);
  EXPECT_EQ(P.Functions[1].InclusiveCycles, 707u);
  ASSERT_EQ(P.Calls.size(), 1u);
  EXPECT_EQ(P.Calls[0].Calls, 1u);
  EXPECT_EQ(P.Calls[0].Cycles, 7u);
  ASSERT_EQ(P.Contexts.size(), 3u);
  EXPECT_EQ(P.Contexts[1].Parent, 0u);
  EXPECT_EQ(P.Contexts[1].Stream, 0u);
  EXPECT_EQ(P.Contexts[2].Parent, NoIndex);
  EXPECT_EQ(P.Contexts[2].Stream, 1u);
  EXPECT_EQ(P.Contexts[2].Calls, 1u);
  EXPECT_EQ(P.Contexts[2].Instructions, 2u);
  EXPECT_EQ(totalCycles(P.Contexts[2].Self), 700u);
  EXPECT_EQ(total(P.Instructions, &InstructionReport::Cycles), 715u);
  EXPECT_EQ(total(P.Functions, &FunctionReport::Self), 715u);
  EXPECT_EQ(total(P.Contexts, &ContextReport::Self), 715u);
}

// A just-in-time compiler: what ran at an address before and after is told
// apart, and what did not change is not.
TEST_F(BuildProfileTest, CodeThatWasChangedHasARowForEachContent) {
  const Bytes NopOfTwo{0x66, 0x90};
  const BlockId Before = defineBlock(Code, 0x2000, {Nop, Nop, Return}),
                After = defineBlock(Code, 0x2000, {NopOfTwo, Return});
  ByInstruction = {latency(1), latency(2), latency(4), latency(8), latency(16)};
  ByAccount = {latency(31)};
  run({Before, After, After});
  const Profile P = build();
  ASSERT_EQ(P.Instructions.size(), 4u);
  EXPECT_EQ(P.Instructions[0].Address, 0x2000u);
  EXPECT_EQ(P.Instructions[0].Bytes, NopOfTwo);
  EXPECT_EQ(P.Instructions[0].Executions, 2u);
  EXPECT_EQ(totalCycles(P.Instructions[0].Cycles), 8u);
  EXPECT_EQ(P.Instructions[1].Address, 0x2000u);
  EXPECT_EQ(P.Instructions[1].Bytes, Nop);
  EXPECT_EQ(P.Instructions[1].Executions, 1u);
  EXPECT_EQ(P.Instructions[3].Address, 0x2002u);
  EXPECT_EQ(P.Instructions[3].Executions, 3u);
  EXPECT_EQ(totalCycles(P.Instructions[3].Cycles), 20u);
  ASSERT_EQ(P.Blocks.size(), 2u);
  EXPECT_EQ(P.Blocks[0].NumInstructions, 2u);
  EXPECT_EQ(P.Blocks[0].FirstInstruction, 0u);
  EXPECT_EQ(P.Blocks[0].Executions, 2u);
  EXPECT_EQ(P.Blocks[1].NumInstructions, 3u);
  EXPECT_EQ(P.Blocks[1].FirstInstruction, 1u);
  EXPECT_EQ(totalCycles(P.Blocks[1].Cycles), 7u);
  ASSERT_EQ(P.Functions.size(), 1u);
  EXPECT_EQ(P.Functions[0].Instructions, 7u);
}

// Without a context of its own a call is its caller's, so that all closes.
TEST_F(BuildProfileTest, ClosesWithoutContexts) {
  const BlockId Main = defineBlock(Code, 0x1000, {Nop, Call}),
                Leaf = defineBlock(Code, 0x2000, {Nop, Return}),
                Behind = defineBlock(Code, 0x1006, {Nop});
  ByInstruction = {latency(1), latency(2), latency(3), latency(4), latency(5)};
  ByAccount = {latency(15)};
  run({Main, Leaf, Behind}, 0);
  const Profile P = build();
  ASSERT_EQ(P.Contexts.size(), 1u);
  EXPECT_EQ(P.Contexts[0].Instructions, 5u);
  EXPECT_EQ(total(P.Contexts, &ContextReport::Self), 15u);
  EXPECT_EQ(total(P.Functions, &FunctionReport::Self), 15u);
  ASSERT_EQ(P.Functions.size(), 2u);
  EXPECT_EQ(totalCycles(P.Functions[1].Self), 7u);
  EXPECT_EQ(P.Functions[1].Calls, 0u);
}

TEST_F(BuildProfileTest, SaysAllThatItCouldNotDo) {
  const BlockId Main = defineBlock(Code, 0x1000, {Nop, Call}),
                Leaf = defineBlock(Code, 0x2000, {Nop, Return});
  run({Main, Leaf}, 0);
  const Profile P = build();
  const auto says = [&](StringRef What) {
    return any_of(P.Problems, [&](const std::string &Line) {
      return StringRef(Line).contains(What);
    });
  };
  EXPECT_TRUE(says("/none/one"));
  EXPECT_TRUE(says("/none/two"));
  EXPECT_TRUE(says("1 calls are not told apart"));
}

TEST_F(BuildProfileTest, AStreamThatExecutesNothingHasNoContext) {
  runACall();
  run({});
  OtherStreams = {{{}, {}}};
  for (const ContextReport &C : build().Contexts)
    EXPECT_EQ(C.Stream, 0u);
}

} // namespace
