//===- X86Bytes.h - instructions that tests are made of -------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef MCAD_UNITTESTS_CODE_X86BYTES_H
#define MCAD_UNITTESTS_CODE_X86BYTES_H

#include "DefineBlock.h"

namespace mcad::test {

inline const Bytes Nop{0x90}, Return{0xc3};

/// A relative branch of 5 bytes at \p From: 0xe8 is a call, 0xe9 a jump.
inline Bytes branch(uint8_t Opcode, GuestAddr From, GuestAddr To) {
  const auto Distance = static_cast<uint32_t>(To - From - 5);
  Bytes B{Opcode};
  for (unsigned Shift = 0; Shift != 32; Shift += 8)
    B.push_back(static_cast<uint8_t>(Distance >> Shift));
  return B;
}

} // namespace mcad::test

#endif // MCAD_UNITTESTS_CODE_X86BYTES_H
