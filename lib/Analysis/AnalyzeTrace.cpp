//===- Analysis/AnalyzeTrace.cpp - one trace, to its report --------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Analysis/AnalyzeTrace.h"
#include "Attribution/Tally.h"
#include "Code/CodeListing.h"
#include "Code/Program.h"
#include "Report/BuildProfile.h"
#include "Report/BuildReport.h"
#include "Report/BuildTimeline.h"
#include "Timing/VerifyingEngine.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;

namespace mcad {

StringRef engineName(EngineKind Kind) {
  switch (Kind) {
  case EngineKind::Fast:
    return "fast";
  case EngineKind::LLVM:
    return "llvm";
  case EngineKind::None:
    return "none";
  }
  llvm_unreachable("no such engine");
}

namespace {

/// A batch on its way through the stages, in memory of its own: the broker's is
/// good only until the next one is asked for.
struct BatchUnderWay {
  StreamId Stream{};
  std::vector<uint16_t> Units;
  BatchFacts Facts;
  uint64_t NumInstructions = 0; ///< Known once it has been counted.

  Batch batch() const { return {Stream, Units}; }
};

/// The first stage: has the broker read, and the program decode.
class Receiver {
  TraceSource &Source;
  Program &Code;

public:
  TraceEnd End; ///< Valid once receive() returned false.

  Receiver(TraceSource &Source, Program &Code) : Source(Source), Code(Code) {}

  bool receive(BatchUnderWay &B) {
    Batch Next;
    Expected<bool> More = Source.next(Next, Code);
    if (!More) {
      End.Problem = toString(More.takeError());
      return false;
    }
    if (!*More) {
      End = Source.end();
      return false;
    }
    B.Stream = Next.Stream;
    B.Units.assign(Next.Units.begin(), Next.Units.end());
    return true;
  }
};

/// The second: counts a batch and finds its facts.
class Counter {
  const Program &Code;
  const TraceScope Scope;
  Progress *const Live;

public:
  Tally Counts;
  std::optional<Hierarchy> Caches;
  std::vector<std::unique_ptr<FactsProducer>> Producers; ///< By stream.
  // With attribution.
  std::optional<SymbolTable> Names;
  std::optional<RegionMap> Regions;
  std::vector<std::unique_ptr<StreamAccounts>> Accounts; ///< By stream.

  /// \p Around: what is around the core; null: nothing.
  Counter(const Program &Code, const TraceDescription &Description,
          const MachineModel *Around, bool Attributes,
          ArrayRef<RegionRequest> Wanted, Progress *Live)
      : Code(Code), Scope(Description.Scope), Live(Live),
        Counts(Code, entry(Code.target(), Description)) {
    if (Attributes) {
      Names.emplace(Code, Description);
      Regions.emplace(Code, *Names, Wanted);
    }
    if (Around)
      Caches.emplace(*Around);
  }

  void count(BatchUnderWay &B) {
    const uint64_t Before = instructions(B.Stream);
    Counts.consume(B.batch());
    B.NumInstructions = instructions(B.Stream) - Before;
    if (Live)
      Live->Arrived.add(B.NumInstructions);
    if (Caches) {
      while (Producers.size() <= index(B.Stream))
        Producers.push_back(
            std::make_unique<FactsProducer>(Code, *Caches, Scope));
      Producers[index(B.Stream)]->consume(B.batch(), B.Facts);
    } else {
      B.Facts.clear();
    }
    if (Names) {
      Regions->noteNewBlocks();
      accounts(B.Stream).consume(B.batch(), B.Facts.Switches);
    }
  }

private:
  StreamAccounts &accounts(StreamId Stream) {
    const auto function = [this](GuestAddr Address) {
      const FunctionId Id = Names->functionAt(Address);
      return CallTree::Function{index(Id), Names->function(Id).Address};
    };
    while (Accounts.size() <= index(Stream))
      Accounts.push_back(
          std::make_unique<StreamAccounts>(Code, function, *Regions));
    return *Accounts[index(Stream)];
  }

