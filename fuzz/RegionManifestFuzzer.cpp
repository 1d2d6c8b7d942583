//===- RegionManifestFuzzer.cpp - any text as regions to be told apart ----===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Any text is a manifest or is refused by its name. What is taken is at least
/// one region, and each keeps what RegionManifest.h says of it.
///
//===----------------------------------------------------------------------===//

#include "Attribution/RegionManifest.h"
#include "Require.h"

using namespace llvm;
using namespace mcad;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  const StringRef Text(reinterpret_cast<const char *>(Data), Size);
  Expected<std::vector<RegionRequest>> Regions =
      parseRegionManifest(Text, "fuzz");
  if (!Regions) {
    const std::string Why = toString(Regions.takeError());
    require(StringRef(Why).starts_with("fuzz:"));
    require(!StringRef(Why).contains('\n'));
    return 0;
  }
  require(!Regions->empty());
  for (const RegionRequest &R : *Regions) {
    require(!R.Description.empty());
    switch (R.Is) {
    case RegionRequest::By::Symbol:
      require(!R.Symbol.empty());
      break;
    case RegionRequest::By::Address:
      require(R.First < R.Last);
      break;
    case RegionRequest::By::Lines:
      require(!R.SourceFile.empty() && R.FirstLine &&
              R.FirstLine <= R.LastLine);
      break;
    }
  }
  return 0;
}
