//===- Symbols/PltStubs.h - the stubs that call other files' functions ----===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A stub of the procedure linkage table jumps to where a word of the global
/// offset table says; the dynamic linker's relocation of that word has the name
/// of the function. So the stubs are decoded for the word's address: by LLVM
/// for x86 and AArch64, here for ARM and RISC-V. On ppc64le stubs are code like
/// any other, and the linker leaves symbols for them:
/// 00000050.plt_call.memcpy@@GLIBC_2.17.
///
/// Sources: the psABI of RISC-V, "Procedure Linkage Table"; the Arm ARM,
/// "Modified immediate constants"; what GNU ld and lld write.
///
/// Tested by unittests/Symbols/ObjectFunctionsTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_SYMBOLS_PLTSTUBS_H
#define MCAD_SYMBOLS_PLTSTUBS_H

#include "Symbols/ElfCode.h"
#include "Target/Target.h"

namespace mcad {

struct PltStub {
  GuestAddr Address = 0, End = 0; ///< Half-open, as the file has it.
  llvm::StringRef Callee;         ///< Never empty.
};

/// The stubs of \p Code for which there is a name, by address. \p T decodes.
std::vector<PltStub> findPltStubs(const ElfCode &Code, const Target &T);

/// The function that the stub with the symbol \p Name calls, on ppc64le; empty
/// if it is no stub's.
llvm::StringRef calleeOfPowerStub(llvm::StringRef Name);

/// Whether the section \p Name holds stubs.
bool isPltSection(llvm::StringRef Name);

} // namespace mcad

#endif // MCAD_SYMBOLS_PLTSTUBS_H
