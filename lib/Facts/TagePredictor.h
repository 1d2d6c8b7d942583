//===- Facts/TagePredictor.h - tagged geometric history -----------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// TAGE: A. Seznec and P. Michaud, "A case for (partially) tagged geometric
/// history length branch prediction", JILP 8, 2006, section 3.
///
/// A base table of two-bit counters, and tagged tables indexed by the address
/// and ever longer stretches of the global history, whose lengths form a
/// geometric series. The longest match predicts, unless its entry is new and
/// newly made entries have been wrong more often than the next longest match. A
/// misprediction makes an entry in a table with a longer history, where one is
/// not useful; usefulness ages.
///
/// Index and tag are a multiplicative hash of the address and the last so many
/// bits of the history, a word at a time, in place of the paper's folded
/// registers, which must be shifted for each table at each branch: half the
/// time (bench/facts.cpp). The path history that the paper adds for the short
/// ones is left out.
///
/// Tested by unittests/Facts/DirectionPredictorTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_FACTS_TAGEPREDICTOR_H
#define MCAD_FACTS_TAGEPREDICTOR_H

#include "Facts/DirectionPredictor.h"
#include "Facts/TwoBitCounters.h"
#include <array>
#include <vector>

namespace mcad {

class TagePredictor final : public DirectionPredictor {
public:
  static constexpr unsigned MaxTables = 12;
  static constexpr unsigned MinHistory = 4;

  explicit TagePredictor(const BranchPrediction &Branches);

  bool predictAndLearn(GuestAddr Pc, bool IsTaken) override;

private:
  /// The paper's entry but for the tag: a signed three-bit counter and two bits
  /// of usefulness.
  struct State {
    int Counter = 0; ///< -4 to 3: taken from 0 on.
    int Useful = 0;  ///< 0 to 3.

    uint8_t packed() const {
      return static_cast<uint8_t>(Useful << 3 | (Counter + 4));
    }
    static State unpacked(uint8_t Packed) {
      return {(Packed & 7) - 4, Packed >> 3};
    }
  };
  struct Entry {
    uint16_t Tag = 0;
    uint8_t Packed = State().packed();
  };

  /// What a branch does to the entry that provides its prediction, for all that
  /// there can be: the index is made of the entry's state and three directions.
  struct Transition {
    uint8_t Packed = 0; ///< The entry's state after it.
    bool Predicted = false;
    bool Allocates = false; ///< A new entry is wanted.
    int8_t Trust = 0;       ///< Is added to TrustInAlternate.
  };
  static constexpr unsigned AlternateBit = 1 << 5, TakenBit = 1 << 6,
                            TrustBit = 1 << 7, NumTransitions = 1 << 8;
  static std::array<Transition, NumTransitions> makeTransitions();
  static Transition transition(State Before, bool AlternateTaken, bool IsTaken,
                               bool TrustsAlternate);

  /// Sets Hashes; returns the tables that match as bits.
  uint32_t lookUp(uint64_t MixedPc);
  size_t index(unsigned Table) const {
    return (size_t(Table) << IndexBits) + (Hashes[Table] & IndexMask);
  }
  uint16_t tag(unsigned Table) const {
    return static_cast<uint16_t>(Hashes[Table] >> (64 - TagBits));
  }
  void allocate(unsigned From, bool IsTaken);
  void age();
  uint32_t random();

  static constexpr unsigned TagBits = 11;
  /// Branches after which one of the two bits of usefulness is cleared.
  static constexpr uint32_t AgingPeriod = 1 << 18;

  TwoBitCounters Base;
  const unsigned NumTables;
  const unsigned IndexBits;
  const uint32_t IndexMask;
  std::vector<Entry> Entries; ///< Table after table, shortest history first.
  const std::array<Transition, NumTransitions> Transitions = makeTransitions();
  /// How much of the history each table sees: whole words, and bits of the
  /// next.
  struct Length {
    uint64_t LastMask = 0;
    unsigned Words = 0;
  };
  std::array<Length, MaxTables> Lengths = {};
  /// Of the branch at hand, for each table: index in the low bits, tag in the
  /// high ones.
  std::array<uint64_t, MaxTables> Hashes = {};
  /// The global history, the last direction in the lowest bit of the first
  /// word.
  static constexpr unsigned MaxWords = 17;
  std::array<uint64_t, MaxWords> History = {};
  unsigned HistoryWords = 0; ///< Of them: those that any table sees.
  /// How much more often the next longest match was right than a new entry: -8
  /// to 7.
  int TrustInAlternate = 0;
  uint32_t UntilAging = AgingPeriod;
  unsigned AgingBit = 0; ///< Of usefulness: the one that goes next.
  uint32_t RandomState = 0x2545f491;
};

} // namespace mcad

#endif // MCAD_FACTS_TAGEPREDICTOR_H
