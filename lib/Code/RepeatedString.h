//===- Code/RepeatedString.h - x86 string instructions with a repeat prefix
//===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Recognises x86 string instructions (movs, stos, lods, cmps, scas, ins, outs)
/// under a repeat prefix, in bytes. QEMU executes each iteration of one as an
/// execution of a block of its own, so that such an instruction is seen as many
/// times as it iterates: reports count it once, with its iterations beside it.
///
/// Source: Intel SDM vol. 2, section 2.1.1 (prefixes) and REP/REPE/REPNE.
/// Tested by unittests/Code/RepeatedStringTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_CODE_REPEATEDSTRING_H
#define MCAD_CODE_REPEATEDSTRING_H

#include "llvm/ADT/ArrayRef.h"
#include <cstdint>

namespace mcad {

/// Whether \p Bytes, one x86 instruction, is a string instruction with a repeat
/// prefix. \p Is64Bit: 64-bit mode, where 0x40 to 0x4f are prefixes.
inline bool isRepeatedString(llvm::ArrayRef<uint8_t> Bytes, bool Is64Bit) {
  bool Repeat = false;
  for (uint8_t Byte : Bytes) {
    switch (Byte) {
    case 0xf2: // repne
    case 0xf3: // rep, repe
      Repeat = true;
      continue;
    case 0x26:
    case 0x2e:
    case 0x36:
    case 0x3e: // segments
    case 0x64:
    case 0x65:
    case 0x66:
    case 0x67: // operand and address size
    case 0xf0: // lock
      continue;
    case 0xa4:
    case 0xa5: // movs
    case 0xa6:
    case 0xa7: // cmps
    case 0xaa:
    case 0xab: // stos
    case 0xac:
    case 0xad: // lods
    case 0xae:
    case 0xaf: // scas
    case 0x6c:
    case 0x6d: // ins
    case 0x6e:
    case 0x6f: // outs
      return Repeat;
    default:
      if (Is64Bit && (Byte & 0xf0) == 0x40)
        continue;
      return false;
    }
  }
  return false;
}

} // namespace mcad

#endif // MCAD_CODE_REPEATEDSTRING_H
