//===- Qemu/AccessSite.h - what is known of an instruction's accesses -----===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The user data of a memory callback: one per instruction of a block.
///
/// Size and direction of an access are QEMU's opaque 32-bit number; asking for
/// them costs two calls into QEMU. An instruction nearly always accesses memory
/// the same way, so its site keeps the last number with the tag that it stands
/// for, and which of the stream's high halves the address had. Several vCPUs
/// execute one block at once, so the two live in one atomic word: whichever is
/// read, they belong together.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_QEMU_ACCESSSITE_H
#define MCAD_QEMU_ACCESSSITE_H

#include "mcad/Event.h"
#include <atomic>

namespace mcad::qemu {

class AccessSite {
  /// High half: the tag, the first unit of an access event that is not wide.
  /// Low half: QEMU's number that it holds for.
  std::atomic<uint64_t> Known;

  /// Above all numbers that QEMU uses: none asked for yet.
  static constexpr uint32_t Never = 0xffffffff;

public:
  explicit AccessSite(unsigned Instruction = 0) { reset(Instruction); }

  void reset(unsigned Instruction) {
    keep(Never, event::AccessBit | Instruction);
  }

  /// Keeps that \p How stands for \p Tag.
  void keep(uint32_t How, uint64_t Tag) {
    Known.store(Tag << 32 | How, std::memory_order_relaxed);
  }

  /// The tag and the number that it holds for, to be looked at with the two
  /// functions below.
  uint64_t known() const { return Known.load(std::memory_order_relaxed); }
  static bool holds(uint64_t Word, uint32_t How) {
    return static_cast<uint32_t>(Word) == How;
  }
  static uint64_t tag(uint64_t Word) { return Word >> 32; }

  /// The tag of an access of another kind by the instruction of \p Tag.
  static uint64_t retag(uint64_t Tag, unsigned SizeShift, bool IsStore) {
    Tag &= event::AccessBit | event::HighBit | event::InstructionMask;
    Tag |= (SizeShift & event::SizeMask) << event::SizeShift;
    return IsStore ? Tag | event::StoreBit : Tag;
  }
};

} // namespace mcad::qemu

#endif // MCAD_QEMU_ACCESSSITE_H
