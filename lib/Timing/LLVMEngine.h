//===- Timing/LLVMEngine.h - the reference engine: LLVM's own pipeline ---===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The reference engine, `llvm`: LLVM 19's MCA pipeline, stock, fed with one
/// instruction after the other for as long as the trace lasts.
///
/// LLVM's EntryStage copies every instruction out of its source of
/// instructions, so the source here hands out shared prototypes (Lowering.h)
/// from a short queue, and memory stays bounded by what is in flight. When the
/// queue is empty the pipeline pauses in mid-cycle, which LLVM supports, and
/// goes on at the next batch as if nothing had happened: how a trace is cut
/// into batches changes no number (tested).
///
/// With a machine model, facts are acted upon by three parts of this project's
/// own: FetchStage in front, MemoryUnit in place of LLVM's load/store unit, and
/// prototypes of a longer latency for loads that miss.
///
/// LLVM numbers instructions and cycles with 32 bits. Cycles are counted here
/// with 64; at 2^32 - 1 instructions or cycles of one pipeline consume()
/// refuses to go on.
///
/// Tested by unittests/Timing/LLVMEngineTest.cpp, and against llvm-mca by
/// test/Oracle.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TIMING_LLVMENGINE_H
#define MCAD_TIMING_LLVMENGINE_H

#include "Code/Program.h"
#include "Facts/MachineModel.h"
#include "Timing/Lowering.h"
#include "Timing/TimingEngine.h"
#include <memory>
#include <optional>
#include <vector>

namespace mcad {

/// llvm-mca's overrides of the model. 0: what the model says.
struct PipelineOverrides {
  unsigned DispatchWidth = 0;
  unsigned RegisterFileSize = 0;
  unsigned LoadQueueSize = 0;
  unsigned StoreQueueSize = 0;
  /// Loads never wait for older stores.
  bool AssumeNoAlias = true;
};

/// What there is besides LLVM's model of the core.
struct Surroundings {
  /// Lives as long as the engine. Null: none, and there are no facts.
  const MachineModel *Model = nullptr;
  /// Facts tell which accesses overlap; else AssumeNoAlias does.
  bool HasAddresses = false;
};

class LLVMEngine final : public TimingEngine {
public:
  /// \p P and \p L must outlive the engine; \p P may grow.
  LLVMEngine(const Program &P, Lowering &L, const PipelineOverrides &Overrides,
             Detail D, Surroundings Around = {});
  ~LLVMEngine() override;

  void watch(Stretch S) override;
  llvm::ArrayRef<InstructionTimes> watched() const override;
  llvm::Error consume(const Batch &B, const BatchFacts &Facts) override;
  llvm::Error restart() override;
  llvm::Error finish() override;
  uint64_t cycles() const override { return counters().Cycles; }
  const TimingCounters &counters() const override;
  llvm::ArrayRef<uint64_t> unitCyclesByInstruction() const override;
  llvm::ArrayRef<CausedCycles> cyclesByInstruction() const override;
  llvm::ArrayRef<CausedCycles> cyclesByAccount() const override;
  llvm::ArrayRef<RegionEntries> entriesByRegion() const override;

private:
  class Feed;
  class Listener;
  struct Machine;

  /// Runs the pipeline until it has taken all that the feed holds.
  llvm::Error run();
  /// Simulates what is in flight.
  llvm::Error drain();
  const std::vector<const LoweredInstruction *> &lowered(BlockId Id);

  const Program &P;
  Lowering &L;
  const PipelineOverrides Overrides;
  const Surroundings Around;
  std::unique_ptr<Listener> Count;
  std::unique_ptr<Machine> M; ///< Count listens to it.
  /// Per block, lowered when first executed.
  std::vector<std::vector<const LoweredInstruction *>> LoweredBlocks;
};

} // namespace mcad

#endif // MCAD_TIMING_LLVMENGINE_H
