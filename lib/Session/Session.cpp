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
#include <atomic>
#include <chrono>
#include <list>
#include <thread>

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

/// Stages that take turns on one core only wait for each other; so do those of
/// traces that are read at once.
static Threading threading(size_t NumOthers) {
  return NumOthers == 0 && hardware_concurrency().compute_thread_count() > 1
             ? Threading::PerStage
             : Threading::Inline;
}

namespace {

/// Records as far as it can, so that a full disk does not end the analysis.
class Recording : public MessageRecorder {
  std::unique_ptr<TraceFileWriter> File;
  std::string Failure; ///< Empty: none.

public:
  explicit Recording(std::unique_ptr<TraceFileWriter> File)
      : File(std::move(File)) {}

  Error record(ArrayRef<uint8_t> Message) override {
    if (Failure.empty())
      Failure = toString(File->record(Message));
    return Error::success();
  }
  /// Why it is not whole, if it is not.
  Error finish() {
    return Failure.empty() ? File->finish() : createStringError(Failure);
  }
};

/// A trace with all that its analysis takes, shared with no other that runs.
struct Job {
  std::unique_ptr<TraceSource> Trace;
  std::unique_ptr<Target> OwnMachine; ///< Null: the session's.
  std::unique_ptr<Lowering> OwnModel; ///< Null: the session's.
  std::unique_ptr<Recording> Records;
  std::optional<OutputFile> Code;
  Analysis How;
  bool Trims = false;

  // What comes of it.
  std::vector<TraceReport> Reports;
  std::string Stats;
  std::thread Runs;
  std::atomic<bool> IsDone{false};

  void run(const Target &Machine, Lowering &Model);
  /// It cannot be run: its report says only \p Why.
  void refuse(Error Why);

private:
  /// \p Why something that was asked for besides the report failed: the report
  /// is not whole without.
  void note(Error Why);
};

class Session {
  const SessionRequest &Asked;
  std::unique_ptr<Target> Machine; ///< Null until it is known.
  std::optional<ChosenModel> Around;
  std::unique_ptr<Lowering> Model;
  std::list<Job> Jobs; ///< In the order of their traces.
  std::vector<RegionRequest> Regions;
  std::shared_ptr<MemoryPool> Pool = std::make_shared<MemoryPool>();
  std::chrono::steady_clock::time_point Started; ///< The first trace.

  /// \p Path for the first trace, `<path>.2` for the second, and so on.
  std::string pathOfTrace(const std::string &Path) const {
    return Jobs.size() > 1 ? Path + "." + std::to_string(Jobs.size()) : Path;
  }
  Error chooseMachine(Job &J, bool IsApart);
  Error chooseAround();
  Error prepare(Job &J, bool IsApart);
  Error start(std::unique_ptr<TraceSource> Trace, bool IsApart);
  /// Joins the threads of those that are done, or of all.
  size_t numRunning();
  void joinAll();
  Expected<Report> report(Error Last);

public:
  Session(const SessionRequest &Asked, std::unique_ptr<Target> Machine)
      : Asked(Asked), Machine(std::move(Machine)) {}
  ~Session() { joinAll(); }

