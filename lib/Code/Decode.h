//===- Code/Decode.h - one instruction from its bytes --------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Decodes one instruction as LLVM's disassembler does, except that an x86 lock
/// or repeat prefix belongs to the instruction behind it: LLVM's disassembler
/// takes such a prefix for an instruction of its own where it comes first, its
/// assembler and QEMU do not.
///
/// Tested by unittests/Code/ProgramTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_CODE_DECODE_H
#define MCAD_CODE_DECODE_H

#include "Target/Target.h"
#include "mcad/Execution.h"

namespace mcad {

/// Decodes the instruction that \p Bytes begin with into \p Inst, and how many
/// bytes it has into \p Size. False if they begin with none; both are then
/// meaningless. \p Disassembler is one of \p T's.
bool decodeInstruction(const Target &T, llvm::MCDisassembler &Disassembler,
                       llvm::MCInst &Inst, uint64_t &Size,
                       llvm::ArrayRef<uint8_t> Bytes, GuestAddr Address);

} // namespace mcad

#endif // MCAD_CODE_DECODE_H
