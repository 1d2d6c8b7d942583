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
/// for. Several vCPUs execute one block at once, so the two live in one atomic
/// word: whichever is read, they belong together.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_QEMU_ACCESSSITE_H
#define MCAD_QEMU_ACCESSSITE_H

#include "mcad/Event.h"
#include <atomic>

namespace mcad::qemu {

class AccessSite {
  /// High half: the tag, bits 13..0 of an access event. Low half: QEMU's number
  /// that it holds for.
  std::atomic<uint64_t> Known;

  /// Above all numbers that QEMU uses: none asked for yet.
  static constexpr uint32_t Never = 0xffffffff;

public:
  explicit AccessSite(unsigned Instruction = 0) { reset(Instruction); }

  void reset(unsigned Instruction) {
    Known.store(uint64_t(Instruction) << 32 | Never, std::memory_order_relaxed);
  }

  /// The tag of an access made in the way \p How; \p AskSizeShift and
  /// \p AskIsStore are only called if that is new here.
  template <typename SizeShiftOf, typename IsStoreOf>
  uint64_t tag(uint32_t How, SizeShiftOf AskSizeShift, IsStoreOf AskIsStore) {
    uint64_t Word = Known.load(std::memory_order_relaxed);
    if (static_cast<uint32_t>(Word) != How) [[unlikely]] {
      uint64_t Tag = Word >> 32 & event::InstructionMask;
      Tag |= (AskSizeShift(How) & event::SizeMask) << event::SizeShift;
      if (AskIsStore(How))
        Tag |= event::StoreBit;
      Word = Tag << 32 | How;
      Known.store(Word, std::memory_order_relaxed);
    }
    return Word >> 32;
  }
};

} // namespace mcad::qemu

#endif // MCAD_QEMU_ACCESSSITE_H
