//===- unittests/Relay/MappedProgramTest.cpp - the main program from the
// process's maps ===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Which file is the guest's, and where its code went.
///
//===----------------------------------------------------------------------===//
#include "MappedProgram.h"
#include <gtest/gtest.h>

using namespace mcad;
using namespace mcad::qemu;

static const char Maps[] =
    "400000-401000 r--p 00000000 08:01 11 /usr/bin/qemu-arm\n"
    "7f0000010000-7f0000020000 r--p 00000000 08:01 12 /home/a b/guest\n"
    "7f0000020000-7f0000030000 r--p 00010000 08:01 12 /home/a b/guest\n"
    "7f0000040000-7f0000050000 r--p 00000000 08:01 13 /opt/relay.so\n"
    "7f0000060000-7f0000070000 rw-p 00000000 00:00 0 \n";

static std::optional<GuestElf> elfOf(const std::string &) {
  GuestElf Elf;
  Elf.CodeStart = 0x10400; // In the second mapping: offset 0x10400.
  Elf.CodeEnd = 0x10800;
  Elf.CodeOffset = 0x10400;
  Elf.Entry = 0x10440;
  Elf.BuildId = {1};
  return Elf;
}

static std::string asIs(const std::string &Path) {
  return Path[0] == '/' ? Path : "";
}

TEST(MappedProgram, TheArgumentThatIsMapped) {
  MainProgram Program =
      findMapped({"/usr/bin/qemu-arm", "-L", "/usr", "-plugin", "/opt/relay.so",
                  "/home/a b/guest", "/etc/passwd"},
                 Maps, 0x7f0000000000, elfOf, asIs);
  EXPECT_EQ(Program.Path, "/home/a b/guest");
  EXPECT_EQ(Program.CodeStart, 0x20400u);
  EXPECT_EQ(Program.CodeEnd, 0x20800u);
  EXPECT_EQ(Program.LoadBias, 0x10000u);
  EXPECT_EQ(Program.Entry, 0x20440u);
  EXPECT_EQ(Program.BuildId.size(), 1u);
  EXPECT_TRUE(Program.contains(0x20400));
  EXPECT_FALSE(Program.contains(0x20800));
}

TEST(MappedProgram, ItsPathIsAsGiven) {
  auto Resolve = [](const std::string &Path) {
    return Path == "./guest" ? std::string("/home/a b/guest") : std::string();
  };
  MainProgram Program =
      findMapped({"qemu-arm", "./guest"}, Maps, 0x7f0000000000, elfOf, Resolve);
  EXPECT_EQ(Program.Path, "./guest");
  EXPECT_EQ(Program.CodeStart, 0x20400u);
}

TEST(MappedProgram, UnknownIfNoneIs) {
  MainProgram Program = findMapped({"/usr/bin/qemu-arm", "/bin/other"}, Maps,
                                   0x7f0000000000, elfOf, asIs);
  EXPECT_FALSE(Program.isKnown());
  EXPECT_TRUE(Program.Path.empty());
}

TEST(MappedProgram, TellsWhereTheGuestsMemoryIs) {
  MainProgram Program;
  Program.CodeStart = 0x20400;
  Program.CodeEnd = 0x20800;
  const GuestElf Elf = *elfOf("");
  EXPECT_EQ(guestBaseOf(Program, Elf, "/home/a b/guest", Maps),
            0x7f0000000000u);
  EXPECT_EQ(guestBaseOf(Program, Elf, "/bin/other", Maps), std::nullopt);
  EXPECT_EQ(guestBaseOf({}, Elf, "/home/a b/guest", Maps), std::nullopt);
}
