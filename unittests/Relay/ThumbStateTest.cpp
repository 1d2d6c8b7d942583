//===- unittests/Relay/ThumbStateTest.cpp - ARM or Thumb from bytes and arrival
//===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Encodings as llvm-mc writes them; each proof, and each case that proves
/// nothing.
///
//===----------------------------------------------------------------------===//
#include "ThumbState.h"
#include <gtest/gtest.h>
#include <vector>

using namespace mcad;
using namespace mcad::qemu;
using Set = mcad::wire::InstructionSet;

namespace {

/// A block of halfwords, in memory order.
struct Code {
  std::vector<uint8_t> Sizes;
  std::vector<uint8_t> Bytes;

  Code &add(std::initializer_list<uint16_t> Halves) {
    Sizes.push_back(static_cast<uint8_t>(2 * Halves.size()));
    for (uint16_t Half : Halves) {
      Bytes.push_back(Half & 0xff);
      Bytes.push_back(Half >> 8);
    }
    return *this;
  }
};

Code thumb(std::initializer_list<uint16_t> Halves) {
  return Code().add(Halves);
}

/// An ARM instruction as its word.
Code arm(uint32_t Word) {
  return Code().add({uint16_t(Word), uint16_t(Word >> 16)});
}

Set content(GuestAddr Address, const Code &C) {
  return provenByContent(Address, C.Sizes, C.Bytes);
}

DirectExits exitsOf(GuestAddr Address, Set State, const Code &C) {
  return directExits(Address, State, C.Sizes, C.Bytes);
}

constexpr std::optional<uint32_t> None;

} // namespace

TEST(ThumbContent, TwoByteInstructionIsThumb) {
  EXPECT_EQ(content(0x1000, thumb({0xbf00})), Set::Thumb);
  EXPECT_EQ(content(0x1000, Code().add({0xf8d0, 0xf000}).add({0x4770})),
            Set::Thumb);
}

TEST(ThumbContent, OddHalfwordAddressIsThumb) {
  EXPECT_EQ(content(0x1002, thumb({0xf8d0, 0xf000})), Set::Thumb);
}

TEST(ThumbContent, LowFirstHalfwordIsArm) {
  EXPECT_EQ(content(0x1000, arm(0xe0810002)), Set::Arm);
  EXPECT_EQ(content(0x1000, Code().add({0xfffe, 0xeaff}).add({0x0002, 0xe081})),
            Set::Arm);
}

TEST(ThumbContent, FourBytesWithAHighHalfwordProveNothing) {
  EXPECT_EQ(content(0x1000, thumb({0xf8d0, 0xf000})), Set::Ambiguous);
  EXPECT_EQ(content(0x1000, arm(0xe590f000)), Set::Ambiguous);
}

TEST(ThumbContent, TheLastInstructionOfAPageMayShowTooMuch) {
  // nop and a halfword behind it, or one ARM instruction: no proof.
  Code Four = thumb({0xbf00, 0x0002});
  EXPECT_EQ(content(0x1ffc, Four), Set::Ambiguous);
  EXPECT_TRUE(mayShowTooMuch(0x1ffc, Four.Sizes, Four.Bytes));
  EXPECT_EQ(content(0x1ff8, Four), Set::Arm);
  EXPECT_FALSE(mayShowTooMuch(0x1ff8, Four.Sizes, Four.Bytes));
  // But an ARM instruction before it is one.
  EXPECT_EQ(content(0x1ff8, Code().add({0x0002, 0xe081}).add({0xbf00, 2})),
            Set::Arm);
  // Four bytes and a halfword behind them are Thumb.
  Code Six = thumb({0xf8d0, 0xf000, 0xf7ff});
  EXPECT_EQ(content(0x2ffa - 2, Code(Six)), Set::Thumb);
  EXPECT_TRUE(mayShowTooMuch(0x2ffa, Six.Sizes, Six.Bytes));
  EXPECT_EQ(thumbLength(Six.Bytes), 4u);
  EXPECT_EQ(thumbLength(Four.Bytes), 2u);
}

TEST(ThumbExits, ArmBranches) {
  DirectExits B = exitsOf(0x1000, Set::Arm, arm(0xeafffffe));
  EXPECT_EQ(B.Target, 0x1000u);
  EXPECT_EQ(B.TargetSet, Set::Arm);
  EXPECT_EQ(B.FallThrough, None);
  DirectExits Blx = exitsOf(0x1000, Set::Arm, arm(0xfafffffe));
  EXPECT_EQ(Blx.Target, 0x1000u);
  EXPECT_EQ(Blx.TargetSet, Set::Thumb);
  EXPECT_EQ(Blx.FallThrough, None);
  EXPECT_EQ(exitsOf(0x1000, Set::Arm, arm(0xfbfffffe)).Target, 0x1002u);
  DirectExits BlEq = exitsOf(0x1000, Set::Arm, arm(0x0bfffffe));
  EXPECT_EQ(BlEq.Target, 0x1000u);
  EXPECT_EQ(BlEq.FallThrough, 0x1004u);
  EXPECT_EQ(BlEq.FallThroughSet, Set::Arm);
}

TEST(ThumbExits, ArmIndirectBranchesTellNothing) {
  for (uint32_t Word : {0xe12fff1eu,    // bx lr
                        0xe8bd8010u,    // pop {r4, pc}
                        0xe590f000u,    // ldr pc, [r0]
                        0xe1a0f00eu}) { // mov pc, lr
    DirectExits Exits = exitsOf(0x1000, Set::Arm, arm(Word));
    EXPECT_EQ(Exits.FallThrough, None) << std::hex << Word;
    EXPECT_EQ(Exits.Target, None) << std::hex << Word;
  }
  // Not taken, a conditional one falls through.
  EXPECT_EQ(exitsOf(0x1000, Set::Arm, arm(0x012fff1e)).FallThrough, 0x1004u);
}

