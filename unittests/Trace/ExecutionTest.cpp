//===- ExecutionTest.cpp - walking executions -----------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "mcad/Execution.h"
#include <gtest/gtest.h>

using namespace mcad;

TEST(ExecutionTest, ABlockEventHoldsItsId) {
  for (const uint32_t Id : {0u, 1u, 0x8000u, 0xffffffffu}) {
    const uint64_t Word = event::block(static_cast<BlockId>(Id));
    EXPECT_TRUE(event::isBlock(Word));
    EXPECT_FALSE(event::isWide(Word));
    EXPECT_EQ(index(event::blockId(Word)), Id);
    EXPECT_EQ(static_cast<uint32_t>(Word), event::BlockBit);
  }
}

TEST(ExecutionTest, OnlyAddressesBeyond48BitsAreWide) {
  EXPECT_FALSE(event::needsWide(0));
  EXPECT_FALSE(event::needsWide(0x7fff'ffff'ffff));
  EXPECT_TRUE(event::needsWide(0x8000'0000'0000));
  EXPECT_TRUE(event::needsWide(0xffff'7fff'ffff'ffff));
  EXPECT_FALSE(event::needsWide(0xffff'8000'0000'0000));
  EXPECT_FALSE(event::needsWide(UINT64_MAX));
}

TEST(ExecutionTest, AnAccessDecodesToItsParts) {
  const uint64_t Words[] = {
      0xffff'ffff'ffe0ull << 16 | 3 << event::SizeShift | 1023,
      event::WideBit | event::StoreBit | 7 << event::SizeShift | 5,
      0x8000'0000'0000'8000};
  AccessCursor Cursor(Words);
  MemoryAccess Access;
  ASSERT_TRUE(Cursor.next(Access));
  EXPECT_EQ(Access.Address, 0xffff'ffff'ffff'ffe0);
  EXPECT_EQ(Access.SizeBytes, 8u);
  EXPECT_EQ(Access.Instruction, 1023);
  EXPECT_FALSE(Access.IsStore);
  ASSERT_TRUE(Cursor.next(Access));
  EXPECT_EQ(Access.Address, 0x8000'0000'0000'8000);
  EXPECT_EQ(Access.SizeBytes, 128u);
  EXPECT_EQ(Access.Instruction, 5);
  EXPECT_TRUE(Access.IsStore);
  EXPECT_FALSE(Cursor.next(Access));
}

TEST(ExecutionTest, AWideAccessWithoutItsAddressIsNone) {
  const uint64_t Words[] = {event::WideBit};
  AccessCursor Cursor(Words);
  MemoryAccess Access;
  EXPECT_FALSE(Cursor.next(Access));
}

TEST(ExecutionTest, WalksBlocks) {
  const uint32_t Ids[] = {7,      7,       1,          0x7fff,    0x8000,
                          0xffff, 0x10000, 0x7fffffff, 0x8000000, 0};
  llvm::SmallVector<uint16_t> Units;
  for (const uint32_t Id : Ids)
    appendToRun(Units, BlockId(Id));
  EXPECT_EQ(Units.size(), 15u);
  Batch B;
  B.Run = Units;
  ExecutionCursor Cursor(B);
  Execution E;
  for (const uint32_t Id : Ids) {
    ASSERT_TRUE(Cursor.next(E));
    EXPECT_EQ(index(E.Block), Id);
    EXPECT_TRUE(E.Accesses.empty());
  }
  EXPECT_FALSE(Cursor.next(E));
}

// The whole address of a wide access may look like a block event.
TEST(ExecutionTest, WalksEvents) {
  const uint64_t LooksLikeBlock = event::block(BlockId(9));
  const uint64_t Words[] = {event::block(BlockId(3)),
                            event::WideBit,
                            LooksLikeBlock,
                            0x1000 << 16,
                            event::block(BlockId(4)),
                            event::block(BlockId(3)),
                            0x2000 << 16};
  Batch B;
  B.Events = Words;
  ExecutionCursor Cursor(B);
  Execution E;
  ASSERT_TRUE(Cursor.next(E));
  EXPECT_EQ(index(E.Block), 3u);
  EXPECT_EQ(E.Accesses.size(), 3u);
  ASSERT_TRUE(Cursor.next(E));
  EXPECT_EQ(index(E.Block), 4u);
  EXPECT_TRUE(E.Accesses.empty());
  ASSERT_TRUE(Cursor.next(E));
  EXPECT_EQ(index(E.Block), 3u);
  EXPECT_EQ(E.Accesses.size(), 1u);
  EXPECT_FALSE(Cursor.next(E));
}
