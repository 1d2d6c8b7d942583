//===- Code/StableVector.h - a vector that grows while others read -------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Append only, and no element ever moves: one thread appends while others read
/// what was appended before, without a lock. Elements lie in chunks, each twice
/// as large as the one before, so that the table of chunks has a fixed size and
/// an index is found with one shift.
///
/// Invariant: what is below size() may be read by any thread.
///
/// Tested by unittests/Code/StableVectorTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_CODE_STABLEVECTOR_H
#define MCAD_CODE_STABLEVECTOR_H

#include "llvm/ADT/bit.h"
#include <array>
#include <atomic>
#include <cassert>
#include <cstdint>
#include <memory>

namespace mcad {

template <typename T> class StableVector {
  static constexpr unsigned FirstChunkBits = 8;
  static constexpr uint64_t FirstChunk = 1u << FirstChunkBits;

  /// Chunk N has FirstChunk << N elements: together all that 32 bits can name.
  std::array<std::unique_ptr<T[]>, 33 - FirstChunkBits> Chunks;
  /// Stored last, so that whoever sees it sees the elements.
  std::atomic<uint32_t> Size = 0;

  /// Counted from FirstChunk on, the highest bit of a position says the chunk,
  /// and the others the place in it.
  static unsigned chunk(uint64_t Position) {
    return 63 - FirstChunkBits - llvm::countl_zero(Position);
  }
  static uint64_t place(uint64_t Position) {
    return Position - (FirstChunk << chunk(Position));
  }

public:
  uint32_t size() const { return Size.load(std::memory_order_acquire); }

  const T &operator[](uint32_t Index) const {
    assert(Index < size() && "nothing is there yet");
    const uint64_t Position = Index + FirstChunk;
    return Chunks[chunk(Position)][place(Position)];
  }

  /// For one thread.
  void push_back(T Element) {
    const uint32_t Index = Size.load(std::memory_order_relaxed);
    const uint64_t Position = Index + FirstChunk;
    std::unique_ptr<T[]> &Chunk = Chunks[chunk(Position)];
    if (!Chunk)
      Chunk = std::make_unique<T[]>(FirstChunk << chunk(Position));
    Chunk[place(Position)] = std::move(Element);
    Size.store(Index + 1, std::memory_order_release);
  }
};

} // namespace mcad

#endif // MCAD_CODE_STABLEVECTOR_H