TEST(ThumbExits, ArmOrdinaryInstructionsFallThrough) {
  for (uint32_t Word : {0xe0810002u,    // add r0, r1, r2
                        0xef000000u,    // svc #0
                        0xe5910000u}) { // ldr r0, [r1]
    DirectExits Exits = exitsOf(0x1000, Set::Arm, arm(Word));
    EXPECT_EQ(Exits.FallThrough, 0x1004u) << std::hex << Word;
    EXPECT_EQ(Exits.Target, None) << std::hex << Word;
  }
}

TEST(ThumbExits, ThumbBranches) {
  auto target = [](GuestAddr At, std::initializer_list<uint16_t> Halves) {
    return exitsOf(At, Set::Thumb, thumb(Halves));
  };
  EXPECT_EQ(target(0x1000, {0xf7ff, 0xbffe}).Target, 0x1000u); // b.w
  EXPECT_EQ(target(0x1004, {0xf7ff, 0xfffc}).Target, 0x1000u); // bl
  DirectExits Blx = target(0x1008, {0xf7ff, 0xeffe});
  EXPECT_EQ(Blx.Target, 0x1008u);
  EXPECT_EQ(Blx.TargetSet, Set::Arm);
  // BLX counts from the aligned address.
  EXPECT_EQ(target(0x100a, {0xf7ff, 0xeffe}).Target, 0x1008u);
  EXPECT_EQ(target(0x100c, {0xd0f8}).Target, 0x1000u);         // beq
  EXPECT_EQ(target(0x100e, {0xf43f, 0xaff7}).Target, 0x1000u); // beq.w
  EXPECT_EQ(target(0x1012, {0xb158}).Target, 0x102cu);         // cbz
  EXPECT_EQ(target(0x1012, {0xb158}).FallThrough, 0x1014u);
  EXPECT_EQ(target(0x100c, {0xd0f8}).TargetSet, Set::Thumb);
}

TEST(ThumbExits, ThumbIndirectBranchesTellNothing) {
  for (const Code &C : {thumb({0x4770}),         // bx lr
                        thumb({0xbd10}),         // pop {r4, pc}
                        thumb({0xe8bd, 0x8110}), // pop.w {r4, r8, pc}
                        thumb({0xf8d0, 0xf000}), // ldr.w pc, [r0]
                        thumb({0xe8df, 0xf000}), // tbb [pc, r0]
                        thumb({0x46f7})}) {      // mov pc, lr
    DirectExits Exits = exitsOf(0x1000, Set::Thumb, C);
    EXPECT_EQ(Exits.FallThrough, None) << unsigned(C.Bytes[1]);
    EXPECT_EQ(Exits.Target, None) << unsigned(C.Bytes[1]);
  }
}

TEST(ThumbExits, ThumbOrdinaryInstructionsFallThrough) {
  for (const Code &C : {thumb({0x4408}),            // add r0, r1
                        thumb({0xdf00}),            // svc #0
                        thumb({0xf3bf, 0x8f5b})}) { // dmb ish
    DirectExits Exits = exitsOf(0x1000, Set::Thumb, C);
    EXPECT_EQ(Exits.FallThrough, 0x1000u + C.Bytes.size());
    EXPECT_EQ(Exits.Target, None);
  }
}

TEST(ThumbExits, TheLastInstructionDecides) {
  Code C = Code().add({0x4408}).add({0xd0f8});
  EXPECT_EQ(exitsOf(0x100a, Set::Thumb, C).Target, 0x1000u);
}

TEST(ThumbArrival, ByAddress) {
  DirectExits Blx = exitsOf(0x1000, Set::Arm, arm(0xfb000000)); // to 0x100a
  EXPECT_EQ(provenByArrival(0x100a, Blx), Set::Thumb);
  EXPECT_EQ(provenByArrival(0x1004, Blx), Set::Ambiguous);
  DirectExits Add = exitsOf(0x1000, Set::Thumb, thumb({0x4408}));
  EXPECT_EQ(provenByArrival(0x1002, Add), Set::Thumb);
  EXPECT_EQ(provenByArrival(0x2000, Add), Set::Ambiguous);
  EXPECT_EQ(provenByArrival(0, DirectExits()), Set::Ambiguous);
}

TEST(ThumbArrival, ABlockThatComesAgainWasLeftBeforeItsEnd) {
  // str.w r0, [r1, #3340]
  const Code Store = thumb({0xf8c1, 0x0d0c});
  EXPECT_EQ(provenByArrival(0x1000, exitsOf(0x1000, Set::Thumb, Store)),
            Set::Thumb);
  // str r0, [r1]
  EXPECT_EQ(provenByArrival(0x1000, exitsOf(0x1000, Set::Arm, arm(0xe5810000))),
            Set::Arm);
  // bx r0, ldr.w pc, [r0] and bx r0 may well lead to themselves.
  for (const DirectExits &Exits :
       {exitsOf(0x1000, Set::Thumb, thumb({0x4700})),
        exitsOf(0x1000, Set::Thumb, thumb({0xf8d0, 0xf000})),
        exitsOf(0x1000, Set::Arm, arm(0xe12fff10))})
    EXPECT_EQ(provenByArrival(0x1000, Exits), Set::Ambiguous);
}

TEST(ThumbArrival, FromAnAmbiguousBlockNothingFollows) {
  DirectExits Exits = exitsOf(0x1000, Set::Ambiguous, arm(0xeafffffe));
  EXPECT_EQ(provenByArrival(0x1000, Exits), Set::Ambiguous);
  EXPECT_EQ(provenByArrival(0x1004, Exits), Set::Ambiguous);
}
