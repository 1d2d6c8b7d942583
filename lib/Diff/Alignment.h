//===- Diff/Alignment.h - two sequences side by side ----------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Two sequences side by side: their longest common subsequence, by the
/// classic table (Hunt and McIlroy, "An Algorithm for Differential File
/// Comparison", 1976), behind what both begin and end with.
///
/// Tested by unittests/Diff/AlignmentTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_DIFF_ALIGNMENT_H
#define MCAD_DIFF_ALIGNMENT_H

#include "llvm/ADT/ArrayRef.h"
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace mcad {

/// A table of more entries than this is not made: then all between the common
/// beginning and the common end counts as changed. 32 MiB.
inline constexpr size_t MostAlignmentEntries = size_t(16) << 20;

/// The indices of elements that are the same on both sides, ascending.
std::vector<std::pair<uint32_t, uint32_t>>
alignSequences(llvm::ArrayRef<std::string> A, llvm::ArrayRef<std::string> B);

} // namespace mcad

#endif // MCAD_DIFF_ALIGNMENT_H
