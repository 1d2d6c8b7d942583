//===- JsonReaderTest.cpp - a report read back ----------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/JsonReader.h"
#include "DistinctReport.h"
#include "Report/JsonReport.h"
#include "TextOf.h"
#include "llvm/Support/JSON.h"
#include "gtest/gtest.h"
#include <random>

using namespace llvm;
using namespace mcad::test;

namespace mcad {
namespace {

std::string printed(const Report &R) { return textOf(printJson, R); }

std::string problem(StringRef Text) {
  Expected<Report> R = readJson(Text, "r.json");
  return R ? "none" : toString(R.takeError());
}

/// Reports in which every member is other than its default.
std::vector<Report> reports() {
  TraceReport Run = distinctRun();
  Run.Description.Scope = TraceScope::MainCode;
  Run.Description.SystemMode = true;
  Run.Surroundings = distinctSurroundings();
  Run.Attribution = distinctProfile();
  Report Full = distinctReport(Run);
  Full.CpuIsDefault = true;
  Full.Surroundings = distinctModel();
  Full.Surroundings->IsGeneric = true;
  Full.Surroundings->File = "m.json";
  Full.Traces.push_back(distinctRun());
  Full.Traces.back().StartUp.reset();
  Full.Traces.back().Description.Region = "";
  Report Extreme = distinctReport(distinctRun());
  Extreme.Traces[0].Executed = ~uint64_t(0);
  Extreme.Traces[0].Description.Entry = ~uint64_t(0);
  Extreme.Seconds = 1.0 / 3;
  Extreme.Traces[0].Description.BinaryPath = "\xff\"\\\n\x1b[2J";
  Extreme.Traces[0].Attribution.emplace();
  return {Full, distinctReport(distinctListing()), Extreme, Report()};
}

TEST(JsonReaderTest, ReadsBackWhatWasWritten) {
  for (const Report &R : reports()) {
    const std::string Text = printed(R);
    Expected<Report> Again = readJson(Text, "r.json");
    ASSERT_TRUE(bool(Again)) << toString(Again.takeError());
    EXPECT_EQ(printed(*Again), Text);
  }
}

TEST(JsonReaderTest, KeepsMembersThatAreNotPrinted) {
  const Report Before = reports()[0];
  Expected<Report> R = readJson(printed(Before), "r.json");
  ASSERT_TRUE(bool(R)) << toString(R.takeError());
  EXPECT_EQ(R->Traces[0].Description.Name, Before.Traces[0].Description.Name);
  EXPECT_EQ(R->Traces[0].Total.ipc(), Before.Traces[0].Total.ipc());
  EXPECT_EQ(R->isComplete(), Before.isComplete());
  const Profile &P = *R->Traces[0].Attribution;
  EXPECT_EQ(P.Functions[2].Image, NoIndex);
  EXPECT_EQ(P.Places[1].Frames[1].File, "f.cpp");
}

//===--- random profiles --------------------------------------------------===//

class RandomProfile {
  std::mt19937_64 Random;

public:
  explicit RandomProfile(uint64_t Seed) : Random(Seed) {}

  uint64_t number() { return Random() >> (Random() % 64); }
  uint32_t number32() { return static_cast<uint32_t>(number()); }
  std::string text() {
    std::string Text(Random() % 9, ' ');
    for (char &C : Text)
      C = static_cast<char>(Random() % 4 ? Random() % 0x5f + 0x20
                                         : Random() % 0x20);
    return Text;
  }
  std::vector<uint8_t> bytes() {
    std::vector<uint8_t> Bytes(Random() % 4);
    for (uint8_t &B : Bytes)
      B = static_cast<uint8_t>(Random());
    return Bytes;
  }
  CausedCycles causes() {
    CausedCycles C = {};
    for (uint64_t &Cycles : C)
      Cycles = Random() % 2 ? 0 : number();
    return C;
  }
  uint32_t index(size_t Size) {
    return Size && Random() % 4 ? static_cast<uint32_t>(Random() % Size)
                                : NoIndex;
  }
  size_t size() { return Random() % 5; }

