//===- Code/ThumbText.h - ARM or Thumb, decided by somebody else's disassembly
//===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Decides whether four bytes were executed as an ARM or as a Thumb instruction
/// by comparing another disassembler's text (QEMU's, which knows the CPU's
/// state) with LLVM's text for each. Used only for the few blocks where neither
/// the bytes nor the way there tell.
///
/// Tested by unittests/Code/ThumbTextTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_CODE_THUMBTEXT_H
#define MCAD_CODE_THUMBTEXT_H

#include "Target/Target.h"
#include "mcad/Execution.h"
#include "llvm/ADT/StringRef.h"

namespace mcad {

struct ThumbTextVerdict {
  DecodeMode Mode;
  /// False: the texts do not tell and Mode is a guess.
  bool Decided;
};

/// \p Bytes is one instruction at \p Address, \p Text the other disassembly.
ThumbTextVerdict decideByText(const Target &T, llvm::MCInstPrinter &Printer,
                              GuestAddr Address, llvm::ArrayRef<uint8_t> Bytes,
                              llvm::StringRef Text);

} // namespace mcad

#endif // MCAD_CODE_THUMBTEXT_H
