//===- SourceLinesFuzzer.cpp - any bytes as a file with debug information -===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Any bytes that LLVM takes for an object file answer where code was written,
/// and where the code of lines is, or do not; and they come to an end.
///
//===----------------------------------------------------------------------===//

#include "ObjectInput.h"
#include "Require.h"
#include "Symbols/SourceLines.h"

using namespace llvm;
using namespace mcad;

/// No leaks are looked for: where LLVM's readers crash on a damaged file,
/// SourceLines goes on and leaves what they had allocated as it is. Nor is it a
/// finding that they want more memory than there is: they crash of that too.
extern "C" const char *__asan_default_options() {
  return "detect_leaks=0:allocator_may_return_null=1";
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  const auto File = objectIn(Data, Size);
  if (!File)
    return 0;
  SourceLines Lines(*File);
  for (const object::SectionRef &S : File->sections())
    if (S.isText() && S.getSize())
      for (const GuestAddr A :
           {S.getAddress(), S.getAddress() + S.getSize() / 2}) {
        const std::vector<SourceFrame> Frames = Lines.at(A);
        require(Frames.empty() || !Lines.hasFailed());
      }
  for (const CodeSpan &Span : Lines.spansOf("seed.cpp", 1, 100))
    require(Span.Start < Span.End);
  return 0;
}
