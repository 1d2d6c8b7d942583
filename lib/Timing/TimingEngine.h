//===- Timing/TimingEngine.h - cycles for executed instructions ----------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A timing engine simulates the executed instructions of one stream, in order,
/// on the target's scheduling model, and counts. Engines differ in speed, never
/// in a number.
///
/// Tested by unittests/Timing.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TIMING_TIMINGENGINE_H
#define MCAD_TIMING_TIMINGENGINE_H

#include "Code/Program.h"
#include "Facts/Facts.h"
#include "mcad/Execution.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/Support/Error.h"
#include <array>
#include <cstdint>
#include <vector>

namespace mcad {

/// Cycles by what they were lost to; Cause::None: to nothing outside of the
/// core.
using CausedCycles = std::array<uint64_t, NumCauses>;

inline void addCycles(CausedCycles &To, const CausedCycles &From) {
  for (unsigned Why = 0; Why != NumCauses; ++Why)
    To[Why] += From[Why];
}

/// Adds rows to rows; those that are missing at the end are zeros.
inline void addCycles(std::vector<CausedCycles> &To,
                      llvm::ArrayRef<CausedCycles> From) {
  if (To.size() < From.size())
    To.resize(From.size());
  for (size_t I = 0; I != From.size(); ++I)
    addCycles(To[I], From[I]);
}

/// How often a region was open for so many cycles, from its opening to its
/// closing. Exact, and small all the same: n different numbers of cycles take
/// n * n / 2 cycles at least.
using RegionEntries = llvm::DenseMap<uint64_t, uint64_t>;

/// What an engine has counted so far. Plain numbers that add up over streams,
/// Cycles too: the sum over threads is processor time, not elapsed time.
struct TimingCounters {
  uint64_t Cycles = 0;
  uint64_t Instructions = 0; ///< Retired.
  uint64_t MicroOps = 0;     ///< Of the retired instructions.
  /// Part of the two above: instructions that llvm-mca does not see retire, see
  /// RetirementRepair.h.
  uint64_t UnseenInstructions = 0;
  uint64_t UnseenMicroOps = 0;
  /// Cycles of use that they asked of each resource kind of the model.
  std::vector<uint64_t> UnseenKindCycles;
  /// Cycles that each unit of a processor resource was in use: one entry per
  /// unit, in the order of resourceUnits() in ResourceUnits.h.
  std::vector<uint64_t> UnitCycles;
  /// Cycles of use that LLVM gave to no unit of the resource.
  uint64_t UnplacedCycles = 0;
  /// Cycles in which nothing retired, by what the oldest instruction (or, if
  /// none was in flight, fetch) waited for. None is 0.
  CausedCycles LostCycles = {};

  TimingCounters &operator+=(const TimingCounters &Other) {
    Cycles += Other.Cycles;
    Instructions += Other.Instructions;
    MicroOps += Other.MicroOps;
    UnseenInstructions += Other.UnseenInstructions;
    UnseenMicroOps += Other.UnseenMicroOps;
    UnplacedCycles += Other.UnplacedCycles;
    add(UnseenKindCycles, Other.UnseenKindCycles);
    add(UnitCycles, Other.UnitCycles);
    addCycles(LostCycles, Other.LostCycles);
    return *this;
  }

  /// Calls \p Visit for each number of \p C, const or not, always in the same
  /// order; those of the units last.
  template <typename Counters, typename Visitor>
  static void forEach(Counters &C, Visitor Visit) {
    forEachButUnits(C, Visit);
    forEachOfUnits(C, Visit);
  }
  template <typename Counters, typename Visitor>
  static void forEachButUnits(Counters &C, Visitor Visit) {
    for (auto *Count : {&C.Cycles, &C.Instructions, &C.MicroOps,
                        &C.UnseenInstructions, &C.UnseenMicroOps})
      Visit(*Count);
    for (auto &Count : C.UnseenKindCycles)
      Visit(Count);
    for (auto &Count : C.LostCycles)
      Visit(Count);
  }
  template <typename Counters, typename Visitor>
  static void forEachOfUnits(Counters &C, Visitor Visit) {
    Visit(C.UnplacedCycles);
    for (auto &Count : C.UnitCycles)
      Visit(Count);
  }

