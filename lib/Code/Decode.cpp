//===- Code/Decode.cpp - one instruction from its bytes ------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Code/Decode.h"
#include "llvm/MC/MCInst.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace mcad {

/// Puts prefixes and instruction together as the assembler does, with the
/// prefixes among the instruction's flags.
static bool decodeX86(MCDisassembler &Disassembler, MCInst &Inst,
                      uint64_t &Size, ArrayRef<uint8_t> Bytes,
                      GuestAddr Address) {
  // X86::IPREFIXES of LLVM's X86BaseInfo.h, which is not installed; a test
  // compares them with what the disassembler gives.
  constexpr unsigned HasRepeatNe = 4, HasRepeat = 8, HasLock = 16;
  unsigned Flags = 0;
  uint64_t Prefixes = 0;
  while (true) {
    if (Disassembler.getInstruction(Inst, Size, Bytes.drop_front(Prefixes),
                                    Address + Prefixes,
                                    nulls()) == MCDisassembler::Fail)
      return false;
    const uint8_t First = Bytes[Prefixes];
    if (Size != 1 || Prefixes + 1 == Bytes.size() ||
        (First != 0xf0 && First != 0xf2 && First != 0xf3))
      break;
    Flags |= First == 0xf0 ? HasLock : First == 0xf2 ? HasRepeatNe : HasRepeat;
    ++Prefixes;
    Inst.clear();
  }
  Inst.setFlags(Inst.getFlags() | Flags);
  Size += Prefixes;
  return true;
}

bool decodeInstruction(const Target &T, MCDisassembler &Disassembler,
                       MCInst &Inst, uint64_t &Size, ArrayRef<uint8_t> Bytes,
                       GuestAddr Address) {
  if (T.triple().isX86())
    return decodeX86(Disassembler, Inst, Size, Bytes, Address);
  return Disassembler.getInstruction(Inst, Size, Bytes, Address, nulls()) !=
         MCDisassembler::Fail;
}

} // namespace mcad
