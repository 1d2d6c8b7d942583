//===- mcad/Architectures.h - the architectures that are tested ----------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The architectures that the project tests, as QEMU names them.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TOOLS_MCAD_ARCHITECTURES_H
#define MCAD_TOOLS_MCAD_ARCHITECTURES_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringExtras.h"

namespace mcad {

inline llvm::ArrayRef<llvm::StringLiteral> testedArchs() {
  static constexpr llvm::StringLiteral Archs[] = {"arm",  "aarch64", "x86_64",
                                                  "i386", "riscv64", "ppc64le"};
  return Archs;
}

/// "arm, aarch64, ...", for messages.
inline std::string testedArchNames() { return llvm::join(testedArchs(), ", "); }

} // namespace mcad

#endif // MCAD_TOOLS_MCAD_ARCHITECTURES_H
