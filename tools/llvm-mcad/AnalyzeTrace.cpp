//===- llvm-mcad/AnalyzeTrace.cpp - one trace, from its first batch to its
// report ===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "AnalyzeTrace.h"
#include "Attribution/Tally.h"
#include "Code/CodeListing.h"
#include "Code/Program.h"
#include "Report/BuildReport.h"
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

static std::unique_ptr<TimingEngine>
makeEngine(const Analysis &How, const Program &Code, Lowering &Model,
           TimingEngine::Detail Detail, Surroundings Around) {
  std::unique_ptr<TimingEngine> Reference, Fast;
  if (How.VerifiesEngine || How.Engine == EngineKind::LLVM)
    Reference = std::make_unique<LLVMEngine>(Code, Model, How.Overrides, Detail,
                                             Around);
  if (How.VerifiesEngine || How.Engine == EngineKind::Fast)
    Fast = std::make_unique<FastEngine>(Code, Model, How.Overrides, Detail,
                                        Around, How.Memory);
  if (How.VerifiesEngine)
    return std::make_unique<VerifyingEngine>(Code, std::move(Reference),
                                             std::move(Fast));
  return Reference ? std::move(Reference) : std::move(Fast);
}

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
  OS << "engine-stats: stream " << Stream << ": blocks known " << C.Hits
     << ", ports replayed " << C.Replays << ", new " << C.Misses
     << formatv(" ({0:P2} of instructions)",
                Instructions ? C.MissInstructions / Instructions : 0)
     << ", behind known ones " << C.Restores << " (again "
     << C.AgainInstructions << "); instructions simulated plainly "
     << C.PlainInstructions << "; states " << C.States << ", of ports "
     << C.PortStates << ", transitions " << C.Transitions << ", edges "
     << C.Edges << ", effects " << C.Effects << ", " << C.SizeBytes / (1 << 20)
     << " MiB, resets " << C.Resets << "\n";
}

TraceReport analyzeTrace(TraceSource &Source, const Target &T, Lowering &Model,
                         const Analysis &How) {
  const TraceDescription &Description = Source.description();
  const auto Detail = Description.IsListing
                          ? TimingEngine::Detail::PerInstruction
                          : TimingEngine::Detail::Totals;
  Program Code(T);
  // The ARM entry point of a Thumb program has its lowest bit set.
  const bool IsArm32 = T.triple().isARM() || T.triple().isThumb();
  Tally Counts(Code,
               IsArm32 ? Description.Entry & ~GuestAddr(1) : Description.Entry);
  // A listing has no addresses, and nothing before it.
  Surroundings Around;
  std::optional<Hierarchy> Caches;
  if (How.Surroundings && !Description.IsListing) {
    Around = {How.Surroundings, Description.HasMemoryAccesses};
    Caches.emplace(*How.Surroundings);
  }
  std::vector<std::unique_ptr<FactsProducer>> Producers;
  std::vector<std::unique_ptr<TimingEngine>> Engines;
  TraceEnd End;
  std::string EngineProblem;

  // 1. Every batch: count it, find its facts, then simulate it. After an engine
  //    gave up, batches are still read and counted, so that the guest can go on
  //    and the counts stay whole.
  Batch B;
  BatchFacts Facts;
  while (true) {
    Expected<bool> More = Source.next(B, Code);
    if (!More) {
      End.Problem = toString(More.takeError());
      break;
    }
    if (!*More) {
      End = Source.end();
      break;
    }
    Counts.consume(B);
    const size_t Stream = index(B.Stream);
    while (Caches && Producers.size() <= Stream)
      Producers.push_back(
          std::make_unique<FactsProducer>(Code, *Caches, Description.Scope));
    if (Caches)
      Producers[Stream]->consume(B, Facts);
    if (How.Engine == EngineKind::None)
      continue;
    while (Engines.size() <= Stream)
      Engines.push_back(makeEngine(How, Code, Model, Detail, Around));
    if (EngineProblem.empty())
      if (Error E = Engines[Stream]->consume(B, Facts))
        EngineProblem = toString(std::move(E));
  }

  // 2. What is still in flight.
  std::vector<TimingCounters> Timing;
  for (const std::unique_ptr<TimingEngine> &Engine : Engines) {
    if (EngineProblem.empty())
      if (Error E = Engine->finish())
        EngineProblem = toString(std::move(E));
    Timing.push_back(Engine->counters());
    if (How.EngineStats)
      printStats(*Engine, Timing.size() - 1, *How.EngineStats);
  }

  // 3. The report.
  if (How.CodeOutput)
    printCode(Code, Description.AssemblerDialect, *How.CodeOutput);
  const unsigned DispatchWidth = How.Overrides.DispatchWidth
                                     ? How.Overrides.DispatchWidth
                                     : T.schedModel().IssueWidth;
  return buildTraceReport(
      {Description, End, Code, Model, Counts, Timing, DispatchWidth,
       Engines.empty() ? ArrayRef<uint64_t>()
                       : Engines.front()->unitCyclesByInstruction(),
       EngineProblem, Caches ? &*Caches : nullptr, Producers});
}

} // namespace mcad
