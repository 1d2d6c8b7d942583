//===- mcad/TraceCommand.h - mcad trace -----------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// `mcad trace check|dump|assemble`: look at recorded traces.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TOOLS_MCAD_TRACECOMMAND_H
#define MCAD_TOOLS_MCAD_TRACECOMMAND_H

namespace mcad {

/// Runs the command; \p Args are the words from "trace" on. The exit status.
int traceCommand(int NumArgs, char **Args);

} // namespace mcad

#endif // MCAD_TOOLS_MCAD_TRACECOMMAND_H
