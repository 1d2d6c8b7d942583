//===- Facts/FactsProducer.cpp - from executions to facts ---------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Facts/FactsProducer.h"
#include <limits>

namespace mcad {

/// \p Cycles, which a chain of the largest latencies can make too large for a
/// row, cut to what it holds.
static uint16_t cut(uint64_t Cycles) {
  constexpr uint64_t Largest = std::numeric_limits<uint16_t>::max();
  return static_cast<uint16_t>(std::min(Cycles, Largest));
}

FactsProducer::FactsProducer(const Program &P, Hierarchy &Shared,
                             TraceScope Scope)
    : P(P), M(Shared.model()), Memory(Shared),
      Branches(M.Branches, Scope == TraceScope::MainCode), Misses(M.Data.Mshrs),
      FetchShift(llvm::countr_zero(M.L1I.isPresent() ? M.L1I.LineBytes
                                                     : M.Tlbs.PageBytes)) {}

const FactsProducer::StaticBlock &FactsProducer::staticBlock(BlockId Id) {
  StaticBlock &Block = Blocks[index(Id)];
  if (Block.IsKnown)
    return Block;
  Block.IsKnown = true;
  const CodeBlock &Code = P.block(Id);
  const llvm::ArrayRef<CodeInstruction> Instructions = P.instructions(Code);
  const CodeInstruction &Last = Instructions.back();
  Block.Last = classifyBranch(P, Last);
  Block.LastPc = Last.Address;
  Block.Behind = Last.Address + Last.SizeBytes;
  uint64_t Next = Code.Address >> FetchShift;
  for (uint32_t I = 0; I != Instructions.size(); ++I) {
    const GuestAddr First = Instructions[I].Address;
    Pcs[Code.FirstInstruction + I] = First;
    const GuestAddr End =
        First + std::max<unsigned>(Instructions[I].SizeBytes, 1);
    for (; Next <= (End - 1) >> FetchShift; ++Next)
      Block.Lines.push_back({Next << FetchShift, I});
  }
  return Block;
}

InstructionFacts &FactsProducer::row(uint32_t Index) {
  const auto At = static_cast<uint32_t>(Ordinal + Index - BatchStart);
  std::vector<InstructionFacts> &Rows = Out->Rows;
  // Fetches come first, then accesses, both in order of instructions.
  size_t Place = Rows.size();
  while (Place && Rows[Place - 1].At > At)
    --Place;
  if (Place && Rows[Place - 1].At == At)
    return Rows[Place - 1];
  InstructionFacts New;
  New.At = At;
  New.FirstWait = static_cast<uint32_t>(Out->Waits.size());
  return *Rows.insert(Rows.begin() + Place, New);
}

void FactsProducer::addWait(InstructionFacts &F, uint64_t Older,
                            uint32_t Cycles, Cause Why) {
  // Waits of one instruction lie together: its accesses come in one piece.
  if (!F.NumWaits)
    F.FirstWait = static_cast<uint32_t>(Out->Waits.size());
  Out->Waits.push_back(
      {static_cast<uint32_t>(BatchStart + F.At - Older), cut(Cycles), Why});
  ++F.NumWaits;
}

void FactsProducer::follow(const StaticBlock &Block, GuestAddr Address) {
  if (Block.Last.Kind == BranchKind::None)
    return;
  const BranchUnit::Outcome Outcome =
      Branches.execute(Block.Last, Block.LastPc, Block.Behind, Address);
  if (!Outcome.IsMispredicted && !Outcome.Refills && !Outcome.FetchCycles)
    return;
  InstructionFacts &F = row(0);
  F.RedirectCycles = cut(Outcome.FetchCycles);
  F.AwaitsBranch = Outcome.IsMispredicted || Outcome.Refills;
  if (Outcome.IsMispredicted) {
    F.BranchWhy = Cause::Mispredict;
    F.BranchCycles = cut(M.Branches.PenaltyCycles);
    ++event(BeforeLast).Mispredictions;
  } else if (Outcome.Refills) {
    F.BranchWhy = Cause::Target;
    F.BranchCycles = cut(M.Branches.TakenPenaltyCycles);
  }
}

void FactsProducer::fetch(const StaticBlock &Block, uint32_t FirstInstruction) {
  for (const StaticBlock::Line &Line : Block.Lines) {
    const uint64_t Number = Line.Address >> FetchShift;
    if (Number == LastLine)
      continue;
    LastLine = Number;
    const uint64_t Now = Ordinal + Line.Instruction;
    const CoreMemory::FetchCost Cost = Memory.fetch(Line.Address, Now);
    const bool IsOnTheWay = Cost.Pending.Cycles != 0;
    if (!Cost.TlbCycles && !Cost.LevelCycles && !IsOnTheWay)
      continue;
    if (Cost.LevelCycles)
      ++event(FirstInstruction + Line.Instruction).FetchMisses;
    InstructionFacts &F = row(Line.Instruction);
    F.FetchTlbCycles = cut(F.FetchTlbCycles + Cost.TlbCycles);
    F.FetchMissCycles = cut(F.FetchMissCycles + Cost.LevelCycles);
    // Of two such lines of an instruction, the one asked for last comes last.
    const uint64_t Distance = Now - Cost.Pending.Trigger;
    if (IsOnTheWay && (!F.FetchWaitCycles || Distance <= F.FetchWaitDistance)) {
      F.FetchWaitCycles = cut(Cost.Pending.Cycles);
      F.FetchWaitDistance = static_cast<uint32_t>(Distance);
    }
  }
}

void FactsProducer::access(const CodeBlock &Block, const MemoryAccess &A) {
  const uint64_t Now = Ordinal + A.Instruction;
  const uint32_t Instruction = Block.FirstInstruction + A.Instruction;
  const CoreMemory::Cost Cost =
      Memory.data(Pcs[Instruction], A.Address, A.SizeBytes, A.IsStore, Now);
  SplitAccesses += Cost.SplitCycles != 0;

  StoreWindow::Sources Sources;
  if (A.IsStore)
    Stores.store(A.Address, A.SizeBytes, Now);
  else
    Sources = Stores.load(A.Address, A.SizeBytes, Now);

  const uint32_t Cycles = Cost.cycles();
  const bool IsOnTheWay = !A.IsStore && Cost.Pending.Cycles;
  if (!Cycles && !Cost.Misses && Sources.Writers.empty() && !IsOnTheWay)
    return;

  // 1. What it costs by itself; the dearest access of an instruction counts.
  if (Cycles || Cost.Misses) {
    InstructionEvents &E = event(Instruction);
    E.DataMisses += Cost.Misses;
    E.MemoryMisses += Cost.MemoryMisses;
    E.DataCycles += Cycles;
  }
  InstructionFacts &F = row(A.Instruction);
  if (A.IsStore) {
    F.StoreCycles = std::max(F.StoreCycles, cut(Cycles));
  } else if (Cycles > F.LoadCycles) {
    F.LoadCycles = cut(Cycles);
    F.TlbCycles = cut(Cost.TlbCycles);
    F.SplitCycles = cut(Cost.SplitCycles);
    F.LoadWhy = Cost.Level;
  }

  // 2. A line that an older instruction has asked for.
  if (IsOnTheWay)
    addWait(F, Cost.Pending.Trigger, Cost.Pending.Cycles, Cost.Pending.From);

  // 3. Each miss takes the place of the one that was so many misses ago.
  for (unsigned Miss = 0; Miss != Cost.Misses && !Misses.empty(); ++Miss) {
    Fill &Oldest = Misses[NextMiss];
    if (mayBeUnderWay(Oldest.Trigger, Oldest.Cycles, Now))
      addWait(F, Oldest.Trigger, Oldest.Cycles, Cause::MissLimit);
    Oldest = {Now, Cost.LevelCycles, 0, Cost.Level};
    NextMiss = (NextMiss + 1) % Misses.size();
  }

  // 4. Older stores of its bytes.
  if (Sources.Writers.empty())
    return;
  ++ForwardedLoads;
  PartlyForwarded += !Sources.IsCovered;
  uint32_t Forward = M.Data.ForwardLatencyCycles;
  if (!Sources.IsCovered)
    Forward += M.Data.PartialPenaltyCycles;
  // The load's own latency, of an L1 hit, is part of it.
  Forward -= std::min(Forward, M.L1D.LatencyCycles);
  for (uint64_t Writer : Sources.Writers)
    addWait(F, Writer, Forward, Cause::Store);
}

void FactsProducer::consume(const Batch &B, BatchFacts &Facts) {
  Facts.clear();
  Out = &Facts;
  BatchStart = Ordinal;
  if (Blocks.size() < P.numBlocks()) {
    // Before points into it.
    const size_t At = Before ? Before - Blocks.data() : 0;
    Blocks.resize(P.numBlocks());
    if (Before)
      Before = &Blocks[At];
  }
  if (Events.size() < P.numInstructions()) {
    Events.resize(P.numInstructions());
    Pcs.resize(P.numInstructions());
  }

  ExecutionCursor Cursor(B);
  Execution E;
  while (Cursor.next(E)) {
    const CodeBlock &Block = P.block(E.Block);
    const StaticBlock &Static = staticBlock(E.Block);
    if (Before)
      follow(*Before, Block.Address);
    fetch(Static, Block.FirstInstruction);
    AccessCursor Accesses(E);
    MemoryAccess A;
    while (Accesses.next(A))
      access(Block, A);
    Before = &Static;
    BeforeLast = Block.FirstInstruction + Block.NumInstructions - 1;
    Ordinal += Block.NumInstructions;
  }
}

void FactsProducer::restart() {
  Before = nullptr;
  LastLine = TagArray::NoKey;
}

FactCounters FactsProducer::counters() const {
  FactCounters C;
  auto add = [](CacheCounters &To, const Cache *From) {
    if (From)
      To += From->counters();
  };
  add(C.L1I, Memory.l1i());
  add(C.L1D, Memory.l1d());
  add(C.L2, Memory.ownL2());
  add(C.L3, Memory.ownL3());
  C.InstructionTlb = Memory.instructionTlb().counters();
  C.DataTlb = Memory.dataTlb().counters();
  C.Branches = Branches.counters();
  C.SplitAccesses = SplitAccesses;
  C.ForwardedLoads = ForwardedLoads;
  C.PartlyForwarded = PartlyForwarded;
  return C;
}

} // namespace mcad
