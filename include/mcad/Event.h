//===- mcad/Event.h - the units an execution is recorded in ---------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The ids of blocks and streams, and the bits of what is executed: a run, if
/// only blocks are recorded, or events, if their memory accesses are too. Free
/// of LLVM, so that the relay, which runs inside QEMU, writes what
/// mcad/Execution.h reads.
///
/// A run is a vector of 16-bit units. A block id below 2^15 is one unit; a
/// larger one, up to 2^31 - 1, is two: bits 30..16 with bit 15 of the unit set,
/// then bits 15..0. Blocks are numbered as they are first translated, so those
/// of all but the largest programs take one unit: half of what is copied, sent
/// and read for a plain vector of ids, and never more than it.
///
/// An event is one 64-bit word:
///
///   block    bit 15 = 1   bits 63..32 block id; bits 31..16 and 14..0 zero
///   access   bit 15 = 0   bits 63..16 address, sign-extended from 48 bits
///                         bit 14      wide: the next word is the address,
///                                     and bits 63..16 are zero
///                         bit 13      store (else load)
///                         bits 12..10 log2 of the size in bytes, 1 to 128
///                         bits 9..0   index of the instruction in its block
///
/// An access belongs to the last block event before it. One word per access
/// beats separate vectors of address, size and direction: nothing can get out
/// of step, and the writer in QEMU is one store.
///
/// Tested by unittests/Trace/ExecutionTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_EVENT_H
#define MCAD_EVENT_H

#include <cstdint>

namespace mcad {

/// An address in the guest.
using GuestAddr = uint64_t;

/// A block of straight-line guest code, dense per trace: 0, 1, 2, ...
enum class BlockId : uint32_t {};

/// A guest thread (or vCPU) in a trace, dense per trace: 0, 1, 2, ...
enum class StreamId : uint32_t {};

inline uint32_t index(BlockId Id) { return static_cast<uint32_t>(Id); }
inline uint32_t index(StreamId Id) { return static_cast<uint32_t>(Id); }

/// The units of a run. See the file comment.
namespace run {
inline constexpr uint16_t LongBit = 1u << 15;
/// Ids are below this.
inline constexpr uint32_t MaxBlocks = 1u << 31;

constexpr bool isShort(BlockId Id) {
  return static_cast<uint32_t>(Id) < LongBit;
}
/// Whether a unit is the first of two.
constexpr bool isLong(uint16_t First) { return First & LongBit; }
constexpr BlockId longId(uint16_t First, uint16_t Second) {
  return static_cast<BlockId>(uint32_t(First & ~LongBit) << 16 | Second);
}
/// The only unit of a short id; the first of a long one.
constexpr uint16_t firstUnit(BlockId Id) {
  const auto Number = static_cast<uint32_t>(Id);
  return static_cast<uint16_t>(isShort(Id) ? Number : LongBit | Number >> 16);
}
/// Of a long id.
constexpr uint16_t secondUnit(BlockId Id) {
  return static_cast<uint16_t>(static_cast<uint32_t>(Id));
}
} // namespace run

/// The bits of an event word. See the file comment.
namespace event {
inline constexpr uint64_t BlockBit = 1u << 15;
inline constexpr uint64_t WideBit = 1u << 14;
inline constexpr uint64_t StoreBit = 1u << 13;
inline constexpr unsigned SizeShift = 10;
inline constexpr uint64_t SizeMask = 7;
inline constexpr uint64_t InstructionMask = 0x3ff;
/// Most instructions a block can have (QEMU's own limit is 512).
inline constexpr unsigned MaxInstructions = 1024;

constexpr uint64_t block(BlockId Id) {
  return static_cast<uint64_t>(Id) << 32 | BlockBit;
}
constexpr bool isBlock(uint64_t Word) { return Word & BlockBit; }
constexpr bool isWide(uint64_t Word) { return Word & WideBit; }
constexpr BlockId blockId(uint64_t Word) {
  return static_cast<BlockId>(Word >> 32);
}
/// Whether an address needs a second word.
constexpr bool needsWide(GuestAddr Address) {
  return static_cast<int64_t>(Address << 16) >> 16 !=
         static_cast<int64_t>(Address);
}
} // namespace event

} // namespace mcad

#endif // MCAD_EVENT_H
