//===- Attribution/RegionManifest.h - which code is to be measured --------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A file in which the user says which parts of his program he wants to know
/// about: JSON, in docs/attribution.md. Either an object with the file and its
/// regions, or an array of regions (and of such objects):
///
///   {"file": "libfoo.so.1", "regions": [
///     {"symbol": "foo", "description": "all of foo"},
///     {"symbol": "foo", "offsets": [16, -8]},
///     {"lines": "foo.c:10-20"},
///     {"start": "0x10a8", "end": "0x10c0"}]}
///
/// Tested by unittests/Attribution/RegionManifestTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_ATTRIBUTION_REGIONMANIFEST_H
#define MCAD_ATTRIBUTION_REGIONMANIFEST_H

#include "mcad/Event.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <string>
#include <vector>

namespace mcad {

/// One region as it is asked for.
struct RegionRequest {
  enum class By : uint8_t { Symbol, Address, Lines };
  By Is = By::Symbol;
  std::string Description; ///< Never empty.
  /// A path or the end of one; empty: the main executable.
  std::string File;

  /// By symbol: from Begin bytes behind its start to End bytes behind its end.
  std::string Symbol;
  int64_t Begin = 0, End = 0;
  /// By address, as the file numbers addresses; half-open, First < Last.
  GuestAddr First = 0, Last = 0;
  /// By lines, both included, from 1.
  std::string SourceFile;
  uint32_t FirstLine = 0, LastLine = 0;
};

/// Reads \p Text, the content of \p Name. An error names line and column.
llvm::Expected<std::vector<RegionRequest>>
parseRegionManifest(llvm::StringRef Text, llvm::StringRef Name);

/// The same from a file.
llvm::Expected<std::vector<RegionRequest>>
readRegionManifest(llvm::StringRef Path);

} // namespace mcad

#endif // MCAD_ATTRIBUTION_REGIONMANIFEST_H
