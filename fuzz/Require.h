//===- Require.h - what a fuzzer insists on -------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef MCAD_FUZZ_REQUIRE_H
#define MCAD_FUZZ_REQUIRE_H

#include <cstdlib>

/// Ends the run as a finding unless \p Holds.
inline void require(bool Holds) {
  if (!Holds)
    std::abort();
}

#endif // MCAD_FUZZ_REQUIRE_H
