//===- unittests/Relay/ImageFinderTest.cpp - which file code comes from ---===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Each image is found once, when its first block is; what has no file is asked
/// for ever more rarely, and found should it get one.
///
//===----------------------------------------------------------------------===//
#include "ImageFinder.h"
#include <gtest/gtest.h>

using namespace mcad;
using namespace mcad::qemu;

namespace {

constexpr uint64_t Base = 0x7f0000000000;

/// A finder over maps that a test changes.
struct World {
  std::string Maps = "400000-500000 r-xp 00000000 08:01 1 /usr/bin/qemu-arm\n"
                     "7f0000010000-7f0000020000 r--p 00000000 08:01 2 /g u\n"
                     "7f0000020000-7f0000030000 r--p 00010000 08:01 2 /g u\n"
                     "7f0000030000-7f0000031000 rw-p 00020000 08:01 2 /g u\n"
                     "7f0000040000-7f0000050000 rw-p 00000000 00:00 0 \n"
                     "7f0000050000-7f0000060000 r--p 00000000 08:01 3 /text\n"
                     "7f0000060000-7f0000061000 r--p 00000000 00:00 0 [vdso]\n";
  unsigned Reads = 0;
  std::vector<MappedImage> Found;
  ImageFinder Finder;

  static std::optional<GuestElf> elf(const std::string &Path) {
    if (Path == "/text")
      return std::nullopt;
    GuestElf Elf;
    Elf.Segments = {{0, 0x10400, 0x200000, false},
                    {0x10400, 0x8000, 0x211400, true},
                    {0x18400, 0x8000, 0x21a400, false}};
    Elf.BuildId = {1, 2};
    return Elf;
  }

  explicit World(std::optional<uint64_t> GuestBase = Base)
      : Finder(
            GuestBase,
            [this] {
              ++Reads;
              return Maps;
            },
            elf) {}

  /// How many images were found for a block at \p Address.
  size_t translate(GuestAddr Address) {
    const size_t Before = Found.size();
    Finder.find(Address,
                [this](const MappedImage &Image) { Found.push_back(Image); });
    return Found.size() - Before;
  }
};

} // namespace

TEST(ImageFinder, TheExecutableSegmentOfTheFile) {
  World W;
  EXPECT_EQ(W.translate(0x20400), 1u);
  const MappedImage &Image = W.Found.front();
  EXPECT_EQ(Image.Start, 0x20400u);
  EXPECT_EQ(Image.End, 0x28400u);
  EXPECT_EQ(Image.FileOffset, 0x10400u);
  EXPECT_EQ(Image.LoadBias, uint64_t(0x20400) - 0x211400);
  EXPECT_EQ(Image.Path, "/g u");
  EXPECT_EQ(Image.BuildId, (std::vector<uint8_t>{1, 2}));
  // All of it is known now.
  for (GuestAddr Address : {0x20400, 0x20404, 0x283ff})
    EXPECT_EQ(W.translate(Address), 0u);
  EXPECT_EQ(W.Reads, 1u);
}

TEST(ImageFinder, CodeInASegmentThatIsNotExecutable) {
  World W;
  EXPECT_EQ(W.translate(0x28400), 1u);
  EXPECT_EQ(W.Found[0].Start, 0x28400u);
  // The mapping ends before the segment does.
  EXPECT_EQ(W.Found[0].End, 0x30000u);
  EXPECT_EQ(W.translate(0x30000), 1u);
  EXPECT_EQ(W.Found[1].Start, 0x30000u);
  EXPECT_EQ(W.Found[1].FileOffset, 0x20000u);
  EXPECT_EQ(W.Found[1].LoadBias, W.Found[0].LoadBias);
}

TEST(ImageFinder, WhatIsNoFilesIsAskedForEverMoreRarely) {
  World W;
  for (GuestAddr Address : {0x40000, 0x50000, 0x60000, 0x90000})
    EXPECT_EQ(W.translate(Address), 0u);
  EXPECT_EQ(W.Reads, 4u);
  for (unsigned I = 0; I != 1000; ++I)
    EXPECT_EQ(W.translate(0x40000 + 8 * I), 0u);
  // Blocks 2, 4, 8, ... 512 of this mapping.
  EXPECT_EQ(W.Reads, 4u + 9u);
}

