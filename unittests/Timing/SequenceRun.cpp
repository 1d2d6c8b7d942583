//===- SequenceRun.cpp - a sequence through an engine ---------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SequenceRun.h"
#include "../Target/MakeTarget.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include <numeric>

using namespace llvm;

namespace mcad::test {

std::vector<BlockId> define(const Sequence &S, Program &P) {
  std::vector<BlockId> Ids;
  for (const std::vector<Encoding> &Instructions : S.Blocks) {
    if (Instructions.empty()) {
      Ids.push_back(BlockId(0));
      continue;
    }
    std::vector<uint8_t> Sizes, Bytes;
    for (const Encoding &E : Instructions) {
      Sizes.push_back(E.size());
      append_range(Bytes, E);
    }
    BlockBytes Block;
    Block.Set = S.Set;
    Block.Sizes = Sizes;
    Block.Bytes = Bytes;
    Ids.push_back(cantFail(P.define(Block)));
  }
  return Ids;
}

/// Adds \p E's facts as those of instruction \p At of the batch and \p Position
/// of the stream.
static void addFacts(const ExecutedBlock &E, uint32_t At, uint32_t Position,
                     BatchFacts &To) {
  for (const FactsRow &Row : E.Facts) {
    InstructionFacts F = Row.Facts;
    const uint32_t Before = Position + F.At;
    F.At += At;
    F.FirstWait = To.Waits.size();
    // Nothing waits for what was before the first instruction.
    copy_if(Row.Waits, std::back_inserter(To.Waits),
            [&](const Wait &W) { return W.Distance <= Before; });
    F.NumWaits = To.Waits.size() - F.FirstWait;
    F.AwaitsBranch &= Before != 0;
    if (F.FetchWaitDistance > Before)
      F.FetchWaitDistance = F.FetchWaitCycles = 0;
    To.Rows.push_back(F);
  }
}

Error feed(TimingEngine &Engine, const Sequence &S, ArrayRef<BlockId> Ids,
           Batches Cut) {
  if (S.Watched.From != S.Watched.To)
    Engine.watch(S.Watched);
  SmallVector<uint16_t> Units;
  BatchFacts Facts;
  uint32_t At = 0, Position = 0;
  for (const ExecutedBlock &E : S.Executions) {
    ExecutionWriter(Units).block(Ids[E.Block]);
    if (S.HasModel)
      addFacts(E, At, Position, Facts);
    // Accounts and regions that come and go, from some instruction of the block
    // on, or behind it.
    const uint32_t Size = S.Blocks[E.Block].size();
    Facts.Switches.push_back({At + Position % (Size + 1), Position * 31 % 11,
                              Position % 3,
                              AccountSwitch::Kind(Position / 3 % 3)});
    At += Size;
    Position += Size;
    const bool IsLast = &E == &S.Executions.back();
    const bool Restarts = E.What == ExecutedBlock::Then::Restarts;
    const bool EndsBatch =
        Cut == Batches::AsCut && E.What == ExecutedBlock::Then::EndsBatch;
    if (!IsLast && !EndsBatch && !Restarts)
      continue;
    if (Error Err = Engine.consume({StreamId(0), Units}, Facts))
      return Err;
    if (Restarts)
      if (Error Err = Engine.restart())
        return Err;
    Units.clear();
    Facts.clear();
    At = 0;
  }
  return Engine.finish();
}

/// All of \p Rows together.
static CausedCycles sum(ArrayRef<CausedCycles> Rows) {
  CausedCycles Sum = {};
  for (const CausedCycles &Row : Rows)
    addCycles(Sum, Row);
  return Sum;
}

std::string difference(const TimingEngine &EngineA,
                       const TimingEngine &EngineB) {
  const TimingCounters &A = EngineA.counters(), &B = EngineB.counters();
  std::string Text;
  bool Differs = false;
  auto compare = [&](const Twine &Name, uint64_t InA, uint64_t InB) {
    Differs |= InA != InB;
    if (InA || InB)
      Text += formatv("  {0} {1,-24} {2,10} {3,10}\n", InA == InB ? " " : "*",
                      Name.str(), InA, InB)
                  .str();
  };
  auto compareAll = [&](StringRef Name, ArrayRef<uint64_t> InA,
                        ArrayRef<uint64_t> InB) {
    for (size_t I = 0; I != std::max(InA.size(), InB.size()); ++I)
      compare(Name + "[" + Twine(I) + "]", I < InA.size() ? InA[I] : ~0ull,
              I < InB.size() ? InB[I] : ~0ull);
  };
  compare("Cycles", A.Cycles, B.Cycles);
  compare("Instructions", A.Instructions, B.Instructions);
  compare("MicroOps", A.MicroOps, B.MicroOps);
  compare("UnseenInstructions", A.UnseenInstructions, B.UnseenInstructions);
  compare("UnseenMicroOps", A.UnseenMicroOps, B.UnseenMicroOps);
  compareAll("UnseenKindCycles", A.UnseenKindCycles, B.UnseenKindCycles);
  compareAll("UnitCycles", A.UnitCycles, B.UnitCycles);
  compare("UnplacedCycles", A.UnplacedCycles, B.UnplacedCycles);
  for (unsigned I = 0; I != NumCauses; ++I)
    compare("LostCycles[" + causeName(Cause(I)) + "]", A.LostCycles[I],
            B.LostCycles[I]);
  auto compareRows = [&](StringRef Name, ArrayRef<CausedCycles> RowsA,
                         ArrayRef<CausedCycles> RowsB) {
    for (size_t I = 0; I != std::max(RowsA.size(), RowsB.size()); ++I)
      for (unsigned Why = 0; Why != NumCauses; ++Why)
        compare(Name + " " + Twine(I) + "[" + causeName(Cause(Why)) + "]",
                I < RowsA.size() ? RowsA[I][Why] : 0,
                I < RowsB.size() ? RowsB[I][Why] : 0);
  };
  const ArrayRef<CausedCycles> RowsB = EngineB.cyclesByInstruction();
  compareRows("Instruction", EngineA.cyclesByInstruction(), RowsB);
  const ArrayRef<CausedCycles> AccountsB = EngineB.cyclesByAccount();
  compareRows("Account", EngineA.cyclesByAccount(), AccountsB);
  const ArrayRef<RegionEntries> EntriesA = EngineA.entriesByRegion(),
                                EntriesB = EngineB.entriesByRegion();
  compare("number of regions", EntriesA.size(), EntriesB.size());
  for (size_t I = 0; I < std::min(EntriesA.size(), EntriesB.size()); ++I)
    compare("same entries of region " + Twine(I), 1,
            EntriesA[I] == EntriesB[I]);
  const ArrayRef<InstructionTimes> TimesA = EngineA.watched();
  const ArrayRef<InstructionTimes> TimesB = EngineB.watched();
  compare("watched", TimesA.size(), TimesB.size());
  for (size_t I = 0; I != std::min(TimesA.size(), TimesB.size()); ++I) {
    const InstructionTimes &InA = TimesA[I], &InB = TimesB[I];
    const std::string Row = ("Watched " + Twine(I)).str();
    compare(Row + " instruction", index(InA.Instruction),
            index(InB.Instruction));
    compare(Row + " dispatched", InA.Dispatched, InB.Dispatched);
    compare(Row + " ready", InA.Ready, InB.Ready);
    compare(Row + " issued", InA.Issued, InB.Issued);
    compare(Row + " executed", InA.Executed, InB.Executed);
    compare(Row + " retired", InA.Retired, InB.Retired);
    // Everything comes to each stage, in order, and none before it is there.
    compare(Row + " is in order",
            InB.Dispatched <= InB.Ready && InB.Ready <= InB.Issued &&
                InB.Issued <= InB.Executed && InB.Executed <= InB.Retired &&
                InB.Retired < B.Cycles,
            true);
  }
  // Each cycle belongs to one instruction and one cause, and to one account.
  const CausedCycles Sum = sum(RowsB);
  const CausedCycles OfAccounts = sum(AccountsB);
  for (unsigned Why = 0; Why != NumCauses; ++Why)
    compare("sum of accounts[" + causeName(Cause(Why)) + "]", OfAccounts[Why],
            Sum[Why]);
  compare("sum of instructions",
          std::accumulate(Sum.begin(), Sum.end(), uint64_t(0)), B.Cycles);
  for (unsigned Why = 1; Why != NumCauses; ++Why)
    compare("sum of instructions[" + causeName(Cause(Why)) + "]", Sum[Why],
            B.LostCycles[Why]);
  return Differs ? Text : "";
}

static void printRow(raw_ostream &OS, const FactsRow &Row) {
  const InstructionFacts &F = Row.Facts;
  OS << "    " << F.At << ":";
  if (F.AwaitsBranch)
    OS << " awaits branch (" << causeName(F.BranchWhy) << ")";
  for (auto [Name, Cycles] : CyclesFields)
    if (F.*Cycles)
      OS << " " << Name << " " << F.*Cycles;
  if (F.FetchWaitCycles)
    OS << " (fetch waits after -" << F.FetchWaitDistance << ")";
  if (F.LoadCycles)
    OS << " (load from " << causeName(F.LoadWhy) << ")";
  for (const Wait &W : Row.Waits)
    OS << " wait " << W.Cycles << " after -" << W.Distance << " ("
       << causeName(W.Why) << ")";
  OS << "\n";
}

std::string listing(const Sequence &S) {
  const Target &T = target(S.Cpu.Triple, S.Cpu.Cpu);
  Program P(T);
  std::string Text;
  raw_string_ostream OS(Text);
  OS << "-mtriple=" << S.Cpu.Triple << " -mcpu=" << S.Cpu.Cpu;
  if (!S.Overrides.AssumeNoAlias)
    OS << " -noalias=false";
  for (auto [Option, Size] : Sizes)
    if (S.Overrides.*Size)
      OS << " " << Option << "=" << S.Overrides.*Size;
  if (S.CallLatency)
    OS << " -mca-call-latency=" << *S.CallLatency;
  if (S.HasModel)
    OS << " with surroundings" << (S.HasAddresses ? ", addresses" : "")
       << ", fetch queue " << S.FetchQueue;
  if (S.Watched.From != S.Watched.To)
    OS << ", watched from " << S.Watched.From << " to " << S.Watched.To;
  OS << "\n";
  auto Printer = T.createPrinter(0);
  const std::vector<BlockId> Ids = define(S, P);
  for (uint32_t Block = 0; Block != S.Blocks.size(); ++Block) {
    if (none_of(S.Executions,
                [&](const ExecutedBlock &E) { return E.Block == Block; }))
      continue;
    OS << "block " << Block << ":\n";
    const CodeBlock &Code = P.block(Ids[Block]);
    for (const CodeInstruction &I : P.instructions(Code)) {
      std::string Assembly;
      raw_string_ostream AOS(Assembly);
      if (I.Decoded)
        Printer->printInst(&I.Inst, 0, "", T.decodeSti(Code.Mode), AOS);
      OS << "  " << formatv("{0,-40}", StringRef(Assembly).trim()) << " "
         << toHex(P.bytes(I), /*LowerCase=*/true) << " "
         << (I.Decoded ? T.mcii().getName(I.Inst.getOpcode()) : "undecoded")
         << "\n";
    }
  }
  OS << "executed:\n";
  static const char *const Behind[] = {"", ", end of a batch", ", restart"};
  for (size_t I = 0, Next; I != S.Executions.size(); I = Next) {
    const ExecutedBlock &E = S.Executions[I];
    Next = I + 1;
    while (E.Facts.empty() && Next != S.Executions.size() &&
           S.Executions[Next].Block == E.Block &&
           S.Executions[Next].What == E.What &&
           S.Executions[Next].Facts.empty())
      ++Next;
    OS << "  block " << E.Block << " x " << Next - I
       << Behind[static_cast<unsigned>(E.What)] << "\n";
    for (const FactsRow &Row : E.Facts)
      printRow(OS, Row);
  }
  return Text;
}

} // namespace mcad::test
