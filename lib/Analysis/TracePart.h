//===- Analysis/TracePart.h - what is analysed together -------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// All that counts and simulates one trace, or what is inside one region of it:
/// tally, facts and accounts; engines; and the report of them. Each stream has
/// an engine of its own: threads of the guest never share a pipeline.
///
/// Pieces of what was executed come first to count() and then to simulate(),
/// each in the same order; these two may be on two threads. All else is for
/// when both are done.
///
/// Tested by unittests/Analysis/AnalyzeTraceTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_ANALYSIS_TRACEPART_H
#define MCAD_ANALYSIS_TRACEPART_H

#include "Analysis/AnalyzeTrace.h"
#include "Attribution/StreamAccounts.h"
#include "Attribution/Tally.h"
#include "Code/Program.h"
#include "Facts/FactsProducer.h"
#include "Report/BuildProfile.h"
#include "Report/Report.h"
#include "Timing/TimingEngine.h"

namespace mcad {

/// What one stream executed, in memory of its own: the broker's is good only
/// until the next batch is asked for.
struct Piece {
  StreamId Stream{};
  llvm::SmallVector<uint16_t, 0> Units;
  /// What the stream executes next in this part does not follow it.
  bool IsLast = false;
  bool IsEnd = false;           ///< The stream ends with it; it may be empty.
  BatchFacts Facts;             ///< Once it is counted.
  uint64_t NumInstructions = 0; ///< Likewise.

  Batch batch() const { return {Stream, Units}; }
  /// There is nothing to it but that the stream ends.
  bool onlyEnds() const { return IsEnd && Units.empty(); }
};

/// Where the main executable's own code starts, as its instructions have
/// addresses.
GuestAddr entryOf(const Target &T, const TraceDescription &Description);

/// Of what all parts of a trace share.
struct PartSetting {
  const TraceDescription &Description;
  const Program &Code;
  Lowering &Model;
  const Analysis &How;
  /// Null without attribution; else of the trace's program.
  SymbolTable *Names;

  /// What is around the core; null: nothing. A listing has no addresses, and
  /// nothing before it.
  const MachineModel *around() const {
    return Description.IsListing ? nullptr : How.Surroundings;
  }
};

class TracePart {
public:
  /// All lives as long. \p Regions: told apart within this part; null: none.
  /// \p Entry: Tally's.
  TracePart(const PartSetting &S, const RegionMap *Regions, GuestAddr Entry);

  /// Counts \p P and finds its facts. At a stream's end all is forgotten but
  /// what was counted; likewise in simulate().
  void count(Piece &P);
  /// Once an engine has given up, pieces pass, so that the guest can go on and
  /// the counts stay whole. \returns the cycles that it took.
  uint64_t simulate(const Piece &P);
  /// Ends all streams; before what follows is asked for.
  void finish();

  const Tally &counts() const { return Counts; }
  /// Of pieces that were the last, one behind the other.
  llvm::SmallVector<const RegionEntries *> entries() const;
  /// Each line begins with \p Name.
  void printStats(llvm::StringRef Name, llvm::raw_ostream &OS) const;
  /// \p Description and \p End: what it says of where it is from.
  TraceReport report(const TraceDescription &Description,
                     const TraceEnd &End) const;

private:
  /// Of one stream.
  struct Simulated {
    /// Null for one that has executed nothing, or has ended.
    std::unique_ptr<TimingEngine> Engine;
    uint64_t EntryCycle = 0; ///< In which its last piece but one had ended.
    RegionEntries Entries;
    // Once it has ended, what the engine knew.
    TimingCounters Counters;
    std::vector<uint64_t> UnitCyclesByInstruction;
    std::vector<CausedCycles> ByAccount;
    std::vector<RegionEntries> ByRegion;
    std::vector<InstructionTimes> Watched;
    std::string Stats;
  };
  StreamAccounts &accounts(StreamId Stream);
  FactsProducer &producer(StreamId Stream);
  void countUnits(Piece &P);
  void endFacts(StreamId Stream);
  Simulated &stream(StreamId Stream);
  std::unique_ptr<TimingEngine> makeEngine(StreamId Stream) const;
  llvm::Error simulate(Simulated &S, const Piece &P);
  void endSimulation(StreamId Stream);
  void addAttribution(TraceReport &Report) const;

  const PartSetting Setting;
  const RegionMap *const Regions;

  // Of count().
  Tally Counts;
  std::optional<Hierarchy> Caches;
  /// By stream; null for one that has executed nothing, or has ended.
  std::vector<std::unique_ptr<FactsProducer>> Producers;
  // Of those that have ended.
  FactCounters EndedFacts;
  std::vector<InstructionEvents> EndedEvents;            ///< By InstructionId.
  std::vector<std::unique_ptr<StreamAccounts>> Accounts; ///< By stream.

  // Of simulate().
  std::vector<Simulated> Streams;
  std::vector<CausedCycles> EndedRows; ///< By InstructionId.
  std::string Problem; ///< Why an engine gave up; empty if none did.
};

} // namespace mcad

#endif // MCAD_ANALYSIS_TRACEPART_H
