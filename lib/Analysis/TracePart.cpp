//===- Analysis/TracePart.cpp - what is analysed together -----------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Analysis/TracePart.h"
#include "Report/BuildProfile.h"
#include "Report/BuildReport.h"
#include "Report/BuildTimeline.h"
#include "Timing/VerifyingEngine.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;

namespace mcad {

GuestAddr entryOf(const Target &T, const TraceDescription &Description) {
  // That of a Thumb program has its lowest bit set.
  const bool IsArm32 = T.triple().isARM() || T.triple().isThumb();
  return IsArm32 ? Description.Entry & ~GuestAddr(1) : Description.Entry;
}

TracePart::TracePart(const PartSetting &S, const RegionMap *Regions,
                     GuestAddr Entry)
    : Setting(S), Regions(Regions), Counts(S.Code, Entry) {
  if (S.around())
    Caches.emplace(*S.around());
}

//===--- counting ---------------------------------------------------------===//

StreamAccounts &TracePart::accounts(StreamId Stream) {
  while (Accounts.size() <= index(Stream))
    Accounts.push_back(std::make_unique<StreamAccounts>(
        Setting.Code, CallTree::functionsOf(*Setting.Names), Regions));
  return *Accounts[index(Stream)];
}

FactsProducer &TracePart::producer(StreamId Stream) {
  if (Producers.size() <= index(Stream))
    Producers.resize(index(Stream) + 1);
  std::unique_ptr<FactsProducer> &Own = Producers[index(Stream)];
  if (!Own)
    Own = std::make_unique<FactsProducer>(Setting.Code, *Caches,
                                          Setting.Description.Scope);
  return *Own;
}

void TracePart::endFacts(StreamId Stream) {
  if (index(Stream) >= Producers.size() || !Producers[index(Stream)])
    return;
  const std::unique_ptr<FactsProducer> Ended =
      std::move(Producers[index(Stream)]);
  EndedFacts += Ended->counters();
  const ArrayRef<InstructionEvents> Own = Ended->events();
  EndedEvents.resize(std::max(EndedEvents.size(), Own.size()));
  for (size_t I = 0; I != Own.size(); ++I)
    EndedEvents[I] += Own[I];
}

void TracePart::count(Piece &P) {
  P.NumInstructions = 0;
  if (!P.onlyEnds())
    countUnits(P);
  if (P.IsEnd)
    endFacts(P.Stream);
}

void TracePart::countUnits(Piece &P) {
  P.NumInstructions = Counts.consume(P.batch());
  FactsProducer *Facts = nullptr;
  if (Caches) {
    Facts = &producer(P.Stream);
    Facts->consume(P.batch(), P.Facts);
  } else {
    P.Facts.clear();
  }
  if (Setting.Names)
    accounts(P.Stream).consume(P.batch(), P.Facts.Switches);
  if (!P.IsLast)
    return;
  Counts.restart(P.Stream);
  if (Facts)
    Facts->restart();
  if (Setting.Names)
    accounts(P.Stream).restart();
}

//===--- simulating -------------------------------------------------------===//

static void printStats(const TimingEngine &Engine, size_t Stream,
                       raw_ostream &OS) {
  const auto *Both = dynamic_cast<const VerifyingEngine *>(&Engine);
  const auto *Fast =
      dynamic_cast<const FastEngine *>(Both ? &Both->tested() : &Engine);
  if (!Fast)
    return;
  const FastEngineCounters C = Fast->fastCounters();
  const uint64_t Instructions = C.HitInstructions + C.ReplayInstructions +
                                C.MissInstructions + C.PlainInstructions;
  const auto share = [&](uint64_t Part) -> std::string {
    const auto All = static_cast<double>(std::max<uint64_t>(1, Instructions));
    return formatv("{0:P2}", static_cast<double>(Part) / All);
  };
  OS << "stream " << Stream << ": of " << Instructions << " instructions known "
     << share(C.HitInstructions) << ", ports alone simulated "
     << share(C.ReplayInstructions) << ", simulated and remembered "
     << share(C.MissInstructions) << ", simulated plainly "
     << share(C.PlainInstructions) << "; again, behind known ones, "
     << C.AgainInstructions << "; states " << C.States << ", of ports "
     << C.PortStates << ", transitions " << C.Transitions << ", edges "
     << C.Edges << ", effects " << C.Effects
     << formatv(", {0:F1} MiB", static_cast<double>(C.SizeBytes) / (1 << 20))
     << ", resets " << C.Resets << ", pauses " << C.Pauses << "\n";
}

std::unique_ptr<TimingEngine> TracePart::makeEngine(StreamId Stream) const {
  const Analysis &How = Setting.How;
  const TimingEngine::Detail Detail = Setting.Description.IsListing
                                          ? TimingEngine::Detail::PerInstruction
                                          : TimingEngine::Detail::Totals;
  const MachineModel *const Model = Setting.around();
  const Surroundings Around{Model,
                            Model && Setting.Description.HasMemoryAccesses};
  std::unique_ptr<TimingEngine> Reference, Fast;
  if (How.VerifiesEngine || How.Engine == EngineKind::LLVM)
    Reference = std::make_unique<LLVMEngine>(Setting.Code, Setting.Model,
                                             How.Overrides, Detail, Around);
  if (How.VerifiesEngine || How.Engine == EngineKind::Fast)
    Fast = std::make_unique<FastEngine>(
        Setting.Code, Setting.Model, How.Overrides, Detail, Around, How.Memory);
  std::unique_ptr<TimingEngine> Engine;
  if (How.VerifiesEngine)
    Engine = std::make_unique<VerifyingEngine>(
        Setting.Code, std::move(Reference), std::move(Fast));
  else
    Engine = Reference ? std::move(Reference) : std::move(Fast);
  if (How.Timeline && How.Timeline->Stream == index(Stream))
    Engine->watch(How.Timeline->Numbers);
  return Engine;
}

Error TracePart::simulate(Simulated &S, const Piece &P) {
  if (Error E = S.Engine->consume(P.batch(), P.Facts))
    return E;
  if (!P.IsLast)
    return Error::success();
  if (Error E = S.Engine->restart())
    return E;
  const uint64_t Now = S.Engine->cycles();
  ++S.Entries[Now - S.EntryCycle];
  S.EntryCycle = Now;
  return Error::success();
}

TracePart::Simulated &TracePart::stream(StreamId Stream) {
  if (Streams.size() <= index(Stream))
    Streams.resize(index(Stream) + 1);
  Simulated &S = Streams[index(Stream)];
  if (!S.Engine)
    S.Engine = makeEngine(Stream);
  return S;
}

void TracePart::endSimulation(StreamId Stream) {
  if (index(Stream) >= Streams.size() || !Streams[index(Stream)].Engine)
    return;
  Simulated &S = Streams[index(Stream)];
  if (Problem.empty())
    if (Error E = S.Engine->finish())
      Problem = toString(std::move(E));
  S.Counters = S.Engine->counters();
  S.UnitCyclesByInstruction = S.Engine->unitCyclesByInstruction().vec();
  S.ByAccount = S.Engine->cyclesByAccount().vec();
  S.ByRegion = S.Engine->entriesByRegion().vec();
  S.Watched = S.Engine->watched().vec();
  addCycles(EndedRows, S.Engine->cyclesByInstruction());
  if (Setting.How.EngineStats) {
    raw_string_ostream OS(S.Stats);
    mcad::printStats(*S.Engine, index(Stream), OS);
  }
  S.Engine.reset();
}

uint64_t TracePart::simulate(const Piece &P) {
  uint64_t Cycles = 0;
  if (!P.onlyEnds()) {
    Simulated &S = stream(P.Stream);
    if (Problem.empty()) {
      const uint64_t Before = S.Engine->cycles();
      if (Error E = simulate(S, P))
        Problem = toString(std::move(E));
      Cycles = S.Engine->cycles() - Before;
    }
  }
  if (P.IsEnd)
    endSimulation(P.Stream);
  return Cycles;
}

void TracePart::finish() {
  for (uint32_t Stream = 0; Stream != Producers.size(); ++Stream)
    endFacts(StreamId(Stream));
  for (uint32_t Stream = 0; Stream != Streams.size(); ++Stream)
    endSimulation(StreamId(Stream));
}

SmallVector<const RegionEntries *> TracePart::entries() const {
  SmallVector<const RegionEntries *> ByStream;
  for (const Simulated &S : Streams)
    ByStream.push_back(&S.Entries);
  return ByStream;
}

//===--- the report -------------------------------------------------------===//

void TracePart::printStats(StringRef Name, raw_ostream &OS) const {
  for (const Simulated &S : Streams)
    if (!S.Stats.empty())
      OS << Name << S.Stats;
}

TraceReport TracePart::report(const TraceDescription &Description,
                              const TraceEnd &End) const {
  const PipelineOverrides &Overrides = Setting.How.Overrides;
  std::vector<TimingCounters> Timing;
  for (const Simulated &S : Streams)
    Timing.push_back(S.Counters);
  TraceReport Report = buildTraceReport(
      {Description, End, Setting.Code, Setting.Model, Counts, Timing,
       Overrides.DispatchWidth ? Overrides.DispatchWidth
                               : Setting.Code.target().schedModel().IssueWidth,
       Streams.empty() ? ArrayRef<uint64_t>()
                       : ArrayRef(Streams.front().UnitCyclesByInstruction),
       Problem, Caches ? &*Caches : nullptr, EndedFacts, EndedEvents});
  addAttribution(Report);
  return Report;
}

void TracePart::addAttribution(TraceReport &Report) const {
  if (Setting.Names) {
    std::vector<StreamCycles> Cycles;
    for (const Simulated &S : Streams)
      Cycles.push_back({S.ByAccount, S.ByRegion});
    Report.Attribution = buildProfile({Setting.Code, Counts, *Setting.Names,
                                       Setting.Description.AssemblerDialect,
                                       Regions, Accounts, Cycles, EndedRows});
  }
  if (!Setting.How.Timeline || Setting.How.Engine == EngineKind::None)
    return;
  const auto [Stream, Numbers] = *Setting.How.Timeline;
  const TimelineInputs In{Setting.Code, Counts, Stream, Numbers,
                          Stream < Streams.size()
                              ? ArrayRef(Streams[Stream].Watched)
                              : ArrayRef<InstructionTimes>()};
  if (Setting.Description.IsListing)
    Report.Attribution =
        buildListingTimeline(In, Setting.Description.AssemblerDialect);
  else if (Report.Attribution)
    addTimeline(In, *Report.Attribution);
}

} // namespace mcad
