//===- Timing/Fast/CoreModel.cpp - what never changes about a core -------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Timing/Fast/CoreModel.h"
#include "Timing/ResourceUnits.h"
#include "llvm/ADT/EquivalenceClasses.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/MCA/Support.h"
#include <map>

using namespace llvm;

namespace mcad::fast {

CoreModel::CoreModel(const Target &T, const PipelineOverrides &Overrides)
    : IsOutOfOrder(T.schedModel().isOutOfOrder()),
      // In-order issue has no override.
      Width(IsOutOfOrder && Overrides.DispatchWidth
                ? Overrides.DispatchWidth
                : T.schedModel().IssueWidth),
      LoadsPassStores(Overrides.AssumeNoAlias), T(T) {
  readResources();
  readQueues(Overrides);
  readRegisterFiles(Overrides.RegisterFileSize);
  makeSlots();
}

void CoreModel::readResources() {
  const MCSchedModel &Model = T.schedModel();
  const unsigned NumKinds = Model.getNumProcResourceKinds();
  SmallVector<uint64_t, 64> Masks(NumKinds);
  mca::computeProcResourceMasks(Model, Masks);
  std::vector<unsigned> FirstColumns;
  NumColumns = resourceUnits(Model, &FirstColumns).size();
  Resources.resize(NumKinds ? NumKinds - 1 : 0);
  for (unsigned Kind = 1; Kind < NumKinds; ++Kind) {
    const MCProcResourceDesc &Desc = *Model.getProcResource(Kind);
    const unsigned Index = mca::getResourceStateIndex(Masks[Kind]);
    Resource &R = Resources[Index];
    R.Mask = Masks[Kind];
    R.Kind = Kind;
    R.IsGroup = popcount(R.Mask) > 1;
    R.Units = R.IsGroup ? R.Mask ^ uint64_t(1) << Index
                        : (uint64_t(1) << Desc.NumUnits) - 1;
    R.NumUnits = R.IsGroup ? 1 : popcount(R.Units);
    R.BufferSize = Desc.BufferSize;
    R.FirstColumn = FirstColumns[Kind];
    HasDispatchHazards |= R.isDispatchHazard();
  }
}

bool CoreModel::hasSingleUnits(const Resource &R) const {
  return R.IsGroup ? none_of(Resources,
                             [&](const Resource &Member) {
                               return Member.Mask & R.Units &&
                                      !Member.IsGroup && Member.NumUnits != 1;
                             })
                   : R.NumUnits == 1;
}

void CoreModel::readQueues(const PipelineOverrides &Overrides) {
  const MCSchedModel &Model = T.schedModel();
  LoadQueue = Overrides.LoadQueueSize;
  StoreQueue = Overrides.StoreQueueSize;
  ReorderBuffer = IsOutOfOrder ? Model.MicroOpBufferSize : 0;
  if (!Model.hasExtraProcessorInfo())
    return;
  const MCExtraProcessorInfo &Extra = Model.getExtraProcessorInfo();
  auto queue = [&](unsigned &Size, unsigned Kind) {
    if (!Size && Kind)
      Size = std::max(0, Model.getProcResource(Kind)->BufferSize);
  };
  queue(LoadQueue, Extra.LoadQueueID);
  queue(StoreQueue, Extra.StoreQueueID);
  if (IsOutOfOrder && Extra.ReorderBufferSize)
    ReorderBuffer = Extra.ReorderBufferSize;
  MaxRetired = Extra.MaxRetirePerCycle;
}

void CoreModel::readRegisterFiles(unsigned DefaultFileSize) {
  const MCSchedModel &Model = T.schedModel();
  const MCRegisterInfo &Registers = T.mri();
  Renaming.resize(Registers.getNumRegs());
  Files.push_back({DefaultFileSize, 0, false});
  for (unsigned Class = 0; Class != Model.NumSchedClasses; ++Class)
    for (const MCReadAdvanceEntry &Entry :
         T.sti().getReadAdvanceEntries(*Model.getSchedClassDesc(Class)))
      if (Entry.Cycles < 0) {
        MaxLateRead = std::max(MaxLateRead, unsigned(-Entry.Cycles));
        if (LateWrites.size() <= Entry.WriteResourceID)
          LateWrites.resize(Entry.WriteResourceID + 1);
        LateWrites.set(Entry.WriteResourceID);
      }
  if (!Model.hasExtraProcessorInfo())
    return;
  const MCExtraProcessorInfo &Extra = Model.getExtraProcessorInfo();
  for (unsigned File = 1; File < Extra.NumRegisterFiles; ++File) {
    const MCRegisterFileDesc &Desc = Extra.RegisterFiles[File];
    Files.push_back({Desc.NumPhysRegs, Desc.MaxMovesEliminatedPerCycle,
                     Desc.AllowZeroMoveEliminationOnly});
    for (unsigned I = 0; I != Desc.NumRegisterCostEntries; ++I) {
      const MCRegisterCostEntry &Entry =
          Extra.RegisterCostTable[Desc.RegisterCostEntryIdx + I];
      for (MCPhysReg Register : Registers.getRegClass(Entry.RegisterClassID)) {
        Renaming[Register] = {static_cast<uint16_t>(File),
                              static_cast<uint16_t>(Entry.Cost), Register,
                              Entry.AllowMoveElimination};
        EliminatesMoves |= Entry.AllowMoveElimination;
        // A part goes with the largest register that it is a part of.
        for (MCPhysReg Part : Registers.subregs(Register)) {
          RegisterRenaming &R = Renaming[Part];
          if (R.File ||
              (R.RenamedAs && !Registers.isSuperRegister(Part, R.RenamedAs)))
            continue;
          R.File = File;
          R.Cost = Entry.Cost;
          R.RenamedAs = Register;
        }
      }
    }
  }
  for (const PhysicalRegisterFile &File : Files)
    TracksZeros |= EliminatesMoves && File.EliminatesOnlyZeros;
}

void CoreModel::makeSlots() {
  const MCRegisterInfo &Registers = T.mri();
  const unsigned NumRegisters = Registers.getNumRegs();
  // For each register, which of the possible updates reach it.
  std::vector<std::vector<unsigned>> Reaching(NumRegisters);
  for (unsigned Written = 1; Written != NumRegisters; ++Written) {
    const unsigned As =
        Renaming[Written].RenamedAs ? Renaming[Written].RenamedAs : Written;
    // Renamed with another one, it updates what that one updates.
    if (As != Written)
      continue;
    Reaching[As].push_back(2 * As);
    for (MCPhysReg Part : Registers.subregs(As))
      Reaching[Part].push_back(2 * As);
    for (MCPhysReg Whole : Registers.superregs(As))
      Reaching[Whole].push_back(2 * As + 1);
  }
  std::map<std::vector<unsigned>, Slot> Known;
  SlotOf.resize(NumRegisters);
  for (unsigned Register = 0; Register != NumRegisters; ++Register)
    SlotOf[Register] =
        Known.try_emplace(Reaching[Register], Known.size()).first->second;
  NumSlots = Known.size();
  ReadSlots.resize(NumRegisters);
  for (unsigned Register = 1; Register != NumRegisters; ++Register) {
    SmallVector<Slot, 4> &Slots = ReadSlots[Register];
    Slots.push_back(SlotOf[Register]);
    for (MCPhysReg Part : Registers.subregs(Register))
      if (!is_contained(Slots, SlotOf[Part]))
        Slots.push_back(SlotOf[Part]);
  }
  makeFamilies();
}

/// A family has all slots of registers that overlap, directly or through
/// others; but where that connects too many, as tuples of vectors do, each slot
/// is a family of its own.
void CoreModel::makeFamilies() {
  constexpr unsigned Largest = 8;
  EquivalenceClasses<Slot> Together;
  for (unsigned S = 0; S != NumSlots; ++S)
    Together.insert(S);
  for (const SmallVector<Slot, 4> &Slots : ReadSlots)
    for (Slot S : Slots)
      Together.unionSets(Slots.front(), S);
  FamilyOf.resize(NumSlots);
  std::map<Slot, SmallVector<Slot, 4>> Members;
  for (unsigned S = 0; S != NumSlots; ++S)
    Members[Together.getLeaderValue(S)].push_back(S);
  for (const auto &[Leader, Slots] : Members) {
    if (Slots.size() <= Largest) {
      Families.push_back(Slots);
      continue;
    }
    for (Slot S : Slots)
      Families.push_back({S});
  }
  for (unsigned F = 0; F != Families.size(); ++F)
    for (Slot S : Families[F])
      FamilyOf[S] = F;
  for (const SmallVector<Slot, 4> &Slots : ReadSlots) {
    std::optional<Family> &Only = FamilyOfRead.emplace_back();
    if (!Slots.empty() &&
        all_equal(map_range(Slots, [&](Slot S) { return FamilyOf[S]; })))
      Only = FamilyOf[Slots.front()];
  }
}

} // namespace mcad::fast
