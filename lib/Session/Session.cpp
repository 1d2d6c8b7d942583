//===- Session/Session.cpp - from what is asked for to the report --------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Session/Session.h"
#include "Report/BuildReport.h"
#include "Session/OutputFile.h"
#include "Trace/GuestArch.h"
#include "Trace/TraceFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Threading.h"
#include <chrono>

using namespace llvm;

namespace mcad {

Expected<std::unique_ptr<Target>> createTarget(const TargetRequest &Asked,
                                               StringRef GuestArch) {
  TargetRequest Request = Asked;
  // The user's triple wins; checkGuestArch sees to it that it fits the guest.
  if (!GuestArch.empty()) {
    if (Request.Triple.empty()) {
      Expected<std::string> Triple = tripleOfGuest(GuestArch);
      if (!Triple)
        return Triple.takeError();
      Request.Triple = *Triple;
    } else if (Error E = checkGuestArch(GuestArch, Request.Triple)) {
      return E;
    }
  }
  return Target::create(Request);
}

/// Stages that take turns on one core only wait for each other.
static Threading threading() {
  return hardware_concurrency().compute_thread_count() > 1 ? Threading::PerStage
                                                           : Threading::Inline;
}

namespace {

class Session {
  const SessionRequest &Asked;
  std::unique_ptr<Target> Machine; ///< Null until it is known.
  std::optional<ChosenModel> Around;
  std::unique_ptr<Lowering> Model;
  std::vector<TraceReport> Traces;
  size_t NumTraces = 0; ///< Some have no report, some have several.
  std::vector<RegionRequest> Regions;
  std::chrono::steady_clock::duration Busy{};

  /// \p Path for the first trace, `<path>.2` for the second, and so on.
  std::string pathOfTrace(const std::string &Path) const {
    return NumTraces ? Path + "." + std::to_string(NumTraces + 1) : Path;
  }
  Error chooseMachine(const TraceDescription &Description);
  Error chooseAround();
  Expected<std::unique_ptr<TraceFileWriter>> startRecording(TraceSource &Trace);
  Error analyze(TraceSource &Trace);
  Expected<Report> report();

public:
  Session(const SessionRequest &Asked, std::unique_ptr<Target> Machine)
      : Asked(Asked), Machine(std::move(Machine)) {}

