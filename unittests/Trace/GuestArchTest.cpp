//===- GuestArchTest.cpp - QEMU's names of targets ------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Trace/GuestArch.h"
#include <gtest/gtest.h>

using namespace llvm;
using namespace mcad;

namespace {

std::string refusal(StringRef GuestArch, StringRef Triple) {
  return toString(checkGuestArch(GuestArch, Triple));
}

TEST(GuestArchTest, ATripleDescribesItsGuest) {
  EXPECT_EQ(refusal("arm", "armv7-linux-gnueabihf"), "");
  EXPECT_EQ(refusal("arm", "thumbv7-linux-gnueabihf"), "");
  EXPECT_EQ(refusal("armeb", "thumbebv7-linux-gnueabi"), "");
  EXPECT_EQ(refusal("aarch64", "aarch64-linux-gnu"), "");
  EXPECT_EQ(refusal("aarch64", "arm64-linux-gnu"), "");
  EXPECT_EQ(refusal("i386", "i686-pc-linux-gnu"), "");
  EXPECT_EQ(refusal("x86_64", "amd64-linux-gnu"), "");
  EXPECT_EQ(refusal("ppc64le", "powerpc64le-linux-gnu"), "");
  EXPECT_EQ(refusal("riscv64", "riscv64-linux-gnu"), "");
}

TEST(GuestArchTest, AnyGuestFitsNoTriple) {
  EXPECT_EQ(refusal("arm", ""), "");
  EXPECT_EQ(refusal("avr", ""), "");
}

TEST(GuestArchTest, AnotherGuestIsRefusedWithBothNames) {
  for (const auto &[Arch, Triple] : {std::pair("arm", "aarch64-linux-gnu"),
                                     {"aarch64", "armv7-linux"},
                                     {"i386", "x86_64-linux-gnu"},
                                     {"x86_64", "i686-linux-gnu"},
                                     {"ppc64", "powerpc64le-linux-gnu"},
                                     {"arm", "armeb-linux-gnueabi"},
                                     {"riscv32", "riscv64-linux-gnu"},
                                     {"nonsense", "nonsense-linux-gnu"},
                                     {"", "armv7-linux"}}) {
    const std::string Line = refusal(Arch, Triple);
    EXPECT_NE(Line.find(std::string("'") + Arch + "'"), std::string::npos)
        << Line;
    EXPECT_NE(Line.find(std::string("'") + Triple + "'"), std::string::npos)
        << Line;
  }
}

TEST(GuestArchTest, ADerivedTripleDescribesItsGuest) {
  for (const char *Arch :
       {"aarch64",  "aarch64_be",  "arm",     "armeb",     "hexagon",
        "i386",     "loongarch64", "m68k",    "mips",      "mips64",
        "mips64el", "mipsel",      "mipsn32", "mipsn32el", "ppc",
        "ppc64",    "ppc64le",     "riscv32", "riscv64",   "s390x",
        "sparc",    "sparc32plus", "sparc64", "x86_64",    "xtensa"}) {
    Expected<std::string> Triple = tripleOfGuest(Arch);
    ASSERT_TRUE(static_cast<bool>(Triple)) << Arch;
    EXPECT_EQ(refusal(Arch, *Triple), "");
  }
}

TEST(GuestArchTest, AnUnknownGuestAsksForATriple) {
  Expected<std::string> Triple = tripleOfGuest("avr");
  ASSERT_FALSE(static_cast<bool>(Triple));
  EXPECT_EQ(toString(Triple.takeError()),
            "guest architecture 'avr': no triple is known for it: give "
            "-mtriple");
}

} // namespace
