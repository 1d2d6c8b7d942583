//===- mcad/ReportFiles.h - reports in files ------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Reports read from files and written to files, and the parsing of a command
/// that works on them.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TOOLS_MCAD_REPORTFILES_H
#define MCAD_TOOLS_MCAD_REPORTFILES_H

#include "Report/Report.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace mcad {

/// Parses \p Args, the words from the command's name on, as the options of
/// \p Command. An error is one line.
llvm::Error parseCommand(llvm::cl::SubCommand &Command, int NumArgs,
                         char **Args, llvm::StringRef Overview);

/// "-" is standard input.
llvm::Expected<Report> readReport(const std::string &Path);

/// Has \p Write fill the file, "-" is standard output. If \p Write fails, a
/// file that was not there before is not there after.
llvm::Error
writeFile(const std::string &Path,
          llvm::function_ref<llvm::Error(llvm::raw_ostream &)> Write);

} // namespace mcad

#endif // MCAD_TOOLS_MCAD_REPORTFILES_H
