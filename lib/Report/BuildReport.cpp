//===- Report/BuildReport.cpp - from counters to the report value --------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/BuildReport.h"
#include "Report/BuildSurroundings.h"
#include "Report/InstructionText.h"
#include "Timing/ResourceUnits.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include <map>
#include <set>

using namespace llvm;

namespace mcad {

namespace {
/// One walk over all instructions with how often each was executed:
/// \p Visit(Block, Instruction, Lowered, Executions).
template <typename Visitor>
void forEachExecuted(const TraceResults &R, Visitor Visit) {
  ArrayRef<uint64_t> Executions = R.Counts.blockExecutions();
  for (uint32_t Id = 0; Id != Executions.size(); ++Id) {
    if (!Executions[Id])
      continue;
    const CodeBlock &Block = R.Code.block(BlockId(Id));
    const std::vector<const LoweredInstruction *> Lowered =
        R.Model.lower(R.Code, Block);
    for (auto [I, L] : zip_equal(R.Code.instructions(Block), Lowered))
      Visit(Block, I, *L, Executions[Id]);
  }
}
} // namespace

/// What the model does not know, by opcode and by place, the top of each.
static void addUnmodelled(const TraceResults &R, TraceReport &Out) {
  struct Opcode {
    UnmodelledOpcode Row;
    std::set<GuestAddr> Places;
  };
  std::map<std::string, Opcode> Opcodes;
  std::map<GuestAddr, UnmodelledPlace> Places;
  const Target &T = R.Code.target();
  std::unique_ptr<MCInstPrinter> Printer =
      T.createPrinter(R.Description.AssemblerDialect);

  forEachExecuted(R, [&](const CodeBlock &Block, const CodeInstruction &I,
                         const LoweredInstruction &L, uint64_t Executions) {
    if (L.Modelled)
      return;
    Out.Unmodelled += Executions;
    if (!I.Decoded)
      Out.Undecoded += Executions;
    const std::string Name =
        I.Decoded ? T.mcii().getName(I.Inst.getOpcode()).str() : "";
    Opcode &O = Opcodes[Name];
    O.Row.Name = Name;
    O.Row.Reason = L.Reason;
    O.Row.Executions += Executions;
    O.Places.insert(I.Address);
    UnmodelledPlace &P = Places[I.Address];
    if (!P.Executions) {
      P.Address = I.Address;
      ArrayRef<uint8_t> Bytes = R.Code.bytes(I);
      P.Bytes.assign(Bytes.begin(), Bytes.end());
      P.Text = instructionText(*Printer, R.Code, Block, I);
    }
    P.Executions += Executions;
  });

  for (auto &[Name, O] : Opcodes) {
    O.Row.Addresses = O.Places.size();
    Out.UnmodelledOpcodes.push_back(std::move(O.Row));
  }
  for (auto &[Address, P] : Places)
    Out.UnmodelledPlaces.push_back(std::move(P));
  auto keepTop = [](auto &Rows) {
    stable_sort(Rows, [](const auto &A, const auto &B) {
      return A.Executions > B.Executions;
    });
    if (Rows.size() > TopUnmodelled)
      Rows.resize(TopUnmodelled);
  };
  keepTop(Out.UnmodelledOpcodes);
  keepTop(Out.UnmodelledPlaces);
}

/// llvm-mca's bound: dispatch or the busiest resource, for one iteration of
/// \p MicroOps micro-ops in all. \p Without: cycles per resource kind that do
/// not count.
static double blockRThroughput(const TraceResults &R, uint64_t Iterations,
                               uint64_t MicroOps, ArrayRef<uint64_t> Without) {
  const MCSchedModel &Model = R.Code.target().schedModel();
  std::vector<uint64_t> KindCycles(Model.getNumProcResourceKinds());
  forEachExecuted(R, [&](const CodeBlock &, const CodeInstruction &,
                         const LoweredInstruction &L, uint64_t Executions) {
    R.Model.forEachResource(*L.Prototype, [&](unsigned Kind, unsigned Cycles) {
      KindCycles[Kind] += Executions * Cycles;
    });
  });
  for (size_t Kind = 0; Kind != Without.size(); ++Kind)
    KindCycles[Kind] -= Without[Kind];
  double Bound = double(MicroOps / Iterations) / R.DispatchWidth;
  for (unsigned Kind = 1; Kind < KindCycles.size(); ++Kind)
    if (KindCycles[Kind])
      Bound = std::max(Bound, double(KindCycles[Kind] / Iterations) /
                                  Model.getProcResource(Kind)->NumUnits);
  return Bound;
}

static void addStreams(const TraceResults &R, TraceReport &Out) {
  const ArrayRef<StreamTally> Tallies = R.Counts.streams();
  for (uint32_t Id = 0; Id != Tallies.size(); ++Id) {
    StreamReport S;
    S.Stream = Id;
    S.Blocks = Tallies[Id].Blocks;
    S.Executed = Tallies[Id].Executed;
    S.RepeatIterations = Tallies[Id].RepeatIterations;
    S.Loads = Tallies[Id].Loads;
    S.Stores = Tallies[Id].Stores;
    if (Id < R.Timing.size()) {
      S.Cycles = R.Timing[Id].Cycles;
      S.MicroOps = R.Timing[Id].MicroOps;
    }
    Out.Streams.push_back(S);
  }
  if (!R.End.Totals)
    return;
  for (const StreamTotals &Sent : *R.End.Totals) {
    const uint32_t Id = index(Sent.Stream);
    // A stream that sent nothing has no tally.
    if (Id >= Out.Streams.size()) {
      const size_t Old = Out.Streams.size();
      Out.Streams.resize(Id + 1);
      for (size_t New = Old; New != Out.Streams.size(); ++New)
        Out.Streams[New].Stream = New;
    }
    Out.Streams[Id].Sent = Sent;
  }
}

static void addLosses(const TraceResults &R, TraceReport &Out) {
  auto lose = [&](StringRef Name, uint64_t Count, StringRef Unit,
                  const Twine &Sentence,
                  Loss::Severity How = Loss::Severity::Incomplete) {
    Out.Losses.push_back({Name.str(), How, Count, Unit.str(), Sentence.str()});
  };
  if (!R.End.Problem.empty())
    lose("trace-cut-short", 1, "traces",
         "the trace ends before the program did: " + R.End.Problem);
  if (R.End.How == Ending::Exec)
    lose("ended-by-exec", 1, "traces",
         "the process became another program (execve), which is not traced",
         Loss::Severity::Note);
  if (R.End.How == Ending::Signal)
    lose("ended-by-signal", 1, "traces",
         "the process ended with a signal that it sent", Loss::Severity::Note);
  if (!R.EngineProblem.empty())
    lose("simulation-cut-short", 1, "traces", R.EngineProblem);

  for (const StreamReport &S : Out.Streams) {
    if (R.End.Totals && !S.Sent) {
      lose("counts-disagree", S.Executed, "instructions",
           formatv("stream {0}: it executed {1} instructions here, but the "
                   "sender's totals do not name it",
                   S.Stream, S.Executed)
               .str());
      continue;
    }
    if (!S.Sent)
      continue;
    if (S.Sent->Instructions != S.Executed || S.Sent->Blocks != S.Blocks)
      lose("counts-disagree",
           std::max(S.Sent->Instructions, S.Executed) -
               std::min(S.Sent->Instructions, S.Executed),
           "instructions",
           formatv("stream {0}: the sender counted {1} instructions in {2} "
                   "blocks, {3} in {4} arrived",
                   S.Stream, S.Sent->Instructions, S.Sent->Blocks, S.Executed,
                   S.Blocks)
               .str());
    if (S.Sent->Accesses != S.Loads + S.Stores)
      lose("accesses-disagree",
           std::max(S.Sent->Accesses, S.Loads + S.Stores) -
               std::min(S.Sent->Accesses, S.Loads + S.Stores),
           "memory accesses",
           formatv("stream {0}: the sender counted {1} memory accesses, {2} "
                   "arrived",
                   S.Stream, S.Sent->Accesses, S.Loads + S.Stores)
               .str());
  }
  if (R.EngineProblem.empty())
    for (uint32_t Id = 0; Id != R.Timing.size(); ++Id)
      if (R.Timing[Id].Instructions != Out.Streams[Id].Executed)
        lose("engine-lost-instructions",
             Out.Streams[Id].Executed - R.Timing[Id].Instructions,
             "instructions",
             formatv("stream {0}: {1} instructions were executed but {2} "
                     "retired in the simulation: please report this",
                     Id, Out.Streams[Id].Executed, R.Timing[Id].Instructions)
                 .str());

  if (R.Description.IsListing && Out.UnseenInstructions)
    lose("not-seen-to-retire", Out.UnseenInstructions, "instructions",
         "Total uOps and Block RThroughput are without them, as llvm-mca's "
         "are: LLVM 19's in-order pipeline forgets instructions that finish "
         "while another is being issued over several cycles",
         Loss::Severity::Note);
  if (Out.UnplacedCycles)
    lose("resource-use-not-placed", Out.UnplacedCycles, "cycles",
         "the resource pressure lacks them: LLVM's model let instructions use "
         "a resource of which every unit was busy",
         Loss::Severity::Note);
  if (R.Code.numGuessedModes())
    lose("instruction-set-guessed", R.Code.numGuessedModes(), "blocks",
         "blocks were taken for Thumb without proof", Loss::Severity::Note);
}

static void addListing(const TraceResults &R, TraceReport &Out) {
  const size_t Width = Out.Resources.size();
  const Target &T = R.Code.target();
  std::unique_ptr<MCInstPrinter> Printer =
      T.createPrinter(R.Description.AssemblerDialect);
  for (uint32_t Id = 0; Id != R.Code.numInstructions(); ++Id) {
    const CodeInstruction &I = R.Code.instruction(InstructionId(Id));
    ListedInstruction Row;
    Row.Text = I.Decoded ? printInstruction(*Printer, I.Inst, 0, T.sti())
                         : "<undecoded bytes>";
    Row.UnitCycles.resize(Width);
    for (size_t Unit = 0; Unit != Width; ++Unit) {
      const size_t At = Id * Width + Unit;
      if (At < R.UnitCyclesByInstruction.size())
        Row.UnitCycles[Unit] = R.UnitCyclesByInstruction[At];
    }
    Out.Listing.push_back(std::move(Row));
  }
}

TraceReport buildTraceReport(const TraceResults &R) {
  TraceReport Out;
  Out.Description = R.Description;

  const StreamTally Tally = R.Counts.total();
  TimingCounters Timing;
  for (const TimingCounters &T : R.Timing)
    Timing += T;

  Out.Total.Iterations =
      R.Description.IsListing ? R.Description.ListingIterations : 1;
  Out.Total.Instructions = Tally.instructions();
  Out.Total.Cycles = Timing.Cycles;
  Out.Total.MicroOps = Timing.MicroOps;
  Out.Total.DispatchWidth = R.DispatchWidth;
  Out.UnseenInstructions = Timing.UnseenInstructions;
  Out.UnplacedCycles = Timing.UnplacedCycles;
  // A listing is what llvm-mca says it is, its bug included; a run is whole.
  std::vector<uint64_t> NotCounted;
  if (R.Description.IsListing) {
    Out.Total.MicroOps -= Timing.UnseenMicroOps;
    NotCounted = Timing.UnseenKindCycles;
  }
  Out.Total.BlockRThroughput =
      blockRThroughput(R, Out.Total.Iterations, Out.Total.MicroOps, NotCounted);

  Out.Executed = Tally.Executed;
  Out.RepeatIterations = Tally.RepeatIterations;
  Out.BlocksDefined = R.Code.numBlocks();
  Out.BlocksExecuted = Tally.Blocks;
  Out.Loads = Tally.Loads;
  Out.Stores = Tally.Stores;
  Out.StartUp = R.Counts.startUpInstructions();
  ArrayRef<uint64_t> Executions = R.Counts.blockExecutions();
  for (uint32_t Id = 0; Id != Executions.size(); ++Id)
    if (const CodeBlock &Block = R.Code.block(BlockId(Id)); Block.InMainCode)
      Out.ExecutedInMainCode += Executions[Id] * Block.NumInstructions;

  std::vector<ResourceUnit> Units = resourceUnits(R.Code.target().schedModel());
  Timing.UnitCycles.resize(Units.size());
  for (size_t I = 0; I != Units.size(); ++I)
    Out.Resources.push_back(
        {Units[I].Label, Units[I].Resource, Timing.UnitCycles[I]});

  addUnmodelled(R, Out);
  addStreams(R, Out);
  addLosses(R, Out);
  if (R.Description.IsListing)
    addListing(R, Out);
  if (R.Caches)
    Out.Surroundings = buildSurroundings(R, Timing.LostCycles);
  return Out;
}

Report::Model describeModel(const ModelFile &File) {
  Report::Model Out;
  Out.Name = File.Model.Name;
  Out.Description = File.Model.Description;
  for (const ModelField &Field : modelFields())
    Out.Values.push_back({Field.Key.str(), modelFieldText(Field, File.Model),
                          File.sourceText(Field.Key)});
  return Out;
}

Report buildReport(const Target &T, StringRef Engine) {
  Report Out;
  Out.Version = MCAD_VERSION;
  Out.Triple = T.triple().str();
  Out.Cpu = T.cpu();
  Out.CpuIsDefault = T.cpuIsDefault();
  Out.Features = T.features();
  const Target::ModelIdentity Identity = T.modelIdentity();
  Out.ModelOwner = Identity.Owner;
  Out.ModelShared = Identity.Shared;
  Out.IsOutOfOrder = Identity.IsOutOfOrder;
  Out.Engine = Engine.str();
  return Out;
}

} // namespace mcad
