//===- Facts/TargetPredictors.h - where a branch goes -------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Predictors of targets: a branch target buffer, a return-address stack, and a
/// predictor of indirect targets by the path that led there. All learn at once,
/// in the program's order.
///
/// Tested by unittests/Facts/TargetPredictorsTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_FACTS_TARGETPREDICTORS_H
#define MCAD_FACTS_TARGETPREDICTORS_H

#include "Facts/TagArray.h"
#include "Facts/TwoBitCounters.h"
#include <optional>

namespace mcad {

/// The last target of each taken branch. LRU.
class BranchTargetBuffer {
  std::optional<TagArray> Branches; ///< None: it knows every target.
  std::vector<GuestAddr> Targets;

public:
  BranchTargetBuffer(uint32_t Entries, uint32_t Ways) {
    if (!Entries)
      return;
    Branches.emplace(Entries, Ways, Replacement::Lru, 1);
    Targets.resize(Entries);
  }

  /// The taken branch at \p Pc went to \p Target. Returns what was known of it
  /// before learning that.
  std::optional<GuestAddr> lookUpAndLearn(GuestAddr Pc, GuestAddr Target) {
    if (!Branches)
      return Target;
    const uint64_t Key = mixedPc(Pc);
    TagArray::Slot S = Branches->find(Key);
    std::optional<GuestAddr> Known;
    if (S == TagArray::None)
      S = Branches->insert(Key).Where;
    else
      Known = Targets[S];
    Targets[S] = Target;
    return Known;
  }
};

/// Return addresses of the calls under way; when it is full the oldest goes.
class ReturnStack {
  std::vector<GuestAddr> Ring;
  size_t Top = 0;   ///< Of Ring: where the next one goes.
  size_t Depth = 0; ///< At most the size of Ring.

public:
  explicit ReturnStack(uint32_t Entries) : Ring(Entries) {}

  bool isPresent() const { return !Ring.empty(); }

  void push(GuestAddr Return) {
    if (Ring.empty())
      return;
    Ring[Top] = Return;
    Top = (Top + 1) % Ring.size();
    Depth = std::min(Depth + 1, Ring.size());
  }

  /// The youngest without taking it off; none if there is none.
  std::optional<GuestAddr> top() const {
    if (!Depth)
      return std::nullopt;
    return Ring[(Top + Ring.size() - 1) % Ring.size()];
  }

  std::optional<GuestAddr> pop() {
    const std::optional<GuestAddr> Youngest = top();
    if (Youngest) {
      Top = (Top + Ring.size() - 1) % Ring.size();
      --Depth;
    }
    return Youngest;
  }
};

/// Targets by address and by the targets of the branches before: the target
/// cache of P.-Y. Chang, E. Hao and Y. Patt, "Target prediction for indirect
/// jumps", ISCA 1997, with path history and tags.
class IndirectPredictor {
  struct Entry {
    GuestAddr Pc = ~GuestAddr(0);
    GuestAddr Target = 0;
  };
  std::vector<Entry> Table;
  const uint64_t HistoryMask;
  uint64_t History = 0;

public:
  /// \p Entries: a power of two, or 0.
  IndirectPredictor(uint32_t Entries, uint32_t HistoryBits)
      : Table(Entries), HistoryMask(lowBits(HistoryBits)) {}

  bool isPresent() const { return !Table.empty(); }

  /// The indirect branch at \p Pc went to \p Target. Returns what was known.
  std::optional<GuestAddr> lookUpAndLearn(GuestAddr Pc, GuestAddr Target) {
    // Fibonacci hashing (Knuth, vol. 3, section 6.4) spreads what the history
    // has in its upper bits.
    const uint64_t Hash = (mixedPc(Pc) ^ History) * 0x9e3779b97f4a7c15;
    Entry &E = Table[Hash >> 32 & (Table.size() - 1)];
    std::optional<GuestAddr> Known;
    if (E.Pc == Pc)
      Known = E.Target;
    E = {Pc, Target};
    return Known;
  }

  /// Any taken branch went to \p Target.
  void learnPath(GuestAddr Target) {
    History = (History << 3 ^ mixedPc(Target)) & HistoryMask;
  }
};

} // namespace mcad

#endif // MCAD_FACTS_TARGETPREDICTORS_H
