//===- SymbolsFuzzer.cpp - any bytes as a file that code comes from -------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Any bytes that LLVM takes for an object file have sections, functions and
/// markers that keep what their headers say, whatever is damaged. Source lines
/// are SourceLinesFuzzer's.
///
//===----------------------------------------------------------------------===//

#include "ObjectInput.h"
#include "Require.h"
#include "Symbols/ObjectFunctions.h"
#include "Symbols/RegionMarkers.h"

using namespace llvm;
using namespace mcad;

/// PLT stubs are decoded; one target does for all that is damaged.
static const mcad::Target &x86() {
  static const std::unique_ptr<mcad::Target> T = [] {
    mcad::Target::initializeAll();
    TargetRequest Request;
    Request.Triple = "x86_64-linux-gnu";
    return cantFail(mcad::Target::create(Request));
  }();
  return *T;
}

/// No leaks are looked for: where LLVM's readers crash on a damaged file,
/// readGuarded() goes on and leaves what they had allocated as it is.
extern "C" const char *__asan_default_options() { return "detect_leaks=0"; }

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  const auto File = objectIn(Data, Size);
  if (!File)
    return 0;
  const ObjectFunctions Functions(*File, nullptr, x86());
  for (const ElfSection &S : Functions.code().Sections) {
    require(S.Address < S.End);
    if (!S.IsExecutable)
      continue;
    for (const GuestAddr A :
         {S.Address, S.Address + (S.End - S.Address) / 2, S.End - 1})
      if (const std::optional<uint32_t> Found = Functions.at(A)) {
        require(*Found < Functions.size());
        require(!Functions[*Found].name().empty());
      }
  }
  for (const RegionMarker &M : readMarkers(Functions.code()))
    require(M.Region.find('\0') == std::string::npos);
  return 0;
}
