//===- Qemu/GuestElf.h - what the main executable's file tells ------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The few facts of an ELF file that Hello carries. The file is a stranger's:
/// every offset and size in it is checked.
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