  Expected<Report> run(Broker &Source);
};

/// The machine of the first trace that says what it ran on; it must do for all.
Error Session::chooseMachine(const TraceDescription &Description) {
  if (Machine && Description.GuestArch.empty())
    return Error::success();
  Expected<std::unique_ptr<Target>> T =
      createTarget(Asked.Target, Description.GuestArch);
  if (!T)
    return T.takeError();
  if (!Machine)
    Machine = std::move(*T);
  else if (Machine->triple().getArch() != (*T)->triple().getArch())
    return createStringError(
        Description.Name + ": its guest is " + Description.GuestArch +
        ", that of the trace before was another: analyse them apart");
  return Error::success();
}

/// What is around the core; as soon as the CPU is known.
Error Session::chooseAround() {
  if (Around || Asked.Around.IsIdeal)
    return Error::success();
  Expected<ChosenModel> Chosen = chooseModel(Asked.Around, Machine->cpu());
  if (!Chosen)
    return Chosen.takeError();
  Around = std::move(*Chosen);
  return Error::success();
}

/// Null if none is wanted.
Expected<std::unique_ptr<TraceFileWriter>>
Session::startRecording(TraceSource &Trace) {
  if (Asked.RecordPath.empty())
    return nullptr;
  Expected<std::unique_ptr<TraceFileWriter>> Writer =
      TraceFileWriter::create(pathOfTrace(Asked.RecordPath));
  if (!Writer)
    return Writer.takeError();
  if (Error E = Trace.recordTo(**Writer))
    return E;
  return std::move(*Writer);
}

Error Session::analyze(TraceSource &Trace) {
  if (Error E = chooseMachine(Trace.description()))
    return E;
  if (Error E = chooseAround())
    return E;
  Expected<std::unique_ptr<TraceFileWriter>> Recording = startRecording(Trace);
  if (!Recording)
    return Recording.takeError();
  std::optional<OutputFile> Code;
  if (!Asked.CodePath.empty()) {
    Code.emplace(pathOfTrace(Asked.CodePath));
    if (Error E = Code->open())
      return E;
  }

  // Regions of assembly are apart from each other, as in llvm-mca.
  if (!Model || Trace.description().IsListing)
    Model = std::make_unique<Lowering>(*Machine, Asked.CallLatency);
  Analysis How;
  How.Engine = Asked.Engine;
  How.Overrides = Asked.Overrides;
  How.Surroundings = Around ? &Around->Model : nullptr;
  How.Images = Asked.Images;
  How.CodeOutput = Code ? &Code->os() : nullptr;
  How.Memory = Asked.EngineMemory;
  How.Attributes = Asked.Attributes;
  How.Regions = Regions;
  How.Timeline = Asked.Timeline;
  How.VerifiesEngine = Asked.VerifiesEngine;
  How.EngineStats = Asked.EngineStats;
  How.Threads = threading();
  How.Live = Asked.Live;
  const auto Start = std::chrono::steady_clock::now();
  if (Asked.TrimsToRegions && !Trace.description().IsListing)
    append_range(Traces, analyzeRegions(Trace, *Machine, *Model, How));
  else
    Traces.push_back(analyzeTrace(Trace, *Machine, *Model, How));
  Busy += std::chrono::steady_clock::now() - Start;
  ++NumTraces;

  if (Code)
    if (Error E = Code->close())
      return E;
  if (*Recording)
    if (Error E = (*Recording)->finish())
      return E;
  return Error::success();
}

/// What all traces share.
Expected<Report> Session::report() {
  if (!Machine)
    return createStringError("the broker had no trace");
  if (NumTraces && Traces.empty())
    return createStringError(
        "-region-mode=trim: no region is asked for, and the program marks "
        "none: name some with -regions=<manifest>, or mark them with "
        "mcad/mcad.h (docs/attribution.md)");
  Report Complete = buildReport(*Machine, engineName(Asked.Engine));
  Complete.Traces = std::move(Traces);
  // Listings are without; so is a broker that had no trace.
  if (Around && any_of(Complete.Traces, [](const TraceReport &T) {
        return !T.Description.IsListing;
      }))
    Complete.Surroundings = std::move(Around->Description);
  Complete.Seconds = std::chrono::duration<double>(Busy).count();
  return Complete;
}

Expected<Report> Session::run(Broker &Source) {
  std::string Manifest = Source.regionManifest();
  if (!Manifest.empty() && !Asked.RegionsPath.empty())
    return createStringError("-regions=" + Asked.RegionsPath +
                             ": the broker was given regions too: drop one");
  if (Manifest.empty())
    Manifest = Asked.RegionsPath;
  if ((!Manifest.empty() || Asked.TrimsToRegions) &&
      (!Asked.Attributes || Asked.Engine == EngineKind::None))
    return createStringError(
        "regions: they are a part of attribution, and of no use without an "
        "engine: drop -attribution=false and -engine=none");
  if (!Manifest.empty()) {
    Expected<std::vector<RegionRequest>> Wanted = readRegionManifest(Manifest);
    if (!Wanted)
      return Wanted.takeError();
    Regions = std::move(*Wanted);
  }
  if (Machine)
    if (Error E = chooseAround())
      return E;
  while (true) {
    Expected<std::unique_ptr<TraceSource>> Trace = Source.nextTrace();
    if (!Trace)
      return Trace.takeError();
    if (!*Trace)
      return report();
    if (Error E = analyze(**Trace))
      return E;
  }
}

} // namespace

Expected<Report> analyzeSource(const SessionRequest &Request, Broker &Source,
                               std::unique_ptr<Target> Machine) {
  return Session(Request, std::move(Machine)).run(Source);
}

} // namespace mcad
