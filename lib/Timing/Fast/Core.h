//===- Timing/Fast/Core.h - a core that instructions are pushed through --===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What the fast engine knows of a simulated core. A core takes one instruction
/// after the other, lets as many cycles pass as it takes until there is room,
/// and stops in the middle of a cycle, right behind the last one: the point at
/// which LLVM's pipeline asks for more.
///
/// Tested by unittests/Timing/DifferentialTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TIMING_FAST_CORE_H
#define MCAD_TIMING_FAST_CORE_H

#include "Timing/Fast/Compiler.h"
#include "Timing/Fast/FactsInFlight.h"
#include "Timing/Fast/Ports.h"
#include "Timing/TimingEngine.h"
#include "Timing/WatchedStretch.h"

namespace mcad::fast {

/// An instruction that is executed, as the core gets it.
struct Arriving {
  const CompiledInstruction *Compiled; ///< With its LoadCycles compiled in.
  const InstructionFacts *Facts = nullptr;
  llvm::ArrayRef<Wait> Waits;
};

/// Cycles that belong to one executed instruction, in a stretch of a stream.
struct Charge {
  uint32_t Ahead; ///< Of the oldest when the stretch began.
  Cause Why;
  uint32_t Cycles;

  bool operator==(const Charge &Other) const = default;
};

class Core {
public:
  Core(const CoreModel &Model, const Compiler &Code)
      : Units(Model), Model(Model), Code(Code) {
    Counters.UnitCycles.resize(Model.NumColumns);
    Counters.UnseenKindCycles.resize(Model.Resources.size() + 1);
  }
  virtual ~Core() = default;

  /// Lets \p A in.
  virtual llvm::Error push(const Arriving &A) = 0;
  /// Lets what is in flight come to its end.
  virtual llvm::Error finish() = 0;

  /// Writes all that can influence what comes, in canonical form, but for the
  /// ports' own. \returns false if that would be too much.
  virtual bool save(llvm::SmallVectorImpl<uint16_t> &State) = 0;
  void savePorts(llvm::SmallVectorImpl<uint16_t> &State, uint64_t Cycle) {
    StateWriter A(State, Code, Cycle, 0);
    Units.transfer(A);
  }
  /// Goes on from what was saved, in cycle \p Now, before instruction number
  /// \p Next of the stream. What waits look back at is kept.
  virtual void restore(llvm::ArrayRef<uint16_t> State,
                       llvm::ArrayRef<uint16_t> PortState, uint64_t Now,
                       uint64_t Next) = 0;
  /// Only the ports; then restore() must come before anything else.
  void restorePorts(llvm::ArrayRef<uint16_t> State, uint64_t Cycle) {
    StateReader A(State, Code, Cycle, 0);
    Units.transfer(A);
    assert(A.isAtEnd() && "states are read as they were written");
  }
  /// Takes the ports through what was recorded, from \p First to \p Last, and
  /// counts. The same holds; and if it returns false, for the ports too.
  bool replayPorts(llvm::ArrayRef<uint32_t> Log, uint64_t First,
                   uint64_t Last) {
    const bool IsSame =
        Units.replay(Log, Code, First, [&](unsigned Column, uint32_t Cycles) {
          countUse(Column, Cycles);
        });
    if (IsSame)
      Units.release(Last);
    return IsSame;
  }

  uint64_t now() const { return Now; }

  /// Begins a new stretch of charges: CycleAccounts.h says whose a cycle is.
  void startCharging() {
    Charges.clear();
    ChargedFrom = oldest();
  }
  /// Since then, in the order of time.
  llvm::ArrayRef<Charge> charges() const { return Charges; }
  /// The number of the oldest instruction that has not retired; if there is
  /// none, of the next one.
  virtual Sequence oldest() = 0;

  /// Of all that is simulated; who reads it may set it to zero.
  TimingCounters Counters;
  RecentCycles Recent; ///< With a machine model.
  Ports Units;
  /// Is told of what comes to which stage; null, as mostly: nobody is.
  WatchedStretch *Watched = nullptr;

  /// For listings: the InstructionId of all that is pushed, in order, before
  /// it is; else empty.
  std::vector<uint32_t> Pushed;
  /// As TimingEngine has it.
  std::vector<uint64_t> UnitCyclesByInstruction;

protected:
  void charge(Sequence Oldest, Cause Why, uint64_t Cycles) {
    const auto Ahead = static_cast<uint32_t>(Oldest - ChargedFrom);
    if (Charges.empty() || Charges.back().Ahead != Ahead ||
        Charges.back().Why != Why)
      Charges.push_back({Ahead, Why, 0});
    Charges.back().Cycles += Cycles;
  }
  void countUse(unsigned Column, uint32_t Cycles) {
    (Column == ~0u ? Counters.UnplacedCycles : Counters.UnitCycles[Column]) +=
        Cycles;
  }

  const CoreModel &Model;
  const Compiler &Code;
  uint64_t Now = 0; ///< The cycle at hand.

private:
  llvm::SmallVector<Charge, 32> Charges;
  Sequence ChargedFrom = 0;
};

std::unique_ptr<Core> makeOutOfOrderCore(const CoreModel &Model,
                                         const Compiler &Code,
                                         const Surroundings &Around);
std::unique_ptr<Core> makeInOrderCore(const CoreModel &Model,
                                      const Compiler &Code,
                                      const Surroundings &Around);

} // namespace mcad::fast

#endif // MCAD_TIMING_FAST_CORE_H
