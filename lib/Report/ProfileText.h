//===- Report/ProfileText.h - a profile's rows for people -----------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What the tables of a profile's text are made of.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_REPORT_PROFILETEXT_H
#define MCAD_REPORT_PROFILETEXT_H

#include "Report/ProfileIndex.h"
#include "llvm/ADT/STLExtras.h"
#include <numeric>

namespace mcad {

/// Rows of each table of the costliest, and how wide its names may be.
inline constexpr size_t TopRows = 10, NameColumns = 60;

/// 0 to \p Size - 1 by what \p CyclesOf says, the most first; without those of
/// none.
template <typename Function>
std::vector<uint32_t> costliest(size_t Size, Function CyclesOf) {
  std::vector<uint32_t> Order(Size);
  std::iota(Order.begin(), Order.end(), uint32_t(0));
  llvm::erase_if(Order, [&](uint32_t I) { return CyclesOf(I) == 0; });
  llvm::stable_sort(
      Order, [&](uint32_t A, uint32_t B) { return CyclesOf(A) > CyclesOf(B); });
  return Order;
}

/// "1.25", or "-" if there was none.
std::string perExecution(uint64_t Cycles, uint64_t Executions);

/// "memory", or "-" if there are no cycles.
std::string mainCauseName(const CausedCycles &Cycles);

/// "f(int) (libc.so)"
std::string functionText(const Profile &P, uint32_t Function);

} // namespace mcad

#endif // MCAD_REPORT_PROFILETEXT_H
