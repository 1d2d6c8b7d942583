//===- Timing/Fast/CoreModel.h - what never changes about a core ---------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The fast engine's view of a CPU: widths, queues, resources and registers,
/// read once out of LLVM's scheduling model.
///
/// Resources are numbered as LLVM's ResourceManager numbers their states, by
/// the highest bit of their masks: units first, groups behind them.
///
/// LLVM's RegisterFile keeps the last write of every register and updates all
/// that overlap. Registers that are always updated together share one *slot*
/// here: on x86, where the parts of a register are renamed with it, RAX to AL
/// are one. Slots that are mostly updated together, because the registers are
/// parts of one, are a *family*: on x86 without renaming, RAX to AL.
///
/// Constant after construction. Tested by
/// unittests/Timing/DifferentialTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TIMING_FAST_COREMODEL_H
#define MCAD_TIMING_FAST_COREMODEL_H

#include "Target/Target.h"
#include "Timing/LLVMEngine.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/SmallVector.h"
#include <cstdint>
#include <optional>
#include <vector>

namespace mcad::fast {

/// A kind of processor resource of the model: units, or a group of them.
struct Resource {
  uint64_t Mask = 0;  ///< LLVM's: a bit of its own, and those of its members.
  uint64_t Units = 0; ///< One bit per unit; of a group, the masks of its units.
  unsigned Kind = 0;  ///< Its number in LLVM's model.
  int BufferSize = -1;
  bool IsGroup = false;
  unsigned NumUnits = 1; ///< 1 for a group, as LLVM has it.
  /// The column of its first unit in TimingCounters::UnitCycles.
  unsigned FirstColumn = ~0u;

  /// Holds up dispatch while it is in use: no buffer in front of it.
  bool isDispatchHazard() const { return BufferSize == 0; }
};

using Slot = uint16_t;
using Family = uint16_t;

/// How a register is renamed.
struct RegisterRenaming {
  uint16_t File = 0;      ///< The register file that it is in; 0: in none.
  uint16_t Cost = 1;      ///< Physical registers for one write.
  uint16_t RenamedAs = 0; ///< Itself, the register that it is a part of, or 0.
  bool AllowsElimination = false; ///< Of moves to it.
};

struct PhysicalRegisterFile {
  unsigned Size = 0;                ///< 0: without bound.
  unsigned MaxMovesEliminated = 0;  ///< A cycle; 0: without bound.
  bool EliminatesOnlyZeros = false; ///< Only moves of a register that is zero.
};

class CoreModel {
public:
  CoreModel(const Target &T, const PipelineOverrides &Overrides);

  const Target &target() const { return T; }

  bool IsOutOfOrder;
  unsigned Width; ///< Micro-ops in a cycle: dispatched, or issued in order.
  unsigned ReorderBuffer = 0; ///< Entries. Out of order only.
  unsigned MaxRetired = 0;    ///< Instructions in a cycle; 0: without bound.
  unsigned LoadQueue = 0, StoreQueue = 0; ///< Entries; 0: without bound.
  bool LoadsPassStores;                   ///< -noalias.

  std::vector<Resource> Resources;
  unsigned NumColumns = 0;
  /// Some resource holds up dispatch, so that instructions may be made to issue
  /// without a unit (docs/bugs-met.md).
  bool HasDispatchHazards = false;

  /// Whether \p R has one unit, or is a group of such.
  bool hasSingleUnits(const Resource &R) const;

  std::vector<PhysicalRegisterFile> Files; ///< By number; 0: all registers.
  std::vector<RegisterRenaming> Renaming;  ///< By register.
  bool EliminatesMoves = false;
  bool TracksZeros = false; ///< A file eliminates only moves of zeros.

  Slot slot(unsigned Register) const { return SlotOf[Register]; }
  unsigned numSlots() const { return NumSlots; }
  /// What a read of \p Register looks at: its slot and those of its parts.
  llvm::ArrayRef<Slot> readSlots(unsigned Register) const {
    return ReadSlots[Register];
  }
  Family family(Slot S) const { return FamilyOf[S]; }
  unsigned numFamilies() const { return Families.size(); }
  /// The slots of \p F, as numbers from the first on.
  llvm::ArrayRef<Slot> slots(Family F) const { return Families[F]; }
  /// The family that all read slots of \p Register are of, if there is one.
  std::optional<Family> familyOfRead(unsigned Register) const {
    return FamilyOfRead[Register];
  }

  /// The largest -ReadAdvance of the model, in cycles: for how long a write
  /// can matter after it is written back.
  unsigned MaxLateRead = 0;
  /// Whether a write to \p WriteResource can.
  bool isReadLate(unsigned WriteResource) const {
    return MaxLateRead &&
           (LateWrites.test(0) || (WriteResource < LateWrites.size() &&
                                   LateWrites.test(WriteResource)));
  }

private:
  void readResources();
  void readQueues(const PipelineOverrides &Overrides);
  void readRegisterFiles(unsigned DefaultFileSize);
  void makeSlots();
  void makeFamilies();

  const Target &T;
  llvm::BitVector LateWrites{1}; ///< By write resource; the first: all.
  unsigned NumSlots = 0;
  std::vector<Slot> SlotOf;
  std::vector<llvm::SmallVector<Slot, 4>> ReadSlots;
  std::vector<Family> FamilyOf;
  std::vector<llvm::SmallVector<Slot, 4>> Families;
  std::vector<std::optional<Family>> FamilyOfRead; ///< By register.
};

} // namespace mcad::fast

#endif // MCAD_TIMING_FAST_COREMODEL_H
