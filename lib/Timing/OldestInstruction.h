//===- Timing/OldestInstruction.h - what the core itself waits for -------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Follows LLVM's pipeline by its events: which instruction is the oldest that
/// has not retired, and what that one waits for in the core itself
/// (Cause::Latency to Cause::Other). The reference engine's own; LostCycles.h
/// has what is outside of the core.
///
/// Tested by unittests/Timing/CycleAccountsTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TIMING_OLDESTINSTRUCTION_H
#define MCAD_TIMING_OLDESTINSTRUCTION_H

#include "Facts/Facts.h"
#include "llvm/MCA/HWEventListener.h"
#include <deque>

namespace mcad {

class OldestInstruction {
public:
  explicit OldestInstruction(bool IsOutOfOrder) : IsOutOfOrder(IsOutOfOrder) {}

  void onEvent(const llvm::mca::HWInstructionEvent &Event) {
    using Kind = llvm::mca::HWInstructionEvent;
    const unsigned Index = Event.IR.getSourceIndex();
    // The rest of a wide one may be dispatched after it has retired.
    if (static_cast<int>(Index - Oldest) < 0)
      return;
    switch (Event.Type) {
    case Kind::Dispatched:
      // Of one that is wider than the core, it is said in several cycles.
      if (Row &R = row(Index); R.WaitsFor == Cause::Other)
        R.WaitsFor = Cause::Operands;
      break;
    case Kind::Ready:
      row(Index).WaitsFor = Cause::Ports;
      break;
    case Kind::Issued:
      row(Index).WaitsFor = Cause::Latency;
      break;
    case Kind::Retired:
      onRetired(Index);
      break;
    default:
      break;
    }
  }

  void onRetired(unsigned Index) {
    row(Index).IsRetired = true;
    while (!Rows.empty() && Rows.front().IsRetired) {
      Rows.pop_front();
      ++Oldest;
    }
  }

  /// An in-order core says so of the one that it cannot issue; for some reasons
  /// it says nothing. Out of order, it is said of what is not dispatched yet.
  void onEvent(const llvm::mca::HWStallEvent &Event) {
    if (IsOutOfOrder)
      return;
    if (Event.Type == llvm::mca::HWStallEvent::RegisterFileStall)
      row(Event.IR.getSourceIndex()).WaitsFor = Cause::Operands;
    else if (Event.Type == llvm::mca::HWStallEvent::DispatchGroupStall)
      row(Event.IR.getSourceIndex()).WaitsFor = Cause::Ports;
  }

  /// Its source index; if all have retired, that of the next one.
  unsigned index() const { return Oldest; }

  /// What instruction \p Index, which has not retired, waits for.
  Cause cause(unsigned Index) const {
    return Index - Oldest < Rows.size() ? Rows[Index - Oldest].WaitsFor
                                        : Cause::Other;
  }

private:
  struct Row {
    Cause WaitsFor = Cause::Other;
    bool IsRetired = false;
  };
  Row &row(unsigned Index) {
    if (Index - Oldest >= Rows.size())
      Rows.resize(Index - Oldest + 1);
    return Rows[Index - Oldest];
  }

  const bool IsOutOfOrder;
  unsigned Oldest = 0;
  std::deque<Row> Rows; ///< From Oldest on.
};

} // namespace mcad

#endif // MCAD_TIMING_OLDESTINSTRUCTION_H
