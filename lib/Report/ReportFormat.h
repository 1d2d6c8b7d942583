//===- Report/ReportFormat.h - the formats of a report -------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The one place that knows which formats there are: their names, the
/// extensions of their files, and who writes each.
///
/// Tested by unittests/Report/ReportFormatTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_REPORT_REPORTFORMAT_H
#define MCAD_REPORT_REPORTFORMAT_H

#include "Report/Report.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"

namespace mcad {

enum class ReportFormat : uint8_t { Text, Json };

/// By the name that users know it by: "text", "json".
std::optional<ReportFormat> reportFormat(llvm::StringRef Name);

/// By the extension of a file: "report.json". Text, if it says nothing else.
ReportFormat reportFormatOfFile(llvm::StringRef Path);

/// "text and json", for messages.
std::string reportFormatNames();

void writeReport(ReportFormat Format, const Report &R, llvm::raw_ostream &OS);

} // namespace mcad

#endif // MCAD_REPORT_REPORTFORMAT_H
