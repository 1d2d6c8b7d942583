//===- mcad/Recording.h - a program that runs, into a trace file ---------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Keeps the trace of a program that has been started; for record, and for
/// sweep of a program.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TOOLS_MCAD_RECORDING_H
#define MCAD_TOOLS_MCAD_RECORDING_H

#include "TracedGuest.h"

namespace mcad {

/// Whether the trace is whole, which is said on standard error if it is not, or
/// unless \p IsQuiet, with \p Name in front. False without a word if the
/// program never began: its finish() knows why.
llvm::Expected<bool> record(TracedGuest &Guest, llvm::StringRef Path,
                            llvm::StringRef Name, bool IsQuiet);

} // namespace mcad

#endif // MCAD_TOOLS_MCAD_RECORDING_H
