//===- llvm-mcad/main.cpp - the analyser ---------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// llvm-mcad: takes executed instructions from a broker, simulates them on
/// LLVM's model of a CPU and reports what they cost. main only wires; the work
/// is in lib/.
///
//===----------------------------------------------------------------------===//

#include "Analysis/AnalyzeTrace.h"
#include "Broker/AsmBroker.h"
#include "Broker/PluginLoader.h"
#include "Broker/RawBroker.h"
#include "ChooseModel.h"
#include "Options.h"
#include "Report/BuildReport.h"
#include "Report/Format.h"
#include "Trace/GuestArch.h"
#include "Trace/TraceBroker.h"
#include "Trace/TraceFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Threading.h"
#include "llvm/Support/ToolOutputFile.h"
#include "llvm/Support/WithColor.h"
#include <chrono>

using namespace llvm;
using namespace mcad;

/// The only place that prints an error.
static int fail(Error E) {
  handleAllErrors(std::move(E), [](const ErrorInfoBase &Info) {
    WithColor::error() << Info.message() << '\n';
  });
  return 1;
}

/// What assembly and bytes come from: a file or standard input.
static Expected<std::unique_ptr<MemoryBuffer>> readInput(const Options &O) {
  ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer =
      MemoryBuffer::getFileOrSTDIN(O.Input);
  if (std::error_code EC = Buffer.getError())
    return createStringError(EC, O.Input + ": " + EC.message());
  return std::move(*Buffer);
}

static Expected<std::unique_ptr<mcad::Target>>
createTarget(const Options &O, StringRef GuestArch) {
  TargetRequest Request = O.Target;
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
  return mcad::Target::create(Request);
}

/// The broker that the options name. \p T is needed, and present, for assembly
/// and bytes.
static Expected<std::unique_ptr<Broker>> createBroker(const Options &O,
                                                      const mcad::Target *T) {
  switch (O.Broker) {
  case BrokerKind::Plugin: {
    BrokerContext Context;
    Context.Arguments = O.PluginArguments;
    Context.Triple =
        O.Target.Triple.empty() ? "" : Triple::normalize(O.Target.Triple);
    Context.WantMemoryAccesses = O.WantMemoryAccesses;
    return loadBrokerPlugin(O.PluginPath, Context);
  }
  case BrokerKind::Trace:
    if (O.Input == "-")
      return createStringError("-broker=trace: name the trace file");
    return std::make_unique<TraceBroker>(O.Input, O.Target.Triple);
  case BrokerKind::Asm:
  case BrokerKind::Raw:
    break;
  }
  Expected<std::unique_ptr<MemoryBuffer>> Input = readInput(O);
  if (!Input)
    return Input.takeError();
  if (O.Broker == BrokerKind::Raw)
    return createRawBroker(*T, **Input, O.Iterations);
  return createAsmBroker(*T, std::move(*Input), O.Iterations, errs());
}

/// \p Path for the first trace, `<path>.2` for the second, and so on.
static std::string pathOfTrace(const std::string &Path, size_t Index) {
  return Index ? Path + "." + std::to_string(Index + 1) : Path;
}

/// The recording of the \p Index-th trace, counted from 0; null if none is
/// wanted.
static Expected<std::unique_ptr<TraceFileWriter>>
startRecording(const Options &O, TraceSource &Source, size_t Index) {
  if (O.RecordPath.empty())
    return nullptr;
  Expected<std::unique_ptr<TraceFileWriter>> Writer =
      TraceFileWriter::create(pathOfTrace(O.RecordPath, Index));
  if (!Writer)
    return Writer.takeError();
  if (Error E = Source.recordTo(**Writer))
    return E;
  return std::move(*Writer);
}

/// An output file; closing it tells whether all of it was written.
class OutputFile {
  std::string Path;
  std::error_code EC;
  ToolOutputFile File;

public:
  explicit OutputFile(const std::string &Path)
      : Path(Path), File(Path, EC, sys::fs::OF_Text) {}

  Error open() const {
    return EC ? createStringError(EC, Path + ": " + EC.message())
              : Error::success();
  }
  raw_ostream &os() { return File.os(); }
  Error close() {
    File.os().flush();
    if (File.os().has_error()) {
      const std::error_code WriteError = File.os().error();
      File.os().clear_error();
      return createStringError(WriteError, Path + ": " + WriteError.message());
    }
    File.keep();
    return Error::success();
  }
};

static Error writeReports(const Options &O, const Report &R) {
  for (const ReportRequest &Request : O.Reports) {
    OutputFile Out(Request.Path);
    if (Error E = Out.open())
      return E;
    if (Error E = printReport(Request.How, R, Out.os(), O.Text))
      return E;
    if (Error E = Out.close())
      return E;
  }
  return Error::success();
}

/// The CPUs that have a scheduling model, and whose.
static Error listCpus(const Options &O) {
  TargetRequest Request = O.Target;
  Request.Cpu.clear();
  Expected<std::unique_ptr<mcad::Target>> T = mcad::Target::create(Request);
  if (!T)
    return T.takeError();
  outs() << "CPUs of " << (*T)->triple().str()
         << " that LLVM has a scheduling model for:\n";
  for (const SubtargetSubTypeKV &Cpu :
       (*T)->sti().getAllProcessorDescriptions()) {
    if (!Cpu.SchedModel->hasInstrSchedModel())
      continue;
    Request.Cpu = Cpu.Key;
    Expected<std::unique_ptr<mcad::Target>> One = mcad::Target::create(Request);
    if (!One)
      return One.takeError();
    const mcad::Target::ModelIdentity Identity = (*One)->modelIdentity();
    outs() << "  " << left_justify(Cpu.Key, 24)
           << (Identity.IsOutOfOrder ? "out of order" : "in order    ");
    if (Identity.Owner != Cpu.Key)
      outs() << "  model of " << Identity.Owner;
    outs() << '\n';
  }
  return Error::success();
}

