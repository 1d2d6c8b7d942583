//===- Timing/WriteRepair.h - writes that LLVM loses after 512 cycles ---===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A stage in front of dispatch (or in-order issue) that mends one limit of
/// LLVM 19: a write counts on below zero for as long as its instruction
/// executes, and -512 is UNKNOWN_CYCLES, "not issued yet". So when an
/// instruction takes more than 512 cycles longer than one of its writes (a load
/// that misses and moves its base register on, a call with a large
/// -mca-call-latency), who comes to read that register then waits: in order
/// until the whole instruction is executed, out of order for ever, since nobody
/// tells it.
///
/// This stage hands instructions on unchanged, keeps what their writes were
/// before if they take that long, and puts a write that has counted far below
/// zero back to where it still is lower than any read-advance reaches.
///
/// Tested by unittests/Timing/WriteRepairTest.cpp. See docs/bugs-met.md.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TIMING_WRITEREPAIR_H
#define MCAD_TIMING_WRITEREPAIR_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/MCA/Instruction.h"
#include "llvm/MCA/Stages/Stage.h"
#include <vector>

namespace mcad {

class WriteRepair final : public llvm::mca::Stage {
public:
  /// Where a write is put back to. No read-advance of LLVM 19's models reaches
  /// that far.
  static constexpr int LowCycles = -128;
  /// And from where, well before it is lost.
  static constexpr int TooLowCycles = -480;

  bool isAvailable(const llvm::mca::InstRef &IR) const override {
    return checkNextStage(IR);
  }
  bool hasWorkToComplete() const override { return false; }
  llvm::Error cycleStart() override;
  llvm::Error execute(llvm::mca::InstRef &IR) override;

private:
  struct LongOne {
    llvm::mca::InstRef IR;
    /// Its writes before dispatch, without users.
    llvm::SmallVector<llvm::mca::WriteState, 2> Unissued;
  };

  /// Handed on and not known to have retired.
  std::vector<LongOne> InFlight;
};

} // namespace mcad

#endif // MCAD_TIMING_WRITEREPAIR_H