TEST(ImageFinder, ALibraryLoadedLaterIsFound) {
  World W;
  for (unsigned I = 0; I != 5; ++I)
    EXPECT_EQ(W.translate(0x40000), 0u);
  const std::string Lib =
      "7f0000040000-7f0000050000 r--p 00010000 08:01 5 /lib.so\n";
  const size_t At = W.Maps.find("7f0000040000"), End = W.Maps.find('\n', At);
  W.Maps.replace(At, End + 1 - At, Lib);
  // Blocks 6 and 7 are not asked for; block 8 is.
  EXPECT_EQ(W.translate(0x40400), 0u);
  EXPECT_EQ(W.translate(0x40400), 0u);
  EXPECT_EQ(W.translate(0x40400), 1u);
  EXPECT_EQ(W.Found[0].Path, "/lib.so");
}

TEST(ImageFinder, AnImageFoundElsewhereMeansThatTheMapsChanged) {
  World W;
  for (unsigned I = 0; I != 5; ++I)
    EXPECT_EQ(W.translate(0x40000), 0u);
  W.Maps += "7f0000070000-7f0000080000 r--p 00010000 08:01 5 /lib.so\n";
  EXPECT_EQ(W.translate(0x70400), 1u);
  const unsigned Before = W.Reads;
  EXPECT_EQ(W.translate(0x40000), 0u);
  EXPECT_EQ(W.Reads, Before + 1);
}

TEST(ImageFinder, ALibraryOverTheEndOfAnotherIsOne) {
  World W;
  EXPECT_EQ(W.translate(0x20400), 1u);
  // Unloaded, and another a page behind, with more code.
  W.Maps = "7f0000021000-7f0000031000 r--p 00010000 08:01 5 /lib.so\n";
  EXPECT_EQ(W.translate(0x28800), 1u);
  EXPECT_EQ(W.Found[1].Start, 0x21400u);
  EXPECT_EQ(W.translate(0x21400), 0u);
}

TEST(ImageFinder, WithoutAGuestBaseNothingIsRead) {
  World W(std::nullopt);
  EXPECT_EQ(W.translate(0x20400), 0u);
  EXPECT_EQ(W.Reads, 0u);
}

TEST(ImageFinder, AnAddressBehindAllMemoryIsNoFiles) {
  World W;
  EXPECT_EQ(W.translate(0xffffffffff600000), 0u);
  EXPECT_EQ(W.translate(0xffffffffffffffff), 0u);
  EXPECT_EQ(W.Reads, 2u);
}

TEST(ImageFinder, ThisProcessesOwnMapsAndFiles) {
  ImageFinder Own(0);
  std::vector<MappedImage> Found;
  const auto Code = reinterpret_cast<uintptr_t>(&World::elf);
  Own.find(Code, [&](const MappedImage &Image) { Found.push_back(Image); });
  ASSERT_EQ(Found.size(), 1u);
  EXPECT_NE(Found[0].Path.find("RelayTests"), std::string::npos);
  EXPECT_LE(Found[0].Start, Code);
  EXPECT_GT(Found[0].End, Code);
}

TEST(ImageFinder, WhatIsUnmappedIsGone) {
  World W;
  EXPECT_EQ(W.translate(0x20400), 1u);
  const auto forget = [&](GuestAddr Start, uint64_t SizeBytes) {
    const size_t Before = W.Found.size();
    W.Finder.forget(Start, SizeBytes, [&](const MappedImage &Image) {
      W.Found.push_back(Image);
    });
    return W.Found.size() - Before;
  };
  // Before it, behind it, nothing.
  EXPECT_EQ(forget(0x10000, 0x10400), 0u);
  EXPECT_EQ(forget(0x28400, 0x1000), 0u);
  EXPECT_EQ(forget(0x20400, 0), 0u);
  EXPECT_EQ(W.translate(0x20400), 0u);
  // Its last byte, and all that there could be.
  EXPECT_EQ(forget(0x283ff, ~uint64_t(0)), 1u);
  EXPECT_EQ(W.Found[1].Start, 0x20400u);
  EXPECT_EQ(W.Found[1].End, 0x28400u);
  EXPECT_EQ(W.Found[1].Path, "");
  EXPECT_EQ(forget(0x20400, 0x8000), 0u);
  // Now another file is there.
  for (size_t At; (At = W.Maps.find("/g u")) != std::string::npos;)
    W.Maps.replace(At, 4, "/lib");
  EXPECT_EQ(W.translate(0x20404), 1u);
  EXPECT_EQ(W.Found[2].Path, "/lib");
  EXPECT_EQ(W.Found[2].Start, 0x20400u);
  EXPECT_EQ(W.Finder.found().size(), 3u);
}
