//===- mcad/Completion.h - scripts that complete words -------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Writes shells' completion scripts from the commands and their options, so
/// that they say what the program does.
///
/// What an option takes is read from its value's description: choices are
/// written as "a|b", files "file", programs and libraries "path", CPUs "cpu".
///
/// Tested by test/FrontEnd/completion.test.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TOOLS_MCAD_COMPLETION_H
#define MCAD_TOOLS_MCAD_COMPLETION_H

#include "llvm/Support/raw_ostream.h"

namespace mcad {

void printBashCompletion(llvm::raw_ostream &OS);
void printZshCompletion(llvm::raw_ostream &OS);
void printFishCompletion(llvm::raw_ostream &OS);

} // namespace mcad

#endif // MCAD_TOOLS_MCAD_COMPLETION_H
