//===- mcad/Execution.h - what was executed, as brokers hand it over ------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The record of an execution: which blocks ran in which order on which stream,
/// and which memory they touched.
///
/// Two encodings, both read in place: a vector of block ids (4 bytes an
/// executed block) when nobody wants memory accesses, and a vector of 64-bit
/// events otherwise. ExecutionCursor walks either and is the only reader.
///
/// An event is one 64-bit word:
///
///   block    bit 15 = 1   bits 63..32 block id; bits 31..16 and 14..0 zero
///   access   bit 15 = 0   bits 63..16 address, sign-extended from 48 bits
///                         bit 14      wide: the address is the next word, whole,
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
#ifndef MCAD_EXECUTION_H
#define MCAD_EXECUTION_H

#include "llvm/ADT/ArrayRef.h"
#include <cassert>
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

/// One memory access of one executed instruction.
struct MemoryAccess {
  GuestAddr Address;
  uint32_t SizeBytes;    ///< 1 to 128, a power of two.
  uint16_t Instruction;  ///< Index in the block.
  bool IsStore;
};

/// Walks the access events of one executed block.
class AccessCursor {
  const uint64_t *Next;
  const uint64_t *End;

public:
  explicit AccessCursor(llvm::ArrayRef<uint64_t> Words)
      : Next(Words.begin()), End(Words.end()) {}

  bool next(MemoryAccess &Access) {
    if (Next == End)
      return false;
    const uint64_t Word = *Next++;
    if (event::isWide(Word)) {
      if (Next == End)
        return false;
      Access.Address = *Next++;
    } else {
      Access.Address =
          static_cast<GuestAddr>(static_cast<int64_t>(Word) >> 16);
    }
    Access.SizeBytes = 1u << (Word >> event::SizeShift & event::SizeMask);
    Access.Instruction = Word & event::InstructionMask;
    Access.IsStore = Word & event::StoreBit;
    return true;
  }
};

/// One execution of one block.
struct Execution {
  BlockId Block;
  /// Access events of this execution; empty if accesses were not recorded.
  llvm::ArrayRef<uint64_t> Accesses;
};

/// A run of executed blocks of one stream, in order. Exactly one of the two
/// vectors is non-empty. Both point into the broker's memory and live until
/// the next batch is asked for. Block ids are below the number of blocks
/// defined; a vector of events starts with a block; the source has checked
/// both.
struct Batch {
  StreamId Stream{};
  llvm::ArrayRef<uint32_t> Blocks;
  llvm::ArrayRef<uint64_t> Events;
};

/// Walks a batch, execution by execution.
class ExecutionCursor {
  const uint32_t *NextId, *EndId;
  const uint64_t *NextWord, *EndWord;

public:
  explicit ExecutionCursor(const Batch &B)
      : NextId(B.Blocks.begin()), EndId(B.Blocks.end()),
        NextWord(B.Events.begin()), EndWord(B.Events.end()) {}

  bool next(Execution &E) {
    if (NextId != EndId) {
      E.Block = static_cast<BlockId>(*NextId++);
      E.Accesses = {};
      return true;
    }
    if (NextWord == EndWord)
      return false;
    assert(event::isBlock(*NextWord) && "events start with a block");
    E.Block = event::blockId(*NextWord++);
    const uint64_t *First = NextWord;
    while (NextWord != EndWord && !event::isBlock(*NextWord))
      NextWord += event::isWide(*NextWord) ? 2 : 1;
    E.Accesses = llvm::ArrayRef<uint64_t>(First, NextWord);
    return true;
  }
};

} // namespace mcad

#endif // MCAD_EXECUTION_H
