//===- Report/TextSections.h - the sections of the text report ------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The larger sections of the text report. Each begins with two empty lines and
/// prints nothing where there is nothing to say.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_REPORT_TEXTSECTIONS_H
#define MCAD_REPORT_TEXTSECTIONS_H

#include "Report/TextReport.h"

namespace mcad {

/// What is around the core: caches, branches, and where they hurt.
void printSurroundings(const TraceReport &T, bool IsTimed,
                       llvm::raw_ostream &OS);

/// Where the cycles went: causes, functions, source lines, blocks, regions.
void printProfile(const TraceReport &T, const Profile &P,
                  llvm::raw_ostream &OS);

/// The disassembly of the functions that \p Options name.
void printAnnotated(const TraceReport &T, const Profile &P,
                    const TextOptions &Options, llvm::raw_ostream &OS);

} // namespace mcad

#endif // MCAD_REPORT_TEXTSECTIONS_H
