//===- Diff/Alignment.cpp - two sequences side by side --------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Diff/Alignment.h"
#include <algorithm>

using namespace llvm;

namespace mcad {

using Pairs = std::vector<std::pair<uint32_t, uint32_t>>;

/// The pairs of a longest common subsequence of \p A and \p B, counted from
/// \p First, behind those of \p Result.
static void alignMiddle(ArrayRef<std::string> A, ArrayRef<std::string> B,
                        uint32_t First, Pairs &Result) {
  const size_t Columns = B.size() + 1;
  // Lengths are kept in 16 bits.
  if (A.empty() || B.empty() ||
      (A.size() + 1) > MostAlignmentEntries / Columns ||
      std::min(A.size(), B.size()) > UINT16_MAX)
    return;
  // Of the suffixes from I and J on.
  std::vector<uint16_t> Length((A.size() + 1) * Columns);
  auto at = [&](size_t I, size_t J) -> uint16_t & {
    return Length[I * Columns + J];
  };
  for (size_t I = A.size(); I--;)
    for (size_t J = B.size(); J--;)
      at(I, J) = A[I] == B[J] ? static_cast<uint16_t>(at(I + 1, J + 1) + 1)
                              : std::max(at(I + 1, J), at(I, J + 1));
  for (size_t I = 0, J = 0; I != A.size() && J != B.size();) {
    if (A[I] == B[J]) {
      Result.emplace_back(First + I++, First + J++);
      continue;
    }
    if (at(I + 1, J) >= at(I, J + 1))
      ++I;
    else
      ++J;
  }
}

Pairs alignSequences(ArrayRef<std::string> A, ArrayRef<std::string> B) {
  const size_t Most = std::min(A.size(), B.size());
  size_t Front = 0, Back = 0;
  while (Front != Most && A[Front] == B[Front])
    ++Front;
  while (Back != Most - Front &&
         A[A.size() - 1 - Back] == B[B.size() - 1 - Back])
    ++Back;
  Pairs Result;
  for (uint32_t I = 0; I != Front; ++I)
    Result.emplace_back(I, I);
  alignMiddle(A.slice(Front, A.size() - Front - Back),
              B.slice(Front, B.size() - Front - Back),
              static_cast<uint32_t>(Front), Result);
  for (size_t I = Back; I; --I)
    Result.emplace_back(A.size() - I, B.size() - I);
  return Result;
}

} // namespace mcad
