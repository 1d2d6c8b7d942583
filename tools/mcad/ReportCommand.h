//===- mcad/ReportCommand.h - mcad report ---------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// `mcad report`: a report that was written as JSON, in any format.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TOOLS_MCAD_REPORTCOMMAND_H
#define MCAD_TOOLS_MCAD_REPORTCOMMAND_H

namespace mcad {

/// Runs the command; \p Args are the words from "report" on. The exit status.
int reportCommand(int NumArgs, char **Args);

} // namespace mcad

#endif // MCAD_TOOLS_MCAD_REPORTCOMMAND_H
