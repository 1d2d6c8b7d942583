//===- RegionMarkersTest.cpp - what mcad/mcad.h leaves --------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Symbols/RegionMarkers.h"
#include "llvm/BinaryFormat/ELF.h"
#include "gtest/gtest.h"

using namespace llvm;

namespace mcad {
namespace {

/// A file with a section of notes at 0x400.
class RegionMarkersTest : public testing::Test {
protected:
  std::vector<uint8_t> Notes;

  void word(uint32_t Word) {
    for (unsigned Shift = 0; Shift != 32; Shift += 8)
      Notes.push_back(static_cast<uint8_t>(Word >> Shift));
  }
  void text(StringRef Text) {
    Notes.insert(Notes.end(), Text.begin(), Text.end());
  }
  void note(uint32_t Type, StringRef Owner, uint32_t Distance, StringRef Name) {
    word(Owner.size());
    word(4 + Name.size());
    word(Type);
    text(Owner);
    Notes.resize((Notes.size() + 3) & ~size_t(3));
    word(Distance);
    text(Name);
    Notes.resize((Notes.size() + 3) & ~size_t(3));
  }
  std::vector<RegionMarker> read(bool Is64Bit = true) {
    ElfCode Code;
    Code.Is64Bit = Is64Bit;
    Code.IsLittleEndian = true;
    ElfSection Section;
    Section.Name = ".note.mcad";
    Section.Type = ELF::SHT_NOTE;
    Section.Address = 0x400;
    Section.End = 0x400 + Notes.size();
    Section.Contents = Notes;
    Code.Sections.push_back(Section);
    return readMarkers(Code);
  }
};

constexpr StringRef Owner("MCAD", 5), Name("loop", 5);

TEST_F(RegionMarkersTest, ReadsBeginAndEnd) {
  note(1, Owner, 0x100, Name);
  note(2, Owner, -0x200, StringRef("a", 2));
  const std::vector<RegionMarker> M = read();
  ASSERT_EQ(M.size(), 2u);
  EXPECT_EQ(M[0].Region, "loop");
  EXPECT_EQ(M[0].Address, 0x400u + 20 + 0x100);
  EXPECT_TRUE(M[0].IsBegin);
  EXPECT_EQ(M[1].Region, "a");
  EXPECT_EQ(M[1].Address, 0x400u + 32 + 20 - 0x200);
  EXPECT_FALSE(M[1].IsBegin);
}

TEST_F(RegionMarkersTest, AddressesOf32BitsWrap) {
  note(1, Owner, -0x1000, Name);
  EXPECT_EQ(read(/*Is64Bit=*/false)[0].Address, 0xfffff414u);
}

TEST_F(RegionMarkersTest, SkipsWhatIsNoMarker) {
  note(1, StringRef("GNU", 4), 0, Name);
  note(3, Owner, 0, Name);
  note(1, Owner, 0, "noend");
  note(1, Owner, 0, "");
  note(1, Owner, 0, Name);
  EXPECT_EQ(read().size(), 1u);
}

TEST_F(RegionMarkersTest, ANameEndsAtItsFirstNul) {
  note(1, Owner, 0, StringRef("a\0b", 4));
  EXPECT_EQ(read()[0].Region, "a");
}

TEST_F(RegionMarkersTest, DamagedNotesDoNoHarm) {
  note(1, Owner, 0, Name);
  note(1, Owner, 0, Name);
  const std::vector<uint8_t> Whole = Notes;
  for (size_t Size = 0; Size != Whole.size(); ++Size) {
    Notes.assign(Whole.begin(), Whole.begin() + Size);
    EXPECT_LE(read().size(), 2u);
  }
  for (size_t At = 0; At != Whole.size(); ++At)
    for (const uint8_t Wrong : {0x00, 0x7f, 0x80, 0xff}) {
      Notes = Whole;
      Notes[At] = Wrong;
      EXPECT_LE(read().size(), 2u);
    }
}

} // namespace
} // namespace mcad
