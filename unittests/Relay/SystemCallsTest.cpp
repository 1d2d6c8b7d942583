//===- unittests/Relay/SystemCallsTest.cpp - calls not survived -----------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Execution and deadly signals are known by their numbers, the rest is not
/// taken for them. That the numbers are right: test/EndToEnd/endings-*.test.
///
//===----------------------------------------------------------------------===//
#include "SystemCalls.h"
#include <gtest/gtest.h>
#include <sys/syscall.h>

using namespace mcad::qemu;
using mcad::wire::EndReason;

#ifdef __x86_64__
TEST(SystemCalls, NumbersAreLinuxs) {
  const SystemCalls Calls = SystemCalls::of("x86_64");
  EXPECT_EQ(Calls.Execve, SYS_execve);
  EXPECT_EQ(Calls.Execveat, SYS_execveat);
  EXPECT_EQ(Calls.Kill, SYS_kill);
  EXPECT_EQ(Calls.Tkill, SYS_tkill);
  EXPECT_EQ(Calls.Tgkill, SYS_tgkill);
  EXPECT_EQ(Calls.Mmap, SYS_mmap);
  EXPECT_EQ(Calls.Munmap, SYS_munmap);
  EXPECT_EQ(Calls.Mremap, SYS_mremap);
}
#endif

TEST(SystemCalls, OnlyWhatMayEndTheProcess) {
  for (const char *Arch :
       {"x86_64", "i386", "arm", "aarch64", "riscv64", "ppc64le"}) {
    const SystemCalls Calls = SystemCalls::of(Arch);
    EXPECT_EQ(Calls.end(Calls.Execve, {}), EndReason::Exec);
    EXPECT_EQ(Calls.end(Calls.Execveat, {}), EndReason::Exec);
    EXPECT_EQ(Calls.end(Calls.Kill, {1, 9, 0}), EndReason::Signal);
    EXPECT_EQ(Calls.end(Calls.Tkill, {1, 6, 0}), EndReason::Signal);
    EXPECT_EQ(Calls.end(Calls.Tgkill, {1, 2, 15}), EndReason::Signal);
    // Whether a process is there; a child that has ended; another call.
    EXPECT_EQ(Calls.end(Calls.Kill, {9, 0, 9}), std::nullopt);
    EXPECT_EQ(Calls.end(Calls.Tgkill, {9, 9, 17}), std::nullopt);
    EXPECT_EQ(Calls.end(Calls.Execve + 1, {9, 9, 9}), std::nullopt);
    EXPECT_EQ(Calls.end(-1, {9, 9, 9}), std::nullopt);
  }
  EXPECT_EQ(SystemCalls::of("alpha").end(-1, {9, 9, 9}), std::nullopt);
  EXPECT_EQ(SystemCalls::of("alpha").end(11, {9, 9, 9}), std::nullopt);
}

TEST(SystemCalls, WhereSomethingElseMayBe) {
  for (const char *Arch :
       {"x86_64", "i386", "arm", "aarch64", "riscv64", "ppc64le"}) {
    const SystemCalls Calls = SystemCalls::of(Arch);
    const SystemCalls::Range All{0x1000, 0x200};
    EXPECT_EQ(Calls.replaced(Calls.Mmap, {0x1000, 0x200, 1}), All);
    EXPECT_EQ(Calls.replaced(Calls.Munmap, {0x1000, 0x200, 1}), All);
    EXPECT_EQ(Calls.replaced(Calls.Mremap, {0x1000, 0x200, 1}), All);
    // Wherever there is room; another call.
    EXPECT_EQ(Calls.replaced(Calls.Mmap, {0, 0x200, 1}), std::nullopt);
    EXPECT_EQ(Calls.replaced(Calls.Kill, {0x1000, 9, 1}), std::nullopt);
    EXPECT_EQ(Calls.replaced(-1, {0x1000, 9, 1}), std::nullopt);
  }
  EXPECT_EQ(SystemCalls::of("alpha").replaced(-1, {9, 9, 9}), std::nullopt);
}
