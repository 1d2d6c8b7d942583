//===- EngineFuzzer.cpp - any bytes as code for both engines --------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The bytes say on which CPU, with which options, what code is executed in
/// which order with which facts, and how the fast engine remembers. Both
/// engines run it and must count the same; the first difference is printed with
/// a listing, as the random test prints it.
///
/// Instructions are bytes of the input that the CPU's disassembler is given, or
/// come from the random test's collection (RandomCode.h), by kind and number.
/// Undecoded bytes are instructions too.
///
/// Kept out is what LLVM's own pipeline dies of or never ends at, since that
/// would end the fuzzer: instructions whose resource groups overlap in part,
/// for which LLVM may take a unit that there is not and read behind its table
/// of resources (docs/bugs-met.md). The random test has those, each run in a
/// process of its own.
///
/// engine_corpus.py writes a corpus to start with.
///
//===----------------------------------------------------------------------===//

#include "../unittests/Target/MakeTarget.h"
#include "../unittests/Timing/SequenceRun.h"
#include "Timing/Fast/FastEngine.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdlib>
#include <map>

using namespace llvm;
using namespace mcad::test;

namespace mcad {
namespace {

/// Numbers out of the input's bytes, zeros behind its end.
class Input {
  ArrayRef<uint8_t> Rest;

public:
  explicit Input(ArrayRef<uint8_t> Bytes) : Rest(Bytes) {}

  bool isAtEnd() const { return Rest.empty(); }
  uint8_t byte() {
    if (Rest.empty())
      return 0;
    const uint8_t First = Rest.front();
    Rest = Rest.drop_front();
    return First;
  }
  uint32_t twoBytes() {
    const uint32_t High = byte();
    return High << 8 | byte();
  }
  bool flag() { return byte() & 1; }
  /// From 0 to \p N - 1.
  uint32_t below(uint32_t N) { return (N <= 256 ? byte() : twoBytes()) % N; }
  uint32_t between(uint32_t First, uint32_t Last) {
    return First + below(Last - First + 1);
  }
  template <typename List> auto &of(List &Items) {
    return Items[below(std::size(Items))];
  }
  /// From 0 to \p Last, one byte for small ones.
  uint32_t magnitude(uint32_t Last) {
    const uint8_t First = byte();
    return First < 0xc0 ? std::min<uint32_t>(First & 0x3f, Last)
                        : ((First & 0x3fu) << 8 | byte()) % (Last + 1);
  }

