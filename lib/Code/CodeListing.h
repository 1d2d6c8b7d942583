//===- Code/CodeListing.h - the disassembly of a program's code ----------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Prints all blocks of a program as text, one instruction a line as
/// llvm-objdump prints it: address, bytes, instruction. For the user who wants
/// to see what was decoded, and for the test that holds it against llvm-objdump
/// (test/EndToEnd).
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_CODE_CODELISTING_H
#define MCAD_CODE_CODELISTING_H

#include "Code/Program.h"
#include "llvm/Support/raw_ostream.h"

namespace mcad {

/// Blocks in order of definition. The head of each names its address and, where
/// the architecture has several, its instruction set.
void printCode(const Program &P, unsigned AssemblerDialect,
               llvm::raw_ostream &OS);

} // namespace mcad

#endif // MCAD_CODE_CODELISTING_H
