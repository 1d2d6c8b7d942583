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
  const FinalCalls Calls = FinalCalls::of("x86_64");
  EXPECT_EQ(Calls.Execve, SYS_execve);
  EXPECT_EQ(Calls.Execveat, SYS_execveat);
  EXPECT_EQ(Calls.Kill, SYS_kill);
  EXPECT_EQ(Calls.Tkill, SYS_tkill);
  EXPECT_EQ(Calls.Tgkill, SYS_tgkill);
}
#endif

TEST(SystemCalls, OnlyWhatMayEndTheProcess) {
  for (const char *Arch :
       {"x86_64", "i386", "arm", "aarch64", "riscv64", "ppc64le"}) {
    const FinalCalls Calls = FinalCalls::of(Arch);
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
  EXPECT_EQ(FinalCalls::of("alpha").end(-1, {9, 9, 9}), std::nullopt);
  EXPECT_EQ(FinalCalls::of("alpha").end(11, {9, 9, 9}), std::nullopt);
}
