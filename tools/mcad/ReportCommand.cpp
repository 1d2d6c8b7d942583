//===- mcad/ReportCommand.cpp - mcad report -------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ReportCommand.h"
#include "Report/Format.h"
#include "ReportFiles.h"
#include "llvm/Support/WithColor.h"

using namespace llvm;
using namespace mcad;

namespace {

cl::SubCommand Command("report", "Show a JSON report in another format");

cl::opt<std::string> Input(cl::Positional, cl::Required, cl::sub(Command),
                           cl::desc("<report.json>"));
cl::opt<std::string>
    FormatOption("format", cl::sub(Command), cl::value_desc("format"),
                 cl::desc("text, json, csv, callgrind, folded, speedscope, "
                          "perfetto or o3pipeview (default: by the ending of "
                          "-o's file, else text)"));
cl::opt<std::string> Output("o", cl::sub(Command), cl::init("-"),
                            cl::value_desc("file"),
                            cl::desc("Where to (default: standard output)"));
cl::list<std::string>
    Annotate("annotate", cl::sub(Command), cl::value_desc("function"),
             cl::desc("In text: the disassembly of this function, with the "
                      "cycles of each instruction; may be given several "
                      "times"));
cl::opt<bool> AnnotateHottest("annotate-hottest", cl::sub(Command),
                              cl::desc("The same for the functions that cost "
                                       "most"));

Expected<ReportFormat> chooseFormat() {
  if (FormatOption.empty())
    return formatFromExtension(Output).value_or(ReportFormat::Text);
  if (const std::optional<ReportFormat> Format = formatFromName(FormatOption))
    return *Format;
  return createStringError("--format=" + FormatOption +
                           ": not a format: " + formatNames() + " is wanted");
}

Error run(int NumArgs, char **Args) {
  if (Error E = parseCommand(Command, NumArgs, Args,
                             "show a report in another format\n\n"
                             "  mcad report prog.json\n"
                             "  mcad report prog.json -annotate=main\n"
                             "  mcad report prog.json -o callgrind.out.prog\n"))
    return E;
  Expected<ReportFormat> Format = chooseFormat();
  if (!Format)
    return Format.takeError();
  Expected<Report> R = readReport(Input);
  if (!R)
    return R.takeError();
  TextOptions Options;
  Options.Annotate.assign(Annotate.begin(), Annotate.end());
  Options.AnnotateHottest = AnnotateHottest;
  return writeFile(Output, [&](raw_ostream &OS) {
    return printReport(*Format, *R, OS, Options);
  });
}

} // namespace

int mcad::reportCommand(int NumArgs, char **Args) {
  if (Error E = run(NumArgs, Args)) {
    WithColor::error() << toString(std::move(E)) << '\n';
    return 1;
  }
  return 0;
}
