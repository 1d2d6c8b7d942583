//===- mcad/AnalyzeCommand.cpp - mcad analyze ----------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CommandLine.h"
#include "LiveLine.h"
#include "Options.h"
#include "Session/OutputFile.h"
#include "Trace/TraceBroker.h"
#include "WhatIsMissing.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace mcad {

static const MachineOptions &Machines = machineOptions();
static const ReportOptions &Reports = reportOptions();
static const cl::opt<bool> &Quiet = quietOption();
static cl::opt<std::string> Path(cl::Positional, cl::desc("trace"),
                                 cl::sub(subCommand(AnalyzeCommand)),
                                 cl::cat(optionCategory()));

static Error list(const SessionRequest &Asked, Broker &Source) {
  Expected<std::unique_ptr<TraceSource>> Trace = Source.nextTrace();
  if (!Trace)
    return Trace.takeError();
  return printList(Asked, (*Trace)->description().GuestArch);
}

static int run(ArrayRef<char *> Words) {
  Expected<std::vector<std::string>> Rest = parseWords(AnalyzeCommand, Words);
  if (!Rest)
    return fail(Rest.takeError());
  if (Path.empty() && Rest->size() == 1)
    Path = Rest->front();
  if (Path.empty() || (!Rest->empty() && Path != Rest->front()))
    return fail(createStringError(
        "one trace is wanted: mcad analyze [options] trace; to run a program, "
        "mcad run"));
  Expected<SessionRequest> Asked = Machines.request();
  if (!Asked)
    return fail(Asked.takeError());
  Expected<ReportOptions::Request> Wanted = Reports.request();
  if (!Wanted)
    return fail(Wanted.takeError());
  TraceBroker Source(Path, Asked->Target.Triple);
  if (asksForList(*Asked)) {
    if (Error E = list(*Asked, Source))
      return fail(std::move(E));
    return Success;
  }
  OutputFile File(Wanted->Path.empty() ? "-" : Wanted->Path);
  if (Error E = File.open())
    return fail(std::move(E));

  Progress Now;
  Asked->Live = &Now;
  std::unique_ptr<LiveLine> Live = LiveLine::create(Now, "mcad", Quiet);
  Expected<Report> R = analyzeSource(*Asked, Source, nullptr);
  Live.reset();
  if (!R)
    return fail(R.takeError());
  if (Error E = printReport(Wanted->How, *R, File.os(), Wanted->Text))
    return fail(std::move(E));
  if (Error E = File.close())
    return fail(std::move(E));
  return sayWhatIsMissing(*R) ? Success : Failure;
}

const Command AnalyzeCommand = {
    "analyze",
    "simulate a recorded trace and report what it costs",
    "[options] trace",
    Command::Operands::OfItsOwn,
    "",
    "Simulates a trace that 'mcad record' or 'llvm-mcad -record' has kept, and "
    "reports what it cost. The report goes to standard output, or to the file "
    "that -o names. It is the one that 'mcad run' makes, to the cycle.\n\n"
    "--engine says who counts cycles: fast, MCAD's simulation; llvm, LLVM's "
    "own, with the same result; none: only instructions, caches and branches "
    "are counted.",
    "mcad analyze --cpu=neoverse-n1 prog.mcad\n"
    "mcad analyze --cpu=help prog.mcad\n"
    "    the CPUs of the trace's architecture\n"
    "mcad analyze --ideal -o prog.json prog.mcad\n"
    "    LLVM's model of the core alone, no caches, as JSON",
    "0\tthe report is complete\n"
    "1\tit is not, or there is none",
    run};

} // namespace mcad
