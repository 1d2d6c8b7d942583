//===- Facts/Cache.h - one cache, and what is behind it -----------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// One cache of a hierarchy: set-associative, write-back, write-allocate. A
/// miss asks the cache behind it, or memory, and puts the line in. A dirty line
/// that is replaced is written back to the first cache behind that has it; that
/// is no use of it there. What leaves an inclusive cache leaves those in front
/// of it.
///
/// State changes in the program's order and at once, but each line remembers
/// which instruction brought it and how much later it really arrives, for those
/// that come while it is on the way.
///
/// Tested by unittests/Facts/CacheTest.cpp, and against cachegrind by
/// test/Caches/cachegrind.test.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_FACTS_CACHE_H
#define MCAD_FACTS_CACHE_H

#include "Facts/Facts.h"
#include "Facts/TagArray.h"
#include "mcad/Event.h"

namespace mcad {

/// An instruction that accesses a cache, of one of the cores that share it.
struct Asker {
  uint64_t Ordinal; ///< In its core's own order.
  uint16_t Core;

  // Tests and single cores need no other.
  Asker(uint64_t Ordinal, uint16_t Core = 0) : Ordinal(Ordinal), Core(Core) {}
};

/// A line on the way.
struct Fill {
  /// Ordinal of the instruction that asked for it.
  uint64_t Trigger = 0;
  /// From the issue of that one until an access here finds it as a hit does.
  uint32_t Cycles = 0;
  uint16_t Core = 0;        ///< Whose instruction that is.
  Cause From = Cause::None; ///< Who had it.

  /// Whether \p Now may come before it: only a core's own order is known.
  bool mayConcern(Asker Now) const {
    return Core == Now.Core && mayBeUnderWay(Trigger, Cycles, Now.Ordinal);
  }
};

struct CacheCounters {
  uint64_t Accesses = 0, Misses = 0; ///< By the program, not by prefetchers.
  uint64_t Prefetches = 0;           ///< Lines that a prefetcher brought.
  uint64_t WriteBacks = 0;           ///< Dirty lines that were replaced.

  CacheCounters &operator+=(const CacheCounters &Other) {
    Accesses += Other.Accesses;
    Misses += Other.Misses;
    Prefetches += Other.Prefetches;
    WriteBacks += Other.WriteBacks;
    return *this;
  }
};

class Cache {
public:
  /// \p Where: the cause that a hit here is, None for a first level. \p Below
  /// is null if memory is behind it, \p MemoryLatency cycles away.
  Cache(const CacheLevel &Level, Cause Where, uint64_t Seed, Cache *Below,
        uint32_t MemoryLatency);

  Cache(const Cache &) = delete;
  Cache &operator=(const Cache &) = delete;

  /// What an access found.
  struct Found {
    Cause Where;            ///< None: here.
    uint32_t LatencyCycles; ///< Of the level that had it.
    /// Of the line where it was found; Cycles is 0 if that was memory.
    Fill Pending;
  };
  /// Instruction \p Now accesses the line of \p Address.
  Found access(GuestAddr Address, bool IsStore, Asker Now) {
    ++Counters.Accesses;
    const TagArray::Slot S = Tags.find(Address >> LineShift);
    if (S == TagArray::None)
      return miss(Address, IsStore, Now);
    Dirty[S] |= IsStore;
    return {Where, LatencyCycles, Fills[S]};
  }

  /// Brings the line of \p Address if it is not there, on behalf of \p Now.
  void prefetch(GuestAddr Address, Asker Now);

  /// \p Ended, in front of this one, goes away with its core. What is counted
  /// is as if it stayed and nobody asked it any more.
  void forget(const Cache &Ended);

  unsigned lineShift() const { return LineShift; }
  const CacheCounters &counters() const { return Counters; }

private:
  Found miss(GuestAddr Address, bool IsStore, Asker Now);
  /// The same access, by a prefetcher in front: not counted as the program's.
  Found accessForPrefetch(GuestAddr Address, Asker Now);
  Found fromBelow(GuestAddr Address, Asker Now, bool IsPrefetch);
  /// When the line that \p From has for \p Now is here.
  Fill fillFrom(const Found &From, Asker Now) const;
  void bring(GuestAddr Address, bool IsDirty, Fill Arrival);
  void writeBack(GuestAddr Address);
  /// Takes \p Bytes from \p Address out, here and in front. Returns whether any
  /// of it was dirty.
  bool invalidate(GuestAddr Address, uint64_t Bytes);

  const unsigned LineShift;
  const Cause Where;
  const uint32_t LatencyCycles;
  const bool IsInclusive;
  const uint32_t NextLines;
  Cache *const Below;
  const uint32_t MemoryLatency;
  std::vector<Cache *> Above; ///< Those whose Below this is.
  TagArray Tags;
  std::vector<uint8_t> Dirty; ///< By slot.
  std::vector<Fill> Fills;    ///< By slot.
  CacheCounters Counters;
};

} // namespace mcad

#endif // MCAD_FACTS_CACHE_H
