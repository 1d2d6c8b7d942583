//===- RegionManifestTest.cpp - which code is to be measured --------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Attribution/RegionManifest.h"
#include "gtest/gtest.h"

using namespace llvm;

namespace mcad {
namespace {

std::vector<RegionRequest> read(StringRef Text) {
  Expected<std::vector<RegionRequest>> Regions =
      parseRegionManifest(Text, "m.json");
  if (!Regions) {
    ADD_FAILURE() << toString(Regions.takeError());
    return {};
  }
  return std::move(*Regions);
}

std::string refusal(StringRef Text) {
  Expected<std::vector<RegionRequest>> Regions =
      parseRegionManifest(Text, "m.json");
  return Regions ? "" : toString(Regions.takeError());
}

TEST(RegionManifestTest, AFileAndItsSymbols) {
  const std::vector<RegionRequest> R = read(R"json({
    "regions": [
      {"symbol": "foo", "description": "all of \u0066oo"},
      {"symbol": "bar(int)", "offsets": [16, -8]}],
    "file": "libfoo.so.1"
})json");
  ASSERT_EQ(R.size(), 2u);
  EXPECT_EQ(R[0].Is, RegionRequest::By::Symbol);
  EXPECT_EQ(R[0].File, "libfoo.so.1");
  EXPECT_EQ(R[0].Symbol, "foo");
  EXPECT_EQ(R[0].Description, "all of foo");
  EXPECT_EQ(R[0].Begin, 0);
  EXPECT_EQ(R[0].End, 0);
  EXPECT_EQ(R[1].Description, "bar(int)");
  EXPECT_EQ(R[1].Begin, 16);
  EXPECT_EQ(R[1].End, -8);
}

TEST(RegionManifestTest, AddressesAreNumbersOrStrings) {
  const std::vector<RegionRequest> R =
      read(R"([{"start": 4264, "end": "0x10c0", "description": "here"},
               {"start": "0x20", "end": 64, "file": "x"}])");
  ASSERT_EQ(R.size(), 2u);
  EXPECT_EQ(R[0].Is, RegionRequest::By::Address);
  EXPECT_EQ(R[0].First, 4264u);
  EXPECT_EQ(R[0].Last, 0x10c0u);
  EXPECT_EQ(R[0].File, "");
  EXPECT_EQ(R[1].Description, "0x20-64");
  EXPECT_EQ(R[1].File, "x");
}

TEST(RegionManifestTest, LinesAndSeveralFiles) {
  const std::vector<RegionRequest> R =
      read(R"([{"lines": "a:b.c:10-20"}, {"lines": "c.c:7"},
               {"file": "x", "regions": [{"lines": "d.c:1-1"}]}])");
  ASSERT_EQ(R.size(), 3u);
  EXPECT_EQ(R[0].SourceFile, "a:b.c");
  EXPECT_EQ(R[0].FirstLine, 10u);
  EXPECT_EQ(R[0].LastLine, 20u);
  EXPECT_EQ(R[1].FirstLine, 7u);
  EXPECT_EQ(R[1].LastLine, 7u);
  EXPECT_EQ(R[1].Description, "c.c:7");
  EXPECT_EQ(R[2].File, "x");
}

TEST(RegionManifestTest, SaysWhereItIsWrong) {
  EXPECT_EQ(refusal("[\n  {\"symbol\": \"foo\",\n   \"ofsets\": [0, 0]}]"),
            "m.json:3:4: 'ofsets' is unknown here: there are symbol, offsets, "
            "start, end, lines, file, description");
  EXPECT_EQ(refusal("[{\"sym\\nbol\\u001b\": 1}]").substr(0, 30),
            "m.json:1:3: 'sym\\nbol\\033' is ");
  EXPECT_EQ(refusal("[{\"start\": 1, \"end\": \"x\"}]"),
            "m.json:1:22: a whole number is wanted, like 4264 or \"0x10a8\"");
  EXPECT_EQ(refusal("[\n{\"start\": 2, \"end\": 2}]"),
            "m.json:2:21: the end is the address behind the region's last "
            "instruction, and comes after its start");
  EXPECT_EQ(refusal("[{\"lines\": \"foo.c\"}]"),
            "m.json:1:12: lines of a source file are wanted, like "
            "\"sort.c:10-20\" or \"sort.c:10\"");
  for (const char *Lines : {":1", "x:0", "x:2-1", "x:a", "x:1-2-3", "x:-1"})
    EXPECT_NE(refusal("[{\"lines\": \"" + std::string(Lines) + "\"}]"), "")
        << Lines;
  EXPECT_EQ(refusal("{\"symbol\": 7}"),
            "m.json:1:12: a string is wanted that is not empty");
  EXPECT_EQ(refusal("{\"start\": 7}"),
            "m.json:1:1: 'start' and 'end' go together");
  EXPECT_EQ(refusal("[{\"symbol\": \"a\", \"lines\": \"b:1\"}]"),
            "m.json:1:2: one of 'symbol', 'start' with 'end', and 'lines' says "
            "where a region is");
  EXPECT_EQ(refusal("[{\"description\": \"a\"}]"),
            "m.json:1:2: one of 'symbol', 'start' with 'end', and 'lines' says "
            "where a region is");
  EXPECT_EQ(refusal("[{\"symbol\": \"a\", \"offsets\": [1]}]"),
            "m.json:1:29: two numbers are wanted: bytes behind the symbol's "
            "start, bytes behind its end, like [16, -8]");
  EXPECT_EQ(refusal("[7]"), "m.json:1:2: an object is wanted");
  EXPECT_EQ(refusal("[]"), "m.json:1:1: there is no region in it");
  EXPECT_EQ(refusal("{\"regions\": 7}"),
            "m.json:1:13: an array of regions is wanted");
  EXPECT_EQ(refusal("{\"symbol\": \"a\", \"symbol\": \"b\"}"),
            "m.json:1:17: 'symbol' is said twice");
}

TEST(RegionManifestTest, NothingButJson) {
  // YAML, all of these.
  for (const char *Text : {"", "- symbol: a", "{symbol: \"a\"}",
                           "[{\"symbol\": \"a\"},]", "# a\n[]"})
    EXPECT_TRUE(StringRef(refusal(Text)).starts_with("m.json: ")) << Text;
}

TEST(RegionManifestTest, AFileThatIsNotThere) {
  EXPECT_EQ(toString(readRegionManifest("/none/m.json").takeError()),
            "regions: '/none/m.json': cannot be read: No such file or "
            "directory");
}

} // namespace
} // namespace mcad
