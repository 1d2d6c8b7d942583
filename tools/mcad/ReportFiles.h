//===- mcad/ReportFiles.h - reports in files ------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Reports in files, as JSON.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TOOLS_MCAD_REPORTFILES_H
#define MCAD_TOOLS_MCAD_REPORTFILES_H

#include "Report/Report.h"
#include "llvm/Support/Error.h"

namespace mcad {

/// "-" is standard input.
llvm::Expected<Report> readReport(const std::string &Path);

} // namespace mcad

#endif // MCAD_TOOLS_MCAD_REPORTFILES_H
