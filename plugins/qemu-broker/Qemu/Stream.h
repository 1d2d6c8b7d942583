//===- Qemu/Stream.h - what one vCPU executes, as it executes it ----------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The buffer that a vCPU's callbacks append to. This is the hot path: a word
/// is stored, a pointer moved and compared.
///
/// A full chunk is handed over at the start of a block only, so that every
/// message of events begins with a block. A chunk has room to spare behind its
/// mark for the accesses of its last block, and grows should that not do.
///
/// One thread, the vCPU's, appends. When the guest exits while other threads
/// still run, the exiting one reads how far they got: so the pointer is stored
/// with release after the words before it, which on x86 costs nothing.
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

#include "mcad/Event.h"
#include <atomic>
#include <cstring>
#include <memory>

namespace mcad::qemu {

class Sender;

/// Payload at which a chunk is handed over, in bytes: large, because a message
/// costs a system call and a wake-up; small enough to stay in a cache until the
/// sender has read it.
inline constexpr size_t ChunkBytes = 1024 * 1024;

/// Memory for one message's payload; not initialised, so that a thread that
/// executes little touches little.
struct Chunk {
  std::unique_ptr<char[]> Memory;
  size_t Capacity = 0;

  static Chunk ofSize(size_t Bytes) {
    return {std::unique_ptr<char[]>(new char[Bytes]), Bytes};
  }
};

class alignas(64) Stream {
  friend class Sender;

  std::atomic<char *> Next; ///< Where the next word goes.
  char *Full;               ///< A block that starts here or later hands over.
  char *End;                ///< End of the memory.
  Sender &Owner;
  const StreamId Id;
  Chunk Current;
  bool GoesRound = false; ///< Tracing has stopped.

  Stream(Sender &Owner, StreamId Id) : Owner(Owner), Id(Id) {}

  char *begin() const { return Current.Memory.get(); }
  size_t size() const {
    return static_cast<size_t>(Next.load(std::memory_order_acquire) - begin());
  }
  void install(Chunk Empty) {
    Current = std::move(Empty);
    Full = begin() + ChunkBytes;
    End = begin() + Current.Capacity;
    Next.store(begin(), std::memory_order_release);
  }

  /// Out of line: the rare half of appending. Both return where to go on.
  [[gnu::cold, gnu::noinline]] char *handOver();
  [[gnu::cold, gnu::noinline]] char *grow();

  template <typename Word> void append(char *At, Word What) {
    std::memcpy(At, &What, sizeof(Word));
    Next.store(At + sizeof(Word), std::memory_order_release);
  }

  char *atBlockStart() {
    char *At = Next.load(std::memory_order_relaxed);
    if (At >= Full) [[unlikely]]
      At = handOver();
    return At;
  }

public:
  Stream(const Stream &) = delete;

  void appendBlockId(BlockId Block) { append(atBlockStart(), index(Block)); }

  void appendBlockEvent(BlockId Block) {
    append(atBlockStart(), event::block(Block));
  }

  /// \p Tag: bits 13..0 of the event.
  void appendAccess(uint64_t Tag, GuestAddr Address) {
    char *At = Next.load(std::memory_order_relaxed);
    if (static_cast<size_t>(End - At) < 2 * sizeof(uint64_t)) [[unlikely]]
      At = grow();
    if (event::needsWide(Address)) [[unlikely]] {
      const uint64_t Words[2] = {Tag | event::WideBit, Address};
      std::memcpy(At, Words, sizeof(Words));
      Next.store(At + sizeof(Words), std::memory_order_release);
      return;
    }
    append(At, Address << 16 | Tag);
  }
};

} // namespace mcad::qemu

#endif // MCAD_QEMU_STREAM_H
