//===- Timing/VerifyingEngine.h - two engines side by side ---------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// `-verify-engine`: simulates everything with the fast engine and with the
/// reference, and stops at the first difference. Block by block the cycles are
/// compared, batch by batch and at the end everything that is counted. What is
/// said of a difference is where it is, the counters that differ, and, of a
/// stretch that is watched, the first instruction that they took through the
/// core in different cycles.
///
/// Its counters are the reference's. Tested by
/// unittests/Timing/VerifyingEngineTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TIMING_VERIFYINGENGINE_H
#define MCAD_TIMING_VERIFYINGENGINE_H

#include "Code/Program.h"
#include "Timing/TimingEngine.h"
#include <memory>

namespace mcad {

class VerifyingEngine final : public TimingEngine {
public:
  /// \p P lives as long, and may grow. Both engines are new, of the same
  /// program and options.
  VerifyingEngine(const Program &P, std::unique_ptr<TimingEngine> Reference,
                  std::unique_ptr<TimingEngine> Tested)
      : P(P), Reference(std::move(Reference)), Tested(std::move(Tested)) {}

  void watch(Stretch S) override {
    Watched = S;
    Reference->watch(S);
    Tested->watch(S);
  }
  llvm::ArrayRef<InstructionTimes> watched() const override {
    return Reference->watched();
  }
  llvm::Error consume(const Batch &B, const BatchFacts &Facts) override;
  llvm::Error restart() override;
  llvm::Error finish() override;
  uint64_t cycles() const override { return Reference->cycles(); }
  const TimingCounters &counters() const override {
    return Reference->counters();
  }
  llvm::ArrayRef<uint64_t> unitCyclesByInstruction() const override {
    return Reference->unitCyclesByInstruction();
  }
  llvm::ArrayRef<CausedCycles> cyclesByInstruction() const override {
    return Reference->cyclesByInstruction();
  }
  llvm::ArrayRef<CausedCycles> cyclesByAccount() const override {
    return Reference->cyclesByAccount();
  }
  llvm::ArrayRef<RegionEntries> entriesByRegion() const override {
    return Reference->entriesByRegion();
  }

  const TimingEngine &tested() const { return *Tested; }

private:
  /// Has both do the same; the error of either.
  llvm::Error both(llvm::function_ref<llvm::Error(TimingEngine &)> Do);
  llvm::Error compareAll(llvm::StringRef Where);
  /// That they do behind the execution of \p Behind, and what each has.
  llvm::Error cyclesDiffer(const CodeBlock &Behind) const;
  /// What is different in the stretch that is watched; "" if nothing is.
  std::string timesDifference() const;

  /// How far before a difference its reason is looked for.
  static constexpr uint64_t InstructionsBefore = 64;

  const Program &P;
  std::unique_ptr<TimingEngine> Reference, Tested;
  uint64_t Instructions = 0; ///< Of the stream, so far.
  Stretch Watched;           ///< Empty: none is.
};

} // namespace mcad

#endif // MCAD_TIMING_VERIFYINGENGINE_H
