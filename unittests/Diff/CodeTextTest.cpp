//===- CodeTextTest.cpp - instructions without addresses ------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Diff/CodeText.h"
#include "gtest/gtest.h"

using namespace mcad;

namespace {

std::string text(llvm::StringRef Text) {
  Profile P;
  P.Instructions.resize(2);
  P.Instructions[0].Address = 0x401000;
  P.Instructions[1].Address = 0x10;
  return textWithoutAddresses(Text, CodeRanges(P));
}

TEST(CodeTextTest, LeavesTargetsOfBranchesOut) {
  EXPECT_EQ(text("jne\t0x12"), "jne\t@");
  EXPECT_EQ(text("callq\t-5"), "callq\t@");
  EXPECT_EQ(text("bl\t#0x10"), "bl\t#@");
  EXPECT_EQ(text("bl\t#-0x10"), "bl\t#@");
  EXPECT_EQ(text("b.ne\t0x10"), "b.ne\t@");
  EXPECT_EQ(text("bne.w\t#16"), "bne.w\t#@");
  EXPECT_EQ(text("tbz\tw0, #3, 0x10"), "tbz\tw0, #3, @");
  EXPECT_EQ(text("cbnz\tx1, 0x10"), "cbnz\tx1, @");
  EXPECT_EQ(text("adrp\tx0, 16"), "adrp\tx0, @");
  EXPECT_EQ(text("beq\ta0, a1, -12"), "beq\ta0, a1, @");
  EXPECT_EQ(text("bdnz 0x10"), "bdnz @");
  EXPECT_EQ(text("bl .+8"), "bl .+@");
  EXPECT_EQ(text("jal\t0x10"), "jal\t@");
}

TEST(CodeTextTest, LeavesAddressesOfCodeOut) {
  EXPECT_EQ(text("movl\t$0x401010, %eax"), "movl\t$@, %eax");
  EXPECT_EQ(text("movl\t$4198400, %eax"), "movl\t$@, %eax");
  EXPECT_EQ(text("movq\t0x2ee5(%rip), %rax"), "movq\t@(%rip), %rax");
  EXPECT_EQ(text("movq\t-8(%rip), %rax"), "movq\t@(%rip), %rax");
}

TEST(CodeTextTest, KeepsAllOtherNumbers) {
  for (const char *Text :
       {"addl\t$5, %eax", "movq\t0x10(%rsp), %rax", "bic\tr0, r1, #4",
        "bfi\tw0, w1, #3, #4", "btl\t$3, %eax", "movl\t$0x10, %eax",
        "jmpq\t*8(%rax)", "blr\tx8", "bx\tlr", "ret", "", "ldr\tr3, [r2, #4]",
        "add\tx10, x11, #12", "movabsq\t$99999999999999999999999, %rax",
        "lis 3, 2", "xmm401010"})
    EXPECT_EQ(text(Text), Text);
}

TEST(CodeTextTest, KnowsNoAddressesWithoutCode) {
  EXPECT_EQ(
      textWithoutAddresses("movl\t$0x401010, %eax", CodeRanges(Profile())),
      "movl\t$0x401010, %eax");
}

} // namespace
