//===- unittests/Relay/BlockTableTest.cpp - blocks keep their ids ---------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Identity, order, and what is sent of a block.
///
//===----------------------------------------------------------------------===//
#include "BlockTable.h"
#include <gtest/gtest.h>

using namespace mcad;
using namespace mcad::qemu;
using wire::InstructionSet;

static TranslatedBlock block(GuestAddr Address, std::vector<uint8_t> Sizes,
                             std::vector<uint8_t> Bytes) {
  TranslatedBlock Block;
  Block.Address = Address;
  Block.Sizes = std::move(Sizes);
  Block.Bytes = std::move(Bytes);
  return Block;
}

TEST(BlockTable, SameContentKeepsItsId) {
  BlockTable Table(BlockTable::Sites::None, BlockTable::Exits::None);
  TranslatedBlock First = block(0x1000, {1, 2}, {0x90, 0x31, 0xc0});
  EXPECT_EQ(index(Table.define(First).Id), 0u);
  EXPECT_EQ(index(Table.define(block(0x2000, {1}, {0x90})).Id), 1u);
  EXPECT_EQ(index(Table.define(First).Id), 0u);
}

TEST(BlockTable, WhateverDiffersMakesAnotherBlock) {
  BlockTable Table(BlockTable::Sites::None, BlockTable::Exits::None);
  TranslatedBlock Block = block(0x1000, {2, 2}, {1, 2, 3, 4});
  Table.define(Block);
  uint32_t Next = 1;
  auto isNew = [&](const TranslatedBlock &Other) {
    EXPECT_EQ(index(Table.define(Other).Id), Next);
    ++Next;
  };
  isNew(block(0x1002, {2, 2}, {1, 2, 3, 4}));
  isNew(block(0x1000, {2, 2}, {1, 2, 3, 5}));
  isNew(block(0x1000, {4}, {1, 2, 3, 4}));
  isNew(block(0x1000, {2}, {1, 2}));
  TranslatedBlock Thumb = Block;
  Thumb.Set = InstructionSet::Thumb;
  isNew(Thumb);
  TranslatedBlock Open = Block;
  Open.OpenEnd = true;
  isNew(Open);
  // What is only said about it does not.
  TranslatedBlock Described = Block;
  Described.Disassembly = "mov r0, r1";
  EXPECT_EQ(index(Table.define(Described).Id), 0u);
}

TEST(BlockTable, DefinitionsLeaveOnceAndInOrder) {
  BlockTable Table(BlockTable::Sites::None, BlockTable::Exits::None);
  std::vector<Definitions> Sent;
  auto flush = [&] {
    Table.flush([&](Definitions New) { Sent.push_back(std::move(New)); });
  };
  flush();
  EXPECT_TRUE(Sent.empty());
  Table.define(block(0x1000, {1, 2}, {1, 2, 3}));
  TranslatedBlock Second = block(0x2000, {4}, {4, 5, 6, 7});
  Second.Set = InstructionSet::Ambiguous;
  Second.InMainCode = false;
  Second.OpenEnd = true;
  Second.Disassembly = "push {r4, lr}";
  Table.define(Second);
  flush();
  Table.define(Second);
  flush();
  Table.define(block(0x3000, {1}, {9}));
  flush();

  ASSERT_EQ(Sent.size(), 2u);
  EXPECT_EQ(Sent[0].InstructionCounts, (std::vector<uint16_t>{2, 1}));
  flatbuffers::Verifier Check(Sent[0].Message.data(), Sent[0].Message.size());
  ASSERT_TRUE(wire::VerifySizePrefixedMessageBuffer(Check));
  const wire::Blocks *Read =
      wire::GetSizePrefixedMessage(Sent[0].Message.data())->body_as_Blocks();
  EXPECT_EQ(Read->first(), 0u);
  ASSERT_EQ(Read->blocks()->size(), 2u);
  const wire::Block *Block = Read->blocks()->Get(1);
  EXPECT_EQ(Block->address(), 0x2000u);
  EXPECT_EQ(Block->instruction_set(), InstructionSet::Ambiguous);
  EXPECT_FALSE(Block->main_code());
  EXPECT_TRUE(Block->open_end());
  EXPECT_EQ(Block->disassembly()->str(), "push {r4, lr}");
  EXPECT_EQ(Block->sizes()->size(), 1u);
  EXPECT_EQ(Block->bytes()->Get(3), 7);
  EXPECT_EQ(Read->blocks()->Get(0)->disassembly(), nullptr);
  EXPECT_EQ(wire::GetSizePrefixedMessage(Sent[1].Message.data())
                ->body_as_Blocks()
                ->first(),
            2u);
}

TEST(BlockTable, SitesAreTheBlocksAndCarryTheirInstruction) {
  BlockTable Table(BlockTable::Sites::PerInstruction, BlockTable::Exits::None);
  TranslatedBlock Block = block(0x1000, {1, 1, 1}, {1, 2, 3});
  Table.define(block(0x2000, {1}, {1}));
  AccessSite *First = Table.define(Block).FirstSite;
  ASSERT_NE(First, nullptr);
  EXPECT_EQ(AccessSite::tag(First[2].known()), event::AccessBit | 2u);
  EXPECT_TRUE(
      AccessSite::isOf(First[2].known(), AccessSite::blockMark(BlockId(1))));
  for (GuestAddr A = 0; A != 1000; ++A)
    Table.define(block(A, {1}, {1}));
  EXPECT_EQ(Table.define(Block).FirstSite, First);
}

