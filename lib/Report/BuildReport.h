//===- Report/BuildReport.h - from counters to the report value ----------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Gathers what the rooms have counted about one trace into its TraceReport,
/// and holds the counts against each other on the way: the sender's totals, the
/// tally's and the engine's must agree, or the report is not complete.
///
/// Tested by unittests/Report/BuildReportTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_REPORT_BUILDREPORT_H
#define MCAD_REPORT_BUILDREPORT_H

#include "Attribution/Tally.h"
#include "Code/Program.h"
#include "Facts/FactsProducer.h"
#include "Facts/ModelFile.h"
#include "Report/Report.h"
#include "Timing/Lowering.h"
#include "Timing/TimingEngine.h"

namespace mcad {

/// All that is known of a trace when it has ended.
struct TraceResults {
  const TraceDescription &Description;
  const TraceEnd &End;
  const Program &Code;
  Lowering &Model;
  const Tally &Counts;
  /// One per stream that executed, indexed by StreamId; none if nothing is
  /// timed.
  llvm::ArrayRef<TimingCounters> Timing;
  unsigned DispatchWidth; ///< In force.
  /// LLVMEngine::unitCyclesByInstruction of a listing; else empty.
  llvm::ArrayRef<uint64_t> UnitCyclesByInstruction;
  /// Why the engine stopped before the trace did; empty if it did not.
  std::string EngineProblem;
  /// Null without a machine model.
  const Hierarchy *Caches = nullptr;
  /// Of all streams together.
  FactCounters Facts = {};
  /// Likewise, by InstructionId; rows may be missing at the end.
  llvm::ArrayRef<InstructionEvents> Events = {};
};

TraceReport buildTraceReport(const TraceResults &Results);

/// A report without traces yet: the target's part.
Report buildReport(const Target &T, llvm::StringRef Engine);

/// The machine model's part.
Report::Model describeModel(const ModelFile &Model);

} // namespace mcad

#endif // MCAD_REPORT_BUILDREPORT_H
