//===- JsonReportTest.cpp - a report without loss -------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/JsonReport.h"
#include "DistinctReport.h"
#include "llvm/Support/JSON.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace mcad::test;

namespace mcad {
namespace {

/// \p R as JSON text and back.
json::Value parsed(const Report &R) {
  std::string Text;
  raw_string_ostream OS(Text);
  printJson(R, OS);
  EXPECT_EQ(Text.back(), '\n');
  return cantFail(json::parse(Text));
}

/// \p Expected, written as JSON.
json::Value expected(StringRef Expected) {
  return cantFail(json::parse(Expected));
}

json::Value trace(const Report &R) {
  return (*parsed(R).getAsObject()->getArray("traces"))[0];
}

TEST(JsonReportTest, HasTheSchemaVersion) {
  EXPECT_EQ(parsed(Report()).getAsObject()->getInteger("schemaVersion"),
            int64_t(ReportSchemaVersion));
}

TEST(JsonReportTest, HoldsEveryMemberOfTheReport) {
  json::Value Json = parsed(distinctReport(distinctRun()));
  (*Json.getAsObject())["traces"] = nullptr; // See below.
  EXPECT_EQ(Json, expected(R"({
    "schemaVersion": 3,
    "tool": "llvm-mcad",
    "version": "9.8.7",
    "target": {
      "triple": "armv7-unknown-linux-gnueabihf",
      "cpu": "cortex-a72",
      "cpuIsDefault": false,
      "features": "+neon",
      "modelOwner": "cortex-a57",
      "modelShared": ["cortex-a57", "cortex-a72"],
      "outOfOrder": true},
    "engine": "llvm",
    "model": null,
    "complete": false,
    "traces": null,
    "runTime": {"seconds": 0.25, "sources": ["127.0.0.1:4711"]}})"));
}

TEST(JsonReportTest, HoldsEveryMemberOfARun) {
  EXPECT_EQ(trace(distinctReport(distinctRun())), expected(R"({
    "description": {
      "kind": "run",
      "guestArch": "arm",
      "binaryPath": "/bin/guest",
      "buildId": "abcd",
      "loadBias": "0x1001",
      "codeStart": "0x1002",
      "codeEnd": "0x1003",
      "entry": "0x1004",
      "processId": 101,
      "parentProcessId": 102,
      "systemMode": false,
      "scope": "whole-process",
      "recorder": "relay 1",
      "recorderOptions": ["-a", "-b"],
      "hasMemoryAccesses": true},
    "complete": false,
    "losses": [
      {"name": "some-loss", "severity": "incomplete", "count": 103,
       "unit": "things", "sentence": "things are missing"},
      {"name": "some-note", "severity": "note", "count": 104,
       "unit": "guesses", "sentence": "things were guessed"}],
    "summary": {
      "iterations": 1,
      "instructions": 2000,
      "totalCycles": 3000,
      "totalMicroOps": 4000,
      "dispatchWidth": 5,
      "microOpsPerCycle": 1.3333333333333333,
      "ipc": 0.66666666666666663,
      "blockRThroughput": 6.5},
    "executed": 2007,
    "repeatIterations": 7,
    "blocksDefined": 108,
    "blocksExecuted": 109,
    "loads": 110,
    "stores": 111,
    "executedInMainCode": 1112,
    "startUpInstructions": 113,
    "unseenInstructions": 114,
    "unplacedCycles": 142,
    "unmodelled": {
      "executions": 115,
      "undecodedExecutions": 116,
      "topOpcodes": [
        {"opcode": "FROB", "reason": "no such unit", "executions": 117,
         "places": 118},
        {"opcode": "", "reason": "no instruction", "executions": 119,
         "places": 120}],
      "topPlaces": [
        {"address": "0x2001", "bytes": "dead", "text": "frob r0",
         "executions": 121},
        {"address": "0x2002", "bytes": "beef", "text": "",
         "executions": 122}]},
    "resources": [
      {"unit": "0", "resource": "UnitA", "cycles": 123},
      {"unit": "1.0", "resource": "UnitB", "cycles": 124}],
    "streams": [
      {"stream": 0, "blocks": 125, "executed": 126, "repeatIterations": 3,
       "loads": 128, "stores": 129, "cycles": 130, "microOps": 131,
       "sent": {"blocks": 132, "instructions": 133, "accesses": 134}},
      {"stream": 1, "blocks": 135, "executed": 136, "repeatIterations": 4,
       "loads": 138, "stores": 139, "cycles": 140, "microOps": 141}]})"));
}

TEST(JsonReportTest, HoldsEveryMemberOfTheSurroundings) {
  TraceReport Run = distinctRun();
  Run.Surroundings = distinctSurroundings();
  Report R = distinctReport(Run);
  R.Surroundings = distinctModel();
  EXPECT_EQ(*trace(R).getAsObject()->get("surroundings"), expected(R"({
    "hasData": true,
    "caches": [
      {"cache": "L1I", "accesses": 208, "misses": 52, "prefetches": 203,
       "writeBacks": 204},
      {"cache": "L1D", "accesses": 205, "misses": 51, "prefetches": 0,
       "writeBacks": 0}],
    "tlbs": [{"tlb": "DTLB", "accesses": 207, "misses": 69, "walks": 211}],
    "branches": {"conditional": 212, "taken": 213, "wrongDirections": 53,
      "indirect": 215, "wrongIndirect": 54, "returns": 217,
      "wrongReturns": 55, "unknownTargets": 219, "notFollowed": 220,
      "mispredictions": 162},
    "splitAccesses": 221,
    "forwardedLoads": 222,
    "partlyForwarded": 223,
    "lostCycles": {"core": 150, "l2": 151, "l3": 152, "memory": 153,
      "data-tlb": 154, "split": 155, "miss-limit": 156, "store": 157,
      "fetch-miss": 158, "fetch-tlb": 159, "mispredict": 160, "target": 161,
      "latency": 162, "operands": 163, "ports": 164, "other": 165},
    "worstData": [{"address": "0x3001", "text": "ldr r0", "executions": 251,
      "dataMisses": 252, "memoryMisses": 253, "dataCycles": 254,
      "fetchMisses": 255, "mispredictions": 256}],
    "worstFetch": [{"address": "0x3002", "text": "nop", "executions": 257,
      "dataMisses": 258, "memoryMisses": 259, "dataCycles": 260,
      "fetchMisses": 261, "mispredictions": 262}],
    "worstBranches": [{"address": "0x3003", "text": "bne", "executions": 263,
      "dataMisses": 264, "memoryMisses": 265, "dataCycles": 266,
      "fetchMisses": 267, "mispredictions": 268}]})"));
  EXPECT_EQ(*parsed(R).getAsObject()->get("model"), expected(R"({
    "name": "some-core", "description": "a core", "isGeneric": false,
    "file": "",
    "values": {"l1d.size": {"value": "32K", "source": "a manual"}}})"));
}

TEST(JsonReportTest, HoldsEveryMemberOfTheProfile) {
  TraceReport Run = distinctRun();
  Run.Attribution = distinctProfile();
  EXPECT_EQ(*trace(distinctReport(Run)).getAsObject()->get("attribution"),
            expected(R"json({
    "images": {"columns": ["path", "buildId", "loadBias"],
      "rows": [["/bin/guest", "abcd", "0x5000"],
               ["/lib/libc.so", "", "0x5001"]]},
    "functions": {
      "columns": ["name", "linkName", "image", "address", "sizeBytes", "calls",
        "instructions", "self", "inclusiveInstructions", "inclusiveCycles"],
      "rows": [
        ["main", "main", 0, "0x5010", 301, 302, 303,
         ["issue", 304, "memory", 305], 306, 307],
        ["f<int>(char)", "_Z1fIiEvc", 1, "0x5020", 308, 309, 310,
         ["issue", 311, "memory", 312], 313, 314],
        ["", "", null, "0x5030", 0, 315, 316, [], 317, 318]]
}
, "places" : [ [ 0, 1, 319, 0 ], [ 2, 3, 320, 321, 4, 5, 322, 323 ], [] ],
             "names"
    : [ "main", "main.c", "inlined", "f.h", "f<int>", "f.cpp" ],
      "instructions"
    : {
      "columns" : [
        "address", "bytes", "text", "function", "place", "executions", "cycles",
        "target"
      ],
      "rows" : [
        [
          "0x5010", "0102", "add\tr0, r1", 0, 0, 324,
          [ "issue", 325, "memory", 326 ], "0x0"
        ],
        [ "0x5012", "03", "bl\t0x5020", 0, null, 327, [], "0x5020" ],
        [ "0x5020", "", "", null, 1, 328, [ "issue", 329, "memory", 330 ], "0x0" ]
      ]
    },
      "blocks" : {
        "columns" : [
          "address", "numInstructions", "firstInstruction", "function",
          "executions", "cycles"
        ],
        "rows" : [
          [ "0x5010", 2, 0, 0, 331, [ "issue", 332, "memory", 333 ] ],
          [ "0x5020", 334, null, null, 335, [] ]
        ]
      },
                 "calls"
    : {
      "columns" :
          [ "caller", "callee", "site", "calls", "instructions", "cycles" ],
      "rows" : [
        [ 0, 1, "0x5012", 336, 337, 338 ], [ 1, null, "0x0", 339, 340, 341 ]
      ]
    },
      "contexts"
    : {
      "columns" : [
        "parent", "function", "stream", "site", "calls", "instructions", "self"
      ],
      "rows" : [[null, 0, 342, "0x0", 343, 344, ["issue", 345, "memory", 346]],
                [0, 1, 347, "0x5012", 348, 349, ["issue", 350, "memory", 351]],
                [1, null, 352, "0x5021", 353, 354, []]]
    },
      "regions" : {
        "columns" : [
          "description", "entries", "openEntries", "instructions", "cycles",
          "self", "entryCycles", "minimum", "median", "percentile90", "maximum",
          "histogram"
        ],
        "rows" : [
          [
            "hot loop", 355, 356, 357, [ "issue", 358, "memory", 359 ],
            [ "issue", 386, "memory", 387 ], 388, 360,
            361, 362, 363, [ 364, 365, 366, 367, 368, 369 ]
          ],
          [ "", 0, 0, 0, [], [], 0, 0, 0, 0, 0, [] ]
        ]
      },
                  "outside" : [ "issue", 370, "memory", 371 ],
                              "timeline"
    : {
      "columns" : [
        "stream", "number", "instruction", "dispatched", "ready", "issued",
        "executed", "retired"
      ],
      "rows" : [
        [ 372, 373, 0, 374, 375, 376, 377, 378 ],
        [ 379, 380, null, 381, 382, 383, 384, 385 ]
      ]
    },
      "problems" : [ "/lib/libc.so: it has no symbols", "another" ]
})json"));
}

TEST(JsonReportTest, HasARowOfTheProfileInALine) {
  TraceReport Run = distinctRun();
  Run.Attribution = distinctProfile();
  std::string Text;
  raw_string_ostream OS(Text);
  printJson(distinctReport(Run), OS);
  EXPECT_NE(Text.find("\n            [0,1,\"0x5012\",336,337,338],\n"),
            std::string::npos);
}

TEST(JsonReportTest, HoldsEveryMemberOfAListing) {
  const json::Value Json = trace(distinctReport(distinctListing()));
  const json::Object &O = *Json.getAsObject();
  EXPECT_EQ(*O.get("description"), expected(R"({"kind": "listing",
                         "region": "hot"})"));
  EXPECT_EQ(O.getBoolean("complete"), true);
  EXPECT_EQ(O.getObject("summary")->getInteger("iterations"), 10);
  EXPECT_EQ(*O.get("startUpInstructions"), json::Value(nullptr));
  EXPECT_EQ(*O.get("listing"),
            expected(R"([{"text": "add\tr0, r0", "unitCycles": [15, 0]},
                         {"text": "ret", "unitCycles": [0, 5]}])"));
}

TEST(JsonReportTest, TellsScopesApart) {
  TraceReport Run = distinctRun();
  Run.Description.Scope = TraceScope::MainCode;
  Run.Description.SystemMode = true;
  const json::Value Json = trace(distinctReport(Run));
  const json::Object &D = *Json.getAsObject()->getObject("description");
  EXPECT_EQ(D.getString("scope"), "main-code");
  EXPECT_EQ(D.getBoolean("systemMode"), true);
}

TEST(JsonReportTest, HoldsNumbersOf64Bits) {
  TraceReport Run = distinctRun();
  Run.Executed = ~uint64_t(0);
  Run.Description.Entry = 0xffffffff80000000;
  const json::Value Json = trace(distinctReport(Run));
  EXPECT_EQ(Json.getAsObject()->get("executed")->getAsUINT64(), ~uint64_t(0));
  EXPECT_EQ(Json.getAsObject()->getObject("description")->getString("entry"),
            "0xffffffff80000000");
}

TEST(JsonReportTest, IsValidWhateverAPeerCallsItself) {
  TraceReport Run = distinctRun();
  Run.Description.BinaryPath = "\xff\xfe\"\\\n\x1b[2J";
  Run.Description.RecorderOptions = {std::string("\0\x80", 2)};
  Run.Losses[0].Sentence = "\xc3";
  const json::Value Json = trace(distinctReport(Run));
  EXPECT_EQ(
      Json.getAsObject()->getObject("description")->getString("binaryPath"),
      "\xef\xbf\xbd\xef\xbf\xbd\"\\\n\x1b[2J");
}

TEST(JsonReportTest, IsTheSameForTheSameReport) {
  std::string First, Second;
  raw_string_ostream A(First), B(Second);
  printJson(distinctReport(distinctRun()), A);
  printJson(distinctReport(distinctRun()), B);
  EXPECT_EQ(First, Second);
}

} // namespace
} // namespace mcad