  Profile make() {
    Profile P;
    for (size_t I = size(); I; --I)
      P.Images.push_back({text(), text(), number()});
    for (size_t I = size(); I; --I)
      P.Functions.push_back({text(), text(), index(P.Images.size()), number(),
                             number(), number(), number(), causes(), number(),
                             number()});
    for (size_t I = size(); I; --I) {
      SourcePlace &Place = P.Places.emplace_back();
      for (size_t J = size(); J; --J)
        Place.Frames.push_back({text(), text(), number32(), number32()});
    }
    for (size_t I = size(); I; --I)
      P.Instructions.push_back({number(), bytes(), text(),
                                index(P.Functions.size()),
                                index(P.Places.size()), number(), causes()});
    for (size_t I = size(); I; --I) {
      const uint32_t First = index(P.Instructions.size());
      const uint32_t Most =
          First == NoIndex
              ? 9
              : static_cast<uint32_t>(P.Instructions.size()) - First;
      P.Blocks.push_back({number(), number32() % (Most + 1), First,
                          index(P.Functions.size()), number(), causes()});
    }
    for (size_t I = size(); I; --I)
      P.Calls.push_back({index(P.Functions.size()), index(P.Functions.size()),
                         number(), number(), number(), number()});
    for (size_t I = size(); I; --I)
      P.Contexts.push_back({index(P.Contexts.size()), index(P.Functions.size()),
                            number32(), number(), number(), number(),
                            causes()});
    for (size_t I = size(); I; --I) {
      P.Regions.push_back({text(),
                           number(),
                           number(),
                           number(),
                           causes(),
                           causes(),
                           number(),
                           number(),
                           number(),
                           number(),
                           number(),
                           {}});
      for (size_t J = size(); J; --J)
        P.Regions.back().Histogram.push_back({number(), number(), number()});
    }
    P.Outside = causes();
    for (size_t I = size(); I; --I)
      P.Timeline.push_back({number32(), number(), index(P.Instructions.size()),
                            number(), number(), number(), number(), number()});
    for (size_t I = size(); I; --I)
      P.Problems.push_back(text());
    return P;
  }
};

TEST(JsonReaderTest, ReadsBackAnyProfile) {
  for (uint64_t Seed = 0; Seed != 200; ++Seed) {
    SCOPED_TRACE(Seed);
    TraceReport Run = distinctRun();
    Run.Attribution = RandomProfile(Seed).make();
    const std::string Text = printed(distinctReport(Run));
    Expected<Report> Again = readJson(Text, "r.json");
    ASSERT_TRUE(bool(Again)) << toString(Again.takeError());
    EXPECT_EQ(printed(*Again), Text);
  }
}

//===--- what is refused --------------------------------------------------===//

/// \p Text with \p From, which it has, replaced once by \p To.
std::string with(std::string Text, StringRef From, StringRef To) {
  const size_t At = Text.find(From.str());
  EXPECT_NE(At, std::string::npos) << From.str();
  return At == std::string::npos ? Text
                                 : Text.replace(At, From.size(), To.str());
}

TEST(JsonReaderTest, RefusesWhatIsNoReport) {
  EXPECT_EQ(problem("{}"),
            "r.json: no report of llvm-mcad: write one with -report=json");
  EXPECT_EQ(problem("[3]"),
            "r.json: no report of llvm-mcad: write one with -report=json");
  EXPECT_EQ(problem(R"({"schemaVersion": 3, "tool": "other"})"),
            "r.json: no report of llvm-mcad: write one with -report=json");
  EXPECT_TRUE(StringRef(problem("")).starts_with("r.json: no JSON: "));
  EXPECT_TRUE(StringRef(problem("{")).starts_with("r.json: no JSON: "));
}

TEST(JsonReaderTest, RefusesAnotherSchemaVersionByItsNumber) {
  EXPECT_EQ(problem(R"({"schemaVersion": 2, "tool": "llvm-mcad"})"),
            "r.json: schema version 2, this program reads 3: write the report "
            "anew with the llvm-mcad of this version");
  EXPECT_EQ(problem(R"({"schemaVersion": 4, "tool": "llvm-mcad"})"),
            "r.json: schema version 4, this program reads 3: write the report "
            "anew with the llvm-mcad of this version");
}

TEST(JsonReaderTest, RefusesTextThatIsNestedWithoutEnd) {
  EXPECT_EQ(problem(std::string(1 << 20, '[')),
            "r.json: nested more deeply than any report: give the JSON report "
            "of llvm-mcad");
}

TEST(JsonReaderTest, BracketsInStringsAreNoNesting) {
  Report R = distinctReport(distinctRun());
  R.Version = std::string(100, '[') + "\"" + std::string(100, '{') + "\\";
  EXPECT_EQ(problem(printed(R)), "none");
}

TEST(JsonReaderTest, SaysWhereSomethingIsWrong) {
  const std::string Text = printed(reports()[0]);
  const struct {
    const char *From, *To, *Sentence;
  } Cases[] = {
      {"\"totalCycles\": 3000", "\"totalCycles\": \"3000\"",
       "traces[0].summary.totalCycles: a count is wanted"},
      {"\"totalCycles\": 3000", "\"totalCycles\": -1",
       "traces[0].summary.totalCycles: a count is wanted"},
      {"\"dispatchWidth\": 5", "\"dispatchWidth\": 4294967296",
       "traces[0].summary.dispatchWidth: a count below 2^32 is wanted"},
      {"\"blockRThroughput\": 6.5", "\"blockRThroughput\": 1e999",
       "traces[0].summary.blockRThroughput: a number is wanted"},
      {"\"executed\": 2007,", "", "traces[0].executed: a count is wanted"},
      {"\"0x1004\"", "\"1004\"",
       "traces[0].description.entry: an address is wanted, \"0x...\""},
      {"\"abcd\"", "\"abc\"",
       "traces[0].description.buildId: bytes are wanted, two hexadecimal "
       "digits each"},
      {"\"main-code\"", "\"all\"",
       "traces[0].description.scope: main-code or whole-process is wanted"},
      {"[0,1,\"0x5012\",336,337,338]", "[0,3,\"0x5012\",336,337,338]",
       "traces[0].attribution.calls.rows[0]: callee: null or an index below 3 "
       "is wanted"},
      {"[0,1,\"0x5012\",336,337,338]", "[0,1,\"0x5012\",336,337]",
       "traces[0].attribution.calls.rows[0]: an array of 6 columns is wanted"},
      {"[0,1,347,", "[1,1,347,",
       "traces[0].attribution.contexts.rows[1]: parent: null or an index "
       "below 1 is wanted"},
      {"[\"0x5010\",2,0,0,331,", "[\"0x5010\",4,0,0,331,",
       "traces[0].attribution.blocks.rows[0]: numInstructions: there are not "
       "so many from firstInstruction on"},
      {"[\"issue\",332,", "[\"issues\",332,",
       "traces[0].attribution.blocks.rows[0]: cycles: [cause, cycles, ...] is "
       "wanted"},
      {"[2,3,320,321,", "[2,6,320,321,",
       "traces[0].attribution.places[1]: an index of names below 6 is wanted"},
      {"[\"caller\",", "[\"from\",",
       "traces[0].attribution.calls.columns: caller is wanted as column 0"},
      {"\"127.0.0.1:4711\"", "\"a\",\"b\"",
       "runTime.sources: one for each of traces is wanted"},
  };
  for (const auto &C : Cases)
    EXPECT_EQ(problem(with(Text, C.From, C.To)),
              std::string("r.json: ") + C.Sentence);
}

TEST(JsonReaderTest, KeepsAHostileNameInItsLine) {
  const std::string Text = with(printed(reports()[0]), "\"l1d.size\": {",
                                "\"l1d\\n\\u001b.size\": {\"v\": 1, ");
  EXPECT_EQ(problem(with(Text, "\"value\": \"32K\"", "\"value\": 32")),
            "r.json: model.values.l1d\\x0a\\x1b.size.value: a string is "
            "wanted");
}

TEST(JsonReaderTest, TakesMembersAndColumnsThatWereAdded) {
  std::string Text = printed(reports()[0]);
  Text = with(Text, "\"engine\"", "\"later\": {\"a\": [1]}, \"engine\"");
  Text = with(Text, "\"calls\",\"instructions\",\"cycles\"]",
              "\"calls\",\"instructions\",\"cycles\",\"later\"]");
  Text = with(Text, "336,337,338]", "336,337,338,\"x\"]");
  EXPECT_EQ(problem(Text), "none");
}

TEST(JsonReaderTest, NeverCrashesOnATextThatWasCutOrChanged) {
  const std::string Whole = printed(reports()[0]);
  for (size_t Size = 0; Size < Whole.size(); Size += 7)
    EXPECT_NE(problem(StringRef(Whole).take_front(Size)), "");
  std::mt19937 Random(1);
  for (int I = 0; I != 2000; ++I) {
    std::string Text = Whole;
    for (unsigned N = Random() % 3 + 1; N; --N)
      Text[Random() % Text.size()] =
          "0123456789-[]{}\",:nulltrue\\ \xff"[Random() % 29];
    const std::string Problem = problem(Text);
    EXPECT_EQ(Problem.find('\n'), std::string::npos) << Problem;
  }
}

} // namespace
} // namespace mcad
