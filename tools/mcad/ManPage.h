//===- mcad/ManPage.h - man pages ----------------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Writes man pages, in the man(7) language, from the commands and their
/// options, so that they say what the program does.
///
/// Tested by test/FrontEnd/man.test.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TOOLS_MCAD_MANPAGE_H
#define MCAD_TOOLS_MCAD_MANPAGE_H

#include "Command.h"
#include "llvm/Support/raw_ostream.h"

namespace mcad {

/// mcad(1).
void printMainManPage(llvm::raw_ostream &OS);
/// mcad-<command>(1).
void printManPage(const Command &C, llvm::raw_ostream &OS);

} // namespace mcad

#endif // MCAD_TOOLS_MCAD_MANPAGE_H
