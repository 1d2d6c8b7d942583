//===- CallTreeTest.cpp - who called whom, while it runs -----------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Attribution/CallTree.h"
#include "ProgramWithRegions.h"
#include "llvm/ADT/StringExtras.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace mcad::test;

namespace mcad {
namespace {

const Bytes JumpByRax{0xff, 0xe0};

/// A program of functions that are 0x100 bytes long, from 0x1000 on.
class CallTreeTest : public testing::Test {
protected:
  Program P{target("x86_64-linux-gnu", "skylake")};
  CallTree Tree{P, ProgramWithRegions::functionAt};
  /// Where the context changes, in the last run.
  std::vector<AccountSwitch> Switches;
  uint32_t Current = 0;

  uint32_t define(GuestAddr Address, const std::vector<Bytes> &Insts) {
    return index(defineBlock(P, Address, Insts));
  }
  uint32_t call(GuestAddr From, GuestAddr To) {
    return define(From, {branch(0xe8, From, To)});
  }
  uint32_t jump(GuestAddr From, GuestAddr To) {
    return define(From, {branch(0xe9, From, To)});
  }

  void run(const std::vector<uint32_t> &Blocks) {
    Tree.noteNewBlocks();
    Switches.clear();
    uint32_t At = 0;
    for (const uint32_t Id : Blocks) {
      const uint32_t Now = Tree.step(BlockId(Id));
      if (Now != Current)
        Switches.push_back({At, Now});
      Current = Now;
      At += P.block(BlockId(Id)).NumInstructions;
    }
  }

