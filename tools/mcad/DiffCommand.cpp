//===- mcad/DiffCommand.cpp - mcad diff -----------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "DiffCommand.h"
#include "Diff/DiffJson.h"
#include "Diff/DiffText.h"
#include "Diff/FailCondition.h"
#include "ReportFiles.h"
#include "llvm/Support/WithColor.h"

using namespace llvm;
using namespace mcad;

namespace {

cl::SubCommand Command("diff", "Say what changed between two reports");

cl::opt<std::string> BeforePath(cl::Positional, cl::Required, cl::sub(Command),
                                cl::desc("<before.json>"));
cl::opt<std::string> AfterPath(cl::Positional, cl::Required, cl::sub(Command),
                               cl::desc("<after.json>"));
cl::opt<std::string>
    FormatOption("format", cl::sub(Command), cl::value_desc("format"),
                 cl::desc("text or json (default: json if -o's file ends in "
                          ".json, else text)"));
cl::opt<std::string> Output("o", cl::sub(Command), cl::init("-"),
                            cl::value_desc("file"),
                            cl::desc("Where to (default: standard output)"));
cl::list<std::string>
    FailIf("fail-if", cl::sub(Command), cl::value_desc("condition"),
           cl::desc("Exit with 1 if it holds: regression>N% (of all cycles), "
                    "cycles>N (after), function:NAME>N%; may be given several "
                    "times"));

enum class DiffFormat : uint8_t { Text, Json };

Expected<DiffFormat> chooseFormat() {
  if (FormatOption == "json" ||
      (FormatOption.empty() && StringRef(Output).ends_with(".json")))
    return DiffFormat::Json;
  if (FormatOption == "text" || FormatOption.empty())
    return DiffFormat::Text;
  return createStringError("--format=" + FormatOption +
                           ": not a format: text or json is wanted");
}

/// Whether no condition holds.
Expected<bool> run(int NumArgs, char **Args) {
  // 1. What is wanted.
  if (Error E = parseCommand(
          Command, NumArgs, Args,
          "say what changed between two reports\n\n"
          "  mcad diff before.json after.json\n"
          "  mcad diff before.json after.json --fail-if='regression>1%'\n"))
    return E;
  Expected<DiffFormat> Format = chooseFormat();
  if (!Format)
    return Format.takeError();
  std::vector<FailCondition> Conditions;
  for (const std::string &Text : FailIf) {
    Expected<FailCondition> C = parseFailCondition(Text);
    if (!C)
      return C.takeError();
    Conditions.push_back(std::move(*C));
  }

  // 2. The two reports, compared.
  Expected<Report> Before = readReport(BeforePath);
  if (!Before)
    return Before.takeError();
  Expected<Report> After = readReport(AfterPath);
  if (!After)
    return After.takeError();
  const Difference D = compare(*Before, *After);
  if (Error E = writeFile(Output, [&](raw_ostream &OS) -> Error {
        if (*Format == DiffFormat::Json)
          printDifferenceJson(D, OS);
        else
          printDifferenceText(D, OS);
        return Error::success();
      }))
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

} // namespace

int mcad::diffCommand(int NumArgs, char **Args) {
  Expected<bool> IsGood = run(NumArgs, Args);
  if (!IsGood) {
    WithColor::error() << toString(IsGood.takeError()) << '\n';
    return 2;
  }
  return *IsGood ? 0 : 1;
}
