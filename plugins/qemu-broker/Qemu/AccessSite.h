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
/// execute one block at once, so these live in one atomic word: whichever is
/// read, they belong together.
///
/// It also keeps which block it is of: QEMU 7.2 leaves the callback of an
/// instruction that ends its block through a helper (x86's `ret`) in force, and
/// calls it for accesses of its own, when a signal's frame is written or read.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_QEMU_ACCESSSITE_H
#define MCAD_QEMU_ACCESSSITE_H

#include "mcad/Event.h"
#include <atomic>

namespace mcad::qemu {

class AccessSite {
  /// Bits 63..48: of the block's id; 47..32: the tag, the first unit of an
  /// access event that is not wide; 31..0: QEMU's number that it holds for.
  std::atomic<uint64_t> Known;

  /// Above all numbers that QEMU uses: none asked for yet.
  static constexpr uint32_t Never = 0xffffffff;

public:
  /// Of a block's id, what sites keep: the same for two blocks only if a
  /// multiple of 65536 lies between them.
  static uint16_t blockMark(BlockId Id) {
    return static_cast<uint16_t>(index(Id));
  }

  explicit AccessSite(BlockId Block = {}, unsigned Instruction = 0) {
    reset(Block, Instruction);
  }

  void reset(BlockId Block, unsigned Instruction) {
    Known.store(uint64_t(blockMark(Block)) << 48 |
                    uint64_t(event::AccessBit | Instruction) << 32 | Never,
                std::memory_order_relaxed);
  }

  /// Keeps that \p How stands for \p Tag.
  void keep(uint32_t How, uint64_t Tag) {
    Known.store((known() & uint64_t(0xffff) << 48) | Tag << 32 | How,
                std::memory_order_relaxed);
  }

  /// What it keeps, to be looked at with the functions below.
  uint64_t known() const { return Known.load(std::memory_order_relaxed); }
  static bool holds(uint64_t Word, uint32_t How) {
    return static_cast<uint32_t>(Word) == How;
  }
  static uint64_t tag(uint64_t Word) {
    return static_cast<uint16_t>(Word >> 32);
  }
  static bool isOf(uint64_t Word, uint16_t BlockMark) {
    return Word >> 48 == BlockMark;
  }

  /// The tag of an access of another kind by the instruction of \p Tag.
  static uint64_t retag(uint64_t Tag, unsigned SizeShift, bool IsStore) {
    Tag &= event::AccessBit | event::HighBit | event::InstructionMask;
    Tag |= (SizeShift & event::SizeMask) << event::SizeShift;
    return IsStore ? Tag | event::StoreBit : Tag;
  }
};

} // namespace mcad::qemu

#endif // MCAD_QEMU_ACCESSSITE_H
