//===- mcad/Event.h - the units an execution is recorded in --------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The ids of blocks and streams, and the bits of what is executed. Free of
/// LLVM, so that the relay, which runs inside QEMU, writes what
/// mcad/Execution.h reads.
///
/// What a stream executed is a vector of 16-bit units, event after event. The
/// first unit says what the event is and how long:
///
///   block    bit 15 = 0
///            bit 14      long: the id has 30 bits, of which bits 13..0 are the
///                        upper ones and the next unit the lower 16
///            bits 13..0  else: the id
///   access   bit 15 = 1
///            bit 14      wide: two more units
///            bit 13      store (else load)
///            bits 12..10 log2 of the size in bytes, 1 to 128
///            bit 9       the high half to be used, see below
///            bits 8..0   index of the instruction in its block
///            then two units: bits 15..0 and 31..16 of the address;
///            if wide two more: bits 47..32 and 63..48
///
/// An access belongs to the last block before it in its message. Of an address,
/// only the low half is written as a rule: a program's data lies in one or two
/// stretches of 4 GiB (its own and the stack's). Writer and reader keep two
/// high halves, both zero at the start of each message; a wide access sets the
/// one that it names. Blocks are numbered as they are first translated, so that
/// all but the largest programs have short ids only.
///
/// So a block is 2 bytes and an access 6, and the writer in QEMU is one store
/// for either; with words of 64 bits, moving them from one core to another
/// costs more than executing the guest (docs/decisions.md).
///
/// Tested by unittests/Trace/ExecutionTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_EVENT_H
#define MCAD_EVENT_H

#include <array>
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

/// The bits of an event. See the file comment.
namespace event {
inline constexpr uint16_t AccessBit = 1u << 15;
inline constexpr uint16_t LongBit = 1u << 14; ///< Of a block.
inline constexpr uint16_t WideBit = 1u << 14; ///< Of an access.
inline constexpr uint16_t StoreBit = 1u << 13;
inline constexpr unsigned SizeShift = 10;
inline constexpr uint16_t SizeMask = 7;
inline constexpr unsigned HighShift = 9;
inline constexpr uint16_t HighBit = 1u << HighShift;
inline constexpr uint16_t InstructionMask = 0x1ff;
/// Most instructions a block can have: QEMU's own limit.
inline constexpr unsigned MaxInstructions = 512;
/// Block ids are below this.
inline constexpr uint32_t MaxBlocks = 1u << 30;
/// Units of the longest event.
inline constexpr unsigned MaxUnits = 5;

constexpr bool isAccess(uint16_t First) { return First & AccessBit; }
/// Of a block.
constexpr bool isLong(uint16_t First) { return First & LongBit; }
/// Of an access.
constexpr bool isWide(uint16_t First) { return First & WideBit; }
/// Units of the event that starts with \p First.
constexpr unsigned length(uint16_t First) {
  if (isAccess(First))
    return isWide(First) ? 5 : 3;
  return isLong(First) ? 2 : 1;
}

/// Whether an id fits one unit.
constexpr bool isShort(BlockId Id) {
  return static_cast<uint32_t>(Id) < LongBit;
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
/// The id of the block whose units start at \p Units, all of them there.
constexpr BlockId blockId(const uint16_t *Units) {
  if (!isLong(*Units))
    return static_cast<BlockId>(*Units);
  return static_cast<BlockId>(uint32_t(Units[0] & ~LongBit) << 16 | Units[1]);
}

/// The same, and steps behind the block: by a branch, which is foreseen. With
/// length() as arithmetic, the place of each event would depend on what was
/// loaded from that of the one before: Tally then takes 2.7 ns per block, not
/// 1.1.
inline BlockId takeBlock(const uint16_t *&Units) {
  const uint16_t First = *Units++;
  if (isLong(First)) [[unlikely]] {
    const uint16_t *const Start = Units++ - 1;
    return blockId(Start);
  }
  return static_cast<BlockId>(First);
}

/// What reader and writer keep of addresses from access to access: bits 63..32.
using HighHalves = std::array<uint32_t, 2>;

/// Which of them an access names.
constexpr unsigned half(uint16_t First) { return First >> HighShift & 1; }
/// The reader's part: \p Units start an access, all of them there.
constexpr void takeHigh(const uint16_t *Units, HighHalves &High) {
  if (isWide(*Units))
    High[half(*Units)] = uint32_t(Units[4]) << 16 | Units[3];
}
/// The writer's choice: the half that holds \p Upper already, else the one to
/// be set to it, \p Oldest.
constexpr unsigned halfFor(uint32_t Upper, const HighHalves &High,
                           unsigned Oldest) {
  return Upper == High[0] ? 0 : Upper == High[1] ? 1 : Oldest;
}
} // namespace event

} // namespace mcad

#endif // MCAD_EVENT_H
