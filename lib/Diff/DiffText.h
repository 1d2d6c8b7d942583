//===- Diff/DiffText.h - a difference for people --------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Renders a Difference as text: what was compared and why it may not quite
/// compare, totals, causes, functions, blocks, and code side by side.
///
/// Tested by unittests/Diff/DiffTextTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_DIFF_DIFFTEXT_H
#define MCAD_DIFF_DIFFTEXT_H

#include "Diff/Difference.h"
#include "llvm/Support/raw_ostream.h"

namespace mcad {

void printDifferenceText(const Difference &D, llvm::raw_ostream &OS);

} // namespace mcad

#endif // MCAD_DIFF_DIFFTEXT_H
