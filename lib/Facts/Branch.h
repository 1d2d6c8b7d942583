//===- Facts/Branch.h - what kind of branch an instruction is -----------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Tells from a decoded instruction how a core's front end would see it: the
/// flags of LLVM's descriptions, and what they leave out. RISC-V has one
/// instruction for jump, call and return (the roles of x1 and x5 are the ISA
/// manual's hints, volume 1, section 2.5.1); 32-bit ARM returns by loading or
/// moving to the PC, and each such instruction may be conditional.
///
/// Tested by unittests/Facts/BranchTest.cpp, in assembly of each architecture.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_FACTS_BRANCH_H
#define MCAD_FACTS_BRANCH_H

#include "Code/Program.h"

namespace mcad {

enum class BranchKind : uint8_t { None, Jump, Call, Return };

struct Branch {
  BranchKind Kind = BranchKind::None;
  bool IsConditional = false;
  bool IsDirect = false; ///< The target is in the instruction.
  GuestAddr Target = 0;  ///< If direct.
};

/// What \p I, of \p P, is. Undecoded bytes are no branch.
Branch classifyBranch(const Program &P, const CodeInstruction &I);

} // namespace mcad

#endif // MCAD_FACTS_BRANCH_H
