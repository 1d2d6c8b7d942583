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

#include "Broker/AsmBroker.h"
#include "Broker/PluginLoader.h"
#include "Broker/RawBroker.h"
#include "Options.h"
#include "Report/Format.h"
#include "Session/ListCpus.h"
#include "Session/OutputFile.h"
#include "Trace/TraceBroker.h"
#include "WhatIsMissing.h"
#include "llvm/Support/Errno.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/WithColor.h"
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

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

static int StopWrite = -1;

/// What can be read once somebody has asked llvm-mcad to end, by SIGTERM or
/// Ctrl-C: what came by then is reported. Whoever asks again ends it at once.
static Expected<int> stopDescriptor() {
  int Ends[2];
  if (::pipe2(Ends, O_CLOEXEC) != 0)
    return createStringError("no pipe can be had: " + sys::StrError());
  StopWrite = Ends[1];
  for (const int Signal : {SIGTERM, SIGINT}) {
    struct sigaction Before, Action = {};
    // Who ignores a signal does not want to be asked: a job in the background.
    if (::sigaction(Signal, nullptr, &Before) != 0 ||
        Before.sa_handler == SIG_IGN)
      continue;
    Action.sa_handler = [](int) {
      [[maybe_unused]] const ssize_t Written = ::write(StopWrite, "", 1);
    };
    Action.sa_flags = SA_RESTART | SA_RESETHAND;
    ::sigemptyset(&Action.sa_mask);
    ::sigaction(Signal, &Action, nullptr);
  }
  return Ends[0];
}

/// The broker that the options name. \p T is needed, and present, for assembly
/// and bytes.
static Expected<std::unique_ptr<Broker>> createBroker(const Options &O,
                                                      const mcad::Target *T) {
  switch (O.Broker) {
  case BrokerKind::Plugin: {
    BrokerContext Context;
    Context.Arguments = O.PluginArguments;
    Context.Triple = O.Session.Target.Triple.empty()
                         ? ""
                         : Triple::normalize(O.Session.Target.Triple);
    Context.WantMemoryAccesses = O.WantMemoryAccesses;
    Expected<int> Stop = stopDescriptor();
    if (!Stop)
      return Stop.takeError();
    Context.StopDescriptor = *Stop;
    return loadBrokerPlugin(O.PluginPath, Context);
  }
  case BrokerKind::Trace:
    if (O.Input == "-")
      return createStringError("-broker=trace: name the trace file");
    return std::make_unique<TraceBroker>(O.Input, O.Session.Target.Triple);
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

/// -model=help.
static Error listModelsOfTarget(const SessionRequest &Asked) {
  Expected<std::unique_ptr<mcad::Target>> T =
      mcad::Target::create(Asked.Target);
  if (!T)
    return T.takeError();
  return listModels(Asked.Around, (*T)->cpu(), outs());
}

static Expected<Report> analyze(const Options &O) {
  // 1. The machine. A program's trace says itself what it ran on, so that the
  //    triple need not be given: then the machine waits for the first trace.
  std::unique_ptr<mcad::Target> Machine;
  if (O.Broker == BrokerKind::Asm || O.Broker == BrokerKind::Raw ||
      !O.Session.Target.Triple.empty()) {
    Expected<std::unique_ptr<mcad::Target>> T =
        createTarget(O.Session.Target, "");
    if (!T)
      return T.takeError();
    Machine = std::move(*T);
  }

  // 2. Where instructions come from. It outlives the traces: operands of
  //    assembly point into it.
  Expected<std::unique_ptr<Broker>> Source = createBroker(O, Machine.get());
  if (!Source)
    return Source.takeError();

  // 3. Trace by trace, until the broker has no more.
  return analyzeSource(O.Session, **Source, std::move(Machine));
}

int main(int Argc, char **Argv) {
  InitLLVM X(Argc, Argv);
  // That a file may not grow is what its writer says; LLVM takes it for a
  // crash.
  ::signal(SIGXFSZ, SIG_IGN);
  mcad::Target::initializeAll();
  Expected<Options> O = parseOptions(Argc, Argv);
  if (!O)
    return fail(O.takeError());
  if (O->Session.Target.Cpu == "help") {
    if (Error E = listCpus(O->Session.Target, outs()))
      return fail(std::move(E));
    return 0;
  }
  if (O->Session.Around.Path == "help") {
    if (Error E = listModelsOfTarget(O->Session))
      return fail(std::move(E));
    return 0;
  }
  Expected<Report> R = analyze(*O);
  if (!R)
    return fail(R.takeError());
  if (Error E = writeReports(*O, *R))
    return fail(std::move(E));

  return sayWhatIsMissing(*R) ? 0 : 1;
}
