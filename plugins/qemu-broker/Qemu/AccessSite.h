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
/// Before another block is executed the relay counts: such an instruction has
/// one access that is its last (X86Code.h).
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_QEMU_ACCESSSITE_H
#define MCAD_QEMU_ACCESSSITE_H

#include "mcad/Event.h"
#include <atomic>

namespace mcad::qemu {

class AccessSite {
  /// Bits 63..48: the tag, the first unit of an access event that is not wide;
  /// 47..32: of the block's id; 31..0: QEMU's number that the tag holds for.
  std::atomic<uint64_t> Known;

  /// Above all numbers that QEMU uses: none asked for yet.
  static constexpr uint32_t Never = 0xffffffff;
  static constexpr unsigned TagShift = 48, BlockShift = 32;

public:
  /// What sites keep of a block's id, at its place in the word: the same for
  /// two blocks only if a multiple of 65536 lies between their ids.
  static uint64_t blockMark(BlockId Id) {
    return uint64_t(static_cast<uint16_t>(index(Id))) << BlockShift;
  }

  explicit AccessSite(BlockId Block = {}, unsigned Instruction = 0) {
    reset(Block, Instruction);
  }

  void reset(BlockId Block, unsigned Instruction) {
    Known.store(uint64_t(event::AccessBit | Instruction) << TagShift |
                    blockMark(Block) | Never,
                std::memory_order_relaxed);
  }

  /// Keeps that \p How stands for \p Tag.
  void keep(uint32_t How, uint64_t Tag) {
    constexpr uint64_t BlockMask = uint64_t(0xffff) << BlockShift;
    Known.store(Tag << TagShift | (known() & BlockMask) | How,
                std::memory_order_relaxed);
  }

  /// What it keeps, to be looked at with the functions below.
  uint64_t known() const { return Known.load(std::memory_order_relaxed); }
  static bool isOf(uint64_t Word, uint64_t BlockMark) {
    return static_cast<uint16_t>((Word ^ BlockMark) >> BlockShift) == 0;
  }
  /// Whether it is of that block, and its tag holds for \p How.
  static bool holds(uint64_t Word, uint64_t BlockMark, uint32_t How) {
    return (Word ^ (BlockMark | How)) << (64 - TagShift) == 0;
  }
  static uint64_t tag(uint64_t Word) { return Word >> TagShift; }

  /// The tag of an access of another kind by the instruction of \p Tag.
  static uint64_t retag(uint64_t Tag, unsigned SizeShift, bool IsStore) {
    Tag &= event::AccessBit | event::HighBit | event::InstructionMask;
    Tag |= (SizeShift & event::SizeMask) << event::SizeShift;
    return IsStore ? Tag | event::StoreBit : Tag;
  }
};

} // namespace mcad::qemu

#endif // MCAD_QEMU_ACCESSSITE_H
