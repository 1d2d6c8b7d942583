//===- Diff/MatchFunctions.h - the same function in two reports -----------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Which functions and blocks of two reports are the same; see Difference.h.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_DIFF_MATCHFUNCTIONS_H
#define MCAD_DIFF_MATCHFUNCTIONS_H

#include "Report/Report.h"

namespace mcad {

/// The functions of a report, those of all its traces together.
struct ComparedFunction {
  std::string Name, LinkName, Image;
  bool IsInMain = false; ///< In the main executable.
  GuestAddr Address = 0;
  uint64_t Calls = 0, Instructions = 0, InclusiveCycles = 0;
  CausedCycles Self = {};

  /// An instruction at an address.
  struct Row {
    GuestAddr Address = 0;
    std::string Text;
    std::string Key; ///< Text without addresses.
    uint64_t Executions = 0, Cycles = 0;
  };
  std::vector<Row> Code; ///< By address.

  struct Block {
    GuestAddr Address = 0;
    uint32_t NumInstructions = 0;
    std::string Key; ///< Of its instructions, a line each.
    uint64_t Executions = 0, Cycles = 0;
  };
  std::vector<Block> Blocks; ///< By address.
};

std::vector<ComparedFunction> comparedFunctions(const Report &R);

/// Indices into both; each occurs at most once.
std::vector<std::pair<uint32_t, uint32_t>>
matchFunctions(const std::vector<ComparedFunction> &Before,
               const std::vector<ComparedFunction> &After);

/// Likewise for the blocks of two functions.
std::vector<std::pair<uint32_t, uint32_t>>
matchBlocks(const ComparedFunction &Before, const ComparedFunction &After);

} // namespace mcad

#endif // MCAD_DIFF_MATCHFUNCTIONS_H
