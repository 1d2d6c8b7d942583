//===- unittests/Relay/HostMappingTest.cpp - lines of /proc/self/maps -----===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Paths with spaces, lines without one, and what is no line.
///
//===----------------------------------------------------------------------===//
#include "HostMapping.h"
#include <gtest/gtest.h>

using namespace mcad::qemu;

TEST(HostMapping, Lines) {
  const std::vector<HostMapping> All =
      parseMaps("400000-401000 r--p 00002000 08:01 11     /home/a b/c\n"
                "nonsense\n"
                "7f0000000000-7fff00000000 rw-p 00000000 00:00 0 \n"
                "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0  "
                "[vsyscall]\n");
  ASSERT_EQ(All.size(), 3u);
  EXPECT_EQ(All[0].Start, 0x400000u);
  EXPECT_EQ(All[0].End, 0x401000u);
  EXPECT_EQ(All[0].Offset, 0x2000u);
  EXPECT_EQ(All[0].Path, "/home/a b/c");
  EXPECT_TRUE(All[0].contains(0x400fff));
  EXPECT_FALSE(All[0].contains(0x401000));
  EXPECT_EQ(All[1].Path, "");
  EXPECT_EQ(All[2].Path, "[vsyscall]");
}

TEST(HostMapping, ThisProcessHasSome) {
  const auto Here = reinterpret_cast<uintptr_t>(&parseMaps);
  bool IsFound = false;
  for (const HostMapping &Each : parseMaps(ownMaps()))
    IsFound |= Each.contains(Here);
  EXPECT_TRUE(IsFound);
}
