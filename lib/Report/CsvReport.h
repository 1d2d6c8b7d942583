//===- Report/CsvReport.h - instructions as a table -----------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The instructions of a report's profiles as comma-separated values (RFC 4180,
/// but lines end as Unix has them): a row per instruction, with its function,
/// image, address, source place, executions, cycles, and a column per cause.
///
/// Tested by unittests/Report/CsvReportTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_REPORT_CSVREPORT_H
#define MCAD_REPORT_CSVREPORT_H

#include "Report/Report.h"
#include "llvm/Support/raw_ostream.h"

namespace mcad {

void printCsv(const Report &R, llvm::raw_ostream &OS);

} // namespace mcad

#endif // MCAD_REPORT_CSVREPORT_H