TEST(BlockTable, AllIsSaidAgainToWhoHasSeenNothing) {
  BlockTable Table(BlockTable::Sites::None, BlockTable::Exits::None);
  TranslatedBlock First = block(0x1000, {2, 4}, {0, 1, 2, 3, 4, 5});
  First.Set = InstructionSet::Ambiguous;
  First.InMainCode = false;
  First.OpenEnd = true;
  First.Disassembly = "push {r4, lr}";
  Table.define(First);
  // More than fits into one message.
  constexpr size_t Many = 20000;
  for (GuestAddr A = 1; A != Many; ++A)
    Table.define(block(0x1000 + 4 * A, {4}, {1, 2, 3, 4}));

  std::vector<Definitions> Once, Again;
  Table.flush([&](Definitions D) { Once.push_back(std::move(D)); });
  Table.define(block(0, {1}, {7})); // Not sent yet.
  Table.resend([&](Definitions D) { Again.push_back(std::move(D)); });
  size_t Defined = 0;
  for (const Definitions &Each : Again) {
    flatbuffers::Verifier Check(Each.Message.data(), Each.Message.size(), 64,
                                10'000'000);
    ASSERT_TRUE(wire::VerifySizePrefixedMessageBuffer(Check));
    const wire::Blocks *Read =
        wire::GetSizePrefixedMessage(Each.Message.data())->body_as_Blocks();
    EXPECT_EQ(Read->first(), Defined);
    EXPECT_EQ(Read->blocks()->size(), Each.InstructionCounts.size());
    Defined += Read->blocks()->size();
  }
  EXPECT_GT(Again.size(), 1u);
  EXPECT_EQ(Defined, Many + 1);
  const wire::Block *Block =
      wire::GetSizePrefixedMessage(Again[0].Message.data())
          ->body_as_Blocks()
          ->blocks()
          ->Get(0);
  EXPECT_EQ(Block->address(), 0x1000u);
  EXPECT_EQ(Block->instruction_set(), InstructionSet::Ambiguous);
  EXPECT_FALSE(Block->main_code());
  EXPECT_TRUE(Block->open_end());
  EXPECT_EQ(Block->disassembly()->str(), First.Disassembly);
  EXPECT_EQ(Block->sizes()->Get(1), 4);
  EXPECT_EQ(Block->bytes()->Get(5), 5);
  // What comes later goes on from there.
  Table.define(block(1, {1}, {8}));
  Table.flush([&](Definitions D) {
    EXPECT_EQ(wire::GetSizePrefixedMessage(D.Message.data())
                  ->body_as_Blocks()
                  ->first(),
              Many + 1);
  });
}

TEST(BlockTable, ManyDefinitionsDoNotWait) {
  BlockTable Table(BlockTable::Sites::None, BlockTable::Exits::None);
  EXPECT_FALSE(Table.wantsFlush());
  for (GuestAddr A = 0; A != 10000; ++A)
    Table.define(block(A, {4}, {1, 2, 3, 4}));
  EXPECT_TRUE(Table.wantsFlush());
  Table.flush([](Definitions) {});
  EXPECT_FALSE(Table.wantsFlush());
}

TEST(BlockTable, ExitsAreKeptWhereAskedFor) {
  // b .-4 in ARM state.
  TranslatedBlock Block = block(0x1000, {4}, {0xfd, 0xff, 0xff, 0xea});
  Block.Set = InstructionSet::Arm;
  BlockTable With(BlockTable::Sites::None, BlockTable::Exits::Recorded);
  EXPECT_EQ(With.exits(With.define(Block).Id).Target, 0xffcu);
}

TEST(BlockTable, WhatLooksTheSameInAnotherFileIsAnotherBlock) {
  BlockTable Table(BlockTable::Sites::PerInstruction, BlockTable::Exits::None);
  const TranslatedBlock Inside = block(0x1000, {1, 2}, {0x90, 0x31, 0xc0});
  const TranslatedBlock Behind = block(0x2000, {1}, {0x90});
  AccessSite *const Site = Table.define(Inside).FirstSite;
  Table.define(Behind);
  Table.forget(0x800, 0x2000);
  const BlockTable::Defined Again = Table.define(Inside);
  EXPECT_EQ(index(Again.Id), 2u);
  EXPECT_NE(Again.FirstSite, Site);
  EXPECT_EQ(index(Table.define(Inside).Id), 2u);
  EXPECT_EQ(index(Table.define(Behind).Id), 1u);
  // All three have been defined, and can be said again.
  size_t NumSent = 0;
  const auto count = [&](Definitions New) {
    NumSent += New.InstructionCounts.size();
  };
  Table.flush(count);
  Table.resend(count);
  EXPECT_EQ(NumSent, 6u);
}
