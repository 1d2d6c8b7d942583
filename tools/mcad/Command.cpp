//===- mcad/Command.cpp - the commands of mcad ---------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Command.h"
#include "llvm/ADT/STLExtras.h"
#include <map>
#include <memory>

using namespace llvm;

namespace mcad {

ArrayRef<const Command *> commands() {
  static constexpr const Command *All[] = {
      &RunCommand,        &RecordCommand, &AnalyzeCommand,    &SweepCommand,
      &ReportCommand,     &DiffCommand,   &TraceCommand,      &ListCpusCommand,
      &ListModelsCommand, &DoctorCommand, &CompletionCommand, &ManCommand};
  return All;
}

const Command *findCommand(StringRef Name) {
  const auto *Found =
      find_if(commands(), [&](const Command *C) { return C->Name == Name; });
  return Found == commands().end() ? nullptr : *Found;
}

cl::SubCommand &subCommand(const Command &C) {
  static std::map<const Command *, std::unique_ptr<cl::SubCommand>> Made;
  std::unique_ptr<cl::SubCommand> &Sub = Made[&C];
  if (!Sub)
    Sub = std::make_unique<cl::SubCommand>(C.Name, C.Summary);
  return *Sub;
}

cl::OptionCategory &optionCategory() {
  static cl::OptionCategory Category("options");
  return Category;
}

std::vector<const cl::Option *> optionsOf(cl::SubCommand &S) {
  std::vector<const cl::Option *> Options;
  for (const auto &[Name, Option] : cl::getRegisteredOptions(S))
    if (is_contained(Option->Categories, &optionCategory()) &&
        Option->getOptionHiddenFlag() == cl::NotHidden)
      Options.push_back(Option);
  sort(Options, [](const cl::Option *A, const cl::Option *B) {
    return A->ArgStr < B->ArgStr;
  });
  return Options;
}

} // namespace mcad
