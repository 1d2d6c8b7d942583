//===- mcad/ListCpusCommand.cpp - mcad list-cpus -------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Architectures.h"
#include "CommandLine.h"
#include "Session/ListCpus.h"
#include "Trace/GuestArch.h"
#include "llvm/Support/raw_ostream.h"
#include <set>

using namespace llvm;

namespace mcad {

static cl::opt<std::string>
    TripleName("triple", cl::value_desc("triple"),
               cl::sub(subCommand(ListCpusCommand)), cl::cat(optionCategory()),
               cl::desc("The CPUs of this target triple"));
static cl::alias Mtriple("mtriple", cl::desc("Alias for --triple"),
                         cl::aliasopt(TripleName));
static cl::opt<std::string>
    Arch("arch", cl::value_desc("arch"), cl::sub(subCommand(ListCpusCommand)),
         cl::cat(optionCategory()),
         cl::desc("The CPUs of this architecture, as QEMU names it: arm, "
                  "aarch64, x86_64, riscv64, ... (default: of all that are "
                  "tested)"));
static cl::opt<bool> Names("names", cl::sub(subCommand(ListCpusCommand)),
                           cl::cat(optionCategory()),
                           cl::desc("Names alone, one a line"));

static Error listNames(ArrayRef<std::string> Triples) {
  std::set<std::string> All;
  for (const std::string &Triple : Triples) {
    TargetRequest Request;
    Request.Triple = Triple;
    Expected<std::vector<KnownCpu>> Cpus = knownCpus(Request);
    if (!Cpus)
      return Cpus.takeError();
    for (const KnownCpu &Cpu : *Cpus)
      All.insert(Cpu.Name);
  }
  for (const std::string &Name : All)
    outs() << Name << '\n';
  return Error::success();
}

static Error list(ArrayRef<std::string> Triples) {
  for (const std::string &TripleName : Triples) {
    if (TripleName != Triples.front())
      outs() << '\n';
    TargetRequest Request;
    Request.Triple = TripleName;
    if (Error E = listCpus(Request, outs()))
      return E;
    const std::string Default = Target::defaultCpu(Triple(TripleName));
    if (!Default.empty())
      outs() << "  taken if none is named: " << Default << '\n';
  }
  return Error::success();
}

static int run(ArrayRef<char *> Words) {
  Expected<std::vector<std::string>> Rest = parseWords(ListCpusCommand, Words);
  if (!Rest)
    return fail(Rest.takeError());
  if (!TripleName.empty() && !Arch.empty())
    return fail(createStringError("--triple and --arch: give one of them"));
  std::vector<std::string> Triples;
  if (!TripleName.empty())
    Triples.push_back(TripleName);
  std::vector<StringRef> Archs;
  if (!Arch.empty())
    Archs = {Arch};
  else if (TripleName.empty())
    Archs.assign(testedArchs().begin(), testedArchs().end());
  for (StringRef Each : Archs) {
    if (archOfGuest(Each) == Triple::UnknownArch)
      return fail(createStringError(
          "--arch=" + Each + ": not an architecture of QEMU's: " +
          testedArchNames() + " are tested; or give --triple"));
    Triples.push_back(cantFail(tripleOfGuest(Each)));
  }
  if (Error E = Names ? listNames(Triples) : list(Triples))
    return fail(std::move(E));
  return Success;
}

const Command ListCpusCommand = {
    "list-cpus",
    "list the CPUs that can be simulated",
    "[options]",
    Command::Operands::OfItsOwn,
    "",
    "Lists the CPUs that LLVM has a scheduling model for: their names for "
    "--cpu, whether they execute out of order, and whose model it is where "
    "several CPUs share one.",
    "mcad list-cpus --arch=aarch64\n"
    "mcad list-cpus --triple=armv7-linux-gnueabihf",
    "0\tif the architecture is known, else 1",
    run};

} // namespace mcad
