//===- Timing/Fast/FactsInFlight.h - facts that outlive their arrival ----===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What facts mean to instructions in flight: the cycles in which older
/// instructions were fetched and issued, which waits count from; the waits
/// themselves; and what a miss is charged to.
///
/// Tested by unittests/Timing/DifferentialTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TIMING_FAST_FACTSINFLIGHT_H
#define MCAD_TIMING_FAST_FACTSINFLIGHT_H

#include "Timing/RecentInstructions.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include <optional>
#include <vector>

namespace mcad::fast {

/// Instructions of a stream are numbered in the order of execution, from 0.
using Sequence = uint64_t;

/// Something that RecentCycles keeps, relative to a point of the stream.
struct RecentEvent {
  static constexpr uint32_t IsFetch = ~0u;

  int32_t Number;
  int32_t Cycle;
  uint32_t Latency; ///< Of an issue; or IsFetch.

  bool operator==(const RecentEvent &Other) const = default;
};

/// When the last instructions were fetched and issued, by number.
class RecentCycles {
public:
  struct Entry {
    Sequence Number = ~Sequence(0);
    uint64_t Fetch = 0;   ///< When its line was asked for, if it is fetched.
    uint64_t Issue = 0;   ///< If it has issued.
    uint32_t Latency = 0; ///< From issue to execution, if it has issued.
    bool IsFetched = false, IsIssued = false;

    /// If it has issued: the first cycle in which nothing waits for it any more
    /// that does so for \p Cycles because of \p Why.
    uint64_t endOfWait(uint64_t Cycles, Cause Why) const {
      return Issue + Cycles + (Why == Cause::Store ? Latency : 0);
    }
  };

  RecentCycles() : Ring(64) {}

  void start(Sequence Number) {
    // Before the first one is overwritten, each is where its number says, in a
    // ring of any size.
    if (Number == Ring.size() && Ring.size() < RecentInstructions::Length)
      Ring.resize(2 * Ring.size());
    Entry &E = at(Number);
    E.Number = Number;
    E.IsFetched = E.IsIssued = false;
  }
  void fetched(Sequence Number, uint64_t Cycle) {
    note(Number, Cycle, RecentEvent::IsFetch);
    setFetched(at(Number), Cycle);
  }
  void issued(Sequence Number, uint64_t Cycle, uint32_t Latency) {
    note(Number, Cycle, Latency);
    if (Entry &E = at(Number); E.Number == Number)
      setIssued(E, Cycle, Latency);
  }
  /// Those before \p Number, the next one, are not known any more.
  void forget(Sequence Number) { FirstKnown = Number; }
  /// The one \p Distance before \p Number; null if it is not known.
  const Entry *find(Sequence Number, uint32_t Distance) const {
    if (FirstKnown + Distance > Number)
      return nullptr;
    const Entry &E = Ring[(Number - Distance) & (Ring.size() - 1)];
    return E.Number == Number - Distance ? &E : nullptr;
  }

  /// Writes down what is fetched and issued from here on, relative to
  /// instruction \p Number and to cycle \p Cycle.
  void record(Sequence Number, uint64_t Cycle) {
    Events.clear();
    FirstNumber = Number;
    FirstCycle = Cycle;
    IsRecording = true;
  }
  void stopRecording() { IsRecording = false; }
  llvm::ArrayRef<RecentEvent> events() const { return Events; }
  /// Does again, from \p Number and \p Cycle on, what was recorded while
  /// \p Count instructions came.
  void replay(Sequence Number, uint64_t Cycle, uint32_t Count,
              llvm::ArrayRef<RecentEvent> Recorded) {
    for (uint32_t I = 0; I != Count; ++I)
      start(Number + I);
    for (const RecentEvent &R : Recorded) {
      Entry &E = at(Number + R.Number);
      if (E.Number != Number + R.Number)
        continue;
      if (R.Latency == RecentEvent::IsFetch)
        setFetched(E, Cycle + R.Cycle);
      else
        setIssued(E, Cycle + R.Cycle, R.Latency);
    }
  }

  /// What was replayed from \p Number on is to be simulated after all.
  void undo(Sequence Number, llvm::ArrayRef<RecentEvent> Recorded) {
    for (const RecentEvent &R : Recorded) {
      Entry &E = at(Number + R.Number);
      if (E.Number != Number + R.Number)
        continue;
      (R.Latency == RecentEvent::IsFetch ? E.IsFetched : E.IsIssued) = false;
    }
  }

private:
  Entry &at(Sequence Number) { return Ring[Number & (Ring.size() - 1)]; }
  void setFetched(Entry &E, uint64_t Cycle) {
    E.Fetch = Cycle;
    E.IsFetched = true;
  }
  void setIssued(Entry &E, uint64_t Cycle, uint32_t Latency) {
    E.Issue = Cycle;
    E.Latency = Latency;
    E.IsIssued = true;
  }
  void note(Sequence Number, uint64_t Cycle, uint32_t Latency) {
    if (IsRecording)
      Events.push_back({static_cast<int32_t>(Number - FirstNumber),
                        static_cast<int32_t>(Cycle - FirstCycle), Latency});
  }

  std::vector<Entry> Ring;
  Sequence FirstKnown = 0;
  bool IsRecording = false;
  Sequence FirstNumber = 0;
  uint64_t FirstCycle = 0;
  llvm::SmallVector<RecentEvent, 32> Events;
};

/// What an instruction waits for before it issues.
struct PendingWait {
  static constexpr Sequence Known = ~Sequence(0);

  Sequence For;   ///< Not issued yet; or Known.
  uint64_t Cycle; ///< If known, the first in which it no longer waits; else
                  ///< cycles from then on.
  Cause Why;
};
using PendingWaits = llvm::SmallVector<PendingWait, 2>;

/// When all of a list of waits is over.
struct WaitEnd {
  std::optional<uint64_t> Cycle; ///< None: not known yet.
  Cause Why = Cause::None;       ///< Of the last thing that it waits for.
};

/// The part of facts that an instruction in flight carries along.
struct CarriedFacts {
  uint16_t LoadCycles = 0, TlbCycles = 0, SplitCycles = 0;
  Cause LoadWhy = Cause::None;
  uint16_t StoreCycles = 0;

  /// All of it.
  std::pair<uint64_t, uint8_t> key() const {
    return {LoadCycles | uint64_t(TlbCycles) << 16 |
                uint64_t(SplitCycles) << 32 | uint64_t(StoreCycles) << 48,
            static_cast<uint8_t>(LoadWhy)};
  }
};

/// Distinct CarriedFacts by number; 0 has none.
class CarriedFactsTable {
public:
  CarriedFactsTable() { number({}); }

  uint32_t number(const CarriedFacts &F) {
    auto [It, IsNew] = Numbers.try_emplace(F.key(), All.size());
    if (IsNew)
      All.push_back(F);
    return It->second;
  }
  const CarriedFacts &operator[](uint32_t Number) const { return All[Number]; }

private:
  llvm::DenseMap<std::pair<uint64_t, uint8_t>, uint32_t> Numbers;
  std::vector<CarriedFacts> All;
};

} // namespace mcad::fast

#endif // MCAD_TIMING_FAST_FACTSINFLIGHT_H
