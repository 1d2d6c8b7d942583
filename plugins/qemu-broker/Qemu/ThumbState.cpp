//===- Qemu/ThumbState.cpp - ARM or Thumb, without the CPU's word ---------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Decodes just enough of ARM's branches for ThumbState.h.
///
//===----------------------------------------------------------------------===//
#include "ThumbState.h"
#include "GuestPage.h"

using mcad::wire::InstructionSet;

namespace mcad::qemu {

static uint32_t halfword(std::span<const uint8_t> Bytes, size_t At) {
  return Bytes[At] | uint32_t(Bytes[At + 1]) << 8;
}

/// The low \p Bits of \p Value as a signed number.
static uint32_t signExtend(uint32_t Value, unsigned Bits) {
  const unsigned Unused = 32 - Bits;
  return static_cast<uint32_t>(static_cast<int32_t>(Value << Unused) >> Unused);
}

size_t thumbLength(std::span<const uint8_t> Bytes) {
  return halfword(Bytes, 0) < 0xe800 ? 2 : 4;
}

bool mayShowTooMuch(GuestAddr Address, std::span<const uint8_t> Sizes,
                    std::span<const uint8_t> Bytes) {
  return !Sizes.empty() && Sizes.back() >= 4 &&
         (Address + Bytes.size()) % GuestPageBytes == 0 &&
         Sizes.back() != thumbLength(Bytes.last(Sizes.back()));
}

InstructionSet provenByContent(GuestAddr Address,
                               std::span<const uint8_t> Sizes,
                               std::span<const uint8_t> Bytes) {
  if (Address % 4 == 2)
    return InstructionSet::Thumb;
  const bool LastIsDoubtful = mayShowTooMuch(Address, Sizes, Bytes);
  InstructionSet Proven = InstructionSet::Ambiguous;
  size_t At = 0;
  for (size_t I = 0; I != Sizes.size(); ++I) {
    if (Sizes[I] != 4) // 6: the page's end behind a 4-byte instruction.
      return InstructionSet::Thumb;
    const bool IsDoubtful = LastIsDoubtful && I + 1 == Sizes.size();
    if (!IsDoubtful && halfword(Bytes, At) < 0xe800)
      Proven = InstructionSet::Arm;
    At += Sizes[I];
  }
  return Proven;
}

InstructionSet provenByArrival(GuestAddr Address, const DirectExits &Previous) {
  // A block that branches to what lies behind it proves nothing if the two
  // ways disagree.
  const bool Fell = Previous.FallThrough == Address;
  const bool Jumped = Previous.Target == Address;
  if (Fell && Jumped && Previous.FallThroughSet != Previous.TargetSet)
    return InstructionSet::Ambiguous;
  if (Fell)
    return Previous.FallThroughSet;
  if (Jumped)
    return Previous.TargetSet;
  return Previous.Itself == Address ? Previous.Set : InstructionSet::Ambiguous;
}

/// Whether the ARM instruction \p Word, not B, BL or BLX with an immediate, may
/// write the PC.
static bool armWritesPC(uint32_t Word) {
  const uint32_t Rd = Word >> 12 & 15;
  if (Word >> 28 == 15) // Unconditional space: only RFE does.
    return (Word & 0x0e500000) == 0x08100000;
  switch (Word >> 25 & 7) {
  case 0:
    if ((Word & 0x0ff000f0) == 0x01200010 || // BX
        (Word & 0x0ff000f0) == 0x01200020 || // BXJ
        (Word & 0x0ff000f0) == 0x01200030)   // BLX
      return true;
    return Rd == 15;
  case 1:
    return Rd == 15;
  case 2:
  case 3: // Loads.
    return (Word & 1u << 20) && Rd == 15;
  case 4: // Load multiple.
    return (Word & 1u << 20) && (Word & 1u << 15);
  default:
    return false;
  }
}

static DirectExits armExits(uint32_t Address, uint32_t Word) {
  const uint32_t Offset = signExtend(Word << 2, 26);
  const bool Always = Word >> 28 >= 14;
  DirectExits Exits;
  if ((Word & 0xfe000000) == 0xfa000000) { // BLX with an immediate
    Exits.Target = Address + 8 + Offset + (Word >> 23 & 2);
    Exits.TargetSet = InstructionSet::Thumb;
    return Exits;
  }
  const bool IsBranch = (Word & 0x0e000000) == 0x0a000000; // B, BL
  if (IsBranch) {
    Exits.Target = Address + 8 + Offset;
    Exits.TargetSet = InstructionSet::Arm;
  }
  if (!Always || (!IsBranch && !armWritesPC(Word))) {
    Exits.FallThrough = Address + 4;
    Exits.FallThroughSet = InstructionSet::Arm;
  }
  return Exits;
}

/// Whether the 16-bit \p Half may write the PC other than by an immediate.
static bool thumbWritesPC(uint32_t Half) {
  return (Half & 0xff00) == 0x4700 || // BX, BLX
         (Half & 0xfd87) == 0x4487 || // ADD, MOV to the PC
         (Half & 0xff00) == 0xbd00;   // POP with the PC
}

/// The same for 32 bits.
static bool thumbWritesPC(uint32_t First, uint32_t Second) {
  const bool HasPC = Second & 0x8000;
  const uint32_t Multiple = First & 0xffd0;
  return ((Multiple == 0xe890 || Multiple == 0xe910) && HasPC) || // LDM
         Multiple == 0xe810 || Multiple == 0xe990 ||              // RFE
         ((First & 0xff70) == 0xf850 && Second >> 12 == 15) ||    // LDR
         ((First & 0xfff0) == 0xe8d0 &&
          (Second & 0xffe0) == 0xf000) ||         // TBB, TBH
         ((First & 0xfff0) == 0xf3c0 && HasPC) || // BXJ
         ((First & 0xffff) == 0xf3de && HasPC);   // SUBS PC, LR
}

static DirectExits thumbExits(uint32_t Address, uint32_t Half) {
  DirectExits Exits;
  if ((Half & 0xf000) == 0xd000 && (Half >> 8 & 15) < 14) // B<cond>
    Exits.Target = Address + 4 + signExtend(Half << 1, 9);
  else if ((Half & 0xf800) == 0xe000) // B
    Exits.Target = Address + 4 + signExtend(Half << 1, 12);
  else if ((Half & 0xf500) == 0xb100) // CBZ, CBNZ
    Exits.Target = Address + 4 + (Half >> 3 & 0x40) + (Half >> 2 & 0x3e);
  Exits.TargetSet = InstructionSet::Thumb;
  // A B without a condition falls through only in an IT block, which it ends.
  if (!thumbWritesPC(Half)) {
    Exits.FallThrough = Address + 2;
    Exits.FallThroughSet = InstructionSet::Thumb;
  }
  return Exits;
}

static DirectExits thumbExits(uint32_t Address, uint32_t First,
                              uint32_t Second) {
  DirectExits Exits;
  const uint32_t Sign = First >> 10 & 1;
  const uint32_t J1 = Second >> 13 & 1, J2 = Second >> 11 & 1;
  const uint32_t Far =
      signExtend(Sign << 24 | (J1 ^ Sign ^ 1) << 23 | (J2 ^ Sign ^ 1) << 22 |
                     (First & 0x3ff) << 12 | (Second & 0x7ff) << 1,
                 25);
  bool FallsThrough = !thumbWritesPC(First, Second);
  if ((First & 0xf800) == 0xf000) {
    switch (Second & 0xd000) {
    case 0xd000: // BL
    case 0x9000: // B.W
      Exits.Target = Address + 4 + Far;
      Exits.TargetSet = InstructionSet::Thumb;
      break;
    case 0xc000: // BLX
      Exits.Target = ((Address + 4) & ~3u) + Far;
      Exits.TargetSet = InstructionSet::Arm;
      break;
    case 0x8000: // B<cond>.W, or no branch at all
      if ((First >> 6 & 15) < 14) {
        Exits.Target =
            Address + 4 +
            signExtend(Sign << 20 | J2 << 19 | J1 << 18 | (First & 0x3f) << 12 |
                           (Second & 0x7ff) << 1,
                       21);
        Exits.TargetSet = InstructionSet::Thumb;
      }
      break;
    }
  }
  if (FallsThrough) {
    Exits.FallThrough = Address + 4;
    Exits.FallThroughSet = InstructionSet::Thumb;
  }
  return Exits;
}

DirectExits directExits(GuestAddr Address, InstructionSet Set,
                        std::span<const uint8_t> Sizes,
                        std::span<const uint8_t> Bytes) {
  if (Sizes.empty() || Bytes.size() < Sizes.back())
    return {};
  const size_t Last = Bytes.size() - Sizes.back();
  const auto Where = static_cast<uint32_t>(Address + Last);
  const uint32_t First = halfword(Bytes, Last);
  DirectExits Exits;
  bool LeadsAnywhere = true;
  if (Set == InstructionSet::Arm && Sizes.back() == 4) {
    const uint32_t Word = First | halfword(Bytes, Last + 2) << 16;
    Exits = armExits(Where, Word);
    LeadsAnywhere = armWritesPC(Word);
  } else if (Set == InstructionSet::Thumb && Sizes.back() == 4) {
    const uint32_t Second = halfword(Bytes, Last + 2);
    Exits = thumbExits(Where, First, Second);
    LeadsAnywhere = thumbWritesPC(First, Second);
  } else if (Set == InstructionSet::Thumb && Sizes.back() == 2) {
    Exits = thumbExits(Where, First);
    LeadsAnywhere = thumbWritesPC(First);
  }
  if (!LeadsAnywhere) {
    Exits.Itself = static_cast<uint32_t>(Address);
    Exits.Set = Set;
  }
  return Exits;
}

} // namespace mcad::qemu
