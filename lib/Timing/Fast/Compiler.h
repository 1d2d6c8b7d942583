//===- Timing/Fast/Compiler.h - from prototypes to flat tables -----------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Compiles the prototype of an mca::Instruction, once, into what the fast
/// engine needs at dispatch, and into what it needs after that.
///
/// The latter, InstructionTiming, names no register: two additions of different
/// registers share it. Only it can influence an instruction in flight, so that
/// the engine's states name timings, by number, and merge.
///
/// What LLVM's RegisterFile finds out at every dispatch but does not depend on
/// what is in flight is found out here: which slots an instruction's writes end
/// up in, where several go to one register, and how many physical registers
/// they take.
///
/// One thread. Tested by unittests/Timing/DifferentialTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TIMING_FAST_COMPILER_H
#define MCAD_TIMING_FAST_COMPILER_H

#include "Timing/Fast/Behind.h"
#include "Timing/Fast/CoreModel.h"
#include "Timing/Lowering.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Allocator.h"

namespace mcad::fast {

/// One entry of mca::InstrDesc::Resources.
struct ResourceNeed {
  uint32_t Cycles; ///< 0: it ends a reservation instead (an oddity of LLVM's).
  uint8_t Resource;
  uint8_t NumUnits;
  bool Reserves; ///< The group is kept from others, no unit is taken.
  bool IsBrief;  ///< For one cycle, of resources of one unit: as most.
};

struct PhysicalRegisters {
  uint16_t File;
  uint16_t Count;
};

/// One register write.
struct Definition {
  uint32_t LatencyCycles;
  uint16_t WriteResource; ///< What read-advances look at.
};

/// What is left of an instruction behind dispatch: what is a number.
struct TimingNumbers {
  uint32_t Id;          ///< Dense, by content.
  uint32_t RetireClass; ///< Dense; equal where retirement has equal effects.
  uint32_t LatencyCycles;
  uint16_t MicroOps;
  uint16_t ReorderEntries;

  bool MayLoad, MayStore, IsLoadBarrier, IsStoreBarrier;
  bool IssuesAtOnce; ///< When dispatched, if its operands are there.
  bool RetiresOutOfOrder;
  bool BeginsGroup, EndsGroup;
  bool HasOverlappingGroups = false;
  bool EndsReservation = false; ///< Of some need of no cycles.
  /// Its writes may matter after they are there.
  bool IsReadLate = false;

  /// Resources that it needs one ready unit of, by number: those that are
  /// units, and those that are groups.
  uint64_t NeedsUnits = 0, NeedsGroups = 0;
  uint64_t Groups = 0; ///< LLVM's UsedProcResGroups.
  uint64_t Buffers = 0;

  bool isMemory() const { return MayLoad || MayStore; }
};

/// And its arrays.
struct InstructionTiming : TimingNumbers {
  Behind<uint64_t> NeedsOneOf;      ///< What NeedsGroups are groups of.
  Behind<ResourceNeed> Needs;       ///< In LLVM's order.
  Behind<ResourceNeed> NeedsOthers; ///< Those that need no one unit.
  Behind<Definition> Definitions;
  /// Held from dispatch to retirement; only of files that have a bound.
  Behind<PhysicalRegisters> Holds;

  explicit InstructionTiming(const TimingNumbers &N) : TimingNumbers(N) {}
};

/// A register read.
struct Read {
  uint16_t Register;
  std::optional<Family> OneFamily; ///< That all slots are of.
  struct Advance {
    uint16_t WriteResource; ///< 0: any.
    int16_t Cycles;
  };
  Behind<Advance> Advances; ///< The first that matches counts.

  /// How many cycles before the end of a write it reads.
  int advance(unsigned WriteResource) const {
    for (const Advance &A : Advances)
      if (!A.WriteResource || A.WriteResource == WriteResource)
        return A.Cycles;
    return 0;
  }
};

/// After this instruction, the last write of \p To is its definition.
struct SlotWrite {
  Slot To;
  uint16_t Definition;
};
/// The same for all slots of a family.
struct FamilyWrite {
  Family To;
  uint16_t Definition;
};

/// A write of a part of a register waits for the write of the whole before it.
struct Merge {
  Slot Whole;
  uint32_t LatencyCycles; ///< Of the part.
};

/// After this instruction, \p Register is zero, or not known to be.
struct ZeroWrite {
  uint16_t Register;
  uint16_t Definition;
  bool IsZero; ///< Unless the instruction is eliminated.
};

/// A pair of a move or exchange that may be eliminated.
struct EliminablePair {
  uint16_t From, To; ///< Registers.
};

struct CompiledInstruction {
  const InstructionTiming *Timing = nullptr;
  uint32_t Id = 0;                   ///< Dense.
  unsigned FirstWriteBackCycles = 0; ///< The shortest latency of all writes.
  Behind<Read> Reads;
  Behind<FamilyWrite> WholeWrites;
  Behind<SlotWrite> PartWrites;
  Behind<Merge> Merges;
  /// Must be free for dispatch; only of files that have a bound.
  Behind<PhysicalRegisters> Needs;
  Behind<ZeroWrite> Zeros; ///< Only if the model tracks zeros.
  /// If not empty, a move that may be eliminated.
  Behind<EliminablePair> Moves;
  uint16_t MovesFile = 0;
  const InstructionTiming *EliminatedTiming = nullptr;
};

class Compiler {
public:
  /// Both live as long.
  Compiler(const CoreModel &Model, Lowering &L) : Model(Model), L(L) {}

  /// Lives with the compiler.
  const CompiledInstruction &compile(const LoweredInstruction &I);
  /// The same with its loads coming \p LoadCycles later.
  const CompiledInstruction &compile(const LoweredInstruction &I,
                                     unsigned LoadCycles);

  const InstructionTiming &timing(uint32_t Id) const { return *Timings[Id]; }
  const CompiledInstruction &compiled(uint32_t Id) const { return *All[Id]; }
  /// A timing with the effects of \p RetireClass at retirement.
  const InstructionTiming &retiring(uint32_t RetireClass) const {
    return *Retiring[RetireClass];
  }

private:
  /// The arrays of an instruction, while it is compiled.
  struct Parts;

  const CompiledInstruction &compile(const llvm::mca::Instruction &Prototype);
  const InstructionTiming &makeTiming(const llvm::mca::Instruction &Prototype,
                                      llvm::ArrayRef<PhysicalRegisters> Holds);
  void compileReads(Parts &P, const llvm::mca::Instruction &Prototype) const;
  void compileWrites(Parts &P, const llvm::mca::Instruction &Prototype) const;
  void compileMoves(Parts &P, const llvm::mca::Instruction &Prototype) const;
  CompiledInstruction *place(const Parts &P);

  const CoreModel &Model;
  Lowering &L;
  llvm::BumpPtrAllocator Memory;
  llvm::DenseMap<const llvm::mca::Instruction *, const CompiledInstruction *>
      Known;
  std::vector<const CompiledInstruction *> All;
  std::vector<const InstructionTiming *> Timings, Retiring;
  llvm::StringMap<uint32_t> TimingIds, RetireClasses;
};

} // namespace mcad::fast

#endif // MCAD_TIMING_FAST_COMPILER_H
