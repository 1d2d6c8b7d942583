//===- PerfettoReportTest.cpp - timelines for Perfetto --------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/PerfettoReport.h"
#include "SmallReport.h"
#include "TextOf.h"
#include "llvm/Support/JSON.h"
#include "gtest/gtest.h"
#include <map>
#include <random>

using namespace llvm;
using namespace mcad::test;

namespace mcad {
namespace {

std::string printed(const Report &R) { return textOf(printPerfetto, R); }

TEST(PerfettoReportTest, HasASliceForEachInstructionAndStage) {
  EXPECT_EQ(printed(smallReport()), R"~({
 "displayTimeUnit": "ns",
 "otherData": {
  "clock": "one microsecond is one simulated cycle",
  "cpu": "skylake",
  "version": "mcad 1.2.3"
 },
 "traceEvents": [
  {"args":{"name":"stream 0"},"name":"process_name","ph":"M","pid":1,"tid":0},
  {"args":{"name":"lane 0"},"name":"thread_name","ph":"M","pid":1,"tid":0},
  {"args":{"address":"0x1000","function":"main","number":0,"source":"prog.cpp:5"},"cat":"instruction","dur":4,"name":"pushq %rbp","ph":"X","pid":1,"tid":0,"ts":0},
  {"cat":"stage","dur":1,"name":"port","ph":"X","pid":1,"tid":0,"ts":0},
  {"cat":"stage","dur":1,"name":"execute","ph":"X","pid":1,"tid":0,"ts":1},
  {"cat":"stage","dur":2,"name":"retire","ph":"X","pid":1,"tid":0,"ts":2},
  {"args":{"name":"lane 1"},"name":"thread_name","ph":"M","pid":1,"tid":1},
  {"args":{"address":"0x1001","function":"main","number":1,"source":"prog.cpp:6"},"cat":"instruction","dur":4,"name":"callq 0x1010","ph":"X","pid":1,"tid":1,"ts":0},
  {"cat":"stage","dur":1,"name":"operands","ph":"X","pid":1,"tid":1,"ts":0},
  {"cat":"stage","dur":1,"name":"execute","ph":"X","pid":1,"tid":1,"ts":1},
  {"cat":"stage","dur":2,"name":"retire","ph":"X","pid":1,"tid":1,"ts":2},
  {"args":{"name":"lane 2"},"name":"thread_name","ph":"M","pid":1,"tid":2},
  {"args":{"address":"0x1010","function":"twice(int)","number":2,"source":"twice.cpp:2"},"cat":"instruction","dur":4,"name":"leal (%rdi,%rdi), %eax","ph":"X","pid":1,"tid":2,"ts":1},
  {"cat":"stage","dur":1,"name":"port","ph":"X","pid":1,"tid":2,"ts":1},
  {"cat":"stage","dur":1,"name":"execute","ph":"X","pid":1,"tid":2,"ts":2},
  {"cat":"stage","dur":2,"name":"retire","ph":"X","pid":1,"tid":2,"ts":3},
  {"args":{"name":"lane 3"},"name":"thread_name","ph":"M","pid":1,"tid":3},
  {"args":{"address":"0x1013","function":"twice(int)","number":3,"source":"twice.cpp:2"},"cat":"instruction","dur":12,"name":"idivl %esi","ph":"X","pid":1,"tid":3,"ts":1},
  {"cat":"stage","dur":2,"name":"operands","ph":"X","pid":1,"tid":3,"ts":1},
  {"cat":"stage","dur":1,"name":"port","ph":"X","pid":1,"tid":3,"ts":3},
  {"cat":"stage","dur":7,"name":"execute","ph":"X","pid":1,"tid":3,"ts":4},
  {"cat":"stage","dur":2,"name":"retire","ph":"X","pid":1,"tid":3,"ts":11},
  {"args":{"name":"lane 4"},"name":"thread_name","ph":"M","pid":1,"tid":4},
  {"args":{"address":"0x1015","function":"twice(int)","number":4,"source":"twice.cpp:3"},"cat":"instruction","dur":11,"name":"retq","ph":"X","pid":1,"tid":4,"ts":2},
  {"cat":"stage","dur":2,"name":"port","ph":"X","pid":1,"tid":4,"ts":2},
  {"cat":"stage","dur":1,"name":"execute","ph":"X","pid":1,"tid":4,"ts":4},
  {"cat":"stage","dur":8,"name":"retire","ph":"X","pid":1,"tid":4,"ts":5}
 ]
}
)~");
}

/// As many instructions as overlap, at random.
TEST(PerfettoReportTest, SlicesOfALaneDoNotOverlap) {
  Report R = smallReport();
  std::vector<TimelineRow> &Rows = R.Traces[0].Attribution->Timeline;
  Rows.clear();
  std::mt19937_64 Random(1);
  uint64_t Cycle = 0;
  for (uint64_t Number = 0; Number != 500; ++Number) {
    Cycle += Random() % 3;
    const uint64_t Issued = Cycle + Random() % 9;
    const uint64_t Executed = Issued + Random() % 9;
    Rows.push_back({static_cast<uint32_t>(Random() % 2), Number, 0, Cycle,
                    Issued, Issued, Executed, Executed + Random() % 3});
  }
  const json::Value Json = cantFail(json::parse(printed(R)));
  std::map<std::pair<int64_t, int64_t>, int64_t> FreeFrom;
  size_t Instructions = 0;
  for (const json::Value &V : *Json.getAsObject()->getArray("traceEvents")) {
    const json::Object &Event = *V.getAsObject();
    if (Event.getString("cat") != "instruction")
      continue;
    ++Instructions;
    int64_t &Free =
        FreeFrom[{*Event.getInteger("pid"), *Event.getInteger("tid")}];
    EXPECT_GE(*Event.getInteger("ts"), Free);
    Free = *Event.getInteger("ts") + *Event.getInteger("dur");
  }
  EXPECT_EQ(Instructions, Rows.size());
}

} // namespace
} // namespace mcad
