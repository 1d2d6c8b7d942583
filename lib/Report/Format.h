//===- Report/Format.h - a report in any form -----------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Every form that a Report can be written in, by name. A form that a report
/// has no data for is refused.
///
/// Tested by unittests/Report/FormatTest.cpp and, form by form, beside it.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_REPORT_FORMAT_H
#define MCAD_REPORT_FORMAT_H

#include "Report/Report.h"
#include "Report/TextReport.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace mcad {

enum class ReportFormat : uint8_t {
  Text,
  Json,
  Csv,        ///< CsvReport.h
  Callgrind,  ///< CallgrindReport.h
  Folded,     ///< StackReport.h
  Speedscope, ///< StackReport.h
  Perfetto,   ///< PerfettoReport.h
  O3PipeView, ///< O3PipeViewReport.h
};

/// As users write it: "text", "json", ...
std::optional<ReportFormat> formatFromName(llvm::StringRef Name);
llvm::StringRef formatName(ReportFormat Format);
/// All names: "text, json, ... or o3pipeview".
std::string formatNames();

/// By the ending of a file's name: "x.csv", "x.speedscope.json", or
/// "callgrind.out.x".
std::optional<ReportFormat> formatFromExtension(llvm::StringRef Path);

/// Writes \p R, or nothing and an error if there is nothing to write: no
/// profile, or no timeline. \p Options are for text.
llvm::Error printReport(ReportFormat Format, const Report &R,
                        llvm::raw_ostream &OS, const TextOptions &Options = {});

} // namespace mcad

#endif // MCAD_REPORT_FORMAT_H
