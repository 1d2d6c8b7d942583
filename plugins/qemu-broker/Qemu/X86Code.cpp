//===- Qemu/X86Code.cpp - what the relay must know of x86 code ------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Prefixes, opcode, ModRM, displacement, immediate: X86Code.h's sources in
/// this order.
///
//===----------------------------------------------------------------------===//
#include "X86Code.h"

namespace mcad::qemu {

namespace {

/// Sizes of what an opcode may be followed by.
struct Shape {
  bool HasModRM = false;
  unsigned Immediate = 0; ///< Bytes.
};

/// What prefixes change.
struct Prefixes {
  size_t Bytes = 0;          ///< With REX.
  bool Operand16 = false;    ///< 66
  bool OtherAddress = false; ///< 67
  bool Wide = false;         ///< REX.W
  unsigned full() const { return Operand16 && !Wide ? 2 : 4; }
};

Shape oneByteShape(uint8_t Op, uint8_t Reg, const Prefixes &P, X86Mode Mode) {
  const unsigned Full = P.full();
  const bool Is64 = Mode == X86Mode::Bits64;
  if (Op < 0x40)
    return {(Op & 7) < 4, (Op & 7) == 4 ? 1u : (Op & 7) == 5 ? Full : 0u};
  if (Op >= 0x70 && Op < 0x80)
    return {false, 1};
  if (Op >= 0xb0 && Op < 0xb8)
    return {false, 1};
  if (Op >= 0xb8 && Op < 0xc0)
    return {false, P.Wide ? 8 : Full};
  if (Op >= 0xd8 && Op < 0xe0)
    return {true, 0};
  switch (Op) {
  case 0x62: // BOUND
  case 0x63: // ARPL, MOVSXD
  case 0x84:
  case 0x85:
  case 0x86:
  case 0x87:
  case 0x88:
  case 0x89:
  case 0x8a:
  case 0x8b:
  case 0x8c:
  case 0x8d:
  case 0x8e:
  case 0x8f:
  case 0xc4:
  case 0xc5: // LES, LDS
  case 0xd0:
  case 0xd1:
  case 0xd2:
  case 0xd3:
  case 0xfe:
  case 0xff:
    return {true, 0};
  case 0x6b:
  case 0x80:
  case 0x82:
  case 0x83:
  case 0xc0:
  case 0xc1:
  case 0xc6:
    return {true, 1};
  case 0x69:
  case 0x81:
  case 0xc7:
    return {true, Full};
  case 0xf6: // TEST has an immediate, its neighbours have none.
    return {true, Reg < 2 ? 1u : 0u};
  case 0xf7:
    return {true, Reg < 2 ? Full : 0u};
  case 0x6a:
  case 0xa8:
  case 0xcd:
  case 0xd4:
  case 0xd5:
  case 0xe0:
  case 0xe1:
  case 0xe2:
  case 0xe3:
  case 0xe4:
  case 0xe5:
  case 0xe6:
  case 0xe7:
  case 0xeb:
    return {false, 1};
  case 0xc2:
  case 0xca:
    return {false, 2};
  case 0xc8: // ENTER
    return {false, 3};
  case 0x68:
  case 0xa9:
  case 0xe8:
  case 0xe9:
    return {false, Full};
  case 0x9a:
  case 0xea: // Far pointers.
    return {false, Is64 ? 0 : Full + 2};
  case 0xa0:
  case 0xa1:
  case 0xa2:
  case 0xa3: // An absolute address.
    if (Is64)
      return {false, P.OtherAddress ? 4u : 8u};
    return {false, P.OtherAddress ? 2u : 4u};
  default:
    return {};
  }
}

/// The map behind 0F, also VEX's and EVEX's map 1.
Shape twoByteShape(uint8_t Op, const Prefixes &P, bool IsVector) {
  if (!IsVector) {
    if (Op >= 0x80 && Op < 0x90) // Jcc
      return {false, P.full()};
    if ((Op >= 0x30 && Op < 0x38) || (Op >= 0xc8 && Op < 0xd0))
      return {};
    switch (Op) {
    case 0x05:
    case 0x06:
    case 0x07:
    case 0x08:
    case 0x09:
    case 0x0b:
    case 0x0e:
    case 0xa0:
    case 0xa1:
    case 0xa2:
    case 0xa8:
    case 0xa9:
    case 0xaa:
      return {};
    case 0x0f: // 3DNow!: the opcode follows as an immediate.
    case 0xa4:
    case 0xac:
    case 0xba:
      return {true, 1};
    }
  }
  switch (Op) {
  case 0x77: // EMMS, VZEROUPPER
    return {};
  case 0x70:
  case 0x71:
  case 0x72:
  case 0x73:
  case 0xc2:
  case 0xc4:
  case 0xc5:
  case 0xc6:
    return {true, 1};
  default:
    return {true, 0};
  }
}

/// Maps by their number in VEX and EVEX: 1 is 0F, 2 is 0F38, 3 is 0F3A.
Shape mapShape(unsigned Map, uint8_t Op, const Prefixes &P, bool IsVector) {
  if (Map == 1)
    return twoByteShape(Op, P, IsVector);
  return {true, Map == 3 ? 1u : 0u};
}

/// Bytes of SIB and displacement behind \p ModRM.
unsigned addressBytes(uint8_t ModRM, uint8_t Sib, bool Is16Bit) {
  const unsigned Mod = ModRM >> 6, RM = ModRM & 7;
  if (Mod == 3)
    return 0;
  if (Is16Bit)
    return Mod == 0 ? (RM == 6 ? 2 : 0) : Mod;
  const unsigned SibBytes = RM == 4;
  const unsigned Base = SibBytes ? Sib & 7 : RM;
  if (Mod == 0)
    return SibBytes + (Base == 5 ? 4 : 0);
  return SibBytes + (Mod == 1 ? 1 : 4);
}

Prefixes prefixes(std::span<const uint8_t> Code, X86Mode Mode) {
  Prefixes P;
  for (; P.Bytes != Code.size(); ++P.Bytes) {
    const uint8_t Byte = Code[P.Bytes];
    if (Byte == 0x66)
      P.Operand16 = true;
    else if (Byte == 0x67)
      P.OtherAddress = true;
    else if (Byte != 0xf0 && Byte != 0xf2 && Byte != 0xf3 && Byte != 0x2e &&
             Byte != 0x36 && Byte != 0x3e && Byte != 0x26 && Byte != 0x64 &&
             Byte != 0x65)
      break;
  }
  if (Mode == X86Mode::Bits64 && P.Bytes != Code.size() &&
      (Code[P.Bytes] & 0xf0) == 0x40)
    P.Wide = Code[P.Bytes++] & 8;
  return P;
}

} // namespace

std::optional<size_t> x86Length(std::span<const uint8_t> Code, X86Mode Mode) {
  const bool Is64 = Mode == X86Mode::Bits64;
  const Prefixes P = prefixes(Code, Mode);
  size_t At = P.Bytes;
  auto has = [&](size_t Bytes) { return Code.size() - At >= Bytes; };
  if (!has(1))
    return std::nullopt;

  Shape S;
  uint8_t Op = Code[At++];
  // Outside 64-bit mode these are LES, LDS and BOUND unless the next byte could
  // not be their ModRM.
  const bool MayBeVector = Op == 0xc4 || Op == 0xc5 || Op == 0x62;
  if (MayBeVector && !has(1))
    return std::nullopt;
  if (MayBeVector && (Is64 || Code[At] >= 0xc0)) {
    const size_t Payload = Op == 0xc5 ? 1 : Op == 0xc4 ? 2 : 3;
    if (!has(Payload + 1))
      return std::nullopt;
    const unsigned Map = Op == 0xc5   ? 1
                         : Op == 0xc4 ? Code[At] & 31
                                      : Code[At] & 7;
    At += Payload;
    S = mapShape(Map, Code[At++], P, /*IsVector=*/true);
  } else if (Op == 0x0f) {
    if (!has(1))
      return std::nullopt;
    Op = Code[At++];
    if (Op == 0x38 || Op == 0x3a) {
      if (!has(1))
        return std::nullopt;
      ++At;
      S = mapShape(Op == 0x38 ? 2 : 3, 0, P, /*IsVector=*/false);
    } else {
      S = twoByteShape(Op, P, /*IsVector=*/false);
    }
  } else {
    S = oneByteShape(Op, 0, P, Mode);
    if (S.HasModRM) {
      if (!has(1))
        return std::nullopt;
      S = oneByteShape(Op, Code[At] >> 3 & 7, P, Mode);
    }
  }

  if (S.HasModRM) {
    if (!has(1))
      return std::nullopt;
    const uint8_t ModRM = Code[At++];
    const bool Is16Bit = !Is64 && P.OtherAddress;
    uint8_t Sib = 0;
    if (!Is16Bit && ModRM >> 6 != 3 && (ModRM & 7) == 4) {
      if (!has(1))
        return std::nullopt;
      Sib = Code[At];
    }
    At += addressBytes(ModRM, Sib, Is16Bit);
  }
  return At + S.Immediate;
}

LastAccess x86LastAccess(std::span<const uint8_t> Code, X86Mode Mode) {
  const std::span Rest = Code.subspan(prefixes(Code, Mode).Bytes);
  if (Rest.empty())
    return LastAccess::Unknown;
  if (Rest[0] == 0xc2 || Rest[0] == 0xc3) // RET
    return LastAccess::Load;
  if (Rest[0] != 0xff || Rest.size() == 1)
    return LastAccess::Unknown;
  const bool FromMemory = Rest[1] >> 6 != 3;
  switch (Rest[1] >> 3 & 7) {
  case 2: // CALL
    return LastAccess::Store;
  case 4: // JMP
    return FromMemory ? LastAccess::Load : LastAccess::None;
  default:
    return LastAccess::Unknown;
  }
}

} // namespace mcad::qemu