  /// All to zero; as many units and kinds as before.
  void clear() {
    forEach(*this, [](uint64_t &Count) { Count = 0; });
  }

private:
  static void add(std::vector<uint64_t> &To,
                  const std::vector<uint64_t> &From) {
    if (To.size() < From.size())
      To.resize(From.size());
    for (size_t I = 0; I != From.size(); ++I)
      To[I] += From[I];
  }
};

/// Executed instructions of a stream by their number in it, from 0: [From, To),
/// not empty.
struct Stretch {
  uint64_t From = 0, To = 0;
};

/// When one executed instruction came to each stage of the core: the cycles of
/// its stream, from 0, in which LLVM's pipeline says so.
struct InstructionTimes {
  static constexpr uint64_t Never = ~uint64_t(0); ///< Or not yet.
  InstructionId Instruction;
  uint64_t Dispatched = Never; ///< The first part, of one that comes in parts.
  uint64_t Ready = Never;      ///< Nothing but a port is missing.
  uint64_t Issued = Never, Executed = Never, Retired = Never;

  bool operator==(const InstructionTimes &) const = default;
};

class TimingEngine {
public:
  /// Whether unit cycles are also kept per instruction of the program; for
  /// listings, whose programs are short.
  enum class Detail : uint8_t { Totals, PerInstruction };

  virtual ~TimingEngine() = default;

  /// Notes the times of the instructions of \p S. At most once, before the
  /// first consume(); the memory that this takes is in proportion to \p S.
  virtual void watch(Stretch S) = 0;

  /// Of the stretch that is watched, in order, those that were executed so far;
  /// the last may be in flight still. Empty if none is watched.
  virtual llvm::ArrayRef<InstructionTimes> watched() const = 0;

  /// Simulates the executions of \p B, all of which belong to this engine's
  /// stream, with the \p Facts of that batch. May lag behind; finish() catches
  /// up.
  virtual llvm::Error consume(const Batch &B, const BatchFacts &Facts) = 0;

  /// Simulates what is still in flight, and goes on with a core in which
  /// nothing ever was. The instructions' numbers, the cycles and all counts go
  /// on; what facts say of instructions before this holds no more.
  virtual llvm::Error restart() = 0;

  /// The stream has ended: simulates what is still in flight. Once, last.
  virtual llvm::Error finish() = 0;

  /// So far; counters() may be slow.
  virtual uint64_t cycles() const = 0;

  /// Of all that has retired so far.
  virtual const TimingCounters &counters() const = 0;

  /// With Detail::PerInstruction: UnitCycles of each instruction, one row of
  /// as many entries as there are units per InstructionId; rows of zeros may
  /// be missing at the end. Else empty.
  virtual llvm::ArrayRef<uint64_t> unitCyclesByInstruction() const = 0;

  /// The cycles of each instruction of the program, by InstructionId; those
  /// that were never executed may be missing at the end. CycleAccounts.h says
  /// whose a cycle is: all of them together are counters().Cycles, and those of
  /// any cause but None are its LostCycles.
  virtual llvm::ArrayRef<CausedCycles> cyclesByInstruction() const = 0;

  /// The cycles of each account (Facts.h); those that nothing was charged to
  /// may be missing at the end. Together they are counters().Cycles as well.
  virtual llvm::ArrayRef<CausedCycles> cyclesByAccount() const = 0;

  /// What is known of the entries of each region (Facts.h) that are over; by
  /// region, those that were never open may be missing at the end. All of them
  /// once it is finished.
  virtual llvm::ArrayRef<RegionEntries> entriesByRegion() const = 0;
};

} // namespace mcad

#endif // MCAD_TIMING_TIMINGENGINE_H
