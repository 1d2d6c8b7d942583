//===- mcad/ManCommand.cpp - mcad man ------------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CommandLine.h"
#include "ManPage.h"
#include "Session/OutputFile.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace mcad {

static cl::opt<std::string> Name(cl::Positional, cl::desc("command"),
                                 cl::sub(subCommand(ManCommand)),
                                 cl::cat(optionCategory()));

static cl::opt<std::string>
    Folder("folder", cl::value_desc("folder"), cl::sub(subCommand(ManCommand)),
           cl::cat(optionCategory()),
           cl::desc("Write all pages into this folder instead"));

static Error writePage(StringRef Page,
                       function_ref<void(raw_ostream &)> Print) {
  OutputFile File(Folder + "/" + Page.str() + ".1");
  if (Error E = File.open())
    return E;
  Print(File.os());
  return File.close();
}

static Error writePages() {
  if (Error E = writePage("mcad", printMainManPage))
    return E;
  for (const Command *C : commands())
    if (Error E = writePage("mcad-" + C->Name.str(),
                            [C](raw_ostream &OS) { printManPage(*C, OS); }))
      return E;
  return Error::success();
}

static int run(ArrayRef<char *> Words) {
  Expected<std::vector<std::string>> Rest = parseWords(ManCommand, Words);
  if (!Rest)
    return fail(Rest.takeError());
  if (!Folder.empty()) {
    if (Error E = writePages())
      return fail(std::move(E));
    return Success;
  }
  if (Name.empty()) {
    printMainManPage(outs());
    return Success;
  }
  const Command *C = findCommand(Name);
  if (!C)
    return fail(
        createStringError("unknown command '" + Name + "': see 'mcad --help'"));
  printManPage(*C, outs());
  return Success;
}

const Command ManCommand = {
    "man",
    "print a man page",
    "[--folder=folder | command]",
    Command::Operands::OfItsOwn,
    "",
    "Prints the man page of mcad, or of one of its commands, for man(1) to "
    "show. 'cmake --install' puts them where man(1) looks.",
    "mcad man run | man -l -",
    "0\tif the command is known, else 1",
    run};

} // namespace mcad
