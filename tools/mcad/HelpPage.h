//===- mcad/HelpPage.h - the help of a command ---------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What `mcad <command> --help` prints: how the command is used, its options as
/// LLVM's library prints them, examples, and exit statuses.
///
/// Tested by test/FrontEnd/help.test.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TOOLS_MCAD_HELPPAGE_H
#define MCAD_TOOLS_MCAD_HELPPAGE_H

#include "Command.h"

namespace mcad {

/// To standard output, which is where LLVM's library prints.
void printHelpPage(const Command &C);

} // namespace mcad

#endif // MCAD_TOOLS_MCAD_HELPPAGE_H