  /// The next ones, without going on.
  ArrayRef<uint8_t> ahead(size_t Most) const {
    return Rest.take_front(std::min(Most, Rest.size()));
  }
  void skip(size_t N) { Rest = Rest.drop_front(std::min(N, Rest.size())); }
};

//===--- code -------------------------------------------------------------===//

/// Made once per CPU.
const CpuCode &codeOf(const ModelledCpu &Cpu, InstructionSet Set) {
  static std::map<std::pair<const ModelledCpu *, InstructionSet>,
                  std::unique_ptr<CpuCode>>
      Made;
  std::unique_ptr<CpuCode> &Code = Made[{&Cpu, Set}];
  if (!Code)
    Code = std::make_unique<CpuCode>(Cpu, Set);
  return *Code;
}

Encoding rawInstruction(Input &In, const ModelledCpu &Cpu, InstructionSet Set) {
  // As long as x86's longest.
  const ArrayRef<uint8_t> Bytes = In.ahead(15);
  if (Bytes.empty())
    return {0};
  Encoding E(Bytes.begin(), Bytes.end());
  if (!cutToOne(Cpu, Set, E))
    E.resize(std::min<size_t>(E.size(), 4));
  In.skip(E.size());
  return E;
}

Encoding instruction(Input &In, const ModelledCpu &Cpu, InstructionSet Set) {
  const uint8_t Where = In.byte();
  if (Where < 0x60)
    return rawInstruction(In, Cpu, Set);
  const ArrayRef<CpuCode::Encodings> Kinds = codeOf(Cpu, Set).kinds();
  // Not the byte's low bits alone: there are more than a few kinds.
  const CpuCode::Encodings &Kind = Kinds[(Where - 0x60) % Kinds.size()];
  return *Kind[In.twoBytes() % Kind.size()];
}

/// Leaves out what LLVM may die of: see the file comment.
void dropUnsafe(Sequence &S) {
  const Target &T = target(S.Cpu.Triple, S.Cpu.Cpu);
  Program P(T);
  Lowering L(T, std::nullopt);
  for (auto [Block, Id] : zip_equal(S.Blocks, define(S, P))) {
    std::vector<Encoding> Safe;
    for (auto [E, Lowered] : zip_equal(Block, L.lower(P, P.block(Id))))
      if (!Lowered->Prototype->getDesc().HasPartiallyOverlappingGroups)
        Safe.push_back(E);
    Block = std::move(Safe);
  }
}

void readBlocks(Input &In, Sequence &S) {
  for (unsigned I = In.between(1, 6); I != 0; --I) {
    std::vector<Encoding> &Block = S.Blocks.emplace_back();
    for (unsigned J = In.between(1, 20); J != 0; --J)
      Block.push_back(instruction(In, S.Cpu, S.Set));
  }
  dropUnsafe(S);
}

//===--- facts and executions ---------------------------------------------===//

constexpr uint32_t MostCycles = 4095;

FactsRow readRow(Input &In, uint32_t At) {
  static const Cause Levels[] = {Cause::L2, Cause::L3, Cause::Memory};
  static const Cause Reasons[] = {Cause::Store, Cause::MissLimit, Cause::L2,
                                  Cause::L3,    Cause::Memory,    Cause::Split};
  auto cycles = [&] { return static_cast<uint16_t>(In.magnitude(MostCycles)); };
  FactsRow Row;
  InstructionFacts &F = Row.Facts;
  F.At = At;
  const uint8_t Has = In.byte();
  if (Has & 1) {
    F.LoadCycles = cycles();
    F.TlbCycles = std::min(cycles(), F.LoadCycles);
    F.SplitCycles = std::min<uint16_t>(cycles(), F.LoadCycles - F.TlbCycles);
    F.LoadWhy = In.of(Levels);
  }
  if (Has & 2)
    F.StoreCycles = cycles();
  if (Has & 4) {
    F.AwaitsBranch = true;
    F.BranchWhy = In.flag() ? Cause::Target : Cause::Mispredict;
    F.BranchCycles = cycles();
  }
  if (Has & 8) {
    F.RedirectCycles = cycles();
    F.FetchTlbCycles = cycles();
    F.FetchMissCycles = cycles();
  }
  if (Has & 16) {
    F.FetchWaitCycles = cycles();
    F.FetchWaitDistance = 1 + In.magnitude(MaxDistance - 1);
  }
  for (unsigned I = Has >> 6; I != 0; --I)
    Row.Waits.push_back(
        {1 + In.magnitude(MaxDistance - 1), cycles(), In.of(Reasons)});
  return Row;
}

/// Changes one number of \p Rows, so that executions differ in it alone.
void changeOne(Input &In, std::vector<FactsRow> &Rows) {
  InstructionFacts &F = In.of(Rows).Facts;
  setCycles(F, In.of(CyclesFields).Of, In.magnitude(MostCycles));
}

/// What the executions of a block may have for facts; rows behind its last
/// instruction are left out. The first is none.
std::vector<std::vector<FactsRow>> readTables(Input &In, const Sequence &S) {
  std::vector<std::vector<FactsRow>> Tables(1);
  if (!S.HasModel)
    return Tables;
  for (unsigned I = In.below(6); I != 0; --I) {
    if (Tables.size() > 1 && In.flag()) {
      Tables.push_back(Tables.back());
      changeOne(In, Tables.back());
      continue;
    }
    std::vector<FactsRow> &Rows = Tables.emplace_back();
    uint32_t At = 0;
    for (unsigned J = In.between(1, 8); J != 0; --J) {
      At += In.below(6);
      Rows.push_back(readRow(In, At));
      ++At;
    }
  }
  return Tables;
}

/// About how many cycles the facts of an execution can add.
uint64_t cyclesOf(ArrayRef<FactsRow> Rows) {
  uint64_t Sum = 0;
  for (const FactsRow &Row : Rows) {
    for (auto [Name, Cycles] : CyclesFields)
      Sum += Row.Facts.*Cycles;
    for (const Wait &W : Row.Waits)
      Sum += W.Cycles;
  }
  return Sum;
}

/// Loops over some blocks, as long as there is input, and one at the least.
void readExecutions(Input &In, Sequence &S) {
  const std::vector<std::vector<FactsRow>> Tables = readTables(In, S);
  static const unsigned Repeats[] = {1, 2, 3, 5, 10, 30, 100, 300};
  // So that a run takes milliseconds.
  uint32_t InstructionsLeft = 3000;
  uint64_t CyclesLeft = 200000;
  struct Part {
    uint32_t Block, Table;
    ExecutedBlock::Then What;
    bool TakesTurns; ///< From table to table.
  };
  do {
    std::vector<Part> Body;
    for (unsigned I = In.between(1, 4); I != 0; --I) {
      const uint32_t Block = In.below(S.Blocks.size());
      const uint32_t Table = In.below(Tables.size());
      const uint8_t Flags = In.byte();
      if (!S.Blocks[Block].empty())
        Body.push_back({Block, Table,
                        Flags & 4   ? ExecutedBlock::Then::Restarts
                        : Flags & 1 ? ExecutedBlock::Then::EndsBatch
                                    : ExecutedBlock::Then::GoesOn,
                        (Flags & 2) != 0});
    }
    const unsigned Iterations = In.of(Repeats);
    for (unsigned I = 0; I != Iterations; ++I)
      for (const Part &P : Body) {
        const uint64_t Size = S.Blocks[P.Block].size();
        const uint32_t Turn = P.TakesTurns ? I : 0;
        ExecutedBlock E{P.Block, Tables[(P.Table + Turn) % Tables.size()],
                        P.What};
        erase_if(E.Facts, [&](auto &Row) { return Row.Facts.At >= Size; });
        const uint64_t Cycles = cyclesOf(E.Facts);
        if (Size > InstructionsLeft || Cycles > CyclesLeft)
          return;
        InstructionsLeft -= Size;
        CyclesLeft -= Cycles;
        S.Executions.push_back(std::move(E));
      }
  } while (!In.isAtEnd());
}

Sequence readSequence(Input &In) {
  static const std::vector<ModelledCpu> &Cpus = modelledCpus();
  Sequence S;
  S.Cpu = In.of(Cpus);
  const std::vector<InstructionSet> Sets = instructionSets(S.Cpu);
  S.Set = Sets[In.below(Sets.size())];
  const uint8_t Options = In.byte();
  S.Overrides.AssumeNoAlias = !(Options & 1);
  if (Options & 2)
    for (auto [Option, Size] : Sizes)
      S.Overrides.*Size = In.below(65); // 0 is what the model says.
  if (Options & 4)
    S.CallLatency = In.magnitude(2000);
  S.HasModel = Options & 8;
  S.HasAddresses = S.HasModel && (Options & 16);
  S.FetchQueue = In.between(1, 40);
  if (Options & 32) {
    S.Watched.From = In.magnitude(3000);
    S.Watched.To = S.Watched.From + In.between(1, 200);
  }
  readBlocks(In, S);
  readExecutions(In, S);
  return S;
}

//===--- the engines ------------------------------------------------------===//

struct Way {
  const char *Name;
  TimingEngine::Detail Detail;
  Memoization Memory;
};
const Way Ways[] = {
    {"with memory", TimingEngine::Detail::Totals, {}},
    {"without memory", TimingEngine::Detail::Totals, {/*IsOn=*/false, 0}},
    // So little that it is used up after a few dozen blocks.
    {"with little memory",
     TimingEngine::Detail::Totals,
     {/*IsOn=*/true, size_t(64) << 10}},
    {"with pauses",
     TimingEngine::Detail::Totals,
     {.LossNanoseconds = 10'000, .ReviewBlocks = 3}},
    {"for a listing", TimingEngine::Detail::PerInstruction, {}},
};

/// Without the rows of zeros at the end, which may be missing.
ArrayRef<uint64_t> usedRows(const TimingEngine &Engine) {
  ArrayRef<uint64_t> Rows = Engine.unitCyclesByInstruction();
  while (!Rows.empty() && !Rows.back())
    Rows = Rows.drop_back();
  return Rows;
}

/// "" if the engines agree.
std::string compare(const Sequence &S, const Way &W) {
  const Target &T = target(S.Cpu.Triple, S.Cpu.Cpu);
  Program P(T);
  const std::vector<BlockId> Ids = define(S, P);
  Lowering L(T, S.CallLatency);
  MachineModel Model;
  Model.FetchQueue = S.FetchQueue;
  const Surroundings Around{S.HasModel ? &Model : nullptr, S.HasAddresses};
  LLVMEngine Reference(P, L, S.Overrides, W.Detail, Around);
  const std::string Expected = toString(feed(Reference, S, Ids, Batches::One));
  FastEngine Tested(P, L, S.Overrides, W.Detail, Around, W.Memory);
  const std::string Got = toString(feed(Tested, S, Ids, Batches::AsCut));
  if (Expected.empty() != Got.empty())
    return "errors: the reference's: " + Expected + ", tested: " + Got + "\n";
  // What each counts until it gives up may differ.
  if (!Expected.empty())
    return "";
  std::string Why = difference(Reference, Tested);
  if (usedRows(Reference) != usedRows(Tested))
    Why += "  * unit cycles by instruction\n";
  return Why;
}

/// Aborts if the engines differ.
void runBoth(ArrayRef<uint8_t> Bytes) {
  Input In(Bytes);
  const Way &W = In.of(Ways);
  const Sequence S = readSequence(In);
  const std::string Why = compare(S, W);
  if (Why.empty())
    return;
  errs() << "the engines differ, " << W.Name << ":\n" << listing(S) << Why;
  std::abort();
}

} // namespace
} // namespace mcad

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  mcad::runBoth(ArrayRef(Data, Size));
  return 0;
}
