//===- CallgrindReportTest.cpp - for KCachegrind --------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/CallgrindReport.h"
#include "SmallReport.h"
#include "TextOf.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace mcad::test;

namespace mcad {
namespace {

std::string printed(const Report &R) { return textOf(printCallgrind, R); }

TEST(CallgrindReportTest, HasSelfAndInclusiveCosts) {
  EXPECT_EQ(printed(smallReport()), R"~(# callgrind format
version: 1
creator: mcad 1.2.3
cmd: /bin/prog
desc: Simulated: skylake (x86_64-unknown-linux-gnu)
positions: instr line
event: Ir : Instructions executed
event: Cycles : Cycles simulated
events: Ir Cycles
summary: 49 301

ob=(1) /bin/prog
fl=(1) prog.cpp
fn=(1) main
0x1000 5 1 1
0x1001 6 10 10
cob=(1)
cfi=(2) twice.cpp
cfn=(2) twice(int)
calls=10 0x1010 2
0x1001 6 30 225
fi=(3) copy.h
0x1006 3 2 9
cob=(2) /lib/libc.so.6
cfi=(4) ???
cfn=(3) memcpy
calls=2 0x7000 0
0x1006 3 4 54
fe=(1)
0x100b 9 1 1

ob=(1)
fl=(2)
fn=(2)
0x1010 2 10 5
0x1013 2 10 210
0x1015 3 10 10

ob=(2)
fl=(4)
fn=(3)
0x7000 0 2 52
0x7002 0 2 2

ob=(3) ???
fl=(4)
fn=(4) 0x9000
0x9000 0 1 1

totals: 49 301
)~");
}

// callgrind_annotate takes the costs behind calls=0 for the caller's own.
TEST(CallgrindReportTest, AJumpIntoAFunctionIsOneCall) {
  Report R = smallReport();
  R.Traces[0].Attribution->Calls = {{0, 1, 0x1001, 0, 30, 225},
                                    {1, 0, 0x1015, 0, 0, 0}};
  const std::string Text = printed(R);
  EXPECT_TRUE(StringRef(Text).contains("calls=1 0x1010 2\n0x1001 6 30 225\n"));
  EXPECT_EQ(StringRef(Text).count("calls="), 1u);
}

TEST(CallgrindReportTest, KeepsCallsWhoseSiteDidNotRun) {
  Report R = smallReport();
  R.Traces[0].Attribution->Calls = {{1, NoIndex, 0x1012, 3, 4, 5}};
  EXPECT_TRUE(StringRef(printed(R))
                  .contains("0x1013 2 10 210\ncob=(2) ???\ncfi=(4) ???\n"
                            "cfn=(3) [unknown]\ncalls=3 0x0 0\n0x1012 0 4 "
                            "5\n0x1015 3 10 10\n"))
      << printed(R);
}

TEST(CallgrindReportTest, AddsUpTraces) {
  Report R = smallReport();
  R.Traces.push_back(R.Traces[0]);
  const std::string Text = printed(R);
  EXPECT_TRUE(StringRef(Text).contains("\nsummary: 98 602\n"));
  EXPECT_TRUE(StringRef(Text).ends_with("\ntotals: 98 602\n"));
}

TEST(CallgrindReportTest, KeepsAnUntrustedNameInItsLine) {
  Report R = smallReport();
  R.Traces[0].Attribution->Functions[0].Name = "f\nfn=(9) g";
  EXPECT_TRUE(StringRef(printed(R)).contains("\nfn=(1) f\\x0afn=(9) g\n"));
}

} // namespace
} // namespace mcad