/// Stages that take turns on one core only wait for each other.
static Threading threading() {
  return hardware_concurrency().compute_thread_count() > 1 ? Threading::PerStage
                                                           : Threading::Inline;
}

/// -model=help.
static Error listModelsOfTarget(const Options &O) {
  Expected<std::unique_ptr<mcad::Target>> T = mcad::Target::create(O.Target);
  if (!T)
    return T.takeError();
  return listModels(O, (*T)->cpu(), outs());
}

static Expected<Report> analyze(const Options &O) {
  // 1. The machine. A program's trace says itself what it ran on, so that the
  //    triple need not be given: then the machine waits for the first trace.
  std::unique_ptr<mcad::Target> Machine;
  if (O.Broker == BrokerKind::Asm || O.Broker == BrokerKind::Raw ||
      !O.Target.Triple.empty()) {
    Expected<std::unique_ptr<mcad::Target>> T = createTarget(O, "");
    if (!T)
      return T.takeError();
    Machine = std::move(*T);
  }

  // 2. Where instructions come from. It outlives the report: operands of
  //    assembly point into it.
  Expected<std::unique_ptr<Broker>> Source = createBroker(O, Machine.get());
  if (!Source)
    return Source.takeError();

  // 3. What is around the core; as soon as the CPU is known.
  std::optional<ChosenModel> Around;
  auto chooseAround = [&]() -> Error {
    if (Around || O.IsIdeal)
      return Error::success();
    Expected<ChosenModel> Chosen = chooseModel(O, Machine->cpu());
    if (!Chosen)
      return Chosen.takeError();
    Around = std::move(*Chosen);
    return Error::success();
  };
  if (Machine)
    if (Error E = chooseAround())
      return E;

  // 4. Trace by trace, until the broker has no more.
  Report Result;
  std::unique_ptr<Lowering> Model;
  std::chrono::steady_clock::duration Busy{};
  while (true) {
    Expected<std::unique_ptr<TraceSource>> Trace = (*Source)->nextTrace();
    if (!Trace)
      return Trace.takeError();
    if (!*Trace)
      break;
    const std::string &GuestArch = (*Trace)->description().GuestArch;
    if (!Machine || !GuestArch.empty()) {
      Expected<std::unique_ptr<mcad::Target>> T = createTarget(O, GuestArch);
      if (!T)
        return T.takeError();
      if (!Machine)
        Machine = std::move(*T);
      else if (Machine->triple().getArch() != (*T)->triple().getArch())
        return createStringError(
            (*Trace)->description().Name + ": its guest is " + GuestArch +
            ", that of the trace before was another: analyse them apart");
    }
    if (Error E = chooseAround())
      return E;
    Expected<std::unique_ptr<TraceFileWriter>> Recording =
        startRecording(O, **Trace, Result.Traces.size());
    if (!Recording)
      return Recording.takeError();

    std::optional<OutputFile> Code;
    if (!O.CodePath.empty()) {
      Code.emplace(pathOfTrace(O.CodePath, Result.Traces.size()));
      if (Error E = Code->open())
        return E;
    }

    // Regions of assembly are apart from each other, as in llvm-mca.
    if (!Model || (*Trace)->description().IsListing)
      Model = std::make_unique<Lowering>(*Machine, O.CallLatency);
    const auto Start = std::chrono::steady_clock::now();
    Result.Traces.push_back(analyzeTrace(
        **Trace, *Machine, *Model,
        {O.Engine, O.Overrides, Around ? &Around->Model : nullptr,
         Code ? &Code->os() : nullptr, O.EngineMemory, O.VerifyEngine,
         O.EngineStats ? &errs() : nullptr, threading()}));
    Busy += std::chrono::steady_clock::now() - Start;
    if (Code)
      if (Error E = Code->close())
        return E;
    if (*Recording)
      if (Error E = (*Recording)->finish())
        return E;
  }

  // 5. What all traces share.
  if (!Machine)
    return createStringError("the broker had no trace");
  Report Complete = buildReport(*Machine, engineName(O.Engine));
  Complete.Traces = std::move(Result.Traces);
  // Listings are without; so is a broker that had no trace.
  if (Around && any_of(Complete.Traces, [](const TraceReport &T) {
        return !T.Description.IsListing;
      }))
    Complete.Surroundings = std::move(Around->Description);
  Complete.Seconds = std::chrono::duration<double>(Busy).count();
  return Complete;
}

int main(int Argc, char **Argv) {
  InitLLVM X(Argc, Argv);
  mcad::Target::initializeAll();
  Expected<Options> O = parseOptions(Argc, Argv);
  if (!O)
    return fail(O.takeError());
  if (O->Target.Cpu == "help") {
    if (Error E = listCpus(*O))
      return fail(std::move(E));
    return 0;
  }
  if (O->ModelPath == "help") {
    if (Error E = listModelsOfTarget(*O))
      return fail(std::move(E));
    return 0;
  }
  Expected<Report> R = analyze(*O);
  if (!R)
    return fail(R.takeError());
  if (Error E = writeReports(*O, *R))
    return fail(std::move(E));

  // Numbers were printed, but not all that there should be: say so where
  // scripts and people look.
  for (const TraceReport &T : R->Traces)
    for (const Loss &L : T.Losses)
      if (L.How == Loss::Severity::Incomplete)
        WithColor::error() << "the report is not complete: " << L.Sentence
                           << '\n';
  return R->isComplete() ? 0 : 1;
}
