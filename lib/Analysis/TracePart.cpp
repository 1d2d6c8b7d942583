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

void TracePart::count(Piece &P) {
  P.NumInstructions = Counts.consume(P.batch());
  FactsProducer *Facts = nullptr;
  if (Caches) {
    while (Producers.size() <= index(P.Stream))
      Producers.push_back(std::make_unique<FactsProducer>(
          Setting.Code, *Caches, Setting.Description.Scope));
    Facts = Producers[index(P.Stream)].get();
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

std::unique_ptr<TimingEngine> TracePart::makeEngine() const {
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
  if (How.Timeline && How.Timeline->Stream == Streams.size())
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

uint64_t TracePart::simulate(const Piece &P) {
  while (Streams.size() <= index(P.Stream))
    Streams.push_back({makeEngine(), 0, RegionEntries()});
  if (!Problem.empty())
    return 0;
  Simulated &S = Streams[index(P.Stream)];
  const uint64_t Before = S.Engine->cycles();
  if (Error E = simulate(S, P))
    Problem = toString(std::move(E));
  return S.Engine->cycles() - Before;
}

void TracePart::finish() {
  for (const Simulated &S : Streams)
    if (Problem.empty())
      if (Error E = S.Engine->finish())
        Problem = toString(std::move(E));
}

SmallVector<const RegionEntries *> TracePart::entries() const {
  SmallVector<const RegionEntries *> ByStream;
  for (const Simulated &S : Streams)
    ByStream.push_back(&S.Entries);
  return ByStream;
}

//===--- the report -------------------------------------------------------===//

static void printStats(const TimingEngine &Engine, size_t Stream,
                       StringRef Name, raw_ostream &OS) {
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
  OS << Name << "stream " << Stream << ": blocks known " << C.Hits
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

void TracePart::printStats(StringRef Name, raw_ostream &OS) const {
  for (size_t Stream = 0; Stream != Streams.size(); ++Stream)
    mcad::printStats(*Streams[Stream].Engine, Stream, Name, OS);
}

TraceReport TracePart::report(const TraceDescription &Description,
                              const TraceEnd &End) const {
  const PipelineOverrides &Overrides = Setting.How.Overrides;
  std::vector<TimingCounters> Timing;
  for (const Simulated &S : Streams)
    Timing.push_back(S.Engine->counters());
  TraceReport Report = buildTraceReport(
      {Description, End, Setting.Code, Setting.Model, Counts, Timing,
       Overrides.DispatchWidth ? Overrides.DispatchWidth
                               : Setting.Code.target().schedModel().IssueWidth,
       Streams.empty() ? ArrayRef<uint64_t>()
                       : Streams.front().Engine->unitCyclesByInstruction(),
       Problem, Caches ? &*Caches : nullptr, Producers});
  addAttribution(Report);
  return Report;
}

void TracePart::addAttribution(TraceReport &Report) const {
  if (Setting.Names) {
    std::vector<StreamCycles> Cycles;
    for (const Simulated &S : Streams)
      Cycles.push_back({S.Engine->cyclesByInstruction(),
                        S.Engine->cyclesByAccount(),
                        S.Engine->entriesByRegion()});
    Report.Attribution = buildProfile({Setting.Code, Counts, *Setting.Names,
                                       Setting.Description.AssemblerDialect,
                                       Regions, Accounts, Cycles});
  }
  if (!Setting.How.Timeline || Setting.How.Engine == EngineKind::None)
    return;
  const auto [Stream, Numbers] = *Setting.How.Timeline;
  const TimelineInputs In{Setting.Code, Counts, Stream, Numbers,
                          Stream < Streams.size()
                              ? Streams[Stream].Engine->watched()
                              : ArrayRef<InstructionTimes>()};
  if (Setting.Description.IsListing)
    Report.Attribution =
        buildListingTimeline(In, Setting.Description.AssemblerDialect);
  else if (Report.Attribution)
    addTimeline(In, *Report.Attribution);
}

} // namespace mcad
