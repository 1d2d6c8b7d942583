//===- Report/TextReport.h - a report for people -------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Renders a Report as text: llvm-mca's words and layout wherever it has the
/// thing, so that whoever knows llvm-mca can read it. A listing (assembly,
/// bytes) comes out as llvm-mca would print it; a run of a program starts with
/// whether the report is complete.
///
/// Tested by unittests/Report/TextReportTest.cpp and test/.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_REPORT_TEXTREPORT_H
#define MCAD_REPORT_TEXTREPORT_H

#include "Report/Report.h"
#include "llvm/Support/raw_ostream.h"

namespace mcad {

struct TextOptions {
  /// Functions whose disassembly is shown with the cycles of each instruction,
  /// by their name, with or without its parameters, or link name.
  std::vector<std::string> Annotate;
  /// The same for those that cost most.
  bool AnnotateHottest = false;
};

void printText(const Report &R, llvm::raw_ostream &OS,
               const TextOptions &Options = {});

} // namespace mcad

#endif // MCAD_REPORT_TEXTREPORT_H
