//===- Qemu/Problem.h - what went wrong, in one line ----------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The relay's error value: one line for the user, lower case, no full stop, as
/// "what: where: how to mend". The relay links no LLVM, so no llvm::Error.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_QEMU_PROBLEM_H
#define MCAD_QEMU_PROBLEM_H

#include <string>
#include <variant>

namespace mcad::qemu {

struct [[nodiscard]] Problem {
  std::string Text;
};

/// A value, or why there is none.
template <typename T> using OrProblem = std::variant<T, Problem>;

} // namespace mcad::qemu

#endif // MCAD_QEMU_PROBLEM_H
