//===- Timing/Watchdog.h - notices a pipeline that stands still ----------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A last stage that never gets an instruction: it counts cycles and ends the
/// simulation with an error when nothing has retired for longer than anything
/// can take. Some of LLVM's models can stall for ever (docs/bugs-met.md has
/// one), and a tool that hangs helps nobody.
///
/// Tested by unittests/Timing/LLVMEngineTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TIMING_WATCHDOG_H
#define MCAD_TIMING_WATCHDOG_H

#include "Timing/TimingEngine.h"
#include "llvm/MCA/Stages/Stage.h"

namespace mcad {

class Watchdog final : public llvm::mca::Stage {
public:
  /// Far above what a full pipeline of the slowest instructions of any model
  /// takes (some hundred in flight times some hundred cycles).
  static constexpr uint64_t PatienceCycles = 1000000;

  /// \p Counters: the pipeline's, kept by a listener.
  explicit Watchdog(const TimingCounters &Counters) : Counters(Counters) {}

  bool hasWorkToComplete() const override { return false; }
  llvm::Error execute(llvm::mca::InstRef &) override {
    return llvm::Error::success();
  }
  // At the end: mca::Pipeline forgets an error from the start of a cycle.
  llvm::Error cycleEnd() override {
    if (Counters.Instructions != LastInstructions) {
      LastInstructions = Counters.Instructions;
      LastProgress = Counters.Cycles;
    }
    if (Counters.Cycles - LastProgress < PatienceCycles)
      return llvm::Error::success();
    return stalled(Counters.Instructions);
  }

  /// What to say after \p Instructions.
  static llvm::Error stalled(uint64_t Instructions) {
    return llvm::createStringError(
        "LLVM's model of the CPU stalled for ever after %llu instructions: "
        "nothing retired for %llu cycles: choose another CPU, and see "
        "docs/bugs-met.md",
        (unsigned long long)Instructions, (unsigned long long)PatienceCycles);
  }

private:
  const TimingCounters &Counters;
  uint64_t LastInstructions = 0;
  uint64_t LastProgress = 0; ///< Cycle of it.
};

} // namespace mcad

#endif // MCAD_TIMING_WATCHDOG_H
