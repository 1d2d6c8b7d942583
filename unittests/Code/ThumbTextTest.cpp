//===- ThumbTextTest.cpp - ARM or Thumb, by somebody else's disassembly ---===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Code/ThumbText.h"
#include "../Target/MakeTarget.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace mcad::test;

namespace mcad {
namespace {

std::string verdict(ArrayRef<uint8_t> Bytes, StringRef Text) {
  const Target &T = target("armv7-linux-gnueabihf", "cortex-a57");
  std::unique_ptr<MCInstPrinter> Printer = T.createPrinter(0);
  const ThumbTextVerdict V = decideByText(T, *Printer, 0x1000, Bytes, Text);
  EXPECT_NE(V.Mode, DecodeMode::Default);
  return std::string(V.Decided ? "" : "guess: ") +
         (V.Mode == DecodeMode::Thumb ? "thumb" : "arm");
}

// Thumb: add.w r0, r1, r2. ARM: andeq lr, r2, r1, lsl #22.
constexpr uint8_t Both[] = {0x01, 0xeb, 0x02, 0x00};

TEST(ThumbTextTest, FollowsTheTextThatAgrees) {
  EXPECT_EQ(verdict(Both, "add.w r0, r1, r2"), "thumb");
  EXPECT_EQ(verdict(Both, "andeq lr, r2, r1, lsl #22"), "arm");
}

TEST(ThumbTextTest, SeesThroughCasePunctuationAndWidth) {
  EXPECT_EQ(verdict(Both, "ADD.W\tR0,R1,R2"), "thumb");
  EXPECT_EQ(verdict(Both, "add  r0 , r1 , r2"), "thumb");
}

TEST(ThumbTextTest, ComparesOperandsWhereMnemonicsAgree) {
  const uint8_t Ldr[] = {0xd1, 0xf8, 0x90, 0xe5};
  EXPECT_EQ(verdict(Ldr, "ldr.w lr, [r1, #0x590]"), "thumb");
  EXPECT_EQ(verdict(Ldr, "ldr pc, [r0, #0x8d1]"), "arm");
}

TEST(ThumbTextTest, TakesTheOnlyStateInWhichTheBytesAreAnInstruction) {
  // ARM: add r0, r1, r2. Thumb: two instructions of two bytes each.
  const uint8_t OnlyArm[] = {0x02, 0x00, 0x81, 0xe0};
  EXPECT_EQ(verdict(OnlyArm, ""), "arm");
  EXPECT_EQ(verdict(OnlyArm, "nonsense"), "arm");
  // Thumb: nop.
  const uint8_t OnlyThumb[] = {0x00, 0xbf};
  EXPECT_EQ(verdict(OnlyThumb, ""), "thumb");
}

TEST(ThumbTextTest, GuessesThumbWhereNothingTells) {
  EXPECT_EQ(verdict(Both, ""), "guess: thumb");
  EXPECT_EQ(verdict(Both, "svc #0"), "guess: thumb");
  // No instruction in either state.
  const uint8_t Neither[] = {0xff, 0xff, 0xff, 0xff};
  EXPECT_EQ(verdict(Neither, ""), "guess: thumb");
}

} // namespace
} // namespace mcad
