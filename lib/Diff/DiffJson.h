//===- Diff/DiffJson.h - a difference for programs ------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Renders a Difference as JSON; docs/report.md documents it.
///
/// Tested by unittests/Diff/DiffJsonTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_DIFF_DIFFJSON_H
#define MCAD_DIFF_DIFFJSON_H

#include "Diff/Difference.h"
#include "llvm/Support/raw_ostream.h"

namespace mcad {

/// Of the JSON form. Grows when a consumer could notice.
///   1  first version
inline constexpr unsigned DifferenceSchemaVersion = 1;

void printDifferenceJson(const Difference &D, llvm::raw_ostream &OS);

} // namespace mcad

#endif // MCAD_DIFF_DIFFJSON_H
