//===- mcad.cpp - the front end -------------------------------------------===//
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

#include "DiffCommand.h"
#include "ReportCommand.h"
#include "TraceCommand.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace mcad;

namespace {

struct Command {
  StringLiteral Name;
  int (*Run)(int NumArgs, char **Args);
  StringLiteral Summary;
};

constexpr Command Commands[] = {
    {"diff", diffCommand, "say what changed between two reports"},
    {"report", reportCommand, "show a JSON report in another format"},
    {"trace", traceCommand, "check, dump or assemble recorded traces"},
};

void printHelp() {
  outs() << "OVERVIEW: timing analysis of compiled programs\n\n"
            "USAGE: mcad <command> [options]\n\n"
            "COMMANDS:\n";
  for (const Command &C : Commands)
    outs() << "  " << C.Name << " - " << C.Summary << '\n';
  outs() << "\nOPTIONS:\n"
            "  -help    - print this, or 'mcad <command> -help' for a command\n"
            "  -version - print the version\n\n"
            "EXAMPLES:\n"
            "  mcad diff before.json after.json\n"
            "  mcad report prog.json\n"
            "  mcad trace check prog.mcad\n"
            "  mcad trace dump prog.mcad -o prog.txt\n";
}

} // namespace

int main(int NumArgs, char **Args) {
  InitLLVM Setup(NumArgs, Args);
  const StringRef First = NumArgs > 1 ? Args[1] : "";
  if (First == "-help" || First == "--help" || First == "-h") {
    printHelp();
    return 0;
  }
  if (First == "-version" || First == "--version") {
    outs() << "mcad " MCAD_VERSION " (LLVM " LLVM_VERSION_STRING ")\n";
    return 0;
  }
  for (const Command &C : Commands)
    if (C.Name == First)
      return C.Run(NumArgs - 1, Args + 1);
  if (First.empty())
    WithColor::error() << "no command: see 'mcad -help'\n";
  else
    WithColor::error() << "unknown command '" << First
                       << "': see 'mcad -help'\n";
  return 1;
}
