//===- Report/BuildSurroundings.h - the report on caches and branches ---===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The part of BuildReport that adds up what was simulated around the core.
///
/// Tested by unittests/Report/BuildSurroundingsTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_REPORT_BUILDSURROUNDINGS_H
#define MCAD_REPORT_BUILDSURROUNDINGS_H

#include "Report/BuildReport.h"

namespace mcad {

/// \p R has Caches. \p Lost: of all streams.
SurroundingsReport
buildSurroundings(const TraceResults &R,
                  const std::array<uint64_t, NumCauses> &Lost);

} // namespace mcad

#endif // MCAD_REPORT_BUILDSURROUNDINGS_H
