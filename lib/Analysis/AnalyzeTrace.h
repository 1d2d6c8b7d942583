//===- Analysis/AnalyzeTrace.h - one trace, to its report ----------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Runs one trace through tally, facts and timing engines (TracePart.h): all of
/// it, or only what is inside regions.
///
/// In stages, each on a thread of its own where there are cores for them
/// (Stages.h): receiving and decoding; counting and facts; engines. Numbers do
/// not depend on it. The source is used from the caller's thread alone.
///
/// Tested by unittests/Analysis/AnalyzeTraceTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_ANALYSIS_ANALYZETRACE_H
#define MCAD_ANALYSIS_ANALYZETRACE_H

#include "Analysis/Progress.h"
#include "Analysis/Stages.h"
#include "Attribution/RegionManifest.h"
#include "Report/Report.h"
#include "Timing/Fast/FastEngine.h"
#include "mcad/Broker.h"

namespace mcad {

enum class EngineKind { Fast, LLVM, None };

/// As the user names it.
llvm::StringRef engineName(EngineKind Kind);

/// Instructions whose way through the core the report shows.
struct TimelineRequest {
  uint32_t Stream = 0;
  Stretch Numbers;
};

/// How a trace is looked at.
struct Analysis {
  EngineKind Engine = EngineKind::Fast;
  PipelineOverrides Overrides;
  /// What is around the core; null: nothing. Of no account for listings.
  const MachineModel *Surroundings = nullptr;
  /// Where code comes from of which the trace does not say so; what it says
  /// holds.
  llvm::ArrayRef<Image> Images;
  /// Disassembly, if not null.
  llvm::raw_ostream *CodeOutput = nullptr;
  Memoization Memory; ///< Of the fast engine.
  /// Whether the report of a run says where its cycles went.
  bool Attributes = true;
  /// Regions of the program to be told apart, with attribution; those that it
  /// marks itself always are.
  llvm::ArrayRef<RegionRequest> Regions;
  /// Needs an engine, and attribution if it is of a run.
  std::optional<TimelineRequest> Timeline;
  /// Simulates with the reference as well, and compares; not for
  /// EngineKind::None.
  bool VerifiesEngine = false;
  /// What the fast engine says of itself, and what each stage took, if not
  /// null.
  llvm::raw_ostream *EngineStats = nullptr;
  /// Of runs; listings are too short for threads.
  Threading Threads = Threading::PerStage;
  /// Is told how far it is, if not null.
  Progress *Live = nullptr;
};

/// Reads \p Source to its end. What goes wrong on the way is in the report;
/// never fails.
TraceReport analyzeTrace(TraceSource &Source, const Target &T, Lowering &Model,
                         const Analysis &How);

/// The same, simulating only what is inside regions: a report for each one that
/// is asked for or marked in the program, in which the core is empty at each
/// entry. Not for listings; needs an engine and attribution.
std::vector<TraceReport> analyzeRegions(TraceSource &Source, const Target &T,
                                        Lowering &Model, const Analysis &How);

} // namespace mcad

#endif // MCAD_ANALYSIS_ANALYZETRACE_H
