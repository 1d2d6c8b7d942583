//===- Report/StackReport.h - call stacks for flame graphs ----------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The calling contexts of a report's profiles for flame graphs.
///
/// Folded: a line per stack with cycles of its own, "stream0;main;f 12", as
/// Brendan Gregg's flamegraph.pl takes them
/// (https://github.com/brendangregg/FlameGraph). A semicolon in a name becomes
/// a colon, a control character a space.
///
/// Speedscope: its own JSON (https://github.com/jlfwong/speedscope/wiki/
/// Importing-from-custom-sources): a profile of type "sampled" per stream,
/// whose weights are cycles; frames are shared.
///
/// With several traces each stack begins with its trace, counted from 0.
///
/// Tested by unittests/Report/StackReportTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_REPORT_STACKREPORT_H
#define MCAD_REPORT_STACKREPORT_H

#include "Report/Report.h"
#include "llvm/Support/raw_ostream.h"

namespace mcad {

void printFolded(const Report &R, llvm::raw_ostream &OS);
void printSpeedscope(const Report &R, llvm::raw_ostream &OS);

} // namespace mcad

#endif // MCAD_REPORT_STACKREPORT_H
