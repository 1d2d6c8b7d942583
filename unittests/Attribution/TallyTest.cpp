//===- TallyTest.cpp - who executed what, how often -----------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Attribution/Tally.h"
#include "../Code/X86Bytes.h"
#include "../Target/MakeTarget.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace mcad::test;

namespace mcad {
namespace {

const Bytes Rep{0xf3, 0xa4};

class TallyTest : public testing::Test {
protected:
  Program P{target("x86_64-linux-gnu", "skylake")};

  uint32_t define(GuestAddr Address, const std::vector<Bytes> &Insts) {
    return index(defineBlock(P, Address, Insts));
  }

  static void run(Tally &T, uint32_t Stream,
                  const std::vector<uint32_t> &Blocks) {
    SmallVector<uint16_t> Units;
    ExecutionWriter Out(Units);
    for (const uint32_t Id : Blocks)
      Out.block(BlockId(Id));
    T.consume({StreamId(Stream), Units});
  }

  /// Iterations counted after the first of each, of executed ones.
  std::pair<uint64_t, uint64_t> repeats(const std::vector<uint32_t> &Blocks) {
    Tally T(P, 0);
    run(T, 0, Blocks);
    return {T.total().RepeatIterations, T.total().Executed};
  }
};

using Repeats = std::pair<uint64_t, uint64_t>;

MemoryAccess access(GuestAddr Address, bool IsStore) {
  return {Address, 8, 0, IsStore};
}

//===--- counts -----------------------------------------------------------===//

TEST_F(TallyTest, CountsNothingBeforeTheFirstBatch) {
  const Tally T(P, 0x1000);
  EXPECT_TRUE(T.streams().empty());
  EXPECT_TRUE(T.blockExecutions().empty());
  EXPECT_EQ(T.total().Executed, 0u);
  EXPECT_EQ(T.startUpInstructions(), std::nullopt);
}

TEST_F(TallyTest, CountsExecutionsPerBlockAndInTotal) {
  const uint32_t A = define(0x1000, {Nop, Nop, Nop});
  const uint32_t B = define(0x2000, {Nop});
  define(0x3000, {Nop, Nop}); // Never executed.
  Tally T(P, 0);
  run(T, 0, {A, B, A});
  run(T, 0, {B, B});
  EXPECT_EQ(T.blockExecutions(), ArrayRef<uint64_t>({2, 3, 0}));
  EXPECT_EQ(T.total().Blocks, 5u);
  EXPECT_EQ(T.total().Executed, 2u * 3 + 3 * 1);
  EXPECT_EQ(T.total().instructions(), 9u);
  EXPECT_EQ(T.total().RepeatIterations, 0u);
}

TEST_F(TallyTest, CountsBlocksThatAreDefinedBetweenBatches) {
  const uint32_t A = define(0x1000, {Nop});
  Tally T(P, 0);
  run(T, 0, {A});
  const uint32_t B = define(0x2000, {Nop, Nop});
  run(T, 0, {B, A});
  EXPECT_EQ(T.blockExecutions(), ArrayRef<uint64_t>({2, 1}));
  EXPECT_EQ(T.total().Executed, 4u);
}

TEST_F(TallyTest, CountsEachStreamByItself) {
  const uint32_t A = define(0x1000, {Nop, Nop});
  const uint32_t B = define(0x2000, {Nop});
  Tally T(P, 0);
  run(T, 2, {A});
  run(T, 0, {B, B, B});
  run(T, 2, {A, B});
  ASSERT_EQ(T.streams().size(), 3u);
  EXPECT_EQ(T.streams()[0].Blocks, 3u);
  EXPECT_EQ(T.streams()[0].Executed, 3u);
  EXPECT_EQ(T.streams()[1].Blocks, 0u);
  EXPECT_EQ(T.streams()[2].Blocks, 3u);
  EXPECT_EQ(T.streams()[2].Executed, 5u);
  EXPECT_EQ(T.total().Blocks, 6u);
  EXPECT_EQ(T.total().Executed, 8u);
}

//===--- memory accesses --------------------------------------------------===//

TEST_F(TallyTest, CountsLoadsAndStores) {
  const uint32_t A = define(0x1000, {Nop, Nop});
  SmallVector<uint16_t> Units;
  ExecutionWriter Out(Units);
  Out.block(BlockId(A));
  Out.access(access(0x10, false));
  Out.access(access(0x20, true));
  Out.block(BlockId(A));
  Out.access(access(0x30, false));
  Out.block(BlockId(A));
  Tally T(P, 0);
  T.consume({StreamId(0), Units});
  EXPECT_EQ(T.total().Blocks, 3u);
  EXPECT_EQ(T.total().Executed, 6u);
  EXPECT_EQ(T.total().Loads, 2u);
  EXPECT_EQ(T.total().Stores, 1u);
  EXPECT_EQ(T.total().accesses(), 3u);
}

TEST_F(TallyTest, CountsAnAccessWithAWideAddressOnce) {
  const uint32_t A = define(0x1000, {Nop});
  // An address whose units would read as blocks if they were taken for events.
  const GuestAddr Wide = 0xff000000000000;
  SmallVector<uint16_t> Units;
  ExecutionWriter Out(Units);
  Out.block(BlockId(A));
  Out.access(access(Wide, true), 0, /*IsWide=*/true);
  Out.access(access(Wide, false), 1, /*IsWide=*/true);
  Tally T(P, 0);
  T.consume({StreamId(0), Units});
  EXPECT_EQ(T.total().Blocks, 1u);
  EXPECT_EQ(T.total().Loads, 1u);
  EXPECT_EQ(T.total().Stores, 1u);
}

//===--- x86 rep ----------------------------------------------------------===//

TEST_F(TallyTest, FoldsARepeatedStringThatFollowsItself) {
  const uint32_t R = define(0x1000, {Rep});
  EXPECT_EQ(repeats({R}), Repeats(0, 1));
  EXPECT_EQ(repeats({R, R, R}), Repeats(2, 3));
}

TEST_F(TallyTest, FoldsTheIterationsThatFollowTheBlockItStandsIn) {
  // QEMU ends a block behind a string instruction and executes the further
  // iterations as blocks of their own.
  const uint32_t Body = define(0x1000, {Nop, Rep});
  const uint32_t Alone = define(0x1001, {Rep});
  const uint32_t Behind = define(0x1001, {Rep, Nop});
  EXPECT_EQ(repeats({Body, Alone, Alone}), Repeats(2, 4));
  EXPECT_EQ(repeats({Body, Alone, Behind}), Repeats(2, 5));
}

TEST_F(TallyTest, DoesNotFoldAcrossAnotherInstruction) {
  const uint32_t R = define(0x1000, {Rep});
  const uint32_t Other = define(0x2000, {Nop});
  const uint32_t Body = define(0x0fff, {Nop, Rep});
  const uint32_t Behind = define(0x1000, {Rep, Nop});
  EXPECT_EQ(repeats({R, Other, R}), Repeats(0, 3));
  // A loop around it: each round begins with the nop.
  EXPECT_EQ(repeats({Body, Body}), Repeats(0, 4));
  EXPECT_EQ(repeats({Behind, Behind}), Repeats(0, 4));
}

TEST_F(TallyTest, DoesNotFoldARepeatedStringIntoAnotherOne) {
  const uint32_t R = define(0x1000, {Rep});
  const uint32_t S = define(0x1002, {Rep});
  EXPECT_EQ(repeats({R, S, S, R}), Repeats(1, 4));
}

TEST_F(TallyTest, FoldsNothingThatIsNoRepeatedString) {
  const uint32_t A = define(0x1000, {Nop});
  EXPECT_EQ(repeats({A, A, A}), Repeats(0, 3));
}

TEST_F(TallyTest, FoldsAcrossBatchesOfAStreamButNotAcrossStreams) {
  const uint32_t R = define(0x1000, {Rep});
  Tally T(P, 0);
  run(T, 0, {R});
  run(T, 1, {R});
  run(T, 0, {R});
  EXPECT_EQ(T.streams()[0].RepeatIterations, 1u);
  EXPECT_EQ(T.streams()[0].instructions(), 1u);
  EXPECT_EQ(T.streams()[1].RepeatIterations, 0u);
  EXPECT_EQ(T.streams()[1].instructions(), 1u);
  EXPECT_EQ(T.total().RepeatIterations, 1u);
}

//===--- start-up ---------------------------------------------------------===//

TEST_F(TallyTest, CountsWhatRanBeforeTheEntryPointWasFirstReached) {
  const uint32_t Loader = define(0x7000, {Nop, Nop, Nop});
  const uint32_t Entry = define(0x1000, {Nop});
  Tally T(P, 0x1000);
  run(T, 0, {Loader, Loader});
  EXPECT_EQ(T.startUpInstructions(), std::nullopt);
  run(T, 0, {Loader, Entry, Loader, Entry});
  EXPECT_EQ(T.startUpInstructions(), 9u);
}

TEST_F(TallyTest, CountsNoStartUpForAStaticProgram) {
  const uint32_t Entry = define(0x1000, {Nop});
  Tally T(P, 0x1000);
  run(T, 0, {Entry, Entry});
  EXPECT_EQ(T.startUpInstructions(), 0u);
}

TEST_F(TallyTest, KnowsNoStartUpWithoutAnEntryPoint) {
  const uint32_t AtZero = define(0, {Nop});
  Tally Unknown(P, 0), Elsewhere(P, 0x5000);
  run(Unknown, 0, {AtZero});
  run(Elsewhere, 0, {AtZero});
  EXPECT_EQ(Unknown.startUpInstructions(), std::nullopt);
  EXPECT_EQ(Elsewhere.startUpInstructions(), std::nullopt);
}

TEST_F(TallyTest, CountsTheStartUpOfAllStreams) {
  const uint32_t Loader = define(0x7000, {Nop, Nop});
  const uint32_t Entry = define(0x1000, {Nop});
  Tally T(P, 0x1000);
  run(T, 1, {Loader});
  run(T, 0, {Loader, Entry});
  EXPECT_EQ(T.startUpInstructions(), 4u);
}

TEST_F(TallyTest, ARepeatEndsWhereTheStreamIsCut) {
  const uint32_t Move = define(0x1000, {Rep});
  Tally T(P, 0);
  T.restart(StreamId(0)); // Nothing was there.
  run(T, 0, {Move, Move});
  EXPECT_EQ(T.total().RepeatIterations, 1u);
  T.restart(StreamId(0));
  run(T, 0, {Move, Move});
  EXPECT_EQ(T.total().RepeatIterations, 2u);
}

} // namespace
} // namespace mcad
