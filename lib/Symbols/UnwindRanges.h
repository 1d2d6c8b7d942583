//===- Symbols/UnwindRanges.h - functions of files without symbols --------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A stripped file has no names of its local functions, but where each begins
/// and ends is still in its unwinding tables: .eh_frame, or on 32-bit ARM
/// .ARM.exidx, which merges neighbours that unwind alike.
///
/// Tested by unittests/Symbols/ObjectFunctionsTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_SYMBOLS_UNWINDRANGES_H
#define MCAD_SYMBOLS_UNWINDRANGES_H

#include "Symbols/ElfCode.h"

namespace mcad {

/// Half-open, the file's addresses.
struct CodeRange {
  GuestAddr Address = 0, End = 0;
};

/// By address, disjoint, none empty. None where the tables are damaged.
std::vector<CodeRange> unwindRanges(const ElfCode &Code);

} // namespace mcad

#endif // MCAD_SYMBOLS_UNWINDRANGES_H
