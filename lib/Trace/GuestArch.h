//===- mcad/Trace/GuestArch.h - QEMU's names of targets -------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What QEMU calls a guest's architecture ("arm", "ppc64le") against what LLVM
/// calls it in a triple ("armv7", "powerpc64le"): to refuse a guest that is not
/// what the user said, and to derive a triple where the user said none.
///
/// Tested by unittests/Trace/GuestArchTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TRACE_GUESTARCH_H
#define MCAD_TRACE_GUESTARCH_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/TargetParser/Triple.h"
#include <string>

namespace mcad {

/// LLVM's architecture for QEMU's name; UnknownArch if there is none.
llvm::Triple::ArchType archOfGuest(llvm::StringRef GuestArch);

/// A triple for a Linux guest of that architecture, or an error that asks for
/// -mtriple.
llvm::Expected<std::string> tripleOfGuest(llvm::StringRef GuestArch);

/// Refuses a guest that \p Triple does not describe; an empty \p Triple
/// describes any. Thumb triples describe ARM guests, since both are one CPU.
llvm::Error checkGuestArch(llvm::StringRef GuestArch, llvm::StringRef Triple);

} // namespace mcad

#endif // MCAD_TRACE_GUESTARCH_H