  /// That \p Stream has executed so far.
  uint64_t instructions(StreamId Stream) const {
    const ArrayRef<StreamTally> Streams = Counts.streams();
    return index(Stream) < Streams.size()
               ? Streams[index(Stream)].instructions()
               : 0;
  }
  /// The ARM entry point of a Thumb program has its lowest bit set.
  static GuestAddr entry(const Target &T, const TraceDescription &Description) {
    const bool IsArm32 = T.triple().isARM() || T.triple().isThumb();
    return IsArm32 ? Description.Entry & ~GuestAddr(1) : Description.Entry;
  }
};

/// The third: simulates. Once an engine has given up, batches pass, so that the
/// guest can go on and the counts stay whole.
class Simulation {
  const Analysis &How;
  const Program &Code;
  Lowering &Model;
  const TimingEngine::Detail Detail;
  const Surroundings Around;

  /// For the next stream.
  std::unique_ptr<TimingEngine> makeEngine() const;

public:
  std::vector<std::unique_ptr<TimingEngine>> Engines; ///< By stream.
  std::string Problem; ///< Why one gave up; empty if none did.

  Simulation(const Analysis &How, const Program &Code, Lowering &Model,
             TimingEngine::Detail Detail, Surroundings Around)
      : How(How), Code(Code), Model(Model), Detail(Detail), Around(Around) {}

  void simulate(const BatchUnderWay &B) {
    while (Engines.size() <= index(B.Stream))
      Engines.push_back(makeEngine());
    if (!Problem.empty())
      return;
    TimingEngine &Engine = *Engines[index(B.Stream)];
    const uint64_t Before = How.Live ? Engine.cycles() : 0;
    if (Error E = Engine.consume(B.batch(), B.Facts))
      Problem = toString(std::move(E));
    if (How.Live) {
      How.Live->Simulated.add(B.NumInstructions);
      How.Live->Cycles.add(Engine.cycles() - Before);
    }
  }

