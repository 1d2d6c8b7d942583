//===- mcad/DiffCommand.cpp - mcad diff -----------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CommandLine.h"
#include "Diff/DiffJson.h"
#include "Diff/DiffText.h"
#include "Diff/FailCondition.h"
#include "ReportFiles.h"
#include "Session/OutputFile.h"
#include "llvm/Support/WithColor.h"

using namespace llvm;

namespace mcad {

/// Of diff(1) too: 1 says that there is something, 2 that it cannot be told.
constexpr int CannotTell = 2;

static cl::list<std::string> Paths(cl::Positional,
                                   cl::desc("before.json after.json"),
                                   cl::sub(subCommand(DiffCommand)),
                                   cl::cat(optionCategory()));
static cl::opt<std::string>
    FormatName("format", cl::sub(subCommand(DiffCommand)),
               cl::cat(optionCategory()), cl::value_desc("text|json"),
               cl::desc("Format of the differences (default: json if -o's file "
                        "ends in .json, else text)"));
static cl::opt<std::string>
    OutputPath("o", cl::sub(subCommand(DiffCommand)), cl::cat(optionCategory()),
               cl::init("-"), cl::value_desc("file"),
               cl::desc("Where to (default: standard output)"));
static cl::list<std::string>
    FailIf("fail-if", cl::sub(subCommand(DiffCommand)),
           cl::cat(optionCategory()), cl::value_desc("condition"),
           cl::desc("Exit with 1 if it holds: regression>N% (of all cycles), "
                    "cycles>N (after), function:NAME>N%; may be given several "
                    "times"));

/// Whether the differences are wanted as JSON.
static Expected<bool> isJson() {
  if (FormatName == "json" ||
      (FormatName.empty() && StringRef(OutputPath).ends_with(".json")))
    return true;
  if (FormatName == "text" || FormatName.empty())
    return false;
  return createStringError("--format=" + FormatName +
                           ": not a format: text or json is wanted");
}

static Error write(const Difference &D, bool AsJson) {
  OutputFile File(OutputPath);
  if (Error E = File.open())
    return E;
  if (AsJson)
    printDifferenceJson(D, File.os());
  else
    printDifferenceText(D, File.os());
  return File.close();
}

/// Whether no condition holds.
static Expected<bool> compare(ArrayRef<char *> Words) {
  // 1. What is wanted.
  Expected<std::vector<std::string>> Rest = parseWords(DiffCommand, Words);
  if (!Rest)
    return Rest.takeError();
  if (Paths.size() != 2 || !Rest->empty())
    return createStringError("two reports are wanted: mcad diff [options] "
                             "before.json after.json");
  Expected<bool> AsJson = isJson();
  if (!AsJson)
    return AsJson.takeError();
  std::vector<FailCondition> Conditions;
  for (const std::string &Text : FailIf) {
    Expected<FailCondition> C = parseFailCondition(Text);
    if (!C)
      return C.takeError();
    Conditions.push_back(std::move(*C));
  }

  // 2. The two reports, compared.
  Expected<Report> Before = readReport(Paths[0]);
  if (!Before)
    return Before.takeError();
  Expected<Report> After = readReport(Paths[1]);
  if (!After)
    return After.takeError();
  const Difference D = mcad::compare(*Before, *After);
  if (Error E = write(D, *AsJson))
    return E;

  // 3. Whether that is a failure.
  bool Holds = false;
  for (const FailCondition &C : Conditions) {
    Expected<std::optional<std::string>> Why = failure(C, D);
    if (!Why)
      return Why.takeError();
    if (!*Why)
      continue;
    Holds = true;
    WithColor::error() << **Why << '\n';
  }
  return !Holds;
}

static int run(ArrayRef<char *> Words) {
  Expected<bool> IsGood = compare(Words);
  if (!IsGood)
    return fail(IsGood.takeError(), CannotTell);
  return *IsGood ? Success : Failure;
}

const Command DiffCommand = {
    "diff",
    "say what changed between two reports",
    "[options] before.json after.json",
    Command::Operands::OfItsOwn,
    "",
    "Compares two reports that were written as JSON: two builds, compilers, "
    "CPUs or inputs. Functions are matched by name, blocks by their "
    "instructions, wherever they lie; those that gained or lost most cycles "
    "come first, with the instructions that changed side by side.",
    "mcad diff before.json after.json\n"
    "mcad diff --fail-if='regression>1%' before.json after.json\n"
    "    for continuous integration",
    "0\tno condition of --fail-if holds\n"
    "1\tone holds\n"
    "2\tthe reports could not be compared",
    run};

} // namespace mcad
