//===- RegionCutterTest.cpp - what is executed inside regions -------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Attribution/RegionCutter.h"
#include "ProgramWithRegions.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace mcad::test;

namespace mcad {
namespace {

class RegionCutterTest : public testing::Test, protected ProgramWithRegions {
protected:
  std::optional<RegionCutter> Cutter;

  /// Each piece as "region:address*instructions,...", with a full stop where
  /// it is the last; accesses as "@instruction=address".
  std::string run(ArrayRef<uint16_t> Units, uint32_t Stream = 0) {
    if (!Cutter)
      Cutter.emplace(P, map(), functionAt);
    std::string Text;
    for (const RegionPiece *Piece : Cutter->cut({StreamId(Stream), Units})) {
      EXPECT_EQ(index(Piece->Stream), Stream);
      Text += (Text.empty() ? "" : " ") + std::to_string(Piece->Region) + ":";
      ExecutionCursor Cursor(Batch{Piece->Stream, Piece->Units});
      Execution E;
      for (bool IsFirst = true; Cursor.next(E); IsFirst = false) {
        const CodeBlock &Block = Cutter->inside().block(E.Block);
        Text += (IsFirst ? "" : ",") + utohexstr(Block.Address) + "*" +
                std::to_string(Block.NumInstructions);
        AccessCursor Accesses(E);
        for (MemoryAccess A; Accesses.next(A);)
          Text +=
              "@" + std::to_string(A.Instruction) + "=" + utohexstr(A.Address);
      }
      if (Piece->IsLast)
        Text += ".";
    }
    return Text;
  }
  std::string run(const std::vector<BlockId> &Blocks, uint32_t Stream = 0) {
    return run(unitsOf(Blocks), Stream);
  }
};

TEST_F(RegionCutterTest, WithinABlock) {
  region(0x1002, 0x1004);
  const BlockId All = nops(0x1000, 8);
  EXPECT_EQ(run({All}), "0:1002*2.");
  EXPECT_EQ(run({All, All}), "0:1002*2. 0:1002*2.");
  EXPECT_EQ(Cutter->inside().numBlocks(), 1u) << "made once";
}

TEST_F(RegionCutterTest, OverBlocksAndBatches) {
  region(0x1002, 0x1008);
  const BlockId First = nops(0x1000, 4), Second = nops(0x1004, 4),
                Behind = nops(0x1008, 1);
  EXPECT_EQ(run({First, Second}), "0:1002*2,1004*4");
  EXPECT_EQ(Cutter->numOpen(0), 1u);
  EXPECT_EQ(run({Behind}), "0:.");
  EXPECT_EQ(Cutter->numOpen(0), 0u);
  EXPECT_EQ(run({Behind}), "");
}

TEST_F(RegionCutterTest, WhatIsCalledBelongsToIt) {
  region(0x1000, 0x1010);
  const BlockId Call = call(0x1000, 0x2000), Callee = nops(0x2000, 3),
                Return = returns(0x2003), Rest = nops(0x1005, 11),
                Behind = nops(0x1010, 1);
  EXPECT_EQ(run({Call, Callee, Return, Rest, Behind}),
            "0:1000*1,2000*3,2003*1,1005*11.");
}

TEST_F(RegionCutterTest, EachHasWhatOverlaps) {
  region(0x1000, 0x1006);
  region(0x1004, 0x1008);
  EXPECT_EQ(run({nops(0x1000, 10)}), "0:1000*6. 1:1004*4.");
}

TEST_F(RegionCutterTest, EachStreamHasItsOwn) {
  region(0x1000, 0x1008);
  const BlockId First = nops(0x1000, 4), Second = nops(0x1004, 6);
  EXPECT_EQ(run({First}, 0), "0:1000*4");
  EXPECT_EQ(run({First}, 2), "0:1000*4");
  EXPECT_EQ(Cutter->numOpen(0), 2u);
  EXPECT_EQ(run({Second}, 0), "0:1004*4.");
  EXPECT_EQ(Cutter->numOpen(0), 1u);
}

TEST_F(RegionCutterTest, AccessesOfWhatIsInside) {
  region(0x1001, 0x1003);
  const BlockId All = nops(0x1000, 4);
  SmallVector<uint16_t> Units;
  ExecutionWriter W(Units);
  for (unsigned Time = 0; Time != 2; ++Time) {
    W.block(All);
    for (uint16_t I = 0; I != 4; ++I)
      // Far from each other: high halves that come with the one before must be
      // found again.
      W.access({(GuestAddr(I / 2 + 1) << 40) + I, 4, I, false});
  }
  EXPECT_EQ(run(Units), "0:1001*2@0=10000000001@1=20000000002. "
                        "0:1001*2@0=10000000001@1=20000000002.");
}

TEST_F(RegionCutterTest, BytesAndRepeatsAreThoseOfTheCut) {
  region(0x1001, 0x1003);
  const Bytes RepMovsb{0xf3, 0xa4};
  const BlockId All = defineBlock(P, 0x1000, {Nop, RepMovsb, Nop});
  EXPECT_EQ(run({All}), "0:1001*1.");
  const Program &Inside = Cutter->inside();
  const CodeBlock &Cut = Inside.block(BlockId(0));
  EXPECT_TRUE(Cut.BeginsWithRepeat);
  EXPECT_TRUE(Cut.EndsWithRepeat);
  EXPECT_FALSE(P.block(All).BeginsWithRepeat);
  EXPECT_EQ(Inside.bytes(Inside.instructions(Cut)[0]).vec(), RepMovsb);
}

TEST_F(RegionCutterTest, KnowsTheImages) {
  Image I;
  I.Start = 0x20000;
  I.End = 0x21000;
  I.Path = "/none/one";
  P.defineImage(I);
  run({nops(0x1000, 1)});
  ASSERT_EQ(Cutter->inside().numImages(), 1u);
  EXPECT_EQ(Cutter->inside().image(ImageId(0)).Path, "/none/one");
}

} // namespace
} // namespace mcad
