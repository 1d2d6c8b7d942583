//===- Symbols/GuardedReading.h - LLVM's readers on damaged files ---------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// LLVM's readers of DWARF crash on some damaged files, which a guest's may be.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_SYMBOLS_GUARDEDREADING_H
#define MCAD_SYMBOLS_GUARDEDREADING_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/CrashRecoveryContext.h"

namespace mcad {

/// Whether \p Read came to its end. If not, what it was at work on is in any
/// state, and not to be touched again: not even destroyed.
inline bool readGuarded(llvm::function_ref<void()> Read) {
  llvm::CrashRecoveryContext::Enable();
  llvm::CrashRecoveryContext Guard;
  return Guard.RunSafely(Read);
}

} // namespace mcad

#endif // MCAD_SYMBOLS_GUARDEDREADING_H
