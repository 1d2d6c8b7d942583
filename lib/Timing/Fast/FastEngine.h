//===- Timing/Fast/FastEngine.h - the same numbers, faster ---------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The fast engine, `fast`: a simulator of our own of the machine that LLVM's
/// pipeline and this project's stages make up together.
///
/// Invariant: for every input, all of TimingCounters are those of LLVMEngine,
/// to the last digit.
///
/// Tested by unittests/Timing/DifferentialTest.cpp. See docs/engine.md.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TIMING_FAST_FASTENGINE_H
#define MCAD_TIMING_FAST_FASTENGINE_H

#include "Timing/Fast/Core.h"
#include "Timing/LLVMEngine.h"

namespace mcad {

class FastEngine final : public TimingEngine {
public:
  /// \p P and \p L must outlive the engine; \p P may grow.
  FastEngine(const Program &P, Lowering &L, const PipelineOverrides &Overrides,
             Detail D, Surroundings Around = {});
  ~FastEngine() override;

  llvm::Error consume(const Batch &B, const BatchFacts &Facts) override;
  llvm::Error finish() override;
  const TimingCounters &counters() const override { return Core->Counters; }
  llvm::ArrayRef<uint64_t> unitCyclesByInstruction() const override {
    return Core->UnitCyclesByInstruction;
  }

private:
  struct Instruction {
    const LoweredInstruction *Lowered;
    const fast::CompiledInstruction *Compiled;
  };
  const std::vector<Instruction> &compiled(BlockId Id);

  const Program &P;
  Lowering &L;
  const fast::CoreModel Model;
  const Detail D;
  fast::Compiler Compiler;
  std::unique_ptr<fast::Core> Core;
  /// Per block, compiled when first executed.
  std::vector<std::vector<Instruction>> Blocks;
};

} // namespace mcad

#endif // MCAD_TIMING_FAST_FASTENGINE_H
