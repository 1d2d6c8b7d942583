//===- Qemu/GuestElf.h - what a mapped file tells about its code
//-----------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The few facts of an ELF file that Hello and Images need. The file is a
/// stranger's: every offset and size in it is checked.
///
/// Tested by unittests/Relay/GuestElfTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_QEMU_GUESTELF_H
#define MCAD_QEMU_GUESTELF_H

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mcad::qemu {

struct GuestElf {
  /// What of the file is loaded where (PT_LOAD).
  struct Segment {
    uint64_t Offset = 0, Size = 0; ///< In the file; empty ones are left out.
    uint64_t Address = 0;          ///< As the file numbers addresses.
    bool IsExecutable = false;
  };
  std::vector<Segment> Segments;
  uint64_t Entry = 0;
  /// From the lowest executable segment to the end of the highest, as the file
  /// numbers addresses; equal if there is none.
  uint64_t CodeStart = 0, CodeEnd = 0;
  uint64_t CodeOffset = 0; ///< Where CodeStart lies in the file.
  std::vector<uint8_t> BuildId;

  /// None if \p File is no ELF file.
  static std::optional<GuestElf> parse(std::span<const uint8_t> File);
  static std::optional<GuestElf> read(const std::string &Path);
};

} // namespace mcad::qemu

#endif // MCAD_QEMU_GUESTELF_H
