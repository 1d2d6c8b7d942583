//===- Facts/BranchUnit.h - how the front end fares at a branch ---------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The predictors of one core together: told each branch with where it really
/// went, says what fetch loses.
///
/// A core that predicts nothing fetches on behind each branch; the pipeline is
/// filled again when one is taken.
///
/// A wrong direction is a misprediction, and so is a wrong target of an
/// indirect branch or a return. A direct branch whose direction was right but
/// whose target the BTB did not have costs the cycles until decoding has found
/// it.
///
/// Tested by unittests/Facts/BranchUnitTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_FACTS_BRANCHUNIT_H
#define MCAD_FACTS_BRANCHUNIT_H

#include "Facts/Branch.h"
#include "Facts/DirectionPredictor.h"
#include "Facts/TargetPredictors.h"

namespace mcad {

struct BranchCounters {
  uint64_t Conditional = 0, Taken = 0, WrongDirections = 0;
  uint64_t Indirect = 0, WrongIndirect = 0; ///< Jumps and calls.
  uint64_t Returns = 0, WrongReturns = 0;
  uint64_t UnknownTargets = 0; ///< Direct, taken, not in the BTB.
  /// Branches of which the trace does not tell where they went: what followed
  /// was left out (-only-main-code) or a signal came between.
  uint64_t NotFollowed = 0;

  uint64_t mispredictions() const {
    return WrongDirections + WrongIndirect + WrongReturns;
  }
  BranchCounters &operator+=(const BranchCounters &Other) {
    Conditional += Other.Conditional;
    Taken += Other.Taken;
    WrongDirections += Other.WrongDirections;
    Indirect += Other.Indirect;
    WrongIndirect += Other.WrongIndirect;
    Returns += Other.Returns;
    WrongReturns += Other.WrongReturns;
    UnknownTargets += Other.UnknownTargets;
    NotFollowed += Other.NotFollowed;
    return *this;
  }
};

class BranchUnit {
public:
  /// \p Parameters passed checkModel() and live as long. \p OnlyMainCode:
  /// libraries are not in the trace.
  BranchUnit(const BranchPrediction &Parameters, bool OnlyMainCode);

  struct Outcome {
    bool IsMispredicted = false;
    bool Refills = false;     ///< Taken, and nothing is predicted.
    uint32_t FetchCycles = 0; ///< Lost otherwise.
  };
  /// \p B at \p Pc, whose next instruction in memory is at \p Behind, was
  /// followed by what is at \p Next.
  Outcome execute(const Branch &B, GuestAddr Pc, GuestAddr Behind,
                  GuestAddr Next);

  const BranchCounters &counters() const { return Counters; }

private:
  bool isFollowed(const Branch &B, GuestAddr Behind, GuestAddr Next) const;
  bool targetIsRight(const Branch &B, GuestAddr Pc, GuestAddr Next,
                     Outcome &Result);

  const BranchPrediction &Parameters;
  const bool OnlyMainCode;
  std::unique_ptr<DirectionPredictor> Directions; ///< Null: always right.
  BranchTargetBuffer Btb;
  ReturnStack Returns;
  IndirectPredictor Indirect;
  BranchCounters Counters;
};

} // namespace mcad

#endif // MCAD_FACTS_BRANCHUNIT_H
