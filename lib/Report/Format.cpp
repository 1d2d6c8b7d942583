//===- Report/Format.cpp - a report in any form ---------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/Format.h"
#include "Report/CallgrindReport.h"
#include "Report/CsvReport.h"
#include "Report/JsonReport.h"
#include "Report/O3PipeViewReport.h"
#include "Report/PerfettoReport.h"
#include "Report/StackReport.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace mcad {
namespace {

/// What a form cannot do without.
enum class Needs : uint8_t { Nothing, Profile, Contexts, Timeline };

struct FormatRow {
  ReportFormat Format;
  StringLiteral Name;
  /// Of file names, the longest that fits counts; empty: none of its own.
  StringLiteral Ending;
  Needs What;
};

constexpr FormatRow Formats[] = {
    {ReportFormat::Text, "text", ".txt", Needs::Nothing},
    {ReportFormat::Json, "json", ".json", Needs::Nothing},
    {ReportFormat::Csv, "csv", ".csv", Needs::Profile},
    {ReportFormat::Callgrind, "callgrind", ".callgrind", Needs::Profile},
    {ReportFormat::Folded, "folded", ".folded", Needs::Contexts},
    {ReportFormat::Speedscope, "speedscope", ".speedscope.json",
     Needs::Contexts},
    {ReportFormat::Perfetto, "perfetto", ".perfetto.json", Needs::Timeline},
    {ReportFormat::O3PipeView, "o3pipeview", ".o3pipeview", Needs::Timeline},
};

const FormatRow &rowOf(ReportFormat Format) {
  return *find_if(Formats,
                  [&](const FormatRow &F) { return F.Format == Format; });
}

Error checkData(const FormatRow &F, const Report &R) {
  auto anyProfile = [&](auto Holds) {
    return any_of(R.Traces, [&](const TraceReport &T) {
      return T.Attribution && Holds(*T.Attribution);
    });
  };
  switch (F.What) {
  case Needs::Nothing:
    return Error::success();
  case Needs::Profile:
    if (any_of(R.Traces, [](const TraceReport &T) { return T.saysWhoPays(); }))
      return Error::success();
    break;
  case Needs::Contexts:
    if (anyProfile([](const Profile &P) { return !P.Contexts.empty(); }))
      return Error::success();
    break;
  case Needs::Timeline:
    if (anyProfile([](const Profile &P) { return !P.Timeline.empty(); }))
      return Error::success();
    return createStringError("format " + F.Name +
                             ": the report has no timeline: ask for a stretch "
                             "with -timeline=<from>,<to>");
  }
  return createStringError("format " + F.Name +
                           ": the report does not say whose the cycles are: it "
                           "needs the run of a program that was timed");
}

} // namespace

std::optional<ReportFormat> formatFromName(StringRef Name) {
  for (const FormatRow &F : Formats)
    if (F.Name == Name)
      return F.Format;
  return std::nullopt;
}

StringRef formatName(ReportFormat Format) { return rowOf(Format).Name; }

std::string formatNames() {
  std::string Names;
  for (const FormatRow &F : Formats) {
    if (!Names.empty())
      Names += &F == std::end(Formats) - 1 ? " or " : ", ";
    Names += F.Name;
  }
  return Names;
}

std::optional<ReportFormat> formatFromExtension(StringRef Path) {
  if (sys::path::filename(Path).starts_with("callgrind.out"))
    return ReportFormat::Callgrind;
  const FormatRow *Best = nullptr;
  for (const FormatRow &F : Formats)
    if (Path.ends_with(F.Ending) &&
        (!Best || F.Ending.size() > Best->Ending.size()))
      Best = &F;
  return Best ? std::optional(Best->Format) : std::nullopt;
}

Error printReport(ReportFormat Format, const Report &R, raw_ostream &OS,
                  const TextOptions &Options) {
  if (Error E = checkData(rowOf(Format), R))
    return E;
  switch (Format) {
  case ReportFormat::Text:
    printText(R, OS, Options);
    break;
  case ReportFormat::Json:
    printJson(R, OS);
    break;
  case ReportFormat::Csv:
    printCsv(R, OS);
    break;
  case ReportFormat::Callgrind:
    printCallgrind(R, OS);
    break;
  case ReportFormat::Folded:
    printFolded(R, OS);
    break;
  case ReportFormat::Speedscope:
    printSpeedscope(R, OS);
    break;
  case ReportFormat::Perfetto:
    printPerfetto(R, OS);
    break;
  case ReportFormat::O3PipeView:
    printO3PipeView(R, OS);
    break;
  }
  return Error::success();
}

} // namespace mcad
