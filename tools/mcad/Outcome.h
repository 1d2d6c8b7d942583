//===- mcad/Outcome.h - what all commands do at their end ----------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The end of a command that runs a program: the exit status.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TOOLS_MCAD_OUTCOME_H
#define MCAD_TOOLS_MCAD_OUTCOME_H

#include "CommandLine.h"
#include "TracedGuest.h"

namespace mcad {

/// Waits for \p Guest's end. The exit status, if there is one: the guest's, or
/// if that is 0, \p Own; a guest that a signal ended takes mcad with it.
int endWith(TracedGuest &Guest, int Own);

/// Prints the error of what kept a program from being started; the status says
/// which kind it is.
int failToStart(llvm::Error E);

} // namespace mcad

#endif // MCAD_TOOLS_MCAD_OUTCOME_H
