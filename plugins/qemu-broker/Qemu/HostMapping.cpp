//===- Qemu/HostMapping.cpp - what is mapped into this process ------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Reads what HostMapping.h describes.
///
//===----------------------------------------------------------------------===//
#include "HostMapping.h"
#include <cstdio>
#include <fstream>
#include <iterator>
#include <sstream>

namespace mcad::qemu {

std::vector<HostMapping> parseMaps(const std::string &Maps) {
  std::vector<HostMapping> All;
  std::istringstream Lines(Maps);
  for (std::string Line; std::getline(Lines, Line);) {
    unsigned long long Start = 0, End = 0, Offset = 0;
    int PathAt = 0;
    if (std::sscanf(Line.c_str(), "%llx-%llx %*s %llx %*s %*s %n", &Start, &End,
                    &Offset, &PathAt) != 3 ||
        PathAt == 0)
      continue;
    All.push_back(
        {Start, End, Offset, Line.substr(static_cast<size_t>(PathAt))});
  }
  return All;
}

std::string ownMaps() {
  std::ifstream File("/proc/self/maps", std::ios::binary);
  return {std::istreambuf_iterator<char>(File), {}};
}

} // namespace mcad::qemu
