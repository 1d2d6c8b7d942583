//===- mcad/mcad.cpp - the front end -------------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The front end: picks the command, which does the rest.
///
//===----------------------------------------------------------------------===//

#include "CommandLine.h"
#include "GuestProcess.h"
#include "Target/Target.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/raw_ostream.h"
#include <csignal>

using namespace llvm;
using namespace mcad;

static void printHelp() {
  outs() << "OVERVIEW: timing analysis of compiled programs\n\n"
            "USAGE: mcad <command> [options]\n\n"
            "COMMANDS:\n";
  for (const Command *C : commands())
    outs() << "  " << left_justify(C->Name, 12) << C->Summary << '\n';
  outs() << "\nOPTIONS:\n"
            "  --help      print this, or 'mcad <command> --help' for a "
            "command\n"
            "  --version   print the version\n\n"
            "EXAMPLES:\n"
            "  mcad run --cpu=cortex-a57 -- ./prog args\n"
            "  mcad record -o prog.mcad -- ./prog args\n"
            "  mcad analyze --cpu=neoverse-n1 prog.mcad\n"
            "  mcad sweep --cpu=cortex-a53,cortex-a72,neoverse-n1 prog.mcad\n"
            "  mcad report -o callgrind.out.prog prog.json\n"
            "  mcad diff before.json after.json\n";
}

int main(int NumArgs, char **Args) {
  // Before LLVM installs handlers of its own.
  GuestProcess::rememberSignals();
  InitLLVM Setup(NumArgs, Args);
  // That a file may not grow is what its writer says; LLVM takes it for a
  // crash. Handled and not ignored, so that it is as before in the guest.
  ::signal(SIGXFSZ, [](int) {});
  mcad::Target::initializeAll();
  const ArrayRef<char *> Words(Args, NumArgs);
  const StringRef First = NumArgs > 1 ? Args[1] : "";
  if (First == "-help" || First == "--help" || First == "-h") {
    printHelp();
    return 0;
  }
  if (First == "-version" || First == "--version") {
    outs() << "mcad " MCAD_VERSION " (LLVM " LLVM_VERSION_STRING ")\n";
    return 0;
  }
  if (const Command *C = findCommand(First))
    return C->Run(Words.drop_front());
  if (First.empty())
    return fail(createStringError("no command: see 'mcad --help'"));
  return fail(
      createStringError("unknown command '" + First + "': see 'mcad --help'"));
}
