//===- BuildProfileTest.cpp - who pays for the cycles ---------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/BuildProfile.h"
#include "../Code/DefineBlock.h"
#include "../Target/MakeTarget.h"
#include "llvm/ADT/STLExtras.h"
#include "gtest/gtest.h"
#include <numeric>

using namespace llvm;
using namespace mcad;
using namespace mcad::test;

namespace {

const Bytes Nop{0x90}, Return{0xc3};
/// From 0x1001, five bytes long, to 0x2000.
const Bytes Call{0xe8, 0xfa, 0x0f, 0x00, 0x00};

/// Two files that are not there any more: each is one function.
class BuildProfileTest : public testing::Test {
protected:
  Program Code{target("x86_64-linux-gnu", "skylake")};
  TraceDescription Description;
  SymbolTable Names{Code, Description};
  Tally Counts{Code, 0};
  std::vector<RegionRequest> Requests;
  RegionMap Regions{Code, Names, Requests};
  std::vector<std::unique_ptr<StreamAccounts>> Accounts;
  std::vector<CausedCycles> ByInstruction, ByAccount;
  std::vector<RegionEntries> ByRegion;

  BuildProfileTest() {
    for (const GuestAddr Start : {0x1000, 0x2000}) {
      Image I;
      I.Start = Start;
      I.End = Start + 0x1000;
      I.Path = Start == 0x1000 ? "/none/one" : "/none/two";
      Code.defineImage(I);
    }
  }

  /// Runs the blocks, and charges instruction and context number N, counted
  /// from 1, with N cycles of each.
  void run(const std::vector<BlockId> &Blocks,
           uint32_t MostEdges = CallTree::MaxEdges) {
    SmallVector<uint16_t> Units;
    ExecutionWriter Out(Units);
    for (const BlockId Id : Blocks)
      Out.block(Id);
    Counts.consume({StreamId(0), Units});
    Accounts.push_back(std::make_unique<StreamAccounts>(
        Code,
        [&](GuestAddr Address) {
          const FunctionId Id = Names.functionAt(Address);
          return CallTree::Function{index(Id), Names.function(Id).Address};
        },
        Regions, MostEdges));
    Regions.noteNewBlocks();
    std::vector<AccountSwitch> Switches;
    Accounts.back()->consume({StreamId(0), Units}, Switches);
  }
  Profile build() {
    const StreamCycles Cycles{ByInstruction, ByAccount, ByRegion};
    return buildProfile({Code, Counts, Names, 0, Regions, Accounts, Cycles});
  }
};

CausedCycles latency(uint64_t Cycles) {
  CausedCycles C = {};
  C[static_cast<unsigned>(Cause::Latency)] = Cycles;
  return C;
}

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
  SmallVector<uint16_t> Again;
  ExecutionWriter(Again).block(Part);
  Counts.consume({StreamId(0), Again});

  const Profile P = build();
  EXPECT_EQ(P.Instructions.size(), 5u);
  EXPECT_EQ(P.Instructions[1].Executions, 2u);
  EXPECT_EQ(totalCycles(P.Instructions[1].Cycles), 110u);
  ASSERT_EQ(P.Blocks.size(), 4u);
  EXPECT_EQ(P.Blocks[1].FirstInstruction, 1u);
  EXPECT_EQ(total(P.Instructions, &InstructionReport::Cycles), 111111u);
  EXPECT_EQ(total(P.Blocks, &BlockReport::Cycles), 111111u);
  EXPECT_EQ(total(P.Functions, &FunctionReport::Self), 111111u);
  EXPECT_EQ(total(P.Contexts, &ContextReport::Self), 111111u);
}

TEST_F(BuildProfileTest, AFunctionHasWhatItCallsAsWell) {
  const BlockId Main = defineBlock(Code, 0x1000, {Nop, Call}),
                Leaf = defineBlock(Code, 0x2000, {Nop, Return}),
                Behind = defineBlock(Code, 0x1006, {Nop});
  ByInstruction = {latency(1), latency(2), latency(3), latency(4), latency(5)};
  ByAccount = {latency(8), latency(7)};
  run({Main, Leaf, Behind});
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

} // namespace
