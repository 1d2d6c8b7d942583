//===- Timing/Fast/CycleWheel.h - what happens in which cycle ------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A calendar: which instructions in flight have an event in which cycle. One
/// list per cycle, linked through the entries' own numbers, in a wheel of
/// cycles; what lies beyond the wheel goes round more than once.
///
/// Tested by unittests/Timing/CycleWheelTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TIMING_FAST_CYCLEWHEEL_H
#define MCAD_TIMING_FAST_CYCLEWHEEL_H

#include "llvm/ADT/bit.h"
#include <array>
#include <cstdint>
#include <vector>

namespace mcad::fast {

class CycleWheel {
  static constexpr unsigned NumBuckets = 256;
  static constexpr uint32_t End = ~0u;

public:
  /// For entries with numbers below \p NumEntries, each at most once.
  explicit CycleWheel(size_t NumEntries) : Links(NumEntries) { clear(); }

  void clear() {
    Heads.fill(End);
    Occupied.fill(0);
  }

  /// Entry \p Number has its event in \p Cycle, later than cycle \p Now.
  void add(uint32_t Number, uint64_t Cycle, uint64_t Now) {
    const uint64_t At = std::min(Cycle, Now + NumBuckets - 1);
    const unsigned Bucket = At % NumBuckets;
    Links[Number] = {Cycle, Heads[Bucket]};
    Heads[Bucket] = Number;
    Occupied[Bucket / 64] |= uint64_t(1) << Bucket % 64;
  }

  /// Calls \p Visit(Number) for each that has its event in cycle \p Now, and
  /// forgets it. Must be called for every cycle that next() names.
  template <typename Visitor> void pop(uint64_t Now, Visitor Visit) {
    const unsigned Bucket = Now % NumBuckets;
    uint32_t Number = Heads[Bucket];
    if (Number == End)
      return;
    Heads[Bucket] = End;
    Occupied[Bucket / 64] &= ~(uint64_t(1) << Bucket % 64);
    while (Number != End) {
      const Link L = Links[Number];
      if (L.Cycle <= Now)
        Visit(Number);
      else
        add(Number, L.Cycle, Now);
      Number = L.Next;
    }
  }

  /// A cycle later than \p Now up to which there is no event; ~0 if there is
  /// none at all.
  uint64_t next(uint64_t Now) const {
    const unsigned First = (Now + 1) % NumBuckets;
    for (unsigned I = 0; I <= NumBuckets / 64; ++I) {
      const unsigned Word = (First / 64 + I) % (NumBuckets / 64);
      uint64_t Bits = Occupied[Word];
      if (I == 0)
        Bits &= ~uint64_t(0) << First % 64;
      if (!Bits)
        continue;
      const unsigned Bucket = Word * 64 + llvm::countr_zero(Bits);
      return Now + 1 + (Bucket - First) % NumBuckets;
    }
    return ~uint64_t(0);
  }

private:
  struct Link {
    uint64_t Cycle;
    uint32_t Next;
  };
  std::array<uint32_t, NumBuckets> Heads;
  std::array<uint64_t, NumBuckets / 64> Occupied;
  std::vector<Link> Links;
};

} // namespace mcad::fast

#endif // MCAD_TIMING_FAST_CYCLEWHEEL_H
