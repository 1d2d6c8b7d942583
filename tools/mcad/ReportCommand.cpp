//===- mcad/ReportCommand.cpp - mcad report -------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CommandLine.h"
#include "Options.h"
#include "ReportFiles.h"
#include "Session/OutputFile.h"

using namespace llvm;

namespace mcad {

static const ReportOptions &Reports = reportOptions();
static cl::opt<std::string> Path(cl::Positional, cl::desc("report"),
                                 cl::sub(subCommand(ReportCommand)),
                                 cl::cat(optionCategory()));

static int run(ArrayRef<char *> Words) {
  Expected<std::vector<std::string>> Rest = parseWords(ReportCommand, Words);
  if (!Rest)
    return fail(Rest.takeError());
  if (Path.empty() || !Rest->empty())
    return fail(createStringError(
        "one report is wanted: mcad report [options] report.json"));
  Expected<ReportOptions::Request> Wanted = Reports.request();
  if (!Wanted)
    return fail(Wanted.takeError());
  Expected<Report> R = readReport(Path);
  if (!R)
    return fail(R.takeError());
  OutputFile File(Wanted->Path.empty() ? "-" : Wanted->Path);
  if (Error E = File.open())
    return fail(std::move(E));
  if (Error E = printReport(Wanted->How, *R, File.os(), Wanted->Text))
    return fail(std::move(E));
  if (Error E = File.close())
    return fail(std::move(E));
  return Success;
}

const Command ReportCommand = {
    "report",
    "show a JSON report in another format",
    "[options] report.json",
    Command::Operands::OfItsOwn,
    "",
    "Reads a report that was written as JSON, which is lossless, and shows it "
    "in any format. \"-\" is standard input.",
    "mcad report prog.json\n"
    "mcad report --annotate=main prog.json\n"
    "mcad report -o callgrind.out.prog prog.json\n"
    "    for KCachegrind and callgrind_annotate",
    "0\tthe report was written\n"
    "1\telse",
    run};

} // namespace mcad
