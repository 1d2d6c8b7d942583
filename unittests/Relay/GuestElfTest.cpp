//===- unittests/Relay/GuestElfTest.cpp - facts of ELF files --------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Both widths and byte orders, and files that are cut or lie.
///
//===----------------------------------------------------------------------===//
#include "GuestElf.h"
#include <cstring>
#include <elf.h>
#include <gtest/gtest.h>

using namespace mcad::qemu;

namespace {

template <typename T> void put(std::vector<uint8_t> &File, size_t At, T Value) {
  if (File.size() < At + sizeof(T))
    File.resize(At + sizeof(T));
  std::memcpy(&File[At], &Value, sizeof(T));
}

/// A program with code at 0x401000 to 0x401800 (offset 0x1000) and a build-id
/// behind another note.
std::vector<uint8_t> program64() {
  std::vector<uint8_t> File;
  Elf64_Ehdr Header{};
  std::memcpy(Header.e_ident, ELFMAG, SELFMAG);
  Header.e_ident[EI_CLASS] = ELFCLASS64;
  Header.e_ident[EI_DATA] = ELFDATA2LSB;
  Header.e_entry = 0x401040;
  Header.e_phoff = 64;
  Header.e_phnum = 3;
  put(File, 0, Header);
  Elf64_Phdr Data{}, Code{}, Note{};
  Data.p_type = PT_LOAD;
  Data.p_flags = PF_R;
  Data.p_vaddr = 0x400000;
  Data.p_filesz = 0x900;
  Data.p_memsz = 0x1000;
  put(File, 64, Data);
  Code.p_type = PT_LOAD;
  Code.p_flags = PF_R | PF_X;
  Code.p_offset = 0x1000;
  Code.p_vaddr = 0x401000;
  Code.p_filesz = 0x800;
  Code.p_memsz = 0x800;
  put(File, 64 + 56, Code);
  Note.p_type = PT_NOTE;
  Note.p_offset = 512;
  Note.p_filesz = 12 + 4 + 4 + 12 + 4 + 3;
  put(File, 64 + 2 * 56, Note);
  put(File, 512, Elf64_Nhdr{4, 4, 1});
  put(File, 524, std::array<char, 8>{'G', 'N', 'U', 0, 1, 2, 3, 4});
  put(File, 532, Elf64_Nhdr{4, 3, NT_GNU_BUILD_ID});
  put(File, 544, std::array<char, 7>{'G', 'N', 'U', 0, 7, 8, 9});
  return File;
}

} // namespace

TEST(GuestElf, SixtyFourBits) {
  auto Elf = GuestElf::parse(program64());
  ASSERT_TRUE(Elf);
  EXPECT_EQ(Elf->Entry, 0x401040u);
  EXPECT_EQ(Elf->CodeStart, 0x401000u);
  EXPECT_EQ(Elf->CodeEnd, 0x401800u);
  EXPECT_EQ(Elf->CodeOffset, 0x1000u);
  EXPECT_EQ(Elf->BuildId, (std::vector<uint8_t>{7, 8, 9}));
  ASSERT_EQ(Elf->Segments.size(), 2u);
  EXPECT_EQ(Elf->Segments[0].Address, 0x400000u);
  EXPECT_FALSE(Elf->Segments[0].IsExecutable);
  EXPECT_EQ(Elf->Segments[1].Address, 0x401000u);
  EXPECT_EQ(Elf->Segments[1].Offset, 0x1000u);
  EXPECT_EQ(Elf->Segments[1].Size, 0x800u);
  EXPECT_TRUE(Elf->Segments[1].IsExecutable);
}

TEST(GuestElf, ThirtyTwoBitsOfTheOtherByteOrder) {
  std::vector<uint8_t> File;
  Elf32_Ehdr Header{};
  std::memcpy(Header.e_ident, ELFMAG, SELFMAG);
  Header.e_ident[EI_CLASS] = ELFCLASS32;
  Header.e_ident[EI_DATA] = ELFDATA2MSB;
  Header.e_entry = __builtin_bswap32(0x10040);
  Header.e_phoff = __builtin_bswap32(52);
  Header.e_phnum = __builtin_bswap16(1);
  put(File, 0, Header);
  Elf32_Phdr Code{};
  Code.p_type = __builtin_bswap32(PT_LOAD);
  Code.p_flags = __builtin_bswap32(PF_R | PF_X);
  Code.p_vaddr = __builtin_bswap32(0x10000);
  Code.p_memsz = __builtin_bswap32(0x100);
  put(File, 52, Code);
  auto Elf = GuestElf::parse(File);
  ASSERT_TRUE(Elf);
  EXPECT_EQ(Elf->Entry, 0x10040u);
  EXPECT_EQ(Elf->CodeStart, 0x10000u);
  EXPECT_EQ(Elf->CodeEnd, 0x10100u);
  EXPECT_TRUE(Elf->BuildId.empty());
}

TEST(GuestElf, NoElfIsNone) {
  EXPECT_FALSE(GuestElf::parse({}));
  const std::string Text = "#!/bin/sh\necho this is not an executable file\n";
  EXPECT_FALSE(GuestElf::parse(std::vector<uint8_t>(Text.begin(), Text.end())));
  EXPECT_FALSE(GuestElf::read("/nonexistent"));
}

TEST(GuestElf, CutAnywhereItStaysInside) {
  const std::vector<uint8_t> Whole = program64();
  for (size_t Size = 0; Size != Whole.size(); ++Size) {
    // A copy of its own, so that a sanitizer sees a read beyond it.
    const std::vector<uint8_t> Cut(Whole.begin(),
                                   Whole.begin() + static_cast<long>(Size));
    auto Elf = GuestElf::parse(Cut);
    EXPECT_EQ(Elf.has_value(), Size >= sizeof(Elf64_Ehdr)) << Size;
    if (Elf && Size < 544 + 7) {
      EXPECT_TRUE(Elf->BuildId.empty()) << Size;
    }
  }
}

TEST(GuestElf, LyingSizesAreNotBelieved) {
  std::vector<uint8_t> File = program64();
  put<uint32_t>(File, 532, 0xffffffff);     // The name's size.
  put<uint32_t>(File, 532 + 4, 0xffffffff); // The text's size.
  EXPECT_TRUE(GuestElf::parse(File)->BuildId.empty());
  put<uint64_t>(File, 32, ~0ull - 8); // e_phoff
  EXPECT_EQ(GuestElf::parse(File)->CodeEnd, 0u);
}

TEST(GuestElf, CodeThatGoesRoundTheAddressSpaceEndsWithIt) {
  std::vector<uint8_t> File = program64();
  put<uint64_t>(File, 64 + 56 + 40, ~0ull - 0x800); // p_memsz of the code.
  EXPECT_EQ(GuestElf::parse(File)->CodeStart, 0x401000u);
  EXPECT_EQ(GuestElf::parse(File)->CodeEnd, ~0ull);
}

TEST(GuestElf, ABuildIdThatReceiversRefuseIsNone) {
  std::vector<uint8_t> File = program64();
  // The last note, 257 bytes long; its segment with it.
  put<uint32_t>(File, 532 + 4, 257);
  File.resize(544 + 4 + 260);
  put<uint64_t>(File, 64 + 2 * 56 + 32, 12 + 4 + 4 + 12 + 4 + 260);
  EXPECT_TRUE(GuestElf::parse(File)->BuildId.empty());
  put<uint32_t>(File, 532 + 4, 256);
  EXPECT_EQ(GuestElf::parse(File)->BuildId.size(), 256u);
}
