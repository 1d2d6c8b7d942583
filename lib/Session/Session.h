//===- Session/Session.h - from what is asked for to the report ----------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What llvm-mcad and mcad have in common: takes the traces of a broker, each
/// on the machine that is asked for, or that the trace says it ran on; records
/// and disassembles them on the way, if wanted; and gathers the report. Traces
/// that are apart (Broker::tracesAreApart) are analysed at once, each on a
/// thread of its own: the operating system shares the cores out among them.
///
/// Used from one thread. Tested by test/EndToEnd and test/FrontEnd.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_SESSION_SESSION_H
#define MCAD_SESSION_SESSION_H

#include "Analysis/AnalyzeTrace.h"
#include "Session/ChooseModel.h"
#include "Target/Target.h"
#include "mcad/Broker.h"

namespace mcad {

/// Plain data. What is empty takes a default.
struct SessionRequest {
  TargetRequest Target;
  ModelRequest Around;
  EngineKind Engine = EngineKind::Fast;
  Memoization EngineMemory;
  bool VerifiesEngine = false;
  bool Attributes = true;
  std::optional<TimelineRequest> Timeline;  ///< Of each trace.
  llvm::raw_ostream *EngineStats = nullptr; ///< Null: none.
  PipelineOverrides Overrides;
  std::optional<unsigned> CallLatency; ///< In cycles.
  /// Where traces are recorded and code is listed; empty: nowhere. A second
  /// trace goes to `<path>.2`, and so on.
  std::string RecordPath, CodePath;
  /// Of files whose code runs in the guest though no trace says so, as a
  /// system's firmware.
  std::vector<Image> Images;
  std::string RegionsPath;     ///< Of a manifest; empty: the broker's, or none.
  bool TrimsToRegions = false; ///< Simulates only what is inside regions.
  Progress *Live = nullptr;    ///< Is told how far it is; null: nobody is.
};

/// The target that \p Request names, on which a guest that QEMU calls
/// \p GuestArch must be able to run; the guest's own, if none is named. An
/// empty
/// \p GuestArch is input that runs on any.
llvm::Expected<std::unique_ptr<Target>>
createTarget(const TargetRequest &Request, llvm::StringRef GuestArch);

/// Reads \p Source to its end. \p Machine: the target, if it is known before
/// the first trace; null to take it from that one. Fails if there was no trace,
/// if they are of several architectures, or if something asked for cannot be
/// had; a trace that is cut short is no error but in the report, and so is what
/// goes wrong once there was a trace.
llvm::Expected<Report> analyzeSource(const SessionRequest &Request,
                                     Broker &Source,
                                     std::unique_ptr<Target> Machine);

} // namespace mcad

#endif // MCAD_SESSION_SESSION_H
