//===- JsonReportTest.cpp - a report without loss -------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/JsonReport.h"
#include "DistinctReport.h"
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
    "schemaVersion": 1,
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
