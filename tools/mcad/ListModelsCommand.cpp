//===- mcad/ListModelsCommand.cpp - mcad list-models ---------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CommandLine.h"
#include "Session/ChooseModel.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace mcad {

static cl::opt<std::string>
    Cpu("cpu", cl::value_desc("cpu"), cl::sub(subCommand(ListModelsCommand)),
        cl::cat(optionCategory()),
        cl::desc("List each value of the model for this CPU too, with what it "
                 "means and where it is from"));
static cl::alias Mcpu("mcpu", cl::desc("Alias for --cpu"), cl::aliasopt(Cpu));

static int run(ArrayRef<char *> Words) {
  Expected<std::vector<std::string>> Rest =
      parseWords(ListModelsCommand, Words);
  if (!Rest)
    return fail(Rest.takeError());
  if (Cpu.empty()) {
    listPresets(outs());
    return Success;
  }
  if (Error E = listModels(ModelRequest(), Cpu, outs()))
    return fail(std::move(E));
  return Success;
}

const Command ListModelsCommand = {
    "list-models",
    "list the models of caches and branch prediction",
    "[options]",
    Command::Operands::OfItsOwn,
    "",
    "Lists the presets of what is around the core: caches, TLBs, branch "
    "prediction. With --cpu, the values for that CPU as well; --set=key=value "
    "of 'mcad run', 'mcad analyze' and 'mcad sweep' changes one, --model=file "
    "takes all from a file.",
    "mcad list-models\n"
    "mcad list-models --cpu=cortex-a72",
    "0\talways",
    run};

} // namespace mcad
