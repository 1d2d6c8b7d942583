//===- BranchTest.cpp - what is a branch, in each architecture -----------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Facts/Branch.h"
#include "../Timing/Assembly.h"
#include "gtest/gtest.h"

using namespace mcad::test;

namespace mcad {
namespace {

/// How the last instruction of \p Text is classified: "call", "return", "jump"
/// or "none", with "conditional" and "direct" in front.
std::string kind(const char *Triple, const char *Cpu, const char *Text) {
  const Target &T = target(Triple, Cpu);
  Assembly A(T);
  const Program &P = A.program();
  const BlockId Id = A.block(Text);
  const Branch B = classifyBranch(P, P.instructions(P.block(Id)).back());
  std::string Result;
  if (B.IsConditional)
    Result += "conditional ";
  if (B.IsDirect)
    Result += "direct ";
  switch (B.Kind) {
  case BranchKind::None:
    return Result + "none";
  case BranchKind::Jump:
    return Result + "jump";
  case BranchKind::Call:
    return Result + "call";
  case BranchKind::Return:
    return Result + "return";
  }
  return "";
}

std::string x86(const char *Text) {
  return kind("x86_64-linux-gnu", "skylake", Text);
}
std::string aarch64(const char *Text) {
  return kind("aarch64-linux-gnu", "cortex-a57", Text);
}
std::string arm(const char *Text) {
  return kind("armv7-linux-gnueabihf", "cortex-a57", Text);
}
std::string thumb(const char *Text) {
  return kind("thumbv7em-none-eabi", "cortex-m4", Text);
}
std::string riscv(const char *Text) {
  return kind("riscv64-linux-gnu", "sifive-u74", Text);
}
std::string ppc(const char *Text) {
  return kind("powerpc64le-linux-gnu", "pwr9", Text);
}

TEST(BranchTest, X86) {
  EXPECT_EQ(x86("jne 16"), "conditional direct jump");
  EXPECT_EQ(x86("jmp 16"), "direct jump");
  EXPECT_EQ(x86("jmpq *%rax"), "jump");
  EXPECT_EQ(x86("jmpq *(%rax)"), "jump");
  EXPECT_EQ(x86("callq 16"), "direct call");
  EXPECT_EQ(x86("callq *%rax"), "call");
  EXPECT_EQ(x86("retq"), "return");
  EXPECT_EQ(x86("addq %rax, %rbx"), "none");
  EXPECT_EQ(x86("syscall"), "none");
}

TEST(BranchTest, AArch64) {
  EXPECT_EQ(aarch64("b.ne #16"), "conditional direct jump");
  EXPECT_EQ(aarch64("cbz x0, #16"), "conditional direct jump");
  EXPECT_EQ(aarch64("tbnz x0, #3, #16"), "conditional direct jump");
  EXPECT_EQ(aarch64("b #16"), "direct jump");
  EXPECT_EQ(aarch64("br x1"), "jump");
  EXPECT_EQ(aarch64("bl #16"), "direct call");
  EXPECT_EQ(aarch64("blr x1"), "call");
  EXPECT_EQ(aarch64("ret"), "return");
  EXPECT_EQ(aarch64("svc #0"), "none");
}

TEST(BranchTest, Arm) {
  EXPECT_EQ(arm("bne #16"), "conditional direct jump");
  EXPECT_EQ(arm("b #16"), "direct jump");
  EXPECT_EQ(arm("bl #16"), "direct call");
  EXPECT_EQ(arm("blne #16"), "conditional direct call");
  EXPECT_EQ(arm("blx r3"), "call");
  EXPECT_EQ(arm("bx lr"), "return");
  EXPECT_EQ(arm("bxeq lr"), "conditional return");
  EXPECT_EQ(arm("bx r3"), "jump");
  EXPECT_EQ(arm("mov pc, lr"), "return");
  EXPECT_EQ(arm("pop {r4, pc}"), "return");
  EXPECT_EQ(arm("popne {r4, pc}"), "conditional return");
  EXPECT_EQ(arm("ldr pc, [sp], #4"), "return");
  EXPECT_EQ(arm("ldr pc, [r3, r2, lsl #2]"), "jump");
  EXPECT_EQ(arm("ldm r3, {r4, pc}"), "jump");
  EXPECT_EQ(arm("pop {r4, lr}"), "none");
  EXPECT_EQ(arm("svc #0"), "none");
  EXPECT_EQ(arm("addne r0, r1, r2"), "none");
}

TEST(BranchTest, Thumb) {
  EXPECT_EQ(thumb("bne #16"), "conditional direct jump");
  EXPECT_EQ(thumb("svc #0"), "none");
  EXPECT_EQ(thumb("bne.w #16"), "conditional direct jump");
  EXPECT_EQ(thumb("cbz r0, #16"), "conditional direct jump");
  EXPECT_EQ(thumb("b #16"), "direct jump");
  EXPECT_EQ(thumb("bl #16"), "direct call");
  EXPECT_EQ(thumb("blx r3"), "call");
  EXPECT_EQ(thumb("bx lr"), "return");
  EXPECT_EQ(thumb("bx r3"), "jump");
  EXPECT_EQ(thumb("pop {r4, pc}"), "return");
  EXPECT_EQ(thumb("pop.w {r4, r8, pc}"), "return");
  EXPECT_EQ(thumb("ldr.w pc, [r3, r2, lsl #2]"), "jump");
  EXPECT_EQ(thumb("tbb [pc, r1]"), "jump");
  EXPECT_EQ(thumb("it eq\nbxeq lr"), "conditional return");
  EXPECT_EQ(thumb("it ne\nmovne r0, r1"), "none");
}

TEST(BranchTest, RiscV) {
  EXPECT_EQ(riscv("bne a0, a1, 16"), "conditional direct jump");
  EXPECT_EQ(riscv("c.beqz a0, 16"), "conditional direct jump");
  EXPECT_EQ(riscv("jal zero, 16"), "direct jump");
  EXPECT_EQ(riscv("c.j 16"), "direct jump");
  EXPECT_EQ(riscv("jal ra, 16"), "direct call");
  EXPECT_EQ(riscv("jal t0, 16"), "direct call");
  EXPECT_EQ(riscv("jalr ra, 0(a0)"), "call");
  EXPECT_EQ(riscv("c.jalr a0"), "call");
  EXPECT_EQ(riscv("ret"), "return");
  EXPECT_EQ(riscv("c.jr ra"), "return");
  EXPECT_EQ(riscv("jalr zero, 0(t0)"), "return");
  EXPECT_EQ(riscv("jr a0"), "jump");
  EXPECT_EQ(riscv("c.jr a0"), "jump");
  EXPECT_EQ(riscv("ecall"), "none");
}

TEST(BranchTest, PowerPC) {
  EXPECT_EQ(ppc("bne 0, 16"), "conditional direct jump");
  EXPECT_EQ(ppc("bdnz 16"), "conditional direct jump");
  EXPECT_EQ(ppc("b 16"), "direct jump");
  EXPECT_EQ(ppc("bl 16"), "direct call");
  EXPECT_EQ(ppc("bctrl"), "call");
  EXPECT_EQ(ppc("bctr"), "jump");
  EXPECT_EQ(ppc("blr"), "return");
  EXPECT_EQ(ppc("beqlr 0"), "conditional return");
  // The forms that name the bits of BO and BI, as LLVM disassembles them.
  EXPECT_EQ(ppc("bc 12, 2, 16"), "conditional direct jump");
  EXPECT_EQ(ppc("bc 20, 0, 16"), "direct jump");
  EXPECT_EQ(ppc("bcl 12, 2, 16"), "conditional direct call");
  EXPECT_EQ(ppc("bclr 12, 2, 0"), "conditional return");
  EXPECT_EQ(ppc("bclr 12, 2, 1"), "conditional jump"); // BH: no return.
  EXPECT_EQ(ppc("bclr 20, 0, 0"), "return");
  EXPECT_EQ(ppc("bclrl 12, 2, 0"), "conditional call");
  EXPECT_EQ(ppc("bcctr 12, 2, 0"), "conditional jump");
  EXPECT_EQ(ppc("bcctrl 12, 2, 0"), "conditional call");
  EXPECT_EQ(ppc("sc"), "none");
}

TEST(BranchTest, UndecodedBytesAreNone) {
  const Target &T = target("aarch64-linux-gnu", "cortex-a57");
  Assembly A(T);
  const Program &P = A.program();
  const BlockId Id = A.bytes({0, 0, 0, 0});
  EXPECT_EQ(classifyBranch(P, P.instructions(P.block(Id)).back()).Kind,
            BranchKind::None);
}

TEST(BranchTest, TheTargetOfADirectBranchIsWhereItGoes) {
  const Target &T = target("aarch64-linux-gnu", "cortex-a57");
  Assembly A(T);
  const Program &P = A.program();
  const uint8_t Size = 4;
  const uint8_t Bytes[] = {0x04, 0x00, 0x00, 0x14}; // b +16
  BlockBytes Block;
  Block.Address = 0x1000;
  Block.Sizes = Size;
  Block.Bytes = Bytes;
  const BlockId Id = llvm::cantFail(A.program().define(Block));
  const Branch B = classifyBranch(P, P.instructions(P.block(Id)).back());
  EXPECT_TRUE(B.IsDirect);
  EXPECT_EQ(B.Target, 0x1010u);
}

} // namespace
} // namespace mcad
