//===- Report/JsonReader.h - a report from JSON ---------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Reads back what JsonReport.h wrote, without loss: printed again it is the
/// same text. The file may be anybody's: what is not a report is refused by one
/// line that says where, indices are in range, and nesting is bounded.
///
/// Tested by unittests/Report/JsonReaderTest.cpp and fuzz/ReportFuzzer.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_REPORT_JSONREADER_H
#define MCAD_REPORT_JSONREADER_H

#include "Report/Report.h"
#include "llvm/Support/Error.h"

namespace mcad {

/// \p Name stands in front of what an error says; it is the file's.
llvm::Expected<Report> readJson(llvm::StringRef Text, llvm::StringRef Name);

} // namespace mcad

#endif // MCAD_REPORT_JSONREADER_H
