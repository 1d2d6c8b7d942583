//===- mcad/SweepCommand.cpp - mcad sweep --------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LiveLine.h"
#include "Options.h"
#include "Outcome.h"
#include "Recording.h"
#include "Session/OutputFile.h"
#include "SweepTable.h"
#include "Trace/TraceBroker.h"
#include "WhatIsMissing.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace mcad {

static const GuestOptions &Guests = guestOptions();
static const MachineOptions &Machines = machineOptions();
static const cl::opt<bool> &NoMemory = noMemoryOption();
static const cl::opt<bool> &Quiet = quietOption();
static cl::list<std::string>
    Cpus("cpu", cl::CommaSeparated, cl::value_desc("cpu,..."),
         cl::sub(subCommand(SweepCommand)), cl::cat(optionCategory()),
         cl::desc("CPUs to simulate; the first is what others are compared "
                  "with"));
static cl::alias Mcpu("mcpu", cl::desc("Alias for --cpu"), cl::aliasopt(Cpus));
static cl::opt<std::string> Format("format", cl::value_desc("text|json|csv"),
                                   cl::sub(subCommand(SweepCommand)),
                                   cl::cat(optionCategory()),
                                   cl::desc("Format of the table (default: by "
                                            "the extension of -o's file, else "
                                            "text)"));
static cl::opt<std::string> Output("o", cl::value_desc("file"), cl::init("-"),
                                   cl::sub(subCommand(SweepCommand)),
                                   cl::cat(optionCategory()),
                                   cl::desc("Where the table goes (default: "
                                            "standard output)"));
static cl::opt<std::string> Path(cl::Positional, cl::desc("trace"),
                                 cl::sub(subCommand(SweepCommand)),
                                 cl::cat(optionCategory()));

/// The trace on each CPU, a row for each. Whether all reports are complete.
static Expected<bool> simulate(SessionRequest Asked, StringRef TracePath,
                               std::vector<SweepRow> &Rows) {
  bool AreComplete = true;
  for (const std::string &Cpu : Cpus) {
    Asked.Target.Cpu = Cpu;
    TraceBroker Source(TracePath.str(), Asked.Target.Triple);
    Progress Now;
    Asked.Live = &Now;
    std::unique_ptr<LiveLine> Live =
        LiveLine::create(Now, "mcad: " + Cpu, Quiet);
    Expected<Report> R = analyzeSource(Asked, Source, nullptr);
    Live.reset();
    if (!R)
      return R.takeError();
    AreComplete &= sayWhatIsMissing(*R);
    Rows.push_back(sweepRow(*R));
  }
  return AreComplete;
}

/// The exit status, but for that of a program.
static int sweep(const SessionRequest &Asked, StringRef TracePath,
                 SweepFormat How) {
  OutputFile File(Output);
  if (Error E = File.open())
    return fail(std::move(E));
  std::vector<SweepRow> Rows;
  Expected<bool> AreComplete = simulate(Asked, TracePath, Rows);
  if (!AreComplete)
    return fail(AreComplete.takeError());
  writeSweep(How, Rows, File.os());
  if (Error E = File.close())
    return fail(std::move(E));
  return *AreComplete ? Success : Failure;
}

/// Runs and records a program first.
static int sweepProgram(const SessionRequest &Asked,
                        std::vector<std::string> Program, SweepFormat How) {
  Expected<std::unique_ptr<TracedGuest>> Guest =
      TracedGuest::create(Guests.request(std::move(Program)));
  if (!Guest)
    return failToStart(Guest.takeError());
  // A CPU that there is not is found before the program has run.
  for (const std::string &Cpu : Cpus) {
    TargetRequest One = Asked.Target;
    One.Cpu = Cpu;
    if (Error E = createTarget(One, (*Guest)->program().Arch).takeError())
      return fail(std::move(E), CannotStart);
  }
  Expected<PrivateFolder> Folder = PrivateFolder::create();
  if (!Folder)
    return fail(Folder.takeError(), CannotStart);
  const std::string TracePath = Folder->path() + "/trace";
  if (Error E = (*Guest)->start(!NoMemory && !Asked.Around.IsIdeal))
    return fail(std::move(E), CannotStart);
  Expected<bool> IsWhole =
      record(**Guest, TracePath, (*Guest)->program().Word, Quiet);
  if (!IsWhole)
    return endWith(**Guest, fail(IsWhole.takeError()));
  if (!(*Guest)->hasBegun())
    return endWith(**Guest, Failure);
  const int Own = sweep(Asked, TracePath, How);
  // Before a signal may end us.
  Folder->remove();
  return endWith(**Guest, Own);
}

static int run(ArrayRef<char *> Words) {
  Expected<std::vector<std::string>> Program = parseWords(SweepCommand, Words);
  if (!Program)
    return fail(Program.takeError());
  if (Path.empty() == Program->empty())
    return fail(createStringError(
        "one trace or one program is wanted: mcad sweep --cpu=cpu,... trace, "
        "or mcad sweep --cpu=cpu,... -- program [arguments]"));
  if (Cpus.empty())
    return fail(createStringError("no CPUs: give --cpu=cpu,...; 'mcad "
                                  "list-cpus' has them"));
  Expected<SweepFormat> How = sweepFormat(Format, Output);
  if (!How)
    return fail(How.takeError());
  Expected<SessionRequest> Asked = Machines.request();
  if (!Asked)
    return fail(Asked.takeError());
  if (Asked->Timeline)
    return fail(createStringError("--timeline: a sweep's table has none: 'mcad "
                                  "analyze' shows it for one CPU"));
  return Path.empty() ? sweepProgram(*Asked, std::move(*Program), *How)
                      : sweep(*Asked, Path, *How);
}

const Command SweepCommand = {
    "sweep",
    "simulate a trace on several CPUs and compare",
    "--cpu=cpu,... [options] (trace | -- program [arguments])",
    Command::Operands::OfItsOwn,
    "",
    "Simulates one trace on several CPUs, one after the other, and prints a "
    "table: cycles, instructions per cycle, cycles relative to those of the "
    "first CPU, and the seconds that the simulation took. A program is run and "
    "recorded first, to a file that goes away.\n\n"
    "All options of the simulation hold for each CPU. The caches around the "
    "core are those of each CPU's preset, unless --model says otherwise.",
    "mcad sweep --cpu=cortex-a53,cortex-a72,neoverse-n1 prog.mcad\n"
    "mcad sweep --cpu=skylake,znver4 --format=csv -- ./prog args",
    "0\tall reports are complete\n"
    "1\tone is not, or there is no table\n"
    "the program's\tif there is one and it is not 0; 125 to 127 as 'mcad run'",
    run};

} // namespace mcad
