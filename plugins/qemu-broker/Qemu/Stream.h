//===- Qemu/Stream.h - what one vCPU executes, as it executes it ----------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The buffer that a vCPU's callbacks append to. This is the hot path: an event
/// is stored, a pointer moved and compared.
///
/// A full chunk is handed over at the start of a block only, so that every
/// message begins with a block. A chunk has room to spare behind its
/// mark for the accesses of its last block, and grows should that not do.
///
/// One thread, the vCPU's, appends. When the guest exits while other threads
/// still run, the exiting one reads how far they got: so the pointer is stored
/// with release after the events before it, which on x86 costs nothing.
///
/// Once tracing has stopped, a stream goes round in its own memory: callbacks
/// in translated code cannot be taken back, and a test for it on the hot path
/// is not worth its price.
///
/// Tested by unittests/Relay/SenderTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_QEMU_STREAM_H
#define MCAD_QEMU_STREAM_H

#include "AccessSite.h"
#include "MessageWriter.h"
#include "mcad/Event.h"
#include <atomic>
#include <cstring>
#include <memory>

namespace mcad::qemu {

class Sender;

/// Payload at which a stream's memory is handed over, in bytes.
inline constexpr size_t ChunkBytes = 512 * 1024;

/// How far ahead of what is written lines are asked for, in bytes. A chunk's
/// memory was read by the sender's core: without, each line must come back from
/// there before the store into it, and stores wait in order: 4 ns for each
/// executed block (bench/relay.py's machine).
inline constexpr size_t PrefetchBytes = 1024;

/// Memory for one message's payload; not initialised, so that a thread that
/// executes little touches little.
struct Chunk {
  std::unique_ptr<char[]> Memory;
  size_t Capacity = 0;

  static Chunk ofSize(size_t Bytes) {
    return {std::unique_ptr<char[]>(new char[Bytes]), Bytes};
  }
};

/// More than any event takes, and than the store of a narrow access, which
/// reaches behind it.
inline constexpr size_t MostEventBytes = 16;
static_assert(MostEventBytes >= event::MaxUnits * sizeof(uint16_t));

/// What a piece of a stream holds.
struct Counts {
  uint64_t Blocks = 0, Instructions = 0, Accesses = 0;

  void operator+=(const Counts &More) {
    Blocks += More.Blocks;
    Instructions += More.Instructions;
    Accesses += More.Accesses;
  }
};

/// A block as its execution callback knows it: one word, so that it fits the
/// pointer of user data that QEMU keeps for a callback.
class ExecutedBlock {
  uint64_t Word; ///< Id in the high half, number of instructions in the low.

public:
  ExecutedBlock(BlockId Id, size_t Instructions)
      : Word(uint64_t(index(Id)) << 32 | Instructions) {}
  explicit ExecutedBlock(void *UserData)
      : Word(reinterpret_cast<uintptr_t>(UserData)) {
    static_assert(sizeof(void *) == sizeof(Word), "a 64-bit host");
  }
  void *userData() const { return reinterpret_cast<void *>(Word); }

  BlockId id() const { return static_cast<BlockId>(Word >> 32); }
  /// Both units of a long id, as they lie in memory.
  uint32_t units() const {
    return uint32_t(event::secondUnit(id())) << 16 | event::firstUnit(id());
  }
  /// To be added up: blocks in the low half, instructions in the high half.
  uint64_t count() const { return Word << 32 | 1; }
};

class alignas(64) Stream {
  friend class Sender;

  std::atomic<char *> Next; ///< Where the next event goes.
  char *Full;               ///< A block that starts here or later hands over.
  char *Last;               ///< The last place where any event fits.
  /// Sum of ExecutedBlock::count over this chunk, if of events. A chunk has far
  /// fewer than 2^32 of either.
  uint64_t Counted = 0;
  uint64_t LongBlocks = 0, WideAccesses = 0; ///< In this chunk, if of events.
  /// See executing().
  uint64_t Executing = 0;
  /// Next, when lastAccessAppended() was called; not in this chunk: null.
  const char *BehindLastAccess = nullptr;
  event::HighHalves High = {}; ///< As the chunk's reader has them.
  unsigned OldestHigh = 0;     ///< The one that is set next.
  Sender &Owner;
  const StreamId Id;
  Chunk Current;
  bool GoesRound = false; ///< Tracing has stopped.

  Stream(Sender &Owner, StreamId Id) : Owner(Owner), Id(Id) {}

  char *begin() const { return Current.Memory.get(); }
  size_t size() const {
    return static_cast<size_t>(Next.load(std::memory_order_acquire) - begin());
  }
  /// Goes on in \p Memory, behind its first \p Used bytes.
  void install(Chunk Memory, size_t Used) {
    Current = std::move(Memory);
    Full = begin() + ChunkBytes;
    Last = begin() + Current.Capacity - MostEventBytes;
    Next.store(begin() + Used, std::memory_order_release);
    BehindLastAccess = nullptr;
  }

  /// Writes \p What, of which \p Bytes count.
  template <typename T>
  void append(char *At, T What, size_t Bytes = sizeof(T)) {
    std::memcpy(At, &What, sizeof(T));
    __builtin_prefetch(At + PrefetchBytes, /*for writing*/ 1);
    Next.store(At + Bytes, std::memory_order_release);
  }

public:
  Stream(const Stream &) = delete;

  enum class IdForm : uint8_t { Short, Long };

  /// Appends an executed block. False if the chunk is full: then hand it over
  /// and append again. \p As is the form that its id has; \p How is the
  /// sender's, for all streams.
  template <IdForm As, Encoding How> bool appendBlock(ExecutedBlock Block) {
    char *At = Next.load(std::memory_order_relaxed);
    if (At >= Full) [[unlikely]]
      return false;
    if constexpr (How == Encoding::BlocksAndAccesses) {
      Counted += Block.count();
      Executing = AccessSite::blockMark(Block.id());
      if constexpr (As == IdForm::Long)
        ++LongBlocks;
    }
    if constexpr (As == IdForm::Short)
      append(At, static_cast<uint16_t>(index(Block.id())));
    else
      append(At, Block.units());
    return true;
  }

  bool isOf(const Sender &Whose) const { return &Owner == &Whose; }

  /// AccessSite::blockMark of the block that is executed; with accesses only.
  uint64_t executing() const { return Executing; }

  /// Appends an access; \p Tag is the first unit of its event, not wide. False
  /// if the high half that the tag names is another, or the memory is used up.
  bool appendAccess(uint64_t Tag, GuestAddr Address) {
    char *At = Next.load(std::memory_order_relaxed);
    if (At >= Last || High[event::half(static_cast<uint16_t>(Tag))] !=
                          Address >> 32) [[unlikely]]
      return false;
    // One store; what it writes behind the event is written over.
    append(At, Address << 16 | Tag, 3 * sizeof(uint16_t));
    return true;
  }

  /// The block that is executed makes no access behind the one just appended.
  void lastAccessAppended() {
    BehindLastAccess = Next.load(std::memory_order_relaxed);
  }
  /// Whether nothing was appended since.
  bool endsWithLastAccess() const {
    return BehindLastAccess == Next.load(std::memory_order_relaxed);
  }

  /// The rare half of appending, for when the above say false. The second
  /// returns the tag with the high half that this address has now.
  void handOver();
  uint64_t appendAccessSlowly(uint64_t Tag, GuestAddr Address);
};

} // namespace mcad::qemu

#endif // MCAD_QEMU_STREAM_H