  /// The functions from the stream's beginning to \p Node: "10 20".
  std::string path(uint32_t Node) const {
    std::string Text;
    for (; Node != CallTree::NoNode; Node = Tree.nodes()[Node].Parent)
      Text = llvm::utohexstr(Tree.nodes()[Node].Function) +
             (Text.empty() ? "" : " " + Text);
    return Text;
  }
  /// The paths that Switches lead to.
  std::vector<std::string> paths() const {
    std::vector<std::string> Paths;
    for (const AccountSwitch &S : Switches)
      Paths.push_back(path(S.Account));
    return Paths;
  }
};

using Paths = std::vector<std::string>;

TEST_F(CallTreeTest, FollowsCallsAndReturns) {
  const uint32_t Main = call(0x1000, 0x2000), Behind = define(0x1005, {Nop}),
                 Leaf = define(0x2000, {Nop, Return});
  run({Main, Leaf, Behind});
  EXPECT_EQ(paths(), (Paths{"10 20", "10"}));
  EXPECT_EQ(Switches[0].At, 1u);
  EXPECT_EQ(Switches[1].At, 3u);
  EXPECT_EQ(Tree.nodes()[0].Instructions, 2u);
  EXPECT_EQ(Tree.nodes()[1].Instructions, 2u);
  EXPECT_EQ(Tree.nodes()[1].Site, 0x1000u);
  ASSERT_EQ(Tree.edges().size(), 1u);
  EXPECT_EQ(Tree.edges()[0].Calls, 1u);
}

TEST_F(CallTreeTest, TellsApartFromWhereItWasCalled) {
  const uint32_t First = call(0x1000, 0x2000), Second = call(0x1005, 0x2000),
                 Behind = define(0x100a, {Nop}),
                 Leaf = define(0x2000, {Return});
  run({First, Leaf, Second, Leaf, Behind});
  EXPECT_EQ(Tree.nodes().size(), 3u);
  EXPECT_EQ(Tree.nodes()[2].Site, 0x1005u);
}

TEST_F(CallTreeTest, ATailCallReturnsToTheCaller) {
  const uint32_t Main = call(0x1000, 0x2000), Behind = define(0x1005, {Nop}),
                 Middle = jump(0x2000, 0x3000), Leaf = define(0x3000, {Return});
  run({Main, Middle, Leaf, Behind});
  EXPECT_EQ(paths(), (Paths{"10 20", "10 20 30", "10"}));
}

// _start ends with a call on x86, and returns to _dl_start_user.
TEST_F(CallTreeTest, ACallReturnsToTheFunctionThatFollows) {
  const uint32_t Main = call(0x10fb, 0x2000), Next = call(0x1100, 0x2000),
                 Behind = define(0x1105, {Nop}),
                 Leaf = define(0x2000, {Return});
  run({Main, Leaf, Next, Leaf, Behind});
  EXPECT_EQ(paths(), (Paths{"10 20", "10 11", "10 11 20", "10 11"}));
  EXPECT_EQ(Tree.nodes()[2].Site, 0x10fbu);
  EXPECT_EQ(Tree.nodes()[2].Instructions, 2u);
  ASSERT_EQ(Tree.edges().size(), 3u);
  EXPECT_EQ(Tree.edges()[1].Calls, 1u);
}

TEST_F(CallTreeTest, RecursionIsTheSameContext) {
  const uint32_t Main = call(0x1000, 0x2000), Behind = define(0x1005, {Nop}),
                 Again = call(0x2000, 0x2000), End = define(0x2005, {Return});
  run({Main, Again, Again, Again});
  // The innermost is not called any more: as if its condition had failed.
  const uint32_t Leaf = define(0x2000, {Nop, Return});
  run({Leaf, End, End, End, Behind});
  EXPECT_EQ(Tree.nodes().size(), 2u);
  EXPECT_EQ(paths(), (Paths{"10"}));
  uint64_t Calls = 0;
  for (const CallTree::Edge &E : Tree.edges())
    Calls += E.Calls;
  EXPECT_EQ(Calls, 4u);
}

TEST_F(CallTreeTest, UnwindsToTheFunctionThatItArrivesIn) {
  const uint32_t Main = call(0x1000, 0x2000), Landing = define(0x1050, {Nop}),
                 Middle = call(0x2000, 0x3000),
                 Leaf = define(0x3000, {JumpByRax}),
                 Next = call(0x1051, 0x4000), Other = define(0x4000, {Nop});
  run({Main, Middle, Leaf, Landing, Next, Other});
  EXPECT_EQ(paths(), (Paths{"10 20", "10 20 30", "10", "10 40"}));
}

TEST_F(CallTreeTest, AHandlerIsCalledByWhatItInterrupts) {
  const uint32_t Main = define(0x1000, {Nop}), Goes = define(0x1001, {Nop}),
                 Handler = define(0x5000, {Nop}),
                 Leaves = define(0x5001, {Return}),
                 Restorer = define(0x6000, {Nop});
  run({Main, Handler, Leaves, Restorer, Goes});
  EXPECT_EQ(paths(), (Paths{"10 50", "10 50 60", "10"}));
}

TEST_F(CallTreeTest, AHandlerReturnsToTheCallThatItCameBefore) {
  const uint32_t Main = call(0x1000, 0x2000), Behind = define(0x1005, {Nop}),
                 Leaf = define(0x2000, {Nop, Return}),
                 Handler = define(0x5000, {Return}),
                 Restorer = define(0x6000, {Nop});
  run({Main, Handler, Restorer, Leaf, Behind});
  EXPECT_EQ(paths(), (Paths{"10 50", "10 50 60", "10 20", "10"}));
  EXPECT_EQ(Tree.nodes().back().Site, 0x1000u);
}

TEST_F(CallTreeTest, AsksForItsOwnAddress) {
  const uint32_t Main = call(0x1000, 0x1005), Pop = define(0x1005, {Nop});
  run({Main, Pop});
  EXPECT_EQ(paths(), Paths());
}

TEST_F(CallTreeTest, GoesOnInTheNextBatch) {
  const uint32_t Main = call(0x1000, 0x2000), Behind = define(0x1005, {Nop}),
                 Leaf = define(0x2000, {Return});
  run({Main, Leaf});
  EXPECT_EQ(paths(), (Paths{"10 20"}));
  run({Behind});
  EXPECT_EQ(paths(), (Paths{"10"}));
  EXPECT_EQ(Switches[0].At, 0u);
}

TEST_F(CallTreeTest, BeginsAgain) {
  const uint32_t Main = call(0x1000, 0x2000), Leaf = define(0x2000, {Nop}),
                 Behind = define(0x1005, {Nop}), Other = define(0x5000, {Nop});
  run({Main, Leaf});
  Tree.restart();
  EXPECT_EQ(Tree.depth(), 0u);
  run({Behind});
  EXPECT_EQ(paths(), (Paths{"10"})) << "it does not return";
  Tree.restart();
  run({Other});
  EXPECT_EQ(paths(), (Paths{"50"})) << "nobody calls it";
  Tree.restart();
  run({Other});
  EXPECT_EQ(paths(), Paths());
  EXPECT_EQ(Tree.nodes()[0].Beginnings, 2u);
  EXPECT_EQ(Tree.nodes()[1].Beginnings, 0u);
  EXPECT_EQ(Tree.nodes()[2].Beginnings, 2u);
  EXPECT_EQ(Tree.nodes()[2].Instructions, 2u);
}

} // namespace
} // namespace mcad