  Expected<Report> run(Broker &Source);
};

/// The machine of the first trace that says what it ran on; it must do for all.
/// A trace that is apart has one of its own too: LLVM's objects of a target are
/// for one thread.
Error Session::chooseMachine(Job &J, bool IsApart) {
  const TraceDescription &Description = J.Trace->description();
  if (Machine && Description.GuestArch.empty() && !IsApart)
    return Error::success();
  Expected<std::unique_ptr<Target>> T =
      createTarget(Asked.Target, Description.GuestArch);
  if (!T)
    return T.takeError();
  if (Machine && Machine->triple().getArch() != (*T)->triple().getArch())
    return createStringError(
        Description.Name + ": its guest is " + Description.GuestArch +
        ", that of the trace before was another: analyse them apart");
  if (IsApart)
    J.OwnMachine = std::move(*T);
  if (Machine)
    return Error::success();
  if (IsApart)
    T = createTarget(Asked.Target, Description.GuestArch);
  if (!T)
    return T.takeError();
  Machine = std::move(*T);
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

void Job::note(Error Why) {
  if (!Why)
    return;
  if (Reports.empty()) {
    consumeError(std::move(Why));
    return;
  }
  Reports.back().Losses.push_back({"not-written", Loss::Severity::Incomplete, 1,
                                   "files", toString(std::move(Why))});
}

void Job::refuse(Error Why) {
  TraceReport &Refused = Reports.emplace_back();
  Refused.Description = Trace->description();
  Refused.Losses.push_back({"not-analysed", Loss::Severity::Incomplete, 1,
                            "traces", toString(std::move(Why))});
  Trace.reset();
  Records.reset();
}

void Job::run(const Target &Machine, Lowering &Model) {
  raw_string_ostream OS(Stats);
  if (How.EngineStats)
    How.EngineStats = &OS;
  if (Trims)
    Reports = analyzeRegions(*Trace, Machine, Model, How);
  else
    Reports.push_back(analyzeTrace(*Trace, Machine, Model, How));
  if (Code)
    note(Code->close());
  if (Records)
    note(Records->finish());
  // All but what came of it goes, as the trace's sender may wait for it to.
  Records.reset();
  Code.reset();
  Trace.reset();
}

Error Session::prepare(Job &J, bool IsApart) {
  const TraceDescription &Description = J.Trace->description();
  if (Error E = chooseAround())
    return E;
  if (!Asked.RecordPath.empty()) {
    Expected<std::unique_ptr<TraceFileWriter>> Writer =
        TraceFileWriter::create(pathOfTrace(Asked.RecordPath));
    if (!Writer)
      return Writer.takeError();
    J.Records = std::make_unique<Recording>(std::move(*Writer));
    if (Error E = J.Trace->recordTo(*J.Records))
      return E;
  }
  if (!Asked.CodePath.empty()) {
    J.Code.emplace(pathOfTrace(Asked.CodePath));
    if (Error E = J.Code->open())
      return E;
  }
  if (IsApart) {
    J.OwnModel = std::make_unique<Lowering>(*J.OwnMachine, Asked.CallLatency);
  } else if (!Model || Description.IsListing) {
    // Regions of assembly are apart from each other, as in llvm-mca.
    Model = std::make_unique<Lowering>(*Machine, Asked.CallLatency);
  }
  J.Trims = Asked.TrimsToRegions && !Description.IsListing;
  J.How.Engine = Asked.Engine;
  J.How.Overrides = Asked.Overrides;
  J.How.Surroundings = Around ? &Around->Model : nullptr;
  J.How.CodeOutput = J.Code ? &J.Code->os() : nullptr;
  J.How.Memory = Asked.EngineMemory;
  J.How.Memory.Pool = Pool;
  J.How.Attributes = Asked.Attributes;
  J.How.Regions = Regions;
  J.How.Images = Asked.Images;
  J.How.Timeline = Asked.Timeline;
  J.How.VerifiesEngine = Asked.VerifiesEngine;
  J.How.EngineStats = Asked.EngineStats;
  J.How.Live = Asked.Live;
  return Error::success();
}

size_t Session::numRunning() {
  size_t Running = 0;
  for (Job &J : Jobs) {
    if (!J.Runs.joinable())
      continue;
    if (J.IsDone)
      J.Runs.join();
    else
      ++Running;
  }
  return Running;
}

void Session::joinAll() {
  for (Job &J : Jobs)
    if (J.Runs.joinable())
      J.Runs.join();
}

Error Session::start(std::unique_ptr<TraceSource> Trace, bool IsApart) {
  if (Jobs.empty())
    Started = std::chrono::steady_clock::now();
  const size_t NumOthers = numRunning();
  Job &J = Jobs.emplace_back();
  J.Trace = std::move(Trace);
  Error E = chooseMachine(J, IsApart);
  const bool IsForeign = E && Asked.Target.Triple.empty();
  if (!E)
    E = prepare(J, IsApart);
  if (E) {
    // Of several peers one does not end the serving of the others.
    if (IsApart && (IsForeign || Jobs.size() > 1)) {
      J.refuse(std::move(E));
      return Error::success();
    }
    Jobs.pop_back();
    return E;
  }
  J.How.Threads = threading(NumOthers);
  if (!IsApart) {
    J.run(*Machine, *Model);
    return Error::success();
  }
  J.Runs = std::thread([&J] {
    J.run(*J.OwnMachine, *J.OwnModel);
    J.OwnModel.reset();
    J.OwnMachine.reset();
    J.IsDone = true;
  });
  return Error::success();
}

/// What all traces share. \p Last is why there were no more of them, if there
/// should have been.
Expected<Report> Session::report(Error Last) {
  if (!Jobs.empty() && Last) {
    std::vector<TraceReport> &Reports = Jobs.back().Reports;
    if (!Reports.empty()) {
      Reports.back().Losses.push_back({"no-further-traces",
                                       Loss::Severity::Incomplete, 1, "traces",
                                       toString(std::move(Last))});
      Last = Error::success();
    }
  }
  if (Last)
    return Last;
  if (!Machine)
    return createStringError(
        Jobs.empty() ? "the broker had no trace"
                     : Jobs.front().Reports.front().Losses.front().Sentence);
  Report Complete = buildReport(*Machine, engineName(Asked.Engine));
  for (Job &J : Jobs) {
    append_range(Complete.Traces, std::move(J.Reports));
    if (Asked.EngineStats)
      *Asked.EngineStats << J.Stats;
  }
  if (!Jobs.empty() && Complete.Traces.empty())
    return createStringError(
        "-region-mode=trim: no region is asked for, and the program marks "
        "none: name some with -regions=<manifest>, or mark them with "
        "mcad/mcad.h (docs/attribution.md)");
  // Listings are without; so is a broker that had no trace.
  if (Around && any_of(Complete.Traces, [](const TraceReport &T) {
        return !T.Description.IsListing;
      }))
    Complete.Surroundings = std::move(Around->Description);
  if (!Jobs.empty())
    Complete.Seconds = std::chrono::duration<double>(
                           std::chrono::steady_clock::now() - Started)
                           .count();
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
  const bool AreApart = Source.tracesAreApart();
  Error Last = Error::success();
  while (true) {
    Expected<std::unique_ptr<TraceSource>> Trace = Source.nextTrace();
    if (!Trace) {
      Last = Trace.takeError();
      break;
    }
    if (!*Trace)
      break;
    if ((Last = start(std::move(*Trace), AreApart)))
      break;
  }
  joinAll();
  return report(std::move(Last));
}

} // namespace

Expected<Report> analyzeSource(const SessionRequest &Request, Broker &Source,
                               std::unique_ptr<Target> Machine) {
  return Session(Request, std::move(Machine)).run(Source);
}

} // namespace mcad
