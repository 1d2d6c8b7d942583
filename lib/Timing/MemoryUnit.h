//===- Timing/MemoryUnit.h - loads and stores with real addresses -------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// LLVM's load/store unit with the waits of facts added. Its queues, and its
/// rules for stores and barriers, are those of mca::LSUnit under -noalias; a
/// load or store that has to wait gets a memory group of its own that depends
/// on a *gate*, a group without an instruction of the program, which opens when
/// all it waits for is there. The store queue keeps a store until its line has
/// come.
///
/// Without facts it answers as mca::LSUnit does (tested at random).
///
/// Tested by unittests/Timing/FactsTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TIMING_MEMORYUNIT_H
#define MCAD_TIMING_MEMORYUNIT_H

#include "Timing/RecentInstructions.h"
#include "Timing/TimingEngine.h"
#include "llvm/MCA/HardwareUnits/LSUnit.h"
#include <memory>
#include <optional>

namespace mcad {

class MemoryUnit final : public llvm::mca::LSUnit {
public:
  /// Queue sizes of 0: what \p Model says. All references live as long.
  MemoryUnit(const llvm::MCSchedModel &Model, unsigned LoadQueue,
             unsigned StoreQueue, RecentInstructions &Recent,
             const TimingCounters &Counters);

  unsigned dispatch(const llvm::mca::InstRef &IR) override;
  void onInstructionExecuted(const llvm::mca::InstRef &IR) override;
  void onInstructionRetired(const llvm::mca::InstRef &IR) override;
  void cycleEvent() override;

private:
  /// Stands for what a load or store waits for.
  struct Gate {
    unsigned Group;
    unsigned Index; ///< Source index of who waits.
  };

  unsigned dispatchStore(const llvm::mca::Instruction &Inst);
  unsigned dispatchLoad(const llvm::mca::Instruction &Inst, bool IsHeld);
  unsigned newGroup();
  /// \p Later waits for \p Earlier: until it is issued, or until it is
  /// executed.
  enum class Until : bool { Issued, Executed };
  void order(unsigned Earlier, unsigned Later, Until U);

  struct Opening {
    std::optional<uint64_t> Cycle; ///< None: not known yet.
    Cause Why = Cause::None;       ///< Of the last thing that it waits for.
  };
  /// When all that \p R waits for is there.
  Opening opening(const RecentInstruction &R);
  void open(const Gate &G);

  RecentInstructions &Recent;
  const TimingCounters &Counters;

  // As in mca::LSUnit, whose own are private: group ids, 0 for none.
  unsigned LoadGroup = 0, LoadBarrier = 0, StoreGroup = 0, StoreBarrier = 0;
  /// Groups of held loads since the last store; they are not in LoadGroup.
  llvm::SmallVector<unsigned, 8> HeldLoads;
  /// Of all held loads that are not executed, for barriers.
  llvm::SmallVector<unsigned, 8> AllHeldLoads;
  llvm::SmallVector<Gate, 8> Gates; ///< Those that are closed.
  /// Cycles in which the lines of retired stores arrive.
  llvm::SmallVector<uint64_t, 8> Draining;
  /// An instruction that is executed, to open gates with.
  llvm::mca::InstrDesc KeyDesc;
  std::unique_ptr<llvm::mca::Instruction> Key;
};

} // namespace mcad

#endif // MCAD_TIMING_MEMORYUNIT_H
