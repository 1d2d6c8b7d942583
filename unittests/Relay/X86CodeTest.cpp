//===- unittests/Relay/X86CodeTest.cpp - what is read of x86 code ---------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A fact per rule of the encoding, and every cut of every instruction.
///
//===----------------------------------------------------------------------===//
#include "X86Code.h"
#include <gtest/gtest.h>
#include <vector>

using namespace mcad::qemu;

namespace {
struct Fact {
  const char *Text;
  std::vector<uint8_t> Bytes;
};
} // namespace

static void expectLengths(const std::vector<Fact> &Facts, X86Mode Mode) {
  for (const Fact &F : Facts) {
    std::vector<uint8_t> Padded = F.Bytes;
    Padded.resize(F.Bytes.size() + 15, 0x90);
    EXPECT_EQ(x86Length(Padded, Mode), F.Bytes.size()) << F.Text;
    // Cut anywhere, it never seems to be whole.
    for (size_t Cut = 0; Cut != F.Bytes.size(); ++Cut) {
      auto Length = x86Length(std::span(F.Bytes).first(Cut), Mode);
      EXPECT_TRUE(!Length || *Length > Cut) << F.Text << " cut at " << Cut;
    }
  }
}

TEST(X86Length, SixtyFourBits) {
  expectLengths(
      {{"nop", {0x90}},
       {"endbr64", {0xf3, 0x0f, 0x1e, 0xfa}},
       {"add $1, %al", {0x04, 0x01}},
       {"add $1, %eax", {0x05, 1, 0, 0, 0}},
       {"add $1, %ax", {0x66, 0x05, 1, 0}},
       {"mov %rsp, %rbp", {0x48, 0x89, 0xe5}},
       {"mov 8(%rsp), %rax", {0x48, 0x8b, 0x44, 0x24, 0x08}},
       {"mov 0x1c6f6(%rip), %rsi", {0x48, 0x8b, 0x35, 0xf6, 0xc6, 1, 0}},
       {"mov %fs:0x10, %rax", {0x64, 0x48, 0x8b, 0x04, 0x25, 0x10, 0, 0, 0}},
       {"movabs $1, %rax", {0x48, 0xb8, 1, 0, 0, 0, 0, 0, 0, 0}},
       {"movabs 1, %eax", {0xa1, 1, 0, 0, 0, 0, 0, 0, 0}},
       {"addr32 mov 1, %eax", {0x67, 0xa1, 1, 0, 0, 0}},
       {"movq $-1, (%rax)", {0x48, 0xc7, 0x00, 0xff, 0xff, 0xff, 0xff}},
       {"movw $1, (%rax)", {0x66, 0xc7, 0x00, 1, 0}},
       {"testb $1, 4(%rax)", {0xf6, 0x40, 0x04, 0x01}},
       {"negb 4(%rax)", {0xf6, 0x58, 0x04}},
       {"testl $1, (%rax)", {0xf7, 0x00, 1, 0, 0, 0}},
       {"notl %eax", {0xf7, 0xd0}},
       {"jmp .", {0xeb, 0xfe}},
       {"call .", {0xe8, 0xfb, 0xff, 0xff, 0xff}},
       {"je .", {0x0f, 0x84, 0xfa, 0xff, 0xff, 0xff}},
       {"ret $8", {0xc2, 8, 0}},
       {"enter $8, $0", {0xc8, 8, 0, 0}},
       {"syscall", {0x0f, 0x05}},
       {"lock cmpxchg %ecx, (%rdx)", {0xf0, 0x0f, 0xb1, 0x0a}},
       {"shld $4, %eax, %ebx", {0x0f, 0xa4, 0xc3, 4}},
       {"pshufd $0, %xmm0, %xmm1", {0x66, 0x0f, 0x70, 0xc8, 0}},
       {"pshufb %xmm1, %xmm0", {0x66, 0x0f, 0x38, 0x00, 0xc1}},
       {"palignr $8, %xmm1, %xmm0", {0x66, 0x0f, 0x3a, 0x0f, 0xc1, 8}},
       {"emms", {0x0f, 0x77}},
       {"bswap %eax", {0x0f, 0xc8}},
       {"vzeroupper", {0xc5, 0xf8, 0x77}},
       {"vmovdqu (%rsi), %ymm0", {0xc5, 0xfe, 0x6f, 0x06}},
       {"vpbroadcastb %xmm0, %ymm0", {0xc4, 0xe2, 0x7d, 0x78, 0xc0}},
       {"vextracti128 $1, %ymm0, %xmm1", {0xc4, 0xe3, 0x7d, 0x39, 0xc1, 1}},
       {"vmovdqu64 64(%rsi), %zmm0", {0x62, 0xf1, 0xfe, 0x48, 0x6f, 0x46, 1}},
       {"rep movsb", {0xf3, 0xa4}}},
      X86Mode::Bits64);
}

