//===- TextProfileTest.cpp - where the cycles went, for people ------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/TextReport.h"
#include "SmallReport.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace mcad::test;

namespace mcad {
namespace {

std::string printed(const Report &R, const TextOptions &Options = {}) {
  std::string Text;
  raw_string_ostream OS(Text);
  printText(R, OS, Options);
  return Text;
}

bool contains(StringRef Text, StringRef Part) { return Text.contains(Part); }

TEST(TextProfileTest, SaysWhereTheCyclesWent) {
  const std::string Text = printed(smallReport());
  const size_t From = Text.find("\n\nWhere the cycles went");
  ASSERT_NE(From, std::string::npos);
  EXPECT_EQ(Text.substr(From, Text.find("\n\nThreads (") - From),
            R"~(

Where the cycles went:
           cycles    share
              200   66.4 %  #################         waiting for the oldest instruction's own latency
               50   16.6 %  ####                      waiting for data from memory
               42   14.0 %  ####                      instructions retired
                8    2.7 %  #                         waiting for instructions from L2 and beyond
                1    0.3 %                            waiting for the pipeline to fill or to drain


Functions that cost most:
       own cycles      share     with callees      share         calls    IPC  function
              225    74.75 %              225    74.75 %            10   0.13  twice(int) (prog)
               54    17.94 %               54    17.94 %             2   0.07  memcpy (libc.so.6)
               21     6.98 %              300    99.67 %             1   0.67  main (prog)
                1     0.33 %                1     0.33 %             1   1.00  0x9000


Source lines that cost most:
           cycles      share  main cause  line
              215    71.43 %  latency     twice.cpp:2 in twice(int)
               10     3.32 %  issue       prog.cpp:6 in main
               10     3.32 %  issue       twice.cpp:3 in twice(int)
                9     2.99 %  fetch-miss  copy.h:3 in copy
                1     0.33 %  issue       prog.cpp:5 in main
                1     0.33 %  issue       prog.cpp:9 in main
               55    18.27 %  [no line known]


Blocks that cost most:
           cycles      share      executions  per execution  instructions  main cause  address             in
              225    74.75 %              10          22.50             3  latency     0x1010              twice(int) (prog)
               54    17.94 %               2          27.00             2  memory      0x7000              memcpy (libc.so.6)
                9     2.99 %               9           1.00             1  issue       0x1001              main (prog)
                9     2.99 %               2           4.50             1  fetch-miss  0x1006              main (prog)
                2     0.66 %               1           2.00             2  issue       0x1000              main (prog)
                1     0.33 %               1           1.00             1  issue       0x100b              main (prog)
                1     0.33 %               1           1.00             1  other       0x9000              0x9000


Regions:
           cycles      share      entries   of one: min       median          p90          max         mean  region
               54    17.94 %            2            4            4           50           50         27.0  the copy
              247    82.06 %  [outside]

Entries of the copy by their cycles:
           0 .. 31                      1  ##################################################
          32 .. 63                      1  ##################################################
)~");
}

TEST(TextProfileTest, StandsBeforeAllElse) {
  const std::string Text = printed(smallReport());
  EXPECT_LT(Text.find("Complete:"), Text.find("Total Cycles:"));
  EXPECT_LT(Text.find("Total Cycles:"), Text.find("Where the cycles went"));
  EXPECT_LT(Text.find("Blocks that cost"), Text.find("Resource pressure"));
}

TEST(TextProfileTest, SaysItOnce) {
  Report R = smallReport();
  R.Traces[0].Surroundings.emplace().LostCycles[0] = 7;
  const std::string Text = printed(R);
  EXPECT_EQ(StringRef(Text).count("Where the cycles went"), 1u);
  EXPECT_TRUE(contains(Text, "\nBranches:\n"));
}

TEST(TextProfileTest, AnnotatesTheHottest) {
  TextOptions Options;
  Options.AnnotateHottest = true;
  const std::string Text = printed(smallReport(), Options);
  const size_t From = Text.find("\n\ntwice(int) (prog): ");
  ASSERT_NE(From, std::string::npos);
  EXPECT_EQ(Text.substr(From, Text.find("\n\nTimeline view") - From),
            R"~(

twice(int) (prog): 225 cycles of its own (74.75 % of all):
     executions           cycles  per execution      share  main cause  address             instruction
                                                                                            twice.cpp:2
             10                5           0.50     2.22 %  issue       0x1010              leal (%rdi,%rdi), %eax
             10              210          21.00    93.33 %  latency     0x1013              idivl %esi
                                                                                            twice.cpp:3
             10               10           1.00     4.44 %  issue       0x1015              retq


memcpy (libc.so.6): 54 cycles of its own (17.94 % of all):
     executions           cycles  per execution      share  main cause  address             instruction
              2               52          26.00    96.30 %  memory      0x7000              rep movsb
              2                2           1.00     3.70 %  issue       0x7002              retq


main (prog): 21 cycles of its own (6.98 % of all):
     executions           cycles  per execution      share  main cause  address             instruction
                                                                                            prog.cpp:5
              1                1           1.00     4.76 %  issue       0x1000              pushq %rbp
                                                                                            prog.cpp:6
             10               10           1.00    47.62 %  issue       0x1001              callq 0x1010  > 0x1010 twice(int) (prog)
                                                                                            copy.h:3, inlined at prog.cpp:7
              2                9           4.50    42.86 %  fetch-miss  0x1006              callq 0x7000  > 0x7000 memcpy (libc.so.6)
                                                                                            prog.cpp:9
              1                1           1.00     4.76 %  issue       0x100b              retq


0x9000: 1 cycles of its own (0.33 % of all):
     executions           cycles  per execution      share  main cause  address             instruction
              1                1           1.00   100.00 %  other       0x9000              (undecoded)
)~");
}

TEST(TextProfileTest, AnnotatesTheFunctionsThatAreNamed) {
  for (const char *Name : {"twice", "twice(int)", "_Z5twicei"}) {
    const std::string Text = printed(smallReport(), {{Name}, false});
    EXPECT_TRUE(contains(Text, "\n\ntwice(int) (prog): 225 cycles"));
    EXPECT_FALSE(contains(Text, "\n\nmain (prog): "));
  }
  EXPECT_TRUE(contains(printed(smallReport(), {{"no\nne"}, false}),
                       "\n\nno\\x0ane: no function of that name ran\n"));
}

TEST(TextProfileTest, TablesThatAreCutAddUp) {
  Report R = smallReport();
  Profile &P = *R.Traces[0].Attribution;
  P.Functions.clear();
  for (uint64_t I = 0; I != 14; ++I) {
    FunctionReport &F = P.Functions.emplace_back();
    F.Name = "f" + std::to_string(I);
    F.Self[0] = I + 1;
  }
  // 1 + 2 + 3 + 4
  EXPECT_TRUE(contains(printed(R), "               10     3.32 %  "
                                   "[4 more functions]\n"));
}

TEST(TextProfileTest, CutsLongNamesAndEscapesHostileOnes) {
  Report R = smallReport();
  Profile &P = *R.Traces[0].Attribution;
  P.Functions[0].Name = std::string(100, 'a') + "(int)";
  P.Functions[1].Name = "\x1b[2J";
  P.Places[4].Frames[0].Function = P.Places[4].Frames[0].File = "\x1b\n";
  P.Regions[0].Description = P.Instructions[5].Text = P.Problems[0] = "\x1b";
  P.Images[0].Path = "/bin/\x1b";
  TextOptions Options;
  Options.AnnotateHottest = true;
  const std::string Text = printed(R, Options);
  EXPECT_TRUE(contains(Text, std::string(30, 'a') + "…" + std::string(24, 'a') +
                                 "(int) ("));
  EXPECT_FALSE(contains(Text, "\x1b"));
  EXPECT_TRUE(contains(Text, "\\x1b[2J (\\x1b)"));
}

} // namespace
} // namespace mcad
