//===- RepeatedStringTest.cpp - x86 string instructions, by their bytes ---===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Code/RepeatedString.h"
#include "gtest/gtest.h"
#include <vector>

using namespace mcad;

namespace {

struct Row {
  const char *Text;
  std::vector<uint8_t> Bytes;
  bool In64Bit, In32Bit;
};

void check(const std::vector<Row> &Rows) {
  for (const Row &R : Rows) {
    EXPECT_EQ(isRepeatedString(R.Bytes, /*Is64Bit=*/true), R.In64Bit) << R.Text;
    EXPECT_EQ(isRepeatedString(R.Bytes, /*Is64Bit=*/false), R.In32Bit)
        << R.Text;
  }
}

TEST(RepeatedStringTest, IsEveryStringInstructionUnderAnyRepeatPrefix) {
  for (uint8_t Opcode : {0xa4, 0xa5, 0xa6, 0xa7, 0xaa, 0xab, 0xac, 0xad, 0xae,
                         0xaf, 0x6c, 0x6d, 0x6e, 0x6f})
    check({{"rep", {0xf3, Opcode}, true, true},
           {"repne", {0xf2, Opcode}, true, true},
           {"no prefix", {Opcode}, false, false}});
}

TEST(RepeatedStringTest, MayHaveOtherPrefixesInAnyOrder) {
  check({{"rep stosw", {0x66, 0xf3, 0xab}, true, true},
         {"rep stosw", {0xf3, 0x66, 0xab}, true, true},
         {"rep movsb with 32-bit addresses", {0x67, 0xf3, 0xa4}, true, true},
         {"rep movsb from fs", {0x64, 0xf3, 0xa4}, true, true},
         {"repne scasb with a segment", {0xf2, 0x2e, 0xae}, true, true}});
}

TEST(RepeatedStringTest, HasARexPrefixIn64BitModeOnly) {
  check({{"rep stosq", {0xf3, 0x48, 0xab}, true, false},
         {"rep movsw with an idle rex", {0x66, 0xf3, 0x40, 0xa5}, true, false},
         {"inc eax", {0x40}, false, false},
         {"rep inc eax", {0xf3, 0x40}, false, false}});
}

TEST(RepeatedStringTest, IsNoOtherInstructionWithARepeatPrefix) {
  check({{"endbr64", {0xf3, 0x0f, 0x1e, 0xfa}, false, false},
         {"pause", {0xf3, 0x90}, false, false},
         {"rep ret", {0xf3, 0xc3}, false, false},
         {"bnd jmp", {0xf2, 0xe9, 0, 0, 0, 0}, false, false},
         {"movss", {0xf3, 0x0f, 0x10, 0xc1}, false, false},
         {"popcnt", {0xf3, 0x48, 0x0f, 0xb8, 0xc0}, false, false},
         // Opcodes of the two-byte map that look like string instructions.
         {"movdqu", {0xf3, 0x0f, 0x6f, 0xc1}, false, false},
         {"tzcnt", {0xf3, 0x0f, 0xbc, 0xc0}, false, false},
         {"wrfsbase", {0xf3, 0x0f, 0xae, 0xd0}, false, false}});
}

TEST(RepeatedStringTest, IsNoInstructionWhoseOperandLooksLikeOne) {
  check({{"mov $0xa4, %al", {0xb0, 0xa4}, false, false},
         {"nop", {0x90}, false, false},
         {"a lone prefix", {0xf3}, false, false},
         {"nothing", {}, false, false}});
}

} // namespace
