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
/// Histories are folded to the width of index and tag as they shift, as in P.
/// Michaud, "A PPM-like, tag-based branch predictor", JILP 7, 2005, section 3.
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
  /// The paper's: tag, signed three-bit counter, two-bit usefulness.
  struct Entry {
    uint16_t Tag = 0;
    int8_t Counter = 0; ///< -4 to 3: taken from 0 on.
    uint8_t Useful = 0; ///< 0 to 3.
  };

  /// The last bits of the history, folded by exclusive or to a few.
  struct Folded {
    uint32_t Value = 0;
    uint8_t Bits = 0;     ///< Of Value.
    uint8_t OutShift = 0; ///< Where the bit that leaves the history is.

    void shift(uint32_t In, uint32_t Out) {
      Value = Value << 1 | In;
      Value ^= Out << OutShift;
      Value ^= Value >> Bits;
      Value &= (1u << Bits) - 1;
    }
  };

  struct Table {
    std::vector<Entry> Entries;
    unsigned HistoryBits = 0;
    Folded Index, Tag, Tag2;
  };

  void learnHistory(GuestAddr Pc, bool IsTaken);
  void allocate(unsigned From, bool IsTaken);
  uint32_t random();

  static constexpr unsigned TagBits = 11;
  /// Branches after which one of the two bits of usefulness is cleared.
  static constexpr uint32_t AgingPeriod = 1 << 18;

  TwoBitCounters Base;
  const unsigned NumTables;
  const unsigned IndexBits;
  std::array<Table, MaxTables> Tables; ///< Shortest history first.
  /// Of the branch at hand.
  std::array<uint32_t, MaxTables> Indices = {};
  std::array<uint16_t, MaxTables> Tags = {};
  /// The global history, one bit per byte, as a ring.
  static constexpr unsigned RingSize = 2048;
  std::array<uint8_t, RingSize> History = {};
  unsigned Newest = 0; ///< Index of the last direction in History.
  uint32_t Path = 0;   ///< Low bits of the addresses of the last 16 branches.
  /// New entries have been wrong more often than the next match: -8 to 7.
  int UseAlternate = 0;
  uint32_t UntilAging = AgingPeriod;
  uint8_t AgingMask = 1; ///< The bit that goes next.
  uint32_t RandomState = 0x2545f491;
};

} // namespace mcad

#endif // MCAD_FACTS_TAGEPREDICTOR_H
