//===- Qemu/HostMapping.h - what is mapped into this process --------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The lines of /proc/self/maps as values.
///
/// Tested by unittests/Relay/HostMappingTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_QEMU_HOSTMAPPING_H
#define MCAD_QEMU_HOSTMAPPING_H

#include <cstdint>
#include <string>
#include <vector>

namespace mcad::qemu {

struct HostMapping {
  uint64_t Start = 0, End = 0; ///< Half-open, addresses of this process.
  uint64_t Offset = 0;         ///< In the file.
  /// As the kernel writes it: empty for anonymous memory, in brackets for what
  /// is no file, with " (deleted)" behind it for one that is gone.
  std::string Path;

  bool contains(uint64_t Address) const {
    return Address >= Start && Address < End;
  }
};

/// The mappings that \p Maps lists, in its order. What is no mapping's line is
/// left out.
std::vector<HostMapping> parseMaps(const std::string &Maps);

/// The text of /proc/self/maps.
std::string ownMaps();

} // namespace mcad::qemu

#endif // MCAD_QEMU_HOSTMAPPING_H
