//===- Timing/Fast/Compiler.cpp - from prototypes to flat tables ---------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Timing/Fast/Compiler.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/MCA/Instruction.h"
#include "llvm/MCA/Support.h"

using namespace llvm;

namespace mcad::fast {

struct Compiler::Parts {
  struct NewRead {
    uint16_t Register;
    SmallVector<Read::Advance, 4> Advances;
  };
  SmallVector<NewRead, 4> Reads;
  SmallVector<FamilyWrite, 4> WholeWrites;
  SmallVector<SlotWrite, 4> PartWrites;
  SmallVector<Merge, 2> Merges;
  SmallVector<PhysicalRegisters, 2> Needs, Holds;
  SmallVector<ZeroWrite, 8> Zeros;
  SmallVector<EliminablePair, 2> Moves;
  uint16_t MovesFile = 0;
};

const CompiledInstruction &Compiler::compile(const LoweredInstruction &I) {
  return compile(*I.Prototype);
}

const CompiledInstruction &Compiler::compile(const LoweredInstruction &I,
                                             unsigned LoadCycles) {
  return compile(L.lengthened(I, LoadCycles));
}

const CompiledInstruction &
Compiler::compile(const mca::Instruction &Prototype) {
  const CompiledInstruction *&C = Known[&Prototype];
  if (C)
    return *C;
  Parts P;
  compileReads(P, Prototype);
  compileWrites(P, Prototype);
  compileMoves(P, Prototype);
  CompiledInstruction *const New = place(P);
  New->Timing = &makeTiming(Prototype, P.Holds);
  if (!New->Moves.empty())
    New->EliminatedTiming = &makeTiming(Prototype, /*Holds=*/{});
  New->FirstWriteBackCycles = New->Timing->LatencyCycles;
  for (const Definition &D : New->Timing->Definitions)
    New->FirstWriteBackCycles =
        std::min(New->FirstWriteBackCycles, D.LatencyCycles);
  New->Id = All.size();
  All.push_back(New);
  return *(C = New);
}

/// What \p Array may take behind an object.
template <typename List> static size_t bytesOf(const List &Array) {
  return Placement::bytes<typename List::value_type>(Array.size());
}

CompiledInstruction *Compiler::place(const Parts &P) {
  size_t Bytes = Placement::bytes<Read>(P.Reads.size()) +
                 bytesOf(P.WholeWrites) + bytesOf(P.PartWrites) +
                 bytesOf(P.Merges) + bytesOf(P.Needs) + bytesOf(P.Zeros) +
                 bytesOf(P.Moves);
  for (const Parts::NewRead &R : P.Reads)
    Bytes += bytesOf(R.Advances);
  Placement Place;
  auto *New = Place.make<CompiledInstruction>(Memory, Bytes);
  SmallVector<Read *, 4> Reads;
  Place.put(New->Reads, P.Reads.size(), [&](size_t I, Read *R) {
    R->Register = P.Reads[I].Register;
    R->OneFamily = Model.familyOfRead(R->Register);
    Reads.push_back(R);
  });
  for (size_t I = 0; I != Reads.size(); ++I)
    Place.put(Reads[I]->Advances, ArrayRef(P.Reads[I].Advances));
  Place.put(New->WholeWrites, ArrayRef(P.WholeWrites));
  Place.put(New->PartWrites, ArrayRef(P.PartWrites));
  Place.put(New->Merges, ArrayRef(P.Merges));
  Place.put(New->Needs, ArrayRef(P.Needs));
  Place.put(New->Zeros, ArrayRef(P.Zeros));
  Place.put(New->Moves, ArrayRef(P.Moves));
  New->MovesFile = P.MovesFile;
  return New;
}

void Compiler::compileReads(Parts &P, const mca::Instruction &Prototype) const {
  const MCSubtargetInfo &Sti = Model.target().sti();
  for (const mca::ReadState &R : Prototype.getUses()) {
    // Nothing writes a constant register, and LLVM has no scheduling class for
    // some reads of them.
    // LLVM's in-order pipeline knows of no independent reads.
    if ((R.isIndependentFromDef() && Model.IsOutOfOrder) ||
        Model.target().mri().isConstant(R.getRegisterID()))
      continue;
    const mca::ReadDescriptor &Desc = R.getDescriptor();
    const MCSchedClassDesc &Class =
        *Model.target().schedModel().getSchedClassDesc(Desc.SchedClassID);
    Parts::NewRead &New = P.Reads.emplace_back();
    New.Register = R.getRegisterID();
    for (const MCReadAdvanceEntry &Entry : Sti.getReadAdvanceEntries(Class))
      if (Entry.UseIdx == Desc.UseIndex)
        New.Advances.push_back({static_cast<uint16_t>(Entry.WriteResourceID),
                                static_cast<int16_t>(Entry.Cycles)});
  }
}

/// Adds \p Count registers of \p File.
static void addRegisters(SmallVectorImpl<PhysicalRegisters> &To, uint16_t File,
                         uint16_t Count) {
  auto *Known =
      find_if(To, [&](const PhysicalRegisters &R) { return R.File == File; });
  if (Known == To.end())
    To.push_back({File, Count});
  else
    Known->Count += Count;
}

void Compiler::compileWrites(Parts &P,
                             const mca::Instruction &Prototype) const {
  const MCRegisterInfo &Registers = Model.target().mri();
  SmallVector<SlotWrite, 8> Writes;
  auto account = [&](SmallVectorImpl<PhysicalRegisters> &To,
                     const RegisterRenaming &R) {
    if (R.File && Model.Files[R.File].Size)
      addRegisters(To, R.File, R.Cost);
    if (Model.Files[0].Size)
      addRegisters(To, 0, R.Cost);
  };
  auto lastWrite = [&](Slot S) -> SlotWrite * {
    auto *Last = find_if(Writes, [&](const SlotWrite &W) { return W.To == S; });
    return Last == Writes.end() ? nullptr : Last;
  };
  const ArrayRef<mca::WriteState> Defs = Prototype.getDefs();
  for (unsigned Index = 0; Index != Defs.size(); ++Index) {
    const mca::WriteState &W = Defs[Index];
    const unsigned Written = W.getRegisterID();
    account(P.Needs, Model.Renaming[Written]);
    if (!Written) // Taken out by LLVM's post-processing.
      continue;
    bool Allocates = !W.isWriteZero();
    unsigned As = Written;
    if (const unsigned Whole = Model.Renaming[Written].RenamedAs;
        Whole && Whole != Written) {
      As = Whole;
      if (!W.clearsSuperRegisters()) {
        // It is kept with the rest of the register, and waits for that; unless
        // this instruction has written it.
        Allocates = false;
        if (!lastWrite(Model.slot(As)))
          P.Merges.push_back({Model.slot(As), W.getLatency()});
      }
    }
    SmallVector<unsigned, 8> Updated{As};
    append_range(Updated, Registers.subregs(As));
    if (W.clearsSuperRegisters())
      append_range(Updated, Registers.superregs(As));
    if (Model.TracksZeros) {
      const unsigned First = W.clearsSuperRegisters() ? As : Written;
      SmallVector<unsigned, 8> Valued{First};
      append_range(Valued, Registers.subregs(First));
      // A slower write of the same register leaves those above alone.
      const SlotWrite *Other = lastWrite(Model.slot(As));
      const bool Keeps =
          Other && Defs[Other->Definition].getLatency() > W.getLatency();
      if (W.clearsSuperRegisters() && !Keeps)
        append_range(Valued, Registers.superregs(As));
      for (unsigned Register : Valued) {
        erase_if(P.Zeros,
                 [&](const ZeroWrite &Z) { return Z.Register == Register; });
        P.Zeros.push_back({static_cast<uint16_t>(Register),
                           static_cast<uint16_t>(Index), W.isWriteZero()});
      }
    }
    if (Allocates)
      account(P.Holds, Model.Renaming[As]);
    // Of several writes of one register the slowest is kept.
    if (const SlotWrite *Other = lastWrite(Model.slot(As));
        Other && Defs[Other->Definition].getLatency() > W.getLatency())
      continue;
    for (unsigned Register : Updated) {
      const Slot S = Model.slot(Register);
      if (SlotWrite *Before = lastWrite(S))
        Before->Definition = Index;
      else
        Writes.push_back({S, static_cast<uint16_t>(Index)});
    }
  }
  for (PhysicalRegisters &R : P.Needs)
    R.Count = std::min<unsigned>(R.Count, Model.Files[R.File].Size);
  for (const SlotWrite &W : Writes) {
    const Family F = Model.family(W.To);
    const ArrayRef<Slot> Slots = Model.slots(F);
    const bool IsWhole = all_of(Slots, [&](Slot S) {
      const SlotWrite *Other = lastWrite(S);
      return Other && Other->Definition == W.Definition;
    });
    if (!IsWhole)
      P.PartWrites.push_back(W);
    else if (W.To == Slots.front())
      P.WholeWrites.push_back({F, W.Definition});
  }
}

/// What of a move's elimination does not depend on what is in flight: see
/// mca::RegisterFile::canEliminateMove.
void Compiler::compileMoves(Parts &P, const mca::Instruction &Prototype) const {
  const ArrayRef<mca::WriteState> Defs = Prototype.getDefs();
  const ArrayRef<mca::ReadState> Uses = Prototype.getUses();
  if (!Model.IsOutOfOrder || !Prototype.isOptimizableMove() ||
      Defs.size() != Uses.size() || Defs.empty() || Defs.size() > 2)
    return;
  const uint16_t File = Model.Renaming[Defs[0].getRegisterID()].File;
  SmallVector<EliminablePair, 2> Pairs;
  for (unsigned I = 0; I != Defs.size(); ++I) {
    const unsigned From = Uses[I].getRegisterID();
    const mca::WriteState &To = Defs[Defs.size() - (I + 1)];
    const RegisterRenaming &R = Model.Renaming[To.getRegisterID()];
    if (Model.Renaming[From].File != File || R.File != File ||
        !Model.Renaming[R.RenamedAs].AllowsElimination)
      return;
    if (R.RenamedAs && R.RenamedAs != To.getRegisterID() &&
        !To.clearsSuperRegisters())
      return;
    Pairs.push_back({static_cast<uint16_t>(From), To.getRegisterID()});
  }
  P.Moves = std::move(Pairs);
  P.MovesFile = File;
}

/// Appends the bytes of \p Value to \p Key.
template <typename Value>
static void append(SmallVectorImpl<char> &Key, Value V) {
  const char *Bytes = reinterpret_cast<const char *>(&V);
  Key.append(Bytes, Bytes + sizeof(V));
}

const InstructionTiming &
Compiler::makeTiming(const mca::Instruction &Prototype,
                     ArrayRef<PhysicalRegisters> Holds) {
  const mca::InstrDesc &Desc = Prototype.getDesc();
  TimingNumbers T;
  T.LatencyCycles = Prototype.getLatency();
  T.MicroOps = Prototype.getNumMicroOps();
  T.ReorderEntries =
      std::max(1u, std::min<unsigned>(T.MicroOps, Model.ReorderBuffer));
  T.MayLoad = Prototype.getMayLoad();
  T.MayStore = Prototype.getMayStore();
  T.IsLoadBarrier = Prototype.isALoadBarrier();
  T.IsStoreBarrier = Prototype.isAStoreBarrier();
  T.IssuesAtOnce = Desc.isZeroLatency() || Desc.MustIssueImmediately;
  T.RetiresOutOfOrder = Prototype.getRetireOOO();
  T.BeginsGroup = Prototype.getBeginGroup();
  T.EndsGroup = Prototype.getEndGroup();
  T.Groups = Desc.UsedProcResGroups;
  T.Buffers = Prototype.getUsedBuffers();
  T.HasOverlappingGroups = Desc.HasPartiallyOverlappingGroups;

  SmallVector<ResourceNeed, 4> Needs, NeedsOthers;
  SmallVector<uint64_t, 4> NeedsOneOf;
  for (const auto &[Mask, Usage] : Desc.Resources) {
    const unsigned Index = mca::getResourceStateIndex(Mask);
    const Resource &R = Model.Resources[Index];
    const ResourceNeed Need{
        Usage.size(), static_cast<uint8_t>(Index),
        static_cast<uint8_t>(Usage.isReserved() ? 0 : Usage.NumUnits),
        Usage.isReserved(),
        Usage.size() == 1 && !Usage.isReserved() && Model.hasSingleUnits(R)};
    Needs.push_back(Need);
    T.EndsReservation |= !Need.Cycles;
    if (Need.NumUnits != 1) {
      NeedsOthers.push_back(Need);
    } else if (R.IsGroup) {
      T.NeedsGroups |= uint64_t(1) << Need.Resource;
      NeedsOneOf.push_back(R.Units);
    } else {
      T.NeedsUnits |= uint64_t(1) << Need.Resource;
    }
  }
  SmallVector<Definition, 4> Definitions;
  for (const mca::WriteState &W : Prototype.getDefs())
    Definitions.push_back(
        {W.getLatency(), static_cast<uint16_t>(W.getWriteResourceID())});

  for (const Definition &D : Definitions)
    T.IsReadLate |=
        Model.isReadLate(D.WriteResource) || D.LatencyCycles > T.LatencyCycles;

  SmallString<64> Key;
  append(Key, uint16_t(Holds.size()));
  for (const PhysicalRegisters &R : Holds)
    append(Key, R.File), append(Key, R.Count);
  append(Key, T.ReorderEntries);
  append(Key, T.MicroOps);
  append(Key, uint8_t(T.MayLoad | T.MayStore << 1));
  T.RetireClass =
      RetireClasses.try_emplace(Key, RetireClasses.size()).first->second;

  append(Key, T.LatencyCycles);
  append(Key,
         uint8_t(T.IsLoadBarrier | T.IsStoreBarrier << 1 | T.IssuesAtOnce << 2 |
                 T.RetiresOutOfOrder << 3 | T.BeginsGroup << 4 |
                 T.EndsGroup << 5 | T.HasOverlappingGroups << 6));
  append(Key, T.Groups);
  append(Key, T.Buffers);
  append(Key, uint16_t(Needs.size()));
  for (const ResourceNeed &Need : Needs) {
    append(Key, Need.Cycles);
    append(Key, Need.Resource);
    append(Key, Need.NumUnits);
    append(Key, Need.Reserves);
  }
  for (const Definition &D : Definitions)
    append(Key, D.LatencyCycles), append(Key, D.WriteResource);

  auto [It, IsNew] = TimingIds.try_emplace(Key, Timings.size());
  if (!IsNew)
    return *Timings[It->second];
  T.Id = It->second;
  const auto place = [&](ArrayRef<Definition> Defs) {
    Placement Place;
    auto *New = Place.make<InstructionTiming>(
        Memory,
        bytesOf(NeedsOneOf) + bytesOf(Needs) + bytesOf(NeedsOthers) +
            bytesOf(Defs) + bytesOf(Holds),
        T);
    Place.put(New->NeedsOneOf, ArrayRef(NeedsOneOf));
    Place.put(New->Needs, ArrayRef(Needs));
    Place.put(New->NeedsOthers, ArrayRef(NeedsOthers));
    Place.put(New->Definitions, Defs);
    Place.put(New->Holds, Holds);
    return New;
  };
  Timings.push_back(place(Definitions));
  if (Retiring.size() <= T.RetireClass) {
    // All else about it is over.
    T.IsReadLate = false;
    Retiring.push_back(place(/*Defs=*/{}));
  }
  return *Timings.back();
}

} // namespace mcad::fast
