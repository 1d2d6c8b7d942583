//===- mcad/CompletionCommand.cpp - mcad completion ----------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CommandLine.h"
#include "Completion.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace mcad {

static cl::opt<std::string> Shell(cl::Positional, cl::desc("bash|zsh|fish"),
                                  cl::sub(subCommand(CompletionCommand)),
                                  cl::cat(optionCategory()));

static int run(ArrayRef<char *> Words) {
  Expected<std::vector<std::string>> Rest =
      parseWords(CompletionCommand, Words);
  if (!Rest)
    return fail(Rest.takeError());
  if (Shell == "bash")
    printBashCompletion(outs());
  else if (Shell == "zsh")
    printZshCompletion(outs());
  else if (Shell == "fish")
    printFishCompletion(outs());
  else
    return fail(createStringError(
        Twine(Shell.empty() ? "no shell" : "'" + Shell + "': unknown shell") +
        ": say mcad completion bash, zsh or fish"));
  return Success;
}

const Command CompletionCommand = {
    "completion",
    "print what makes a shell complete mcad's words",
    "bash|zsh|fish",
    Command::Operands::OfItsOwn,
    "bash zsh fish",
    "Prints a script for a shell, after which the tab key completes mcad's "
    "commands, their options, CPUs and files. 'cmake --install' puts it where "
    "shells look for such.",
    "source <(mcad completion bash)\n"
    "mcad completion zsh > ~/.zfunc/_mcad\n"
    "    with fpath+=~/.zfunc before compinit in ~/.zshrc\n"
    "mcad completion fish > ~/.config/fish/completions/mcad.fish",
    "0\tif the shell is known, else 1",
    run};

} // namespace mcad
