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
/// pipeline and this project's stages make up together, which remembers what it
/// has simulated (StateGraph.h) and simulates only what is new.
///
/// Invariant: for every input, all of TimingCounters are those of LLVMEngine,
/// to the last digit, whatever the memory budget.
///
/// Facts that look back at older instructions are resolved before they are
/// compared: what counts is how many cycles are left, or which instruction in
/// flight they wait for.
///
/// Tested by unittests/Timing/FastEngineTest.cpp and DifferentialTest.cpp. See
/// docs/engine.md.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TIMING_FAST_FASTENGINE_H
#define MCAD_TIMING_FAST_FASTENGINE_H

#include "Timing/CycleAccounts.h"
#include "Timing/Fast/Core.h"
#include "Timing/Fast/StateGraph.h"
#include "Timing/LLVMEngine.h"
#include "llvm/ADT/StringMap.h"
#include <atomic>
#include <memory>

namespace mcad {

/// What engines that share a budget use of it.
struct MemoryPool {
  std::atomic<size_t> UsedBytes{0};
  std::atomic<size_t> NumEngines{0};
};

/// How the fast engine uses memory.
struct Memoization {
  bool IsOn = true;
  /// For states and edges; of all engines of the pool together, and of each.
  size_t BudgetBytes = size_t(1) << 30;
  std::shared_ptr<MemoryPool> Pool = nullptr; ///< Null: not shared.
  /// What remembering may lose before it pauses, in nanoseconds of CPU time as
  /// FastEngine::review() reckons them, and after how many executed blocks it
  /// does.
  int64_t LossNanoseconds = 200'000'000;
  uint32_t ReviewBlocks = 1 << 14;
};

/// What became of the executed blocks.
struct FastEngineCounters {
  uint64_t Hits = 0; ///< Blocks whose outcome was known.
  uint64_t HitInstructions = 0;
  uint64_t Replays = 0; ///< Blocks of which only the ports were simulated.
  uint64_t ReplayInstructions = 0;
  uint64_t Misses = 0; ///< Blocks that were simulated.
  uint64_t MissInstructions = 0;
  uint64_t PlainInstructions = 0; ///< Simulated while remembering did not pay.
  uint64_t Tries = 0;             ///< To go on from a state again.
  uint64_t Restores = 0;          ///< A miss behind a hit.
  uint64_t AgainInstructions = 0; ///< Simulated again for these.
  uint64_t Resets = 0;            ///< The budget was used up.
  uint64_t Pauses = 0;            ///< Remembering lost too much.
  // At the end.
  uint64_t States = 0, PortStates = 0, Transitions = 0, Edges = 0, Effects = 0;
  uint64_t SizeBytes = 0;
};

class FastEngine final : public TimingEngine {
public:
  /// \p P and \p L must outlive the engine; \p P may grow.
  FastEngine(const Program &P, Lowering &L, const PipelineOverrides &Overrides,
             Detail D, Surroundings Around = {}, Memoization Memory = {});
  ~FastEngine() override;

  void watch(Stretch S) override { Watched.emplace(S); }
  llvm::ArrayRef<InstructionTimes> watched() const override {
    return Watched ? Watched->rows() : llvm::ArrayRef<InstructionTimes>();
  }
  llvm::Error consume(const Batch &B, const BatchFacts &Facts) override;
  llvm::Error restart() override;
  llvm::Error finish() override;
  uint64_t cycles() const override { return IsLive ? Core->now() : Now; }
  const TimingCounters &counters() const override;
  llvm::ArrayRef<uint64_t> unitCyclesByInstruction() const override {
    return Core->UnitCyclesByInstruction;
  }
  llvm::ArrayRef<CausedCycles> cyclesByInstruction() const override {
    return Accounts.rows();
  }
  llvm::ArrayRef<CausedCycles> cyclesByAccount() const override {
    return Accounts.accounts();
  }
  llvm::ArrayRef<RegionEntries> entriesByRegion() const override {
    return Accounts.regions();
  }

  FastEngineCounters fastCounters() const;

private:
  struct Instruction {
    const LoweredInstruction *Lowered;
    const fast::CompiledInstruction *Compiled;
  };
  /// One execution of a block.
  struct Executed {
    BlockId Id;
    llvm::ArrayRef<Instruction> Code;
    uint32_t At; ///< Its first instruction in the batch.
    llvm::ArrayRef<InstructionFacts> Rows;
    const BatchFacts &Facts;
  };

