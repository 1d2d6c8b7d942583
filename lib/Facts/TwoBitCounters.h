//===- Facts/TwoBitCounters.h - a table of saturating counters ----------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What several predictors are made of: two-bit counters, 0 to 3, taken from 2
/// on; all start at 1, weakly not taken.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_FACTS_TWOBITCOUNTERS_H
#define MCAD_FACTS_TWOBITCOUNTERS_H

#include "mcad/Event.h"
#include <vector>

namespace mcad {

/// An address as an index: instructions are aligned to 4 bytes on some
/// architectures and to 1 on others, and the low bits must differ on all. One
/// to one.
constexpr uint64_t mixedPc(GuestAddr Pc) { return Pc ^ Pc >> 2; }

/// \p Bits ones: 0 to 64.
constexpr uint64_t lowBits(unsigned Bits) {
  return Bits >= 64 ? ~uint64_t(0) : (uint64_t(1) << Bits) - 1;
}

/// `Condition ? IfTrue : IfFalse`, and \p Counter, which is between \p Low and
/// \p High, one up or down and still so. Without a branch: what predictors see
/// cannot be foretold by the machine that runs them either.
template <typename Value>
constexpr Value select(bool Condition, Value IfTrue, Value IfFalse) {
  return static_cast<Value>(
      IfFalse ^ ((IfTrue ^ IfFalse) & (0 - static_cast<Value>(Condition))));
}
constexpr int step(int Counter, bool IsUp, int Low, int High) {
  const int Next = Counter + 2 * IsUp - 1;
  return Next < Low ? Low : Next > High ? High : Next;
}

class TwoBitCounters {
  std::vector<uint8_t> Table;

public:
  /// \p Entries: a power of two.
  explicit TwoBitCounters(uint32_t Entries) : Table(Entries, 1) {}

  /// The low bits of \p Index choose the counter.
  bool predict(uint64_t Index) const {
    return Table[Index & (Table.size() - 1)] >= 2;
  }
  void learn(uint64_t Index, bool IsTaken) {
    uint8_t &Counter = Table[Index & (Table.size() - 1)];
    Counter = static_cast<uint8_t>(step(Counter, IsTaken, 0, 3));
  }
  bool predictAndLearn(uint64_t Index, bool IsTaken) {
    const bool Predicted = predict(Index);
    learn(Index, IsTaken);
    return Predicted;
  }
};

} // namespace mcad

#endif // MCAD_FACTS_TWOBITCOUNTERS_H
