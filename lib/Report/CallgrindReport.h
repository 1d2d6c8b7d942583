//===- Report/CallgrindReport.h - for KCachegrind -------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A report's profiles in the profile data format of Valgrind's callgrind
/// (https://valgrind.org/docs/manual/cl-format.html), for KCachegrind and
/// callgrind_annotate. Positions are instruction and line, events are Ir
/// (instructions executed) and Cycles (simulated). Causes are left out: a call
/// must give every event of what it called, and calls have no causes.
///
/// Names are compressed. Files of inlined code are told apart by fi= and fe=.
/// Costs of several traces add up, function by function.
///
/// Tested by unittests/Report/CallgrindReportTest.cpp and, with
/// callgrind_annotate, test/Report/callgrind.test.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_REPORT_CALLGRINDREPORT_H
#define MCAD_REPORT_CALLGRINDREPORT_H

#include "Report/Report.h"
#include "llvm/Support/raw_ostream.h"

namespace mcad {

void printCallgrind(const Report &R, llvm::raw_ostream &OS);

} // namespace mcad

#endif // MCAD_REPORT_CALLGRINDREPORT_H