TEST(X86Length, ThirtyTwoBits) {
  expectLengths({{"inc %eax", {0x40}},
                 {"mov 1, %eax", {0xa1, 1, 0, 0, 0}},
                 {"addr16 mov 1, %eax", {0x67, 0xa1, 1, 0}},
                 {"addr16 mov (0x1234), %eax", {0x67, 0x8b, 0x06, 0x34, 0x12}},
                 {"addr16 mov 1(%bp), %eax", {0x67, 0x8b, 0x46, 0x01}},
                 {"mov %gs:0x14, %eax", {0x65, 0xa1, 0x14, 0, 0, 0}},
                 {"mov 0x10(,%eax,4), %eax", {0x8b, 0x04, 0x85, 0x10, 0, 0, 0}},
                 {"les (%eax), %eax", {0xc4, 0x00}},
                 {"bound %eax, (%eax)", {0x62, 0x00}},
                 {"vzeroupper", {0xc5, 0xf8, 0x77}},
                 {"lcall $1, $2", {0x9a, 2, 0, 0, 0, 1, 0}},
                 {"aam", {0xd4, 0x0a}}},
                X86Mode::Bits32);
}

TEST(X86LastAccess, OfWhatJumpsToWhereMemoryOrARegisterSays) {
  const auto Long = [](std::vector<uint8_t> Bytes) {
    return x86LastAccess(Bytes, X86Mode::Bits64);
  };
  EXPECT_EQ(Long({0xc3}), LastAccess::Load) << "ret";
  EXPECT_EQ(Long({0xf3, 0xc3}), LastAccess::Load) << "rep ret";
  EXPECT_EQ(Long({0xc2, 8, 0}), LastAccess::Load) << "ret $8";
  EXPECT_EQ(Long({0xff, 0xe0}), LastAccess::None) << "jmp *%rax";
  EXPECT_EQ(Long({0xf2, 0xff, 0x25, 1, 0, 0, 0}), LastAccess::Load)
      << "bnd jmp *1(%rip)";
  EXPECT_EQ(Long({0xff, 0xd0}), LastAccess::Store) << "call *%rax";
  EXPECT_EQ(Long({0x41, 0xff, 0xd4}), LastAccess::Store) << "call *%r12";
  EXPECT_EQ(Long({0x42, 0xff, 0x14, 0xc8}), LastAccess::Store)
      << "call *(%rax,%r9,8)";
  EXPECT_EQ(Long({0x3e, 0xff, 0x13}), LastAccess::Store)
      << "notrack call *(%rbx)";
}

TEST(X86LastAccess, OfNothingElse) {
  for (X86Mode Mode : {X86Mode::Bits32, X86Mode::Bits64}) {
    const auto Of = [Mode](std::vector<uint8_t> Bytes) {
      return x86LastAccess(Bytes, Mode);
    };
    EXPECT_EQ(Of({}), LastAccess::Unknown);
    EXPECT_EQ(Of({0xf3}), LastAccess::Unknown);
    EXPECT_EQ(Of({0xff}), LastAccess::Unknown);
    EXPECT_EQ(Of({0xff, 0x30}), LastAccess::Unknown) << "push (%eax)";
    EXPECT_EQ(Of({0xff, 0x00}), LastAccess::Unknown) << "incl (%eax)";
    EXPECT_EQ(Of({0xe8, 0, 0, 0, 0}), LastAccess::Unknown) << "call .+5";
    EXPECT_EQ(Of({0xf3, 0xa4}), LastAccess::Unknown) << "rep movsb";
    EXPECT_EQ(Of({0x0f, 0xc3, 0x07}), LastAccess::Unknown)
        << "movnti %eax, (%edi)";
    EXPECT_EQ(Of({0xcb}), LastAccess::Unknown) << "lret";
  }
  // What is a prefix with 64 bits is an instruction with 32.
  const std::vector<uint8_t> IncAndReturn = {0x40, 0xc3};
  EXPECT_EQ(x86LastAccess(IncAndReturn, X86Mode::Bits64), LastAccess::Load);
  EXPECT_EQ(x86LastAccess(IncAndReturn, X86Mode::Bits32), LastAccess::Unknown);
}
