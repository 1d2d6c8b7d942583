//===- FormatTest.cpp - a report in any form ------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/Format.h"
#include "DistinctReport.h"
#include "Report/JsonReport.h"
#include "SmallReport.h"
#include "llvm/Support/MemoryBuffer.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace mcad::test;

namespace mcad {
namespace {

std::string problem(ReportFormat Format, const Report &R) {
  std::string Text;
  raw_string_ostream OS(Text);
  Error E = printReport(Format, R, OS);
  EXPECT_EQ(bool(E), Text.empty());
  return E ? toString(std::move(E)) : "none";
}

constexpr ReportFormat All[] = {
    ReportFormat::Text,      ReportFormat::Json,      ReportFormat::Csv,
    ReportFormat::Callgrind, ReportFormat::Folded,    ReportFormat::Speedscope,
    ReportFormat::Perfetto,  ReportFormat::O3PipeView};

TEST(FormatTest, HasANameForEach) {
  for (const ReportFormat Format : All)
    EXPECT_EQ(formatFromName(formatName(Format)), Format);
  EXPECT_EQ(formatFromName("xml"), std::nullopt);
  EXPECT_EQ(formatNames(), "text, json, csv, callgrind, folded, speedscope, "
                           "perfetto or o3pipeview");
}

TEST(FormatTest, KnowsFormatsByTheEndingOfAFile) {
  EXPECT_EQ(formatFromExtension("a/r.txt"), ReportFormat::Text);
  EXPECT_EQ(formatFromExtension("r.json"), ReportFormat::Json);
  EXPECT_EQ(formatFromExtension("r.speedscope.json"), ReportFormat::Speedscope);
  EXPECT_EQ(formatFromExtension("r.perfetto.json"), ReportFormat::Perfetto);
  EXPECT_EQ(formatFromExtension("a.b/callgrind.out.7"),
            ReportFormat::Callgrind);
  EXPECT_EQ(formatFromExtension("r.o3pipeview"), ReportFormat::O3PipeView);
  EXPECT_EQ(formatFromExtension("r"), std::nullopt);
  EXPECT_EQ(formatFromExtension("r.csv.gz"), std::nullopt);
}

TEST(FormatTest, PrintsAnyFormatOfAReportThatHasAll) {
  for (const ReportFormat Format : All)
    EXPECT_EQ(problem(Format, smallReport()), "none");
}

TEST(FormatTest, RefusesWhatAReportHasNoDataFor) {
  const Report Bare = distinctReport(distinctRun());
  EXPECT_EQ(problem(ReportFormat::Text, Bare), "none");
  EXPECT_EQ(problem(ReportFormat::Json, Bare), "none");
  for (const ReportFormat Format :
       {ReportFormat::Csv, ReportFormat::Callgrind, ReportFormat::Folded,
        ReportFormat::Speedscope})
    EXPECT_EQ(problem(Format, Bare),
              "format " + formatName(Format).str() +
                  ": the report does not say whose the cycles are: it needs "
                  "the run of a program that was timed");
  Report NoTimeline = smallReport();
  NoTimeline.Traces[0].Attribution->Timeline.clear();
  for (const ReportFormat Format :
       {ReportFormat::Perfetto, ReportFormat::O3PipeView})
    EXPECT_EQ(problem(Format, NoTimeline),
              "format " + formatName(Format).str() +
                  ": the report has no timeline: ask for a stretch with "
                  "-timeline=<from>,<to>");
}

TEST(FormatTest, AListingWithATimelineIsNoProfile) {
  Report R = smallReport();
  R.Traces[0].Description.IsListing = true;
  EXPECT_EQ(problem(ReportFormat::Perfetto, R), "none");
  EXPECT_EQ(problem(ReportFormat::Csv, R),
            "format csv: the report does not say whose the cycles are: it "
            "needs the run of a program that was timed");
}

/// Whatever is missing from a profile, nothing crashes.
TEST(FormatTest, PrintsProfilesThatDoNotAddUp) {
  TraceReport Run = distinctRun();
  Run.Attribution = distinctProfile();
  for (const ReportFormat Format : All)
    EXPECT_EQ(problem(Format, distinctReport(Run)), "none");
}

/// To mend it, write the report there.
TEST(FormatTest, TheFileOfTheOtherTestsIsThisReport) {
  const auto File = MemoryBuffer::getFile(MCAD_TEST_INPUTS "/small.json");
  ASSERT_TRUE(bool(File));
  std::string Text;
  raw_string_ostream OS(Text);
  printJson(smallReport(), OS);
  EXPECT_EQ((*File)->getBuffer(), Text);
}

} // namespace
} // namespace mcad
