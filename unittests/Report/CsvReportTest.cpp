//===- CsvReportTest.cpp - instructions as a table ------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/CsvReport.h"
#include "SmallReport.h"
#include "TextOf.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace mcad::test;

namespace mcad {
namespace {

std::string printed(const Report &R) { return textOf(printCsv, R); }

TEST(CsvReportTest, HasARowForEachInstruction) {
  EXPECT_EQ(
      printed(smallReport()),
      R"~(trace,function,image,address,file,line,text,executions,cycles,issue,l2,l3,memory,data-tlb,split,miss-limit,store,fetch-miss,fetch-tlb,mispredict,target,latency,operands,ports,other
0,main,/bin/prog,0x1000,prog.cpp,5,pushq %rbp,1,1,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0
0,main,/bin/prog,0x1001,prog.cpp,6,callq 0x1010,10,10,10,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0
0,main,/bin/prog,0x1006,copy.h,3,callq 0x7000,2,9,1,0,0,0,0,0,0,0,8,0,0,0,0,0,0,0
0,main,/bin/prog,0x100b,prog.cpp,9,retq,1,1,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0
0,twice(int),/bin/prog,0x1010,twice.cpp,2,"leal (%rdi,%rdi), %eax",10,5,5,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0
0,twice(int),/bin/prog,0x1013,twice.cpp,2,idivl %esi,10,210,10,0,0,0,0,0,0,0,0,0,0,0,200,0,0,0
0,twice(int),/bin/prog,0x1015,twice.cpp,3,retq,10,10,10,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0
0,memcpy,/lib/libc.so.6,0x7000,,,rep movsb,2,52,2,0,0,50,0,0,0,0,0,0,0,0,0,0,0,0
0,memcpy,/lib/libc.so.6,0x7002,,,retq,2,2,2,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0
0,0x9000,,0x9000,,,,1,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1
)~");
}

TEST(CsvReportTest, QuotesWhatNeedsIt) {
  Report R = smallReport();
  Profile &P = *R.Traces[0].Attribution;
  P.Functions[0].Name = "f<int, int>";
  P.Places[0].Frames[0].File = "a \"b\".c";
  P.Instructions.resize(1);
  P.Instructions[0].Text = "two\nlines, \x1b[2J";
  const std::string Text = printed(R);
  const StringRef Row = StringRef(Text).split('\n').second;
  EXPECT_TRUE(
      Row.starts_with("0,\"f<int, int>\",/bin/prog,0x1000,\"a "
                      "\"\"b\"\".c\",5,\"two\\x0alines, \\x1b[2J\",1,1,1,0,"))
      << Row.str();
}

TEST(CsvReportTest, NumbersTheTraces) {
  Report R = smallReport();
  R.Traces.push_back(R.Traces[0]);
  R.Traces[0].Attribution.reset();
  const std::string Text = printed(R);
  EXPECT_TRUE(StringRef(Text).contains("\n1,main,"));
  EXPECT_FALSE(StringRef(Text).contains("\n0,main,"));
}

} // namespace
} // namespace mcad
