//===- mcad/DiffCommand.h - mcad diff -------------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// `mcad diff`: what changed between two reports that were written as JSON. The
/// exit status is 0, or 1 if a condition of --fail-if holds, or 2 for an error.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TOOLS_MCAD_DIFFCOMMAND_H
#define MCAD_TOOLS_MCAD_DIFFCOMMAND_H

namespace mcad {

/// Runs the command; \p Args are the words from "diff" on. The exit status.
int diffCommand(int NumArgs, char **Args);

} // namespace mcad

#endif // MCAD_TOOLS_MCAD_DIFFCOMMAND_H
