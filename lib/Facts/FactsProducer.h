//===- Facts/FactsProducer.h - from executions to facts -----------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Runs what one stream executed through the caches, TLBs and predictors of its
/// core, in the program's order, and writes down what an engine must know.
///
/// Invariant: the facts of a stream do not depend on how it is cut into batches
/// (tested); with caches that threads share, they depend on the order in which
/// the batches of the threads come.
///
/// One thread for all producers of a Hierarchy.
/// Tested by unittests/Facts/FactsProducerTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_FACTS_FACTSPRODUCER_H
#define MCAD_FACTS_FACTSPRODUCER_H

#include "Facts/FactCounters.h"
#include "Facts/Facts.h"
#include "Facts/Hierarchy.h"
#include "Facts/StoreWindow.h"
#include "mcad/Broker.h"
#include "mcad/Execution.h"

namespace mcad {

class FactsProducer {
public:
  /// \p P, which may grow, and \p Shared live as long.
  FactsProducer(const Program &P, Hierarchy &Shared, TraceScope Scope);

  /// The facts of \p B, the stream's next batch, into \p Out, which is cleared.
  void consume(const Batch &B, BatchFacts &Out);
  /// What the stream executes next does not follow what it did before: no
  /// branch led there. Caches and predictors know what they knew.
  void restart();

  FactCounters counters() const;
  /// By InstructionId; those without events may be missing at the end.
  llvm::ArrayRef<InstructionEvents> events() const { return Events; }

private:
  /// What is always the same about a block.
  struct StaticBlock {
    bool IsKnown = false;
    Branch Last; ///< Its last instruction.
    GuestAddr LastPc = 0, Behind = 0;
    /// The lines it lies in, and the first instruction that needs each.
    struct Line {
      GuestAddr Address;
      uint32_t Instruction;
    };
    llvm::SmallVector<Line, 3> Lines;
  };
  const StaticBlock &staticBlock(BlockId Id);

  void follow(const StaticBlock &Block, GuestAddr Address);
  void fetch(const StaticBlock &Block, uint32_t FirstInstruction);
  void access(const CodeBlock &Block, const MemoryAccess &A);
  void addWait(InstructionFacts &F, uint64_t Older, uint32_t Cycles, Cause Why);
  /// The row of the instruction that is \p Index-th in the block at hand.
  InstructionFacts &row(uint32_t Index);
  InstructionEvents &event(uint32_t Instruction) { return Events[Instruction]; }

  const Program &P;
  const MachineModel &M;
  CoreMemory Memory;
  BranchUnit Branches;
  StoreWindow Stores;
  std::vector<StaticBlock> Blocks;
  std::vector<InstructionEvents> Events;
  /// Addresses by InstructionId, of blocks that are known: the program's own
  /// instructions are large, and far apart.
  std::vector<GuestAddr> Pcs;
  uint64_t SplitAccesses = 0, ForwardedLoads = 0, PartlyForwarded = 0;

  /// The L1D misses that may still be outstanding: as many as there are MSHRs,
  /// oldest at NextMiss. Without a limit: empty.
  std::vector<Fill> Misses;
  size_t NextMiss = 0;

  // Where the stream is.
  uint64_t Ordinal = 1; ///< Of the block's first instruction; counts from 1.
  uint64_t BatchStart = 1;
  BatchFacts *Out = nullptr;           ///< Of the batch at hand.
  const StaticBlock *Before = nullptr; ///< The block executed before.
  uint32_t BeforeLast = 0;             ///< Its last instruction's id.
  uint64_t LastLine = TagArray::NoKey; ///< Of L1I, the line fetched last.
  unsigned FetchShift;
};

} // namespace mcad

#endif // MCAD_FACTS_FACTSPRODUCER_H
