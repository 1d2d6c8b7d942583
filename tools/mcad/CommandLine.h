//===- mcad/CommandLine.h - reads the words of a command -----------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// From words to options. What stands behind "--" is a program and its
/// arguments, and is never looked at; without "--", the program of a command
/// that takes one is the first word that is no option.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TOOLS_MCAD_COMMANDLINE_H
#define MCAD_TOOLS_MCAD_COMMANDLINE_H

#include "Command.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace mcad {

/// Exit statuses, where the guest's is not taken: those of env(1), which people
/// know from programs that run another.
enum ExitStatus : int {
  Success = 0,
  Failure = 1,         ///< Or a report that is not complete.
  CannotStart = 125,   ///< mcad itself failed before the program ran.
  NotExecutable = 126, ///< The program is there, but none that can be run.
  NotFound = 127,      ///< There is no such program.
};

/// Reads \p Words, and leaves options in their cl::opts. -help and -version
/// print and exit. Returns the program and its arguments; empty if there are
/// none.
llvm::Expected<std::vector<std::string>>
parseWords(const Command &C, llvm::ArrayRef<char *> Words);

/// Prints the one line of an error, the only place that does, and returns
/// \p Status.
int fail(llvm::Error E, int Status = Failure);

} // namespace mcad

#endif // MCAD_TOOLS_MCAD_COMMANDLINE_H
