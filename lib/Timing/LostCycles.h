//===- Timing/LostCycles.h - what idle cycles are lost to ---------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Charges each cycle in which nothing retires to what the oldest instruction
/// in flight waits for, or, if none is in flight, to what fetch waits for: the
/// usual reading of a CPI stack (Eyerman, Eeckhout, Karkhanis and Smith, "A
/// performance counter architecture for computing accurate CPI components",
/// ASPLOS 2006). What the core itself takes is not told apart here, and goes to
/// no cause: OldestInstruction.h has it.
///
/// When fetch was what everything waited for, the first instruction that comes
/// passes through an empty pipeline: the cycles that one of latency 1 takes for
/// that are fetch's as well, since without the delay they would be hidden.
///
/// A load that came later by some cycles than a hit would have is charged for
/// its last so many cycles: up to then a hit would have taken as long.
///
/// Tested by unittests/Timing/FactsTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TIMING_LOSTCYCLES_H
#define MCAD_TIMING_LOSTCYCLES_H

#include "Timing/FetchStage.h"

namespace mcad {

class LostCycles {
public:
  /// All references live as long; \p Counters says which cycle it is.
  /// \p RetireCycles: from execution to retirement, at the least.
  LostCycles(RecentInstructions &Recent, const FetchStage &Fetch,
             const TimingCounters &Counters, unsigned RetireCycles)
      : Recent(Recent), Fetch(Fetch), Counters(Counters),
        RetireCycles(RetireCycles) {}

  void onIssued(unsigned Index, unsigned LatencyCycles) {
    RecentInstruction *R = Recent.find(Index);
    if (!R)
      return;
    R->IsIssued = true;
    R->IssueCycle = Counters.Cycles;
    R->LatencyCycles = LatencyCycles;
  }

  void onRetired(unsigned Index) {
    if (RecentInstruction *R = Recent.find(Index))
      R->IsRetired = true;
  }

  /// Before the cycle is counted; \p HasRetired: something did in it.
  /// \returns what it is lost to, if that is outside of the core.
  Cause onCycleEnd(bool HasRetired) {
    while (Oldest != Fetch.handedOn() && hasRetired(Oldest))
      ++Oldest;
    Cause Why = Cause::None;
    if (HasRetired)
      Refilling = Cause::None;
    else
      Why = cause();
    return Why;
  }

  /// The source index of the oldest instruction that has not retired; if there
  /// is none, of the next one.
  unsigned oldest() const { return Oldest; }

private:
  /// What is not known any more counts as retired: an in-order core may go on
  /// for longer behind a miss than is remembered.
  bool hasRetired(unsigned Index) const {
    const RecentInstruction *R = Recent.find(Index);
    return !R || R->IsRetired;
  }

  Cause cause() {
    if (Oldest == Fetch.handedOn())
      return Refilling = Fetch.stalledBy();
    const RecentInstruction &R = *Recent.find(Oldest);
    if (R.HeldBy != Cause::None)
      return R.HeldBy;
    if (!R.IsIssued || Counters.Cycles <= R.IssueCycle + RetireCycles)
      return Refilling;
    if (!R.HasFacts)
      return Cause::None;
    // With a hit it would have retired in the cycle that this one counts from.
    const uint64_t Since =
        R.IssueCycle + R.LatencyCycles - R.Facts.LoadCycles + RetireCycles;
    if (Counters.Cycles < Since)
      return Cause::None;
    uint64_t Cycle = Counters.Cycles - Since;
    if (Cycle >= R.Facts.LoadCycles)
      return Cause::None;
    if (Cycle < R.Facts.TlbCycles)
      return Cause::DataTlb;
    Cycle -= R.Facts.TlbCycles;
    return Cycle < R.Facts.SplitCycles ? Cause::Split : R.Facts.LoadWhy;
  }

  RecentInstructions &Recent;
  const FetchStage &Fetch;
  const TimingCounters &Counters;
  const unsigned RetireCycles;
  unsigned Oldest = 0; ///< Source index; those before have retired.
  /// What fetch waited for, until the first instruction after that retires.
  Cause Refilling = Cause::None;
};

} // namespace mcad

#endif // MCAD_TIMING_LOSTCYCLES_H
