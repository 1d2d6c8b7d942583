//===- Qemu/ThumbState.h - ARM or Thumb, without the CPU's word -----------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// QEMU 7.2 tells a plugin neither CPSR nor the state a block was translated
/// in, so it is inferred, from proofs only:
///
///   - the block itself: a 2-byte instruction, or an address that is 2 modulo
///     4, is Thumb; a 4-byte instruction whose first halfword is below 0xe800
///     would be two instructions in Thumb, so it is ARM (unless it ends a page,
///     where QEMU 7.2 shows two more bytes of Thumb code, see BlockReader.h);
///   - the block executed before it on the same thread, if it fell through or
///     branched directly to this one: B and BL keep the state, BLX with an
///     immediate switches it, and so the address proves the way. The same
///     address again, where it does not lead there, is QEMU's retranslation of
///     a block that it left before its end (an access of a device with
///     -icount), in the state that it had.
///
/// What neither proves stays Ambiguous.
///
/// Tested by unittests/Relay/ThumbStateTest.cpp. Source: Arm Architecture
/// Reference Manual ARMv7-A/R (DDI 0406C), A5, A6 and A8.8.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_QEMU_THUMBSTATE_H
#define MCAD_QEMU_THUMBSTATE_H

#include "mcad/Event.h"
#include "mcad_generated.h"
#include <optional>
#include <span>

namespace mcad::qemu {

/// Where a block can go whose state is known there.
struct DirectExits {
  /// The address behind the block, unless its end never falls through.
  std::optional<uint32_t> FallThrough;
  wire::InstructionSet FallThroughSet = wire::InstructionSet::Ambiguous;
  /// The target of a branch with an immediate.
  std::optional<uint32_t> Target;
  wire::InstructionSet TargetSet = wire::InstructionSet::Ambiguous;
  /// Its own address, unless its end may lead anywhere.
  std::optional<uint32_t> Itself;
  wire::InstructionSet Set = wire::InstructionSet::Ambiguous;
};

/// What a block's own bytes prove; else Ambiguous.
wire::InstructionSet provenByContent(GuestAddr Address,
                                     std::span<const uint8_t> Sizes,
                                     std::span<const uint8_t> Bytes);

/// Bytes of the Thumb instruction that \p Bytes begin with.
size_t thumbLength(std::span<const uint8_t> Bytes);

/// Whether the last instruction may have been shown with two bytes too many,
/// should the block be Thumb.
bool mayShowTooMuch(GuestAddr Address, std::span<const uint8_t> Sizes,
                    std::span<const uint8_t> Bytes);

/// What having come from \p Previous proves for the block at \p Address.
wire::InstructionSet provenByArrival(GuestAddr Address,
                                     const DirectExits &Previous);

/// The exits of a block in state \p Set; none if that is Ambiguous.
DirectExits directExits(GuestAddr Address, wire::InstructionSet Set,
                        std::span<const uint8_t> Sizes,
                        std::span<const uint8_t> Bytes);

} // namespace mcad::qemu

#endif // MCAD_QEMU_THUMBSTATE_H
