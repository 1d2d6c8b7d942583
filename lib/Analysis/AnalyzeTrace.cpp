//===- Analysis/AnalyzeTrace.cpp - one trace, to its report --------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Analysis/AnalyzeTrace.h"
#include "Analysis/TracePart.h"
#include "Attribution/RegionCutter.h"
#include "Code/CodeListing.h"
#include "Report/BuildProfile.h"
#include "Report/BuildReport.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/STLExtras.h"
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

/// The first stage: has the broker read, and the program decode.
class Receiver {
  TraceSource &Source;
  Program &Code;
  BitVector HasEnded; ///< By stream.

  /// Nothing of a stream follows its end: what was known of it is gone.
  bool isAfterEnd(const Batch &B) {
    const uint32_t Stream = index(B.Stream);
    if (HasEnded.size() <= Stream)
      HasEnded.resize(Stream + 1);
    if (HasEnded[Stream])
      return true;
    HasEnded[Stream] = B.IsLast;
    return false;
  }

public:
  TraceEnd End; ///< Valid once receive() returned false.

  Receiver(TraceSource &Source, Program &Code) : Source(Source), Code(Code) {}

  bool receive(Batch &Next) {
    Expected<bool> More = Source.next(Next, Code);
    if (!More) {
      End.Problem = toString(More.takeError());
      return false;
    }
    if (!*More) {
      End = Source.end();
      return false;
    }
    if (!isAfterEnd(Next))
      return true;
    End.Problem = "stream " + std::to_string(index(Next.Stream)) +
                  " goes on behind its end (Batch::IsLast): an error of the "
                  "broker plugin, report it to its authors";
    return false;
  }
};

} // namespace

/// What all of a trace's files are called; none where nobody asks.
static std::optional<SymbolTable> makeNames(const Program &Code,
                                            const TraceDescription &Description,
                                            const Analysis &How) {
  if (!How.Attributes || Description.IsListing ||
      How.Engine == EngineKind::None)
    return std::nullopt;
  return std::optional<SymbolTable>(std::in_place, Code, Description);
}

/// \p Seconds: of each stage.
static void printStageTimes(ArrayRef<double> Seconds, ArrayRef<StringRef> Names,
                            raw_ostream &OS) {
  OS << "engine-stats: CPU seconds:";
  for (size_t I = 0; I != Seconds.size(); ++I)
    OS << (I ? ", " : " ") << Names[I] << formatv(" {0:F2}", Seconds[I]);
  OS << "\n";
}

/// Says that \p Region was asked for and is nowhere, if that is so.
static void noteIfMissing(const RegionMap &Regions, uint32_t Region,
                          TraceReport &Report) {
  if (std::string Why = Regions.problem(Region); !Why.empty())
    Report.Losses.push_back({"region-not-found", Loss::Severity::Incomplete, 1,
                             "regions", std::move(Why)});
}

TraceReport analyzeTrace(TraceSource &Source, const Target &T, Lowering &Model,
                         const Analysis &How) {
  const TraceDescription &Description = Source.description();
  Program Code(T);
  for (const Image &Mapped : How.Images)
    Code.defineImage(Mapped);
  Receiver Received(Source, Code);
  std::optional<SymbolTable> Names = makeNames(Code, Description, How);
  std::optional<RegionMap> Regions;
  if (Names)
    Regions.emplace(Code, *Names, How.Regions);
  TracePart All({Description, Code, Model, How, Names ? &*Names : nullptr},
                Regions ? &*Regions : nullptr, entryOf(T, Description));

  // 1. Every batch: receive it, count it and find its facts, simulate it.
  const auto receive = [&](Piece &P) {
    Batch Next;
    if (!Received.receive(Next))
      return false;
    P.Stream = Next.Stream;
    P.Units.assign(Next.Units.begin(), Next.Units.end());
    P.IsEnd = Next.IsLast;
    return true;
  };
  SmallVector<std::function<void(Piece &)>, 2> Stages;
  Stages.push_back([&](Piece &P) {
    if (Regions)
      Regions->noteNewBlocks();
    All.count(P);
    if (How.Live)
      How.Live->Arrived.add(P.NumInstructions);
  });
  if (How.Engine != EngineKind::None)
    Stages.push_back([&](Piece &P) {
      const uint64_t Cycles = All.simulate(P);
      if (!How.Live)
        return;
      How.Live->Simulated.add(P.NumInstructions);
      How.Live->Cycles.add(Cycles);
    });
  const SmallVector<double, 3> Seconds = runStages<Piece>(
      receive, Stages, Description.IsListing ? Threading::Inline : How.Threads);

  // 2. What is still in flight.
  All.finish();
  if (How.EngineStats) {
    All.printStats("engine-stats: ", *How.EngineStats);
    printStageTimes(Seconds, {"receiving", "counting and facts", "engines"},
                    *How.EngineStats);
  }

  // 3. The report.
  if (How.CodeOutput)
    printCode(Code, Description.AssemblerDialect, *How.CodeOutput);
  TraceReport Report = All.report(Description, Received.End);
  for (uint32_t Region = 0; Regions && Region != Regions->numRegions();
       ++Region)
    noteIfMissing(*Regions, Region, Report);
  return Report;
}

