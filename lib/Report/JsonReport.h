//===- Report/JsonReport.h - a report for programs -----------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Renders a Report as JSON, losslessly: JsonReader.h reads it back.
/// docs/report.md documents each member, docs/report.schema.json is its JSON
/// Schema; "schemaVersion" is ReportSchemaVersion. Strings that are not UTF-8
/// have the offending bytes replaced. Everything that differs from run to run
/// of the same trace stands under "runTime".
///
/// Tested by unittests/Report/JsonReportTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_REPORT_JSONREPORT_H
#define MCAD_REPORT_JSONREPORT_H

#include "Report/Report.h"
#include "llvm/Support/raw_ostream.h"

namespace mcad {

void printJson(const Report &R, llvm::raw_ostream &OS);

} // namespace mcad

#endif // MCAD_REPORT_JSONREPORT_H
