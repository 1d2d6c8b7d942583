//===- JsonOutputTest.cpp - JSON that a terminal may show -----------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/JsonOutput.h"
#include "llvm/Support/JSON.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace mcad;

namespace {

/// What comes of \p Text in pieces of \p Size.
std::string written(StringRef Text, size_t Size) {
  std::string Result;
  raw_string_ostream OS(Result);
  {
    JsonOutput Out(OS);
    for (; !Text.empty(); Text = Text.drop_front(std::min(Size, Text.size()))) {
      Out << Text.take_front(Size);
      Out.flush();
    }
  }
  return Result;
}

TEST(JsonOutputTest, EscapesWhatATerminalWouldObey) {
  for (size_t Size = 1; Size != 8; ++Size) {
    EXPECT_EQ(written("\"a\x7f\xc2\x9b"
                      "2J\xc2\x80\xc2\x9f\"",
                      Size),
              "\"a\\u007f\\u009b2J\\u0080\\u009f\"");
    EXPECT_EQ(written("\"\xc2\xa0\xc3\x9b\xc2\xbf\"", Size),
              "\"\xc2\xa0\xc3\x9b\xc2\xbf\"");
    EXPECT_EQ(written("\xc2", Size), "\xc2");
  }
}

TEST(JsonOutputTest, MeansTheSame) {
  const json::Value Name("\x1b[2J\x7f\xc2\x9b"
                         "31m\xe2\x82\xac\xc2\xa7");
  std::string Text;
  raw_string_ostream OS(Text);
  {
    JsonOutput Out(OS);
    json::OStream J(Out);
    J.value(Name);
  }
  for (const char C : StringRef("\x1b\x7f\x9b"))
    EXPECT_EQ(Text.find(C), std::string::npos);
  Expected<json::Value> Read = json::parse(Text);
  ASSERT_TRUE(bool(Read)) << toString(Read.takeError());
  EXPECT_EQ(*Read, Name);
}

} // namespace