  /// Simulates what is still in flight.
  void finish() {
    for (const std::unique_ptr<TimingEngine> &Engine : Engines)
      if (Problem.empty())
        if (Error E = Engine->finish())
          Problem = toString(std::move(E));
  }
};

std::unique_ptr<TimingEngine> Simulation::makeEngine() const {
  std::unique_ptr<TimingEngine> Reference, Fast;
  if (How.VerifiesEngine || How.Engine == EngineKind::LLVM)
    Reference = std::make_unique<LLVMEngine>(Code, Model, How.Overrides, Detail,
                                             Around);
  if (How.VerifiesEngine || How.Engine == EngineKind::Fast)
    Fast = std::make_unique<FastEngine>(Code, Model, How.Overrides, Detail,
                                        Around, How.Memory);
  std::unique_ptr<TimingEngine> Engine;
  if (How.VerifiesEngine)
    Engine = std::make_unique<VerifyingEngine>(Code, std::move(Reference),
                                               std::move(Fast));
  else
    Engine = Reference ? std::move(Reference) : std::move(Fast);
  if (How.Timeline && How.Timeline->Stream == Engines.size())
    Engine->watch(How.Timeline->Numbers);
  return Engine;
}

} // namespace

static void printStats(const TimingEngine &Engine, size_t Stream,
                       raw_ostream &OS) {
  const auto *Both = dynamic_cast<const VerifyingEngine *>(&Engine);
  const auto *Fast =
      dynamic_cast<const FastEngine *>(Both ? &Both->tested() : &Engine);
  if (!Fast)
    return;
  const FastEngineCounters C = Fast->fastCounters();
  const double Instructions =
      C.HitInstructions + C.ReplayInstructions + C.MissInstructions;
  auto share = [&](double Part) {
    return Instructions ? Part / Instructions : 0;
  };
  OS << "engine-stats: stream " << Stream << ": blocks known " << C.Hits
     << ", ports replayed " << C.Replays
     << formatv(" ({0:P2})", share(C.ReplayInstructions)) << ", new "
     << C.Misses
     << formatv(" ({0:P2} of instructions)", share(C.MissInstructions))
     << ", behind known ones " << C.Restores << " (again "
     << C.AgainInstructions << "); instructions simulated plainly "
     << C.PlainInstructions << "; states " << C.States << ", of ports "
     << C.PortStates << ", transitions " << C.Transitions << ", edges "
     << C.Edges << ", effects " << C.Effects << ", " << C.SizeBytes / (1 << 20)
     << " MiB, resets " << C.Resets << "\n";
}

/// \p Seconds: of each stage.
static void printStageTimes(ArrayRef<double> Seconds, raw_ostream &OS) {
  const char *const Names[] = {"receiving", "counting and facts", "engines"};
  OS << "engine-stats: CPU seconds:";
  for (size_t I = 0; I != Seconds.size(); ++I)
    OS << (I ? ", " : " ") << Names[I] << formatv(" {0:F2}", Seconds[I]);
  OS << "\n";
}

TraceReport analyzeTrace(TraceSource &Source, const Target &T, Lowering &Model,
                         const Analysis &How) {
  const TraceDescription &Description = Source.description();
  // A listing has no addresses, and nothing before it.
  const MachineModel *Around =
      Description.IsListing ? nullptr : How.Surroundings;
  Program Code(T);
  Receiver Received(Source, Code);
  const bool Attributes = How.Attributes && !Description.IsListing &&
                          How.Engine != EngineKind::None;
  Counter Counted(Code, Description, Around, Attributes, How.Regions, How.Live);
  Simulation Simulated(
      How, Code, Model,
      Description.IsListing ? TimingEngine::Detail::PerInstruction
                            : TimingEngine::Detail::Totals,
      Around ? Surroundings{Around, Description.HasMemoryAccesses}
             : Surroundings());

  // 1. Every batch: receive it, count it and find its facts, simulate it.
  SmallVector<std::function<void(BatchUnderWay &)>, 2> Stages;
  Stages.push_back([&](BatchUnderWay &B) { Counted.count(B); });
  if (How.Engine != EngineKind::None)
    Stages.push_back([&](BatchUnderWay &B) { Simulated.simulate(B); });
  const SmallVector<double, 3> Seconds = runStages<BatchUnderWay>(
      [&](BatchUnderWay &B) { return Received.receive(B); }, Stages,
      Description.IsListing ? Threading::Inline : How.Threads);

  // 2. What is still in flight.
  Simulated.finish();
  std::vector<TimingCounters> Timing;
  for (const std::unique_ptr<TimingEngine> &Engine : Simulated.Engines) {
    Timing.push_back(Engine->counters());
    if (How.EngineStats)
      printStats(*Engine, Timing.size() - 1, *How.EngineStats);
  }
  if (How.EngineStats)
    printStageTimes(Seconds, *How.EngineStats);

  // 3. The report.
  if (How.CodeOutput)
    printCode(Code, Description.AssemblerDialect, *How.CodeOutput);
  const unsigned DispatchWidth = How.Overrides.DispatchWidth
                                     ? How.Overrides.DispatchWidth
                                     : T.schedModel().IssueWidth;
  TraceReport Report = buildTraceReport(
      {Description, Received.End, Code, Model, Counted.Counts, Timing,
       DispatchWidth,
       Simulated.Engines.empty()
           ? ArrayRef<uint64_t>()
           : Simulated.Engines.front()->unitCyclesByInstruction(),
       Simulated.Problem, Counted.Caches ? &*Counted.Caches : nullptr,
       Counted.Producers});
  if (Attributes) {
    std::vector<StreamCycles> Cycles;
    for (const std::unique_ptr<TimingEngine> &Engine : Simulated.Engines)
      Cycles.push_back({Engine->cyclesByInstruction(),
                        Engine->cyclesByAccount(), Engine->entriesByRegion()});
    Report.Attribution = buildProfile(
        {Code, Counted.Counts, *Counted.Names, Description.AssemblerDialect,
         *Counted.Regions, Counted.Accounts, Cycles});
  }
  if (How.Timeline && How.Engine != EngineKind::None) {
    const auto [Stream, Numbers] = *How.Timeline;
    const TimelineInputs In{Code, Counted.Counts, Stream, Numbers,
                            Stream < Simulated.Engines.size()
                                ? Simulated.Engines[Stream]->watched()
                                : ArrayRef<InstructionTimes>()};
    if (Description.IsListing)
      Report.Attribution =
          buildListingTimeline(In, Description.AssemblerDialect);
    else if (Report.Attribution)
      addTimeline(In, *Report.Attribution);
  }
  return Report;
}

} // namespace mcad
