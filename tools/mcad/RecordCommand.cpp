//===- mcad/RecordCommand.cpp - mcad record ------------------------------===//
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
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace mcad {

static const GuestOptions &Guests = guestOptions();
static const cl::opt<bool> &NoMemory = noMemoryOption();
static const cl::opt<bool> &Quiet = quietOption();
static cl::opt<std::string> Path("o", cl::value_desc("file"),
                                 cl::sub(subCommand(RecordCommand)),
                                 cl::cat(optionCategory()),
                                 cl::desc("The trace file to write"));

static int run(ArrayRef<char *> Words) {
  Expected<std::vector<std::string>> Program = parseWords(RecordCommand, Words);
  if (!Program)
    return fail(Program.takeError(), CannotStart);
  if (Program->empty() || Path.empty())
    return fail(createStringError(
                    Twine(Program->empty() ? "no program to run"
                                           : "no file to record to") +
                    ": mcad record -o file [options] -- program [arguments]"),
                CannotStart);
  Expected<std::unique_ptr<TracedGuest>> Guest =
      TracedGuest::create(Guests.request(std::move(*Program)));
  if (!Guest)
    return failToStart(Guest.takeError());
  if (Error E = (*Guest)->start(!NoMemory))
    return fail(std::move(E), CannotStart);
  Expected<bool> IsWhole = record(**Guest, Path, Path, Quiet);
  if (!IsWhole)
    return endWith(**Guest, fail(IsWhole.takeError()));
  return endWith(**Guest, *IsWhole ? Success : Failure);
}

const Command RecordCommand = {
    "record",
    "run a program under QEMU and keep the trace",
    "-o file [options] [--] program [arguments]",
    Command::Operands::Program,
    "",
    "Runs a program under QEMU as 'mcad run' does, simulates nothing, and "
    "keeps "
    "what was executed in a file: to simulate it later, elsewhere, and on as "
    "many CPUs as are wanted, with 'mcad analyze' and 'mcad sweep'. At the end "
    "the program's own counts are held against what came.\n\n"
    "The file is compressed. Until it is whole its name ends in .part.",
    "mcad record -o prog.mcad -- ./prog args\n"
    "mcad record -o prog.mcad --no-memory ./prog\n"
    "    faster, and enough for 'mcad analyze --ideal'",
    "the program's\tif it is not 0; if a signal ended the program, the same "
    "signal ends mcad\n"
    "0\tthe program's was 0, and the trace is whole\n"
    "1\tthe program's was 0, and the trace is not whole or could not be "
    "written\n"
    "125\tmcad itself failed before the program ran\n"
    "126\tthe program is there, but cannot be run\n"
    "127\tthere is no such program",
    run};

} // namespace mcad
