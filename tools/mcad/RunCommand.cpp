//===- mcad/RunCommand.cpp - mcad run ------------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LiveLine.h"
#include "Options.h"
#include "Outcome.h"
#include "Session/OutputFile.h"
#include "WhatIsMissing.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace mcad {

static const GuestOptions &Guests = guestOptions();
static const MachineOptions &Machines = machineOptions();
static const ReportOptions &Reports = reportOptions();
static const cl::opt<bool> &NoMemory = noMemoryOption();
static const cl::opt<bool> &Quiet = quietOption();

/// Writes \p R where it was asked for: standard error, so that standard output
/// stays the guest's alone.
static Error write(const Report &R, const ReportOptions::Request &Wanted,
                   OutputFile *File) {
  if (File) {
    if (Error E = printReport(Wanted.How, R, File->os(), Wanted.Text))
      return E;
    return File->close();
  }
  // At once: the guest may be writing there too.
  std::string Text;
  raw_string_ostream OS(Text);
  if (Error E = printReport(Wanted.How, R, OS, Wanted.Text))
    return E;
  errs() << Text;
  return Error::success();
}

static int run(ArrayRef<char *> Words) {
  // 1. What is asked for, and whether it can be had: all that can be wrong is
  //    said before the program runs.
  Expected<std::vector<std::string>> Program = parseWords(RunCommand, Words);
  if (!Program)
    return fail(Program.takeError(), CannotStart);
  if (Program->empty())
    return fail(createStringError("no program to run: mcad run [options] -- "
                                  "program [arguments]"),
                CannotStart);
  Expected<SessionRequest> Asked = Machines.request();
  if (!Asked)
    return fail(Asked.takeError(), CannotStart);
  Expected<ReportOptions::Request> Wanted = Reports.request();
  if (!Wanted)
    return fail(Wanted.takeError(), CannotStart);
  Expected<std::unique_ptr<TracedGuest>> Guest =
      TracedGuest::create(Guests.request(std::move(*Program)));
  if (!Guest)
    return failToStart(Guest.takeError());
  const std::string &Arch = (*Guest)->program().Arch;
  if (asksForList(*Asked)) {
    if (Error E = printList(*Asked, Arch))
      return fail(std::move(E), CannotStart);
    return Success;
  }
  Expected<std::unique_ptr<Target>> Machine = createTarget(Asked->Target, Arch);
  if (!Machine)
    return fail(Machine.takeError(), CannotStart);
  if (!Asked->Around.IsIdeal)
    if (Error E = chooseModel(Asked->Around, (*Machine)->cpu()).takeError())
      return fail(std::move(E), CannotStart);
  std::optional<OutputFile> File;
  if (!Wanted->Path.empty()) {
    File.emplace(Wanted->Path);
    if (Error E = File->open())
      return fail(std::move(E), CannotStart);
  }

  // 2. The program runs, and is simulated meanwhile.
  if (Error E = (*Guest)->start(!NoMemory && !Asked->Around.IsIdeal))
    return fail(std::move(E), CannotStart);
  Progress Now;
  Asked->Live = &Now;
  std::unique_ptr<LiveLine> Live = LiveLine::create(Now, "mcad", Quiet);
  Expected<Report> R =
      analyzeSource(*Asked, (*Guest)->broker(), std::move(*Machine));
  Live.reset();

  // 3. The report; then the program's end is ours.
  if (!R)
    return endWith(**Guest, fail(R.takeError()));
  if (R->Traces.empty())
    return endWith(**Guest, Failure);
  if (Error E = write(*R, *Wanted, File ? &*File : nullptr))
    return endWith(**Guest, fail(std::move(E)));
  return endWith(**Guest, sayWhatIsMissing(*R) ? Success : Failure);
}

const Command RunCommand = {
    "run",
    "run a program under QEMU and report what it costs",
    "[options] [--] program [arguments]",
    Command::Operands::Program,
    "",
    "Runs a program under QEMU, simulates meanwhile what it executes on LLVM's "
    "model of a CPU, and reports what it cost.\n\n"
    "The program may be for any architecture that QEMU has: its ELF header "
    "says "
    "which. Its standard input, output and error, its exit status and its "
    "signals are as if it ran alone. The report goes to standard error, or to "
    "the file that -o names.\n\n"
    "On a terminal, a line says how far it is: instructions so far, millions "
    "per second, simulated cycles, instructions per cycle, and how many "
    "instructions have come from the program that are not simulated yet. The "
    "program waits where the simulation cannot follow.\n\n"
    "Ctrl-C goes to the program, as always; if it has not ended two "
    "seconds later, "
    "it goes on untraced, and the report is of what was seen until then, "
    "marked "
    "as not complete. A second Ctrl-C ends all at once.\n\n"
    "--engine says who counts cycles: fast, MCAD's simulation; llvm, LLVM's "
    "own, with the same result; none: only instructions, caches and branches "
    "are counted.",
    "mcad run ./prog args\n"
    "    the report on standard error\n"
    "mcad run --cpu=cortex-a57 -o report.json -- ./prog args | wc\n"
    "    only the program's own output goes through the pipe\n"
    "mcad run --cpu=neoverse-n1 --only-main-code --set=l1d.size=64K ./prog\n"
    "    without the loader and libraries, and with another cache",
    "the program's\tif it is not 0; if a signal ended the program, the same "
    "signal ends mcad, after the report\n"
    "0\tthe program's was 0, and the report is complete\n"
    "1\tthe program's was 0, and the report is not complete or could not be "
    "written\n"
    "125\tmcad itself failed before the program ran\n"
    "126\tthe program is there, but cannot be run\n"
    "127\tthere is no such program",
    run};

} // namespace mcad
