//===- mcad/Event.h - the words an execution is recorded in ---------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The ids of blocks and streams, and the bits of an event. Free of LLVM, so
/// that the relay, which runs inside QEMU, writes what mcad/Execution.h reads.
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
