//===- StreamAccountsTest.cpp - whom the cycles are for -------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Attribution/StreamAccounts.h"
#include "ProgramWithRegions.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace mcad::test;

namespace mcad {
namespace {

class StreamAccountsTest : public testing::Test, protected ProgramWithRegions {
protected:
  std::optional<StreamAccounts> Accounts;
  std::vector<AccountSwitch> Switches;

  /// "At+region" where one opens, "At-region" where one closes.
  std::string run(const std::vector<BlockId> &Blocks) {
    if (!Accounts)
      Accounts.emplace(P, functionAt, &map());
    map().noteNewBlocks();
    Switches.clear();
    Accounts->consume({StreamId(0), unitsOf(Blocks)}, Switches);
    std::string Text;
    for (const AccountSwitch &S : Switches)
      if (S.Is != AccountSwitch::Kind::None)
        Text += (Text.empty() ? "" : " ") + std::to_string(S.At) +
                (S.Is == AccountSwitch::Kind::Opens ? "+" : "-") +
                std::to_string(S.Region);
    return Text;
  }
  /// Of a region, counted as it was open.
  uint64_t instructions(uint32_t Region) const {
    uint64_t Sum = 0;
    for (size_t I = 0; I != Accounts->regionSets().size(); ++I)
      if (is_contained(Accounts->regionSets()[I], Region))
        Sum += Accounts->instructionsBySet()[I];
    return Sum;
  }
};

TEST_F(StreamAccountsTest, WithinABlock) {
  region(0x1002, 0x1004);
  EXPECT_EQ(run({nops(0x1000, 8)}), "2+0 4-0");
  EXPECT_EQ(instructions(0), 2u);
  EXPECT_TRUE(Accounts->open().empty());
}

TEST_F(StreamAccountsTest, OverBlocksAndBatches) {
  region(0x1002, 0x1008);
  const BlockId First = nops(0x1000, 4), Second = nops(0x1004, 4),
                Behind = nops(0x1008, 1);
  EXPECT_EQ(run({First, Second}), "2+0");
  EXPECT_EQ(Accounts->open().size(), 1u);
  EXPECT_EQ(run({Behind}), "0-0");
  EXPECT_EQ(instructions(0), 6u);
}

TEST_F(StreamAccountsTest, ALoopWithinDoesNotLeave) {
  region(0x1000, 0x1004);
  const BlockId Body = nops(0x1000, 4), Behind = nops(0x1004, 1);
  EXPECT_EQ(run({Body, Body, Body, Behind}), "0+0 12-0");
}

TEST_F(StreamAccountsTest, WhatIsCalledBelongsToIt) {
  region(0x1000, 0x1010);
  const BlockId Call = call(0x1000, 0x2000), Callee = nops(0x2000, 3),
                Return = returns(0x2003), Rest = nops(0x1005, 11),
                Behind = nops(0x1010, 1);
  EXPECT_EQ(run({Call, Callee, Return, Rest, Behind}), "0+0 16-0");
  EXPECT_EQ(instructions(0), 16u);
}

TEST_F(StreamAccountsTest, ARecursiveEntryIsPartOfTheFirst) {
  region(0x2000, 0x2100);
  const BlockId Main = call(0x1000, 0x2000), Again = call(0x2000, 0x2000),
                Leave = returns(0x2005), Behind = nops(0x1005, 1);
  EXPECT_EQ(run({Main, Again, Again, Leave, Leave, Behind}), "1+0 5-0");
}

TEST_F(StreamAccountsTest, UnwindingLeaves) {
  region(0x2000, 0x2100);
  const BlockId Main = call(0x1000, 0x2000), Deeper = call(0x2000, 0x3000),
                Unwinds = defineBlock(P, 0x3000, {{0xff, 0xe0}}),
                Handler = nops(0x1050, 1);
  EXPECT_EQ(run({Main, Deeper, Unwinds}), "1+0");
  EXPECT_EQ(run({Handler}), "0-0");
}

TEST_F(StreamAccountsTest, NestedRegionsAreSetsInOrderOfEntry) {
  region(0x1001, 0x1007);
  region(0x1003, 0x1005);
  EXPECT_EQ(run({nops(0x1000, 8)}), "1+0 3+1 5-1 7-0");
  EXPECT_EQ(instructions(0), 6u);
  EXPECT_EQ(instructions(1), 2u);
  const ArrayRef<StreamAccounts::RegionSet> Sets = Accounts->regionSets();
  ASSERT_EQ(Sets.size(), 3u);
  EXPECT_EQ(Sets[2], (StreamAccounts::RegionSet{0, 1}));
}

TEST_F(StreamAccountsTest, OverlappingOnesHaveTheirOwnEnds) {
  region(0x1001, 0x1005);
  region(0x1003, 0x1007);
  EXPECT_EQ(run({nops(0x1000, 8)}), "1+0 3+1 5-0 7-1");
}

TEST_F(StreamAccountsTest, AnAccountIsAContextWithItsRegions) {
  region(0x2001, 0x2003);
  const BlockId Main = call(0x1000, 0x2000), Callee = nops(0x2000, 4),
                Return = returns(0x2004), Behind = nops(0x1005, 1);
  run({Main, Callee, Return, Behind});
  std::vector<std::pair<uint32_t, uint32_t>> Seen; // From, and account.
  for (const AccountSwitch &S : Switches)
    Seen.emplace_back(S.At, S.Account);
  ASSERT_EQ(Seen.size(), 4u);
  EXPECT_EQ(Seen[0].first, 1u); // The callee's context, no region.
  EXPECT_EQ(Seen[1].first, 2u); // With the region.
  EXPECT_EQ(Seen[2].first, 4u);
  EXPECT_EQ(Seen[2].second, Seen[0].second);
  EXPECT_EQ(Seen[3], std::make_pair(6u, 0u));
  const StreamAccounts::Account In = Accounts->accounts()[Seen[1].second];
  EXPECT_EQ(In.Context, 1u);
  EXPECT_EQ(Accounts->regionSets()[In.Regions], (StreamAccounts::RegionSet{0}));
}

TEST_F(StreamAccountsTest, SaysWhichRegionIsNowhere) {
  RegionRequest R;
  R.Symbol = R.Description = "foo";
  R.File = "libnone.so";
  Requests.push_back(R);
  run({nops(0x1000, 1)});
  EXPECT_EQ(map().problem(0),
            "region 'foo': in 'libnone.so' as it ran, there is no symbol "
            "'foo': look for the name that `nm` prints, and name the file "
            "that has it");
}

} // namespace
} // namespace mcad
