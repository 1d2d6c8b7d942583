//===- mcad/GuestProgram.h - the program that is to be run ---------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What an ELF file says of itself before it runs: for which of QEMU's targets
/// it is, and which libraries it wants.
///
/// Tested by test/FrontEnd/run-refusals.test.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TOOLS_MCAD_GUESTPROGRAM_H
#define MCAD_TOOLS_MCAD_GUESTPROGRAM_H

#include "llvm/Support/Error.h"
#include <string>

namespace mcad {

struct GuestProgram {
  std::string Word; ///< As the user named it: its argv[0].
  std::string Path; ///< Where it was found.
  std::string Arch; ///< QEMU's name: "arm", "x86_64".
  /// Of a dynamically linked program, the path of its loader; else empty.
  std::string Interpreter;

  /// A word without a slash is looked for in PATH, as a shell does. The error's
  /// code is no_such_file_or_directory if there is no such file.
  static llvm::Expected<GuestProgram> find(llvm::StringRef Word);

  /// Where QEMU is to look for the loader and libraries: \p Wanted, if it is
  /// not empty; nowhere, if the machine itself has the loader or there is none;
  /// else Debian's folder for the architecture, /usr/<triple>. An error if the
  /// loader is in none of them.
  llvm::Expected<std::string> sysroot(llvm::StringRef Wanted) const;
};

/// Debian's folder of libraries for one of QEMU's targets, whether it is there
/// or not; empty if Debian has none.
std::string debianSysroot(llvm::StringRef Arch);
/// And the package that it comes from; empty if there is none.
std::string debianLibraries(llvm::StringRef Arch);

} // namespace mcad

#endif // MCAD_TOOLS_MCAD_GUESTPROGRAM_H
