//===- Symbols/RegionMarkers.h - what mcad/mcad.h leaves ------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The markers that a program's source sets with mcad/mcad.h: each is a `nop`
/// in the code, and a note that says where it is and what it means. Notes are
/// loaded, so that they survive strip(1).
///
/// Tested by unittests/Symbols/RegionMarkersTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_SYMBOLS_REGIONMARKERS_H
#define MCAD_SYMBOLS_REGIONMARKERS_H

#include "Symbols/ElfCode.h"
#include <string>

namespace mcad {

struct RegionMarker {
  std::string Region;    ///< Any bytes but NUL.
  GuestAddr Address = 0; ///< Of the `nop`, as the file numbers addresses.
  bool IsBegin = false;
};

/// Those of a file, in the order of its notes. What is no marker is skipped.
std::vector<RegionMarker> readMarkers(const ElfCode &Code);

} // namespace mcad

#endif // MCAD_SYMBOLS_REGIONMARKERS_H
