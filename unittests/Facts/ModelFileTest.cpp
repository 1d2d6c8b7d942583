//===- ModelFileTest.cpp - models in JSON, and the presets ---------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Facts/ModelFile.h"
#include "../Target/MakeTarget.h"
#include "llvm/ADT/STLExtras.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace mcad::test;

namespace mcad {
namespace {

std::string refused(StringRef Json) {
  return refusal(parseModelFile(Json, "my.json"));
}

TEST(ModelFileTest, TakesValuesWithAndWithoutASource) {
  const ModelFile File = cantFail(parseModelFile(R"({
    "name": "mine", "description": "a test", "cpus": ["one", "two"],
    "sources": {"TRM": "a manual"},
    "values": {"l1d.size": "64K", "l1d.ways": [16, "TRM 6.1"],
               "l2.inclusive": true, "branch.predictor": "bimodal"}})",
                                                 "my.json"));
  EXPECT_EQ(File.Model.Name, "mine");
  EXPECT_EQ(File.Model.Description, "a test");
  EXPECT_EQ(File.Cpus, (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(File.Sources.lookup("TRM"), "a manual");
  EXPECT_EQ(File.Model.L1D.SizeBytes, 64u * 1024);
  EXPECT_EQ(File.Model.L1D.Ways, 16u);
  EXPECT_TRUE(File.Model.L2.IsInclusive);
  EXPECT_EQ(File.Model.Branches.Kind, PredictorKind::Bimodal);
  EXPECT_EQ(File.SourceOfKey.lookup("l1d.ways"), "TRM 6.1");
  EXPECT_EQ(File.sourceText("l1d.ways"), "a manual: 6.1");
  EXPECT_EQ(File.sourceText("l1d.size"), "");
}

TEST(ModelFileTest, WhatItLacksIsTheBases) {
  const ModelFile Generic = presetFor("no-such-cpu");
  const ModelFile Mine =
      cantFail(parseModelFile(R"({"values": {"l1d.latency": 5}})", "my.json"));
  EXPECT_EQ(Mine.Model.L1D.LatencyCycles, 5u);
  EXPECT_EQ(Mine.Model.L2.SizeBytes, Generic.Model.L2.SizeBytes);
  EXPECT_EQ(Mine.Model.Name, "my.json");
  EXPECT_TRUE(Mine.Cpus.empty());

  const ModelFile OnA53 = cantFail(
      parseModelFile(R"({"base": "cortex-a53", "values": {}})", "my.json"));
  const ModelFile A53 = presetFor("cortex-a53");
  for (const ModelField &Field : modelFields())
    EXPECT_EQ(Field.get(OnA53.Model), Field.get(A53.Model));
}

TEST(ModelFileTest, RefusesByFileKeyAndReason) {
  EXPECT_EQ(StringRef(refused("{")).substr(0, 9), "my.json: ");
  EXPECT_EQ(refused("[]"), "my.json: an object is wanted, { ... }");
  EXPECT_EQ(refused("{}"),
            "my.json: values: an object of keys and values is wanted");
  EXPECT_EQ(refused(R"({"values": [], "name": "x"})"),
            "my.json: values: an object of keys and values is wanted");
  EXPECT_EQ(refused(R"({"colour": 1, "values": {}})"),
            "my.json: colour: unknown: there are name, description, base, "
            "cpus, sources and values");
  EXPECT_EQ(refused(R"({"name": 7, "values": {}})"),
            "my.json: name: a string is wanted");
  EXPECT_EQ(refused(R"({"cpus": "one", "values": {}})"),
            "my.json: cpus: a list of names is wanted");
  EXPECT_EQ(refused(R"({"cpus": [1], "values": {}})"),
            "my.json: cpus: a string is wanted");
  EXPECT_EQ(refused(R"({"sources": 1, "values": {}})"),
            "my.json: sources: an object is wanted: short names and texts");
  EXPECT_EQ(refused(R"({"base": "z80", "values": {}})"),
            "my.json: base: there is no preset 'z80': -model=help lists them");
  EXPECT_EQ(refused(R"({"values": {"l1d.colour": 1}})"),
            "my.json: values: l1d.colour: no parameter of a model: -model=help "
            "lists them");
  EXPECT_EQ(refused(R"({"values": {"l1d.ways": "8"}})"),
            "my.json: l1d.ways: a whole number is wanted");
  EXPECT_EQ(refused(R"({"values": {"l1d.ways": 8.5}})"),
            "my.json: l1d.ways: a whole number is wanted");
  EXPECT_EQ(refused(R"({"values": {"l1d.ways": null}})"),
            "my.json: l1d.ways: a whole number is wanted");
  EXPECT_EQ(refused(R"({"values": {"l1d.ways": [8]}})"),
            "my.json: l1d.ways: beside the value a source is wanted, in "
            "quotes");
  EXPECT_EQ(refused(R"({"values": {"l1d.size": true}})"),
            "my.json: l1d.size: a size is wanted, like 32768 or \"32K\"");
  EXPECT_EQ(refused(R"({"values": {"l2.shared": 1}})"),
            "my.json: l2.shared: true or false is wanted");
  EXPECT_EQ(refused(R"({"values": {"l2.replacement": 1}})"),
            "my.json: l2.replacement: a name is wanted, in quotes");
  EXPECT_EQ(refused(R"({"values": {"l1d.ways": -4}})"),
            "my.json: l1d.ways: '-4' is not a whole number");
  EXPECT_EQ(refused(R"({"values": {"l1d.ways": 7}})"),
            "my.json: l1d.ways: 7 ways do not divide the 512 places of "
            "l1d.size");
}

TEST(ModelFileTest, ThePresetsAreThoseThatAreCalledFor) {
  for (StringRef Cpu :
       {"cortex-a53", "cortex-a55", "cortex-a57", "cortex-a72", "cortex-a76",
        "neoverse-n1", "neoverse-n2", "neoverse-v1", "cortex-m4", "cortex-m7",
        "skylake", "icelake-server", "znver3", "znver4", "sifive-u74", "pwr9"})
    EXPECT_EQ(presetFor(Cpu).Model.Name, Cpu.str());
  EXPECT_EQ(presetFor("cortex-x4").Model.Name, "generic");
}

TEST(ModelFileTest, EachPresetHasEveryValueAndSaysWhereItIsFrom) {
  std::vector<std::string> Cpus;
  for (const Preset &P : presets()) {
    Expected<ModelFile> File = parseModelFile(P.Json, P.Name);
    ASSERT_TRUE(bool(File)) << toString(File.takeError());
    EXPECT_EQ(File->Model.Name, P.Name.str());
    EXPECT_FALSE(File->Model.Description.empty());
    for (const std::string &Cpu : File->Cpus) {
      EXPECT_FALSE(is_contained(Cpus, Cpu)) << Cpu << " has two presets";
      Cpus.push_back(Cpu);
    }
    for (const ModelField &Field : modelFields()) {
      const std::string Source = File->SourceOfKey.lookup(Field.Key);
      ASSERT_FALSE(Source.empty()) << P.Name.str() << ": " << Field.Key.str();
      EXPECT_TRUE(File->Sources.contains(shortSource(Source)))
          << P.Name.str() << ": " << Field.Key.str() << ": " << Source;
    }
  }
}

} // namespace
} // namespace mcad