//===--- only what is inside regions --------------------------------------===//

namespace {

/// What is cut out of one batch.
struct PiecesUnderWay {
  struct PieceOfPart {
    TracePart *Part = nullptr;
    Piece What;
  };
  std::vector<PieceOfPart> Pieces; ///< More than there are: for their memory.
  size_t NumPieces = 0;
  uint64_t NumInstructions = 0; ///< Of the batch.
};

} // namespace

/// Makes the report of \p Part, which knows of no region, one of the region
/// that it is; \p NumOpen: of its entries, those that were not left.
static void addRegion(const std::string &Description, const TracePart &Part,
                      uint32_t NumOpen, TraceReport &Report) {
  Profile &P = *Report.Attribution;
  RegionReport &R = P.Regions.emplace_back();
  R.Description = Description;
  R.OpenEntries = NumOpen;
  R.Instructions = Report.Executed;
  R.Cycles = R.Self = std::exchange(P.Outside, {});
  setEntries(R, Part.entries());
}

std::vector<TraceReport> analyzeRegions(TraceSource &Source, const Target &T,
                                        Lowering &Model, const Analysis &How) {
  const TraceDescription &Description = Source.description();
  Program Code(T);
  for (const Image &Mapped : How.Images)
    Code.defineImage(Mapped);
  Receiver Received(Source, Code);
  std::optional<SymbolTable> Names = makeNames(Code, Description, How);
  assert(Names && "regions are a part of attribution");
  RegionMap Regions(Code, *Names, How.Regions);
  RegionCutter Cutter(Code, Regions, CallTree::functionsOf(*Names));
  Tally Whole(Code, entryOf(T, Description));
  std::vector<std::unique_ptr<TracePart>> Parts; // By region.
  const auto part = [&](uint32_t Region) -> TracePart & {
    while (Parts.size() <= Region)
      Parts.push_back(std::make_unique<TracePart>(
          PartSetting{Description, Cutter.inside(), Model, How, &*Names},
          /*Regions=*/nullptr, /*Entry=*/0));
    return *Parts[Region];
  };

  // 1. Every batch: receive it, count it, cut it and count the pieces; simulate
  // these. Who cuts and who counts both ask for names: they are one stage.
  const auto receive = [&](PiecesUnderWay &B) {
    Batch Next;
    // What ends has been cut already.
    do
      if (!Received.receive(Next))
        return false;
    while (Next.Units.empty());
    B.NumInstructions = Whole.consume(Next);
    B.NumPieces = 0;
    for (RegionPiece *Cut : Cutter.cut(Next)) {
      if (B.NumPieces == B.Pieces.size())
        B.Pieces.emplace_back();
      auto &[Part, P] = B.Pieces[B.NumPieces++];
      Part = &part(Cut->Region);
      P.Stream = Cut->Stream;
      P.IsLast = Cut->IsLast;
      std::swap(P.Units, Cut->Units);
      Part->count(P);
    }
    if (How.Live)
      How.Live->Arrived.add(B.NumInstructions);
    return true;
  };
  const std::function<void(PiecesUnderWay &)> Simulate =
      [&](PiecesUnderWay &B) {
        uint64_t Cycles = 0;
        for (size_t I = 0; I != B.NumPieces; ++I)
          Cycles += B.Pieces[I].Part->simulate(B.Pieces[I].What);
        if (!How.Live)
          return;
        How.Live->Simulated.add(B.NumInstructions);
        How.Live->Cycles.add(Cycles);
      };
  const SmallVector<double, 3> Seconds =
      runStages<PiecesUnderWay>(receive, Simulate, How.Threads);
  if (How.EngineStats)
    printStageTimes(Seconds, {"receiving, counting and facts", "engines"},
                    *How.EngineStats);
  if (How.CodeOutput)
    printCode(Code, Description.AssemblerDialect, *How.CodeOutput);

  // 2. What is wrong with the trace is wrong with each of its regions.
  const TraceReport OfTrace =
      buildTraceReport({Description, Received.End, Code, Model, Whole,
                        /*Timing=*/{}, T.schedModel().IssueWidth,
                        /*UnitCyclesByInstruction=*/{}, /*EngineProblem=*/""});
  std::vector<TraceReport> Reports;
  for (uint32_t Region = 0; Region != Regions.numRegions(); ++Region) {
    const std::string &Name = Regions.descriptions()[Region];
    TracePart &Part = part(Region);
    Part.finish();
    if (How.EngineStats)
      Part.printStats("engine-stats: region '" + Name + "': ",
                      *How.EngineStats);
    TraceDescription Inside = Description;
    Inside.Region = Name;
    TraceReport Report = Part.report(Inside, TraceEnd());
    append_range(Report.Losses, OfTrace.Losses);
    noteIfMissing(Regions, Region, Report);
    addRegion(Name, Part, Cutter.numOpen(Region), Report);
    Reports.push_back(std::move(Report));
  }
  return Reports;
}

} // namespace mcad
