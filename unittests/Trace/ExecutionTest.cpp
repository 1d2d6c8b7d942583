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

TEST(ExecutionTest, AnIdTakesOneUnitOrTwo) {
  for (const uint32_t Id :
       {0u, 1u, 0x3fffu, 0x4000u, 0xffffu, 0x10000u, event::MaxBlocks - 1}) {
    llvm::SmallVector<uint16_t> Units;
    ExecutionWriter(Units).block(BlockId(Id));
    EXPECT_EQ(Units.size(), Id < 0x4000 ? 1u : 2u);
    EXPECT_EQ(event::length(Units[0]), Units.size());
    EXPECT_FALSE(event::isAccess(Units[0]));
    EXPECT_EQ(index(event::blockId(Units.data())), Id);
  }
}

TEST(ExecutionTest, WalksBlocks) {
  const uint32_t Ids[] = {7, 7, 1, 0x3fff, 0x4000, event::MaxBlocks - 1, 0};
  llvm::SmallVector<uint16_t> Units;
  ExecutionWriter Out(Units);
  for (const uint32_t Id : Ids)
    Out.block(BlockId(Id));
  ExecutionCursor Cursor({StreamId(0), Units});
  Execution E;
  for (const uint32_t Id : Ids) {
    ASSERT_TRUE(Cursor.next(E));
    EXPECT_EQ(index(E.Block), Id);
    EXPECT_TRUE(E.Accesses.empty());
  }
  EXPECT_FALSE(Cursor.next(E));
}

// By hand: what the relay, which does not use ExecutionWriter, writes too.
TEST(ExecutionTest, AnAccessDecodesToItsParts) {
  const uint16_t Units[] = {
      // Block 3; a wide store of 128 bytes by instruction 5 sets the second
      // half; a load of 8 bytes by instruction 511 uses it; one of 1 the first.
      3,
      0xc000 | 0x2000 | 7 << 10 | 0x200 | 5,
      0x8000,
      0x1111,
      0x2222,
      0x8000,
      0x8000 | 3 << 10 | 0x200 | 511,
      0xffe0,
      0xffff,
      0x8000,
      0x10,
      0};
  ExecutionCursor Cursor({StreamId(0), Units});
  Execution E;
  ASSERT_TRUE(Cursor.next(E));
  AccessCursor Accesses(E);
  MemoryAccess Access;
  ASSERT_TRUE(Accesses.next(Access));
  EXPECT_EQ(Access.Address, 0x8000'2222'1111'8000);
  EXPECT_EQ(Access.SizeBytes, 128u);
  EXPECT_EQ(Access.Instruction, 5);
  EXPECT_TRUE(Access.IsStore);
  ASSERT_TRUE(Accesses.next(Access));
  EXPECT_EQ(Access.Address, 0x8000'2222'ffff'ffe0);
  EXPECT_EQ(Access.SizeBytes, 8u);
  EXPECT_EQ(Access.Instruction, 511);
  EXPECT_FALSE(Access.IsStore);
  ASSERT_TRUE(Accesses.next(Access));
  EXPECT_EQ(Access.Address, 0x10u);
  EXPECT_EQ(Access.SizeBytes, 1u);
  EXPECT_FALSE(Accesses.next(Access));
  EXPECT_FALSE(Cursor.next(E));
}

// The high halves go on from execution to execution.
TEST(ExecutionTest, ReadsWhatTheWriterWrote) {
  const uint64_t Uppers[] = {0, 0x40, 0x40, 0, 0xffffffff, 0x40, 0x7f, 0, 0};
  llvm::SmallVector<uint16_t> Units;
  ExecutionWriter Out(Units);
  for (unsigned Block = 0; Block != 100; ++Block) {
    Out.block(BlockId(Block * 1000));
    for (unsigned I = 0; I != Block % 5; ++I)
      Out.access(
          {Uppers[(Block + I) % std::size(Uppers)] << 32 | 0x80008000 | I,
           1u << I, uint16_t(Block + I), I % 2 == 0});
  }
  ExecutionCursor Cursor({StreamId(0), Units});
  Execution E;
  for (unsigned Block = 0; Block != 100; ++Block) {
    ASSERT_TRUE(Cursor.next(E));
    EXPECT_EQ(index(E.Block), Block * 1000);
    AccessCursor Accesses(E);
    MemoryAccess Access;
    for (unsigned I = 0; I != Block % 5; ++I) {
      ASSERT_TRUE(Accesses.next(Access));
      EXPECT_EQ(Access.Address,
                Uppers[(Block + I) % std::size(Uppers)] << 32 | 0x80008000 | I);
      EXPECT_EQ(Access.SizeBytes, 1u << I);
      EXPECT_EQ(Access.Instruction, Block + I);
      EXPECT_EQ(Access.IsStore, I % 2 == 0);
    }
    EXPECT_FALSE(Accesses.next(Access));
  }
  EXPECT_FALSE(Cursor.next(E));
}
