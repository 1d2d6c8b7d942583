//===- ReportFormatTest.cpp - the formats of a report --------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/ReportFormat.h"
#include "Report/JsonReport.h"
#include "Report/TextReport.h"
#include "gtest/gtest.h"

using namespace llvm;

namespace mcad {
namespace {

TEST(ReportFormatTest, NamesAndExtensions) {
  EXPECT_EQ(reportFormat("text"), ReportFormat::Text);
  EXPECT_EQ(reportFormat("json"), ReportFormat::Json);
  EXPECT_EQ(reportFormat("JSON"), std::nullopt);
  EXPECT_EQ(reportFormat(""), std::nullopt);
  EXPECT_EQ(reportFormatOfFile("a/b.json"), ReportFormat::Json);
  EXPECT_EQ(reportFormatOfFile("a.json/b.txt"), ReportFormat::Text);
  EXPECT_EQ(reportFormatOfFile("report"), ReportFormat::Text);
}

TEST(ReportFormatTest, EachIsWrittenByItsOwn) {
  Report R;
  R.Cpu = "cortex-a57";
  auto written = [&](auto Write) {
    std::string Text;
    raw_string_ostream OS(Text);
    Write(OS);
    return Text;
  };
  EXPECT_EQ(written([&](auto &OS) { writeReport(ReportFormat::Text, R, OS); }),
            written([&](auto &OS) { printText(R, OS); }));
  EXPECT_EQ(written([&](auto &OS) { writeReport(ReportFormat::Json, R, OS); }),
            written([&](auto &OS) { printJson(R, OS); }));
}

} // namespace
} // namespace mcad