  /// Before \p E, whose instructions are those of the program from \p First on:
  /// from the first one that is watched until all of them have retired, all is
  /// simulated plainly.
  llvm::Error watchNext(const Executed &E, uint32_t First);
  llvm::ArrayRef<Instruction> compiled(BlockId Id);
  llvm::Error simulate(const Executed &E);
  llvm::Error step(const Executed &E);
  fast::EdgeId findEdge(fast::Step S);
  /// The transition of \p S that holds with the ports as they are, or None.
  /// Takes the ports through it.
  fast::TransitionId replayKnown(fast::Step S);
  /// Notes for later waits what an effect says of \p E's instructions.
  void replayRecent(const Executed &E, fast::EffectId Does);
  llvm::Error simulateNew(const Executed &E, fast::Step S);
  /// Puts the core where the stream is.
  llvm::Error restore();
  /// Whether the state behind \p E, which is new, is to be written down.
  bool isLandmark(const Executed &E) const;
  /// The stream takes \p T by \p E, in which the core's ports, which are live,
  /// have come to where they are in cycle \p End, and to what its counters say.
  void follow(const Executed &E, fast::TransitionId T, uint64_t End);
  /// Likewise, where \p Taken, or None, says the same.
  void follow(const Executed &E, fast::EdgeId Taken, fast::EffectId Does,
              fast::EffectId Uses, fast::StateId To);
  /// A state of the ports.
  struct PortState {
    std::optional<fast::PortsId> Known;   ///< Else it has never been seen.
    llvm::SmallVector<uint16_t, 0> Units; ///< It, unless known.
  };
  llvm::ArrayRef<uint16_t> unitsOf(const PortState &Ports) const {
    return Ports.Known ? Graph.units(*Ports.Known) : Ports.Units;
  }
  /// The number of \p E's facts, as they look from here.
  uint32_t numberOfFacts(const Executed &E);
  void appendFacts(const InstructionFacts &F, const Executed &E);
  void appendWaits(const InstructionFacts &F, const Executed &E);
  llvm::Error simulatePlainly(const Executed &E);
  void charge(llvm::ArrayRef<fast::Charge> Charges) {
    for (const fast::Charge &C : Charges)
      Accounts.charge(Oldest + C.Ahead, C.Why, C.Cycles);
  }
  /// Pauses if remembering has lost too much, or begins again.
  llvm::Error review();
  /// Goes on without a state, until enter() is asked for one again.
  llvm::Error dropState();
  void enter(const Executed &E);
  void leave();
  void goOnFrom(fast::StateId Known);
  void startPath();
  void writePorts(uint64_t Cycle);
  /// Moves what the core counted to the totals.
  void settle();
  /// Forgets everything if it is too much.
  llvm::Error keepToBudget();
  bool isOverBudget();
  size_t sizeBytes() const { return Graph.sizeBytes() + FactsBytes; }
  /// The core is where the stream is; from here on there is a state.
  void writeState();
  /// Simulates what is in flight.
  llvm::Error drain();

  const Program &P;
  Lowering &L;
  const fast::CoreModel Model;
  const Detail D;
  const Surroundings Around;
  const Memoization Memory;
  size_t PooledBytes = 0; ///< What the pool knows of this engine.
  /// Not for listings: they are short, and count by instruction, which edges do
  /// not.
  const bool Remembers;
  fast::Compiler Compiler;
  std::unique_ptr<fast::Core> Core;
  /// Per block, compiled when first executed.
  std::vector<std::vector<Instruction>> Blocks;

  /// What no edge counts.
  TimingCounters Settled;
  mutable TimingCounters Total;
  CycleAccounts Accounts;
  /// What is watched; the core has it while it simulates that.
  std::optional<WatchedStretch> Watched;

  // Where the stream is.
  fast::StateGraph Graph;
  bool HasState = false; ///< Else only the core has it.
  fast::StateId Current{};
  PortState CurrentPorts;
  fast::EdgeId Last = fast::StateGraph::None;
  bool IsLive = true;       ///< The core is where the stream is.
  bool ArePortsLive = true; ///< Its ports are.
  /// Blocks since the last state that is written, and what they came with.
  unsigned PathLength = 0;
  uint32_t PathInstructions = 0;
  BatchFacts PathFacts; ///< As if these blocks were one batch.
  PortState PathPorts;  ///< Of that state.
  uint64_t Now = 0, Number = 0;
  uint64_t Oldest = 0; ///< The number of the oldest that has not retired.
  uint64_t Start = 0;  ///< Of the first one since the core was empty.
  /// Without a state: blocks until enter() is asked for one, and how many it
  /// waits if there is none.
  unsigned UntilEntry = 1, Patience = 1;
  uint64_t HitsAtEntry = 0;    ///< Of Counts, when it went on from a state.
  uint64_t UntilReview;        ///< Blocks.
  FastEngineCounters Reviewed; ///< Counts at the last review.
  bool IsPausing = false;      ///< It does not try for a state.
  int64_t Credit;              ///< Nanoseconds that may still be lost.

  llvm::SmallVector<uint16_t, 0> StateUnits;
  /// Of a core in which nothing ever was.
  llvm::SmallVector<uint16_t, 0> EmptyState, EmptyPorts;
  llvm::StringMap<uint32_t> FactsNumbers;
  size_t FactsBytes = 0; ///< What they take.
  llvm::SmallVector<uint32_t, 64> FactsKey;
  FastEngineCounters Counts;
};

} // namespace mcad

#endif // MCAD_TIMING_FAST_FASTENGINE_H
