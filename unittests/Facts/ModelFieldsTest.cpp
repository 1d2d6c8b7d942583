//===- ModelFieldsTest.cpp - keys, values, and what is refused -----------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Facts/ModelFields.h"
#include "../Target/MakeTarget.h"
#include "gtest/gtest.h"
#include <set>

using namespace llvm;

namespace mcad {
namespace {

/// What setting \p Key to \p Value says; "" if it is taken.
std::string set(MachineModel &M, StringRef Key, StringRef Value) {
  Error E = setModelField(M, Key, Value);
  return E ? toString(std::move(E)) : "";
}

std::string set(StringRef Key, StringRef Value) {
  MachineModel M;
  return set(M, Key, Value);
}

/// What checkModel() says of a sensible model in which the pairs of \p Changes
/// are set.
std::string check(std::vector<std::pair<StringRef, StringRef>> Changes) {
  MachineModel M;
  for (auto [Key, Value] : std::vector<std::pair<StringRef, StringRef>>{
           {"l1i.size", "32K"},
           {"l1i.ways", "4"},
           {"l1d.size", "32K"},
           {"l1d.ways", "8"},
           {"l1d.latency", "4"},
           {"l2.size", "512K"},
           {"l2.ways", "8"},
           {"l2.latency", "12"},
           {"l3.size", "4M"},
           {"l3.ways", "16"},
           {"l3.latency", "40"},
           {"memory.latency", "200"},
           {"dtlb.entries", "64"},
           {"dtlb.ways", "4"},
           {"branch.predictor", "tage"},
           {"branch.history", "200"},
           {"branch.tagged_tables", "7"},
           {"branch.tagged_entries", "1024"},
           {"btb.entries", "4096"},
           {"btb.ways", "4"}})
    EXPECT_EQ(set(M, Key, Value), "");
  for (auto [Key, Value] : Changes)
    EXPECT_EQ(set(M, Key, Value), "");
  Error E = checkModel(M);
  return E ? toString(std::move(E)) : "";
}

TEST(ModelFieldsTest, KeysAreUniqueAndFound) {
  std::set<StringRef> Keys;
  for (const ModelField &Field : modelFields()) {
    EXPECT_TRUE(Keys.insert(Field.Key).second) << Field.Key.str();
    EXPECT_EQ(findModelField(Field.Key), &Field);
    EXPECT_FALSE(Field.Meaning.empty());
  }
  EXPECT_EQ(findModelField("l1d.colour"), nullptr);
}

TEST(ModelFieldsTest, EachFieldIsAMemberOfItsOwn) {
  for (const ModelField &Field : modelFields()) {
    MachineModel M;
    const uint64_t Other = Field.get(M) == Field.Max ? Field.Min : Field.Max;
    const MachineModel Defaults;
    Field.set(M, Other);
    for (const ModelField &Each : modelFields())
      EXPECT_EQ(Each.get(M), &Each == &Field ? Other : Each.get(Defaults))
          << Field.Key.str() << " changes " << Each.Key.str();
  }
}

TEST(ModelFieldsTest, TextIsWhatIsTaken) {
  MachineModel M;
  for (auto [Key, Value] : {std::pair<StringRef, StringRef>{"l1d.size", "48K"},
                            {"l3.size", "2M"},
                            {"l2.size", "1280K"},
                            {"l2.line", "64"},
                            {"l1d.ways", "12"},
                            {"l2.shared", "true"},
                            {"l3.replacement", "plru"},
                            {"branch.predictor", "last-direction"}}) {
    EXPECT_EQ(set(M, Key, Value), "");
    EXPECT_EQ(modelFieldText(*findModelField(Key), M), Value.str());
  }
  EXPECT_EQ(M.L1D.SizeBytes, 48u * 1024);
  EXPECT_EQ(M.L2.SizeBytes, 1280u * 1024);
  EXPECT_TRUE(M.L2.IsShared);
  EXPECT_EQ(M.L3.Policy, Replacement::Plru);
  EXPECT_EQ(M.Branches.Kind, PredictorKind::LastDirection);
}

TEST(ModelFieldsTest, RefusesByKeyAndReason) {
  EXPECT_EQ(set("l1d.colour", "3"), "l1d.colour: no parameter of a model: "
                                    "-model=help lists them");
  EXPECT_EQ(set("l1d.ways", "many"), "l1d.ways: 'many' is not a whole number");
  EXPECT_EQ(set("l1d.ways", "-1"), "l1d.ways: '-1' is not a whole number");
  EXPECT_EQ(set("l1d.ways", "4.5"), "l1d.ways: '4.5' is not a whole number");
  EXPECT_EQ(set("l1d.ways", ""), "l1d.ways: '' is not a whole number");
  EXPECT_EQ(set("l1d.ways", "4K"), "l1d.ways: '4K' is not a whole number");
  EXPECT_EQ(set("l1d.ways", "2000"),
            "l1d.ways: '2000' is not between 0 and 1024");
  EXPECT_EQ(set("l1d.size", "32KB"),
            "l1d.size: '32KB' is not a size in bytes, like 32768 or 32K");
  EXPECT_EQ(set("l1d.size", "99999999999999G"),
            "l1d.size: '99999999999999G' is not a size in bytes, like 32768 or "
            "32K");
  EXPECT_EQ(set("l1d.size", "4G"),
            "l1d.size: '4G' is not between 0 and 1073741824");
  EXPECT_EQ(set("l2.shared", "yes"),
            "l2.shared: 'yes' is neither true nor false");
  EXPECT_EQ(set("l2.replacement", "fifo"),
            "l2.replacement: 'fifo' is none of lru, plru, random");
  EXPECT_EQ(set("fetch.queue", "0"),
            "fetch.queue: '0' is not between 1 and 1024");
}

TEST(ModelFieldsTest, ASensibleModelAndNoneAtAllAreFine) {
  EXPECT_EQ(check({}), "");
  Error E = checkModel(MachineModel());
  EXPECT_FALSE(E) << toString(std::move(E));
}

TEST(ModelFieldsTest, RefusesWhatDoesNotFit) {
  EXPECT_EQ(check({{"l1d.ways", "7"}}),
            "l1d.ways: 7 ways do not divide the 512 places of l1d.size");
  EXPECT_EQ(check({{"l1d.ways", "0"}}),
            "l1d.ways: a set needs at least one way");
  EXPECT_EQ(check({{"l1d.size", "48K"}}),
            "l1d.size: 96 sets are not a power of two, which the index needs");
  EXPECT_EQ(check({{"l1i.line", "48"}}),
            "l1i.line: 48 bytes are not a power of two of at least 4");
  EXPECT_EQ(check({{"l2.size", "1000"}}),
            "l2.size: 1000 bytes are not a multiple of the line's 64");
  EXPECT_EQ(check({{"l1d.size", "48K"},
                   {"l1d.ways", "12"},
                   {"l1d.replacement", "plru"}}),
            "l1d.replacement: plru needs a power of two of at most 64 ways, "
            "not 12");
  EXPECT_EQ(check({{"l2.line", "32"}}),
            "l2.line: lines are shorter than those of the level above, 64 "
            "bytes");
  EXPECT_EQ(check({{"l3.size", "1G"}}),
            "l3.size: 16777216 lines are more than the 8388608 that are "
            "simulated");
  EXPECT_EQ(check({{"l2.latency", "3"}}),
            "l2.latency: 3 cycles are less than l1d.latency, 4");
  EXPECT_EQ(check({{"memory.latency", "39"}}),
            "memory.latency: 39 cycles are less than l3.latency, 40");
  EXPECT_EQ(check({{"l2.size", "0"}}),
            "l3.size: a third level needs a second, see l2.size");
  EXPECT_EQ(check({{"l2.shared", "true"}}),
            "l3.shared: what is behind a shared level is shared: true");
  EXPECT_EQ(check({{"page.size", "5000"}}),
            "page.size: 5000 is not a power of two, which the index needs");
  EXPECT_EQ(check({{"dtlb.entries", "48"}}),
            "dtlb.entries: 12 sets are not a power of two, which the index "
            "needs");
  EXPECT_EQ(check({{"btb.ways", "3"}}),
            "btb.ways: 3 ways do not divide the 4096 places of btb.entries");
  EXPECT_EQ(check({{"branch.table_entries", "1000"}}),
            "branch.table_entries: 1000 is not a power of two, which the index "
            "needs");
  EXPECT_EQ(check({{"branch.predictor", "gshare"}}),
            "branch.history: gshare looks at 64 bits at most");
  EXPECT_EQ(check({{"branch.tagged_tables", "0"}}),
            "branch.tagged_tables: tage needs at least one");
  EXPECT_EQ(check({{"branch.tagged_entries", "8"}}),
            "branch.tagged_entries: tage needs at least 16");
  EXPECT_EQ(check({{"branch.history", "20"}}),
            "branch.history: tage needs at least 4 bits for each of its tagged "
            "tables");
  EXPECT_EQ(check({{"l1d.stride_prefetch", "4"}, {"l1d.stride_entries", "3"}}),
            "l1d.stride_entries: 3 is not a power of two, which the index "
            "needs");
  // Also where nothing is predicted.
  EXPECT_EQ(check({{"branch.predictor", "none"}, {"btb.ways", "0"}}),
            "btb.ways: a set needs at least one way");
  EXPECT_EQ(check({{"indirect.entries", "3"}}),
            "indirect.entries: 3 is not a power of two, which the index needs");
}

} // namespace
} // namespace mcad
