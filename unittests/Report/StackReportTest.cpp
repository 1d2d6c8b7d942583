//===- StackReportTest.cpp - call stacks for flame graphs -----------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/StackReport.h"
#include "SmallReport.h"
#include "TextOf.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace mcad::test;

namespace mcad {
namespace {

std::string printed(const Report &R) { return textOf(printFolded, R); }

std::string speedscope(const Report &R) { return textOf(printSpeedscope, R); }

TEST(StackReportTest, FoldsStacks) {
  EXPECT_EQ(printed(smallReport()), R"~(stream0;main 21
stream0;main;twice(int) 225
stream0;main;memcpy 54
stream1;0x9000 1
)~");
}

TEST(StackReportTest, JoinsStacksThatDifferInTheirCallSitesOnly) {
  Report R = smallReport();
  ContextReport Again = R.Traces[0].Attribution->Contexts[1];
  Again.Site = 0x1006;
  R.Traces[0].Attribution->Contexts.push_back(Again);
  EXPECT_TRUE(StringRef(printed(R)).contains("stream0;main;twice(int) 450\n"));
}

TEST(StackReportTest, KeepsNamesApartFromTheFormat) {
  Report R = smallReport();
  R.Traces[0].Attribution->Functions[0].Name = "a;b\nc\xc2\x9b";
  R.Traces.push_back(smallReport().Traces[0]);
  EXPECT_TRUE(
      StringRef(printed(R)).starts_with(R"(trace0 stream0;a:b\x0ac\xc2\x9b 21
trace0 stream0;a:b\x0ac\xc2\x9b;twice(int) 225
)"));
}

TEST(StackReportTest, WritesSpeedscopesJson) {
  EXPECT_EQ(speedscope(smallReport()), R"~({
 "$schema": "https://www.speedscope.app/file-format-schema.json",
 "exporter": "mcad 1.2.3",
 "name": "/bin/prog on skylake, cycles",
 "shared": {
  "frames": [
   {
    "name": "main",
    "file": "prog.cpp"
   },
   {
    "name": "twice(int)",
    "file": "twice.cpp"
   },
   {
    "name": "memcpy"
   },
   {
    "name": "0x9000"
   }
  ]
 },
 "profiles": [
  {
   "type": "sampled",
   "name": "stream0",
   "unit": "none",
   "startValue": 0,
   "endValue": 300,
   "samples": [
    [0],
    [0,1],
    [0,2]
   ],
   "weights": [21,225,54]
  },
  {
   "type": "sampled",
   "name": "stream1",
   "unit": "none",
   "startValue": 0,
   "endValue": 1,
   "samples": [
    [3]
   ],
   "weights": [1]
  }
 ]
}
)~");
}

} // namespace
} // namespace mcad
