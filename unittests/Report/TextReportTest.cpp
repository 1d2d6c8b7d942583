//===- TextReportTest.cpp - a report for people ---------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/TextReport.h"
#include "DistinctReport.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace mcad::test;

namespace mcad {
namespace {

std::string text(const Report &R) {
  std::string Text;
  raw_string_ostream OS(Text);
  printText(R, OS);
  return Text;
}

bool contains(StringRef Text, StringRef Part) { return Text.contains(Part); }

//===--- whole reports ----------------------------------------------------===//

TEST(TextReportTest, ShowsARun) {
  EXPECT_EQ(text(distinctReport(distinctRun())), R"(NOT COMPLETE:
  things are missing

Target:            armv7-unknown-linux-gnueabihf
CPU:               cortex-a72 with +neon
Scheduling model:  LLVM has none of its own for cortex-a72 and lends it that of cortex-a57, out of order
Around the core:   ideal: every access hits, every branch is predicted
Program:           /bin/guest (arm), process 101
Connected:         relay 1, options -a -b
Complete:          NO, see above
Counted:           the whole process, 55.41 % of it in the main executable
Start-up:          113 instructions (5.63 %) before the program's own entry point
Modelled:          94.27 % of the instructions; 115 simulated as one micro-op of one cycle, see below
Repeated:          7 further iterations of x86 rep instructions, each costed like the first
Executed:          2007 instructions as QEMU counts, every iteration one
Memory accesses:   110 loads, 111 stores

Iterations:        1
Instructions:      2000
Total Cycles:      3000
Total uOps:        4000

Dispatch Width:    5
uOps Per Cycle:    1.33
IPC:               0.67
Block RThroughput: 6.5


Threads (cycles add up to Total Cycles: processor time, not elapsed time):
[thread]   instructions         cycles    IPC
       0            123            130   0.95
       1            132            140   0.94


Resource pressure:
         cycles in use  of all cycles  resource
[0]                123         4.10 %  UnitA
[1.0]              124         4.13 %  UnitB


Not modelled (simulated as one micro-op of one cycle each):
   executions   places  opcode
          117      118  FROB: no such unit
          119      120  (undecoded): no instruction

   executions  address             instruction
          121  0x2001              frob r0
          122  0x2002              bytes beef

note: 104 guesses: things were guessed

Simulated by engine llvm in 0.25 s (0.01 million instructions per second), from 127.0.0.1:4711
)");
}

TEST(TextReportTest, ShowsWhatIsAroundTheCore) {
  TraceReport Run = distinctRun();
  Run.Surroundings = distinctSurroundings();
  Report R = distinctReport(Run);
  R.Surroundings = distinctModel();
  const std::string Text = text(R);
  EXPECT_NE(Text.find("\nAround the core:   preset some-core\n"),
            std::string::npos);
  const size_t From = Text.find("\n\nWhere the cycles went");
  ASSERT_NE(From, std::string::npos);
  EXPECT_EQ(Text.substr(From, Text.find("\n\nNot modelled") - From), R"(

Where the cycles went:
           cycles  of all cycles
              480        16.00 %  instructions retired
              150         5.00 %  nothing retired: latencies, ports and queues of the core
              151         5.03 %  waiting for data from L2
              152         5.07 %  waiting for data from L3
              153         5.10 %  waiting for data from memory
              154         5.13 %  waiting for the translation of data addresses
              155         5.17 %  waiting for the second line of accesses that straddle two
              156         5.20 %  waiting for room for another miss
              157         5.23 %  waiting for an older store of the same bytes
              158         5.27 %  waiting for instructions from L2 and beyond
              159         5.30 %  waiting for the translation of instruction addresses
              160         5.33 %  waiting for the right path after a misprediction
              161         5.37 %  waiting for fetch from the target of a taken branch
              162         5.40 %  waiting for the oldest instruction's own latency
              163         5.43 %  waiting for operands of the oldest instruction
              164         5.47 %  waiting for a port for the oldest instruction
              165         5.50 %  waiting for the pipeline to fill or to drain


Caches:
              accesses          misses  miss rate      MPKI
L1I                208              52    25.00 %     26.00  203 prefetched  204 written back
L1D                205              51    24.88 %     25.50
DTLB               207              69    33.33 %     34.50  211 page walks
222 loads from stores that may be in flight, 223 of them from several or only in part; 221 accesses that straddle two lines


Branches:
                           executed    mispredicted       rate      MPKI
conditional                     212              53    25.00 %     26.50
indirect                        215              54    25.12 %     27.00
return                          217              55    25.35 %     27.50
219 taken branches whose target was not in the BTB
220 branches after which the trace goes on elsewhere are not counted


Most cycles of latency beyond L1:
         cycles      executions  address             instruction
            254             251  0x3001              ldr r0


Most instruction cache misses:
         misses      executions  address             instruction
            261             257  0x3002              nop


Most mispredictions:
   mispredicted      executions  address             instruction
            268             263  0x3003              bne
)");
}

TEST(TextReportTest, SaysWhereTheModelIsFrom) {
  Report R = distinctReport(distinctRun());
  R.Surroundings = distinctModel();
  R.Surroundings->File = "my\x1b.json";
  EXPECT_NE(text(R).find("\nAround the core:   model some-core from "
                         "my\\x1b.json\n"),
            std::string::npos);
  R.Surroundings->File.clear();
  R.Surroundings->IsGeneric = true;
  EXPECT_NE(text(R).find("\nAround the core:   generic values: there is no "
                         "preset for cortex-a72, -model=<file> gives better "
                         "ones\n"),
            std::string::npos);
}

TEST(TextReportTest, SaysThatNothingWasTimed) {
  TraceReport Run = distinctRun();
  Run.Surroundings = distinctSurroundings();
  Run.Surroundings->HasData = false;
  Report R = distinctReport(Run);
  R.Engine = "none";
  const std::string Text = text(R);
  EXPECT_NE(Text.find("\nTotal Cycles:      not simulated (-engine=none)\n"),
            std::string::npos);
  EXPECT_NE(Text.find("\nCounted in 0.25 s"), std::string::npos);
  EXPECT_NE(Text.find("\nData caches are not simulated: memory accesses were "
                      "not recorded (-memory-accesses)\n"),
            std::string::npos);
  for (StringRef Timed : {"IPC", "Resource pressure", "cycles went"})
    EXPECT_FALSE(StringRef(Text).contains(Timed)) << Timed.str();
}

TEST(TextReportTest, ShowsAListing) {
  EXPECT_EQ(text(distinctReport(distinctListing())), R"(
[0] Code Region - hot

Iterations:        10
Instructions:      20
Total Cycles:      30
Total uOps:        40

Dispatch Width:    3
uOps Per Cycle:    1.33
IPC:               0.67
Block RThroughput: 2.5


Resources:
[0]   - UnitA
[1.0] - UnitB


Resource pressure per iteration:
[0]    [1.0]  
1.50   0.50   

Resource pressure by instruction:
[0]    [1.0]  Instructions:
1.50    -     add	r0, r0
 -     0.50   ret


Target:
Target:            armv7-unknown-linux-gnueabihf
CPU:               cortex-a72 with +neon
Scheduling model:  LLVM has none of its own for cortex-a72 and lends it that of cortex-a57, out of order
)");
}

//===--- completeness -----------------------------------------------------===//

TEST(TextReportTest, SaysThatItIsCompleteOnlyIfItIs) {
  TraceReport Run = distinctRun();
  EXPECT_TRUE(contains(text(distinctReport(Run)), "NOT COMPLETE"));
  EXPECT_FALSE(contains(text(distinctReport(Run)), "Complete:          yes"));
  Run.Losses.erase(Run.Losses.begin());
  EXPECT_FALSE(contains(text(distinctReport(Run)), "NOT COMPLETE"));
  EXPECT_TRUE(contains(text(distinctReport(Run)),
                       "Complete:          yes: 2007 instructions in 109 "
                       "blocks arrived, as many as the relay sent\n"));
  for (StreamReport &S : Run.Streams)
    S.Sent.reset();
  EXPECT_TRUE(contains(text(distinctReport(Run)), "Complete:          yes\n"));
}

TEST(TextReportTest, SaysFirstThatAListingIsNotComplete) {
  TraceReport Listing = distinctListing();
  Listing.Description.Region.reset();
  Listing.Losses = {{"x", Loss::Severity::Incomplete, 1, "y", "it broke"}};
  EXPECT_EQ(text(distinctReport(Listing)).substr(0, 26),
            "NOT COMPLETE:\n  it broke\n\n");
}

TEST(TextReportTest, DoesNotRoundAlmostAllUpToAll) {
  TraceReport Run = distinctRun();
  Run.Executed = 1'000'000;
  Run.Unmodelled = 1;
  EXPECT_TRUE(contains(text(distinctReport(Run)),
                       "Modelled:          > 99.99 % of the instructions"));
  Run.Unmodelled = 0;
  EXPECT_TRUE(contains(text(distinctReport(Run)),
                       "Modelled:          100.00 % of the instructions\n"));
}

//===--- what is there only sometimes -------------------------------------===//

TEST(TextReportTest, SaysSoIfTheModelIsTheCpusOwn) {
  Report R = distinctReport(distinctRun());
  R.ModelOwner = R.Cpu;
  EXPECT_TRUE(contains(text(R), "Scheduling model:  LLVM's for cortex-a72, "
                                "out of order\n"));
  R = distinctReport(distinctListing());
  EXPECT_TRUE(contains(text(R), "\nTarget:\n"));
  R.ModelOwner = R.Cpu;
  EXPECT_FALSE(contains(text(R), "\nTarget:\n"));
}

TEST(TextReportTest, SaysSoIfNobodyNamedTheCpu) {
  Report R = distinctReport(distinctRun());
  R.CpuIsDefault = true;
  EXPECT_TRUE(contains(
      text(R),
      "CPU:               cortex-a72 (by default: -mcpu= names another)"));
}

TEST(TextReportTest, SaysThatOnlyTheMainExecutableWasCounted) {
  TraceReport Run = distinctRun();
  Run.Description.Scope = TraceScope::MainCode;
  const std::string Text = text(distinctReport(Run));
  EXPECT_TRUE(contains(Text, "Counted:           the main executable only\n"));
  EXPECT_FALSE(contains(Text, "Start-up:"));
}

TEST(TextReportTest, LeavesOutWhatThereIsNothingOf) {
  TraceReport Run = distinctRun();
  Run.Streams.pop_back();
  Run.RepeatIterations = 0;
  Run.Unmodelled = 0;
  Run.StartUp.reset();
  Run.Description.HasMemoryAccesses = false;
  Run.Losses.clear();
  const std::string Text = text(distinctReport(Run));
  for (const char *Part : {"Threads", "Repeated:", "Not modelled",
                           "Start-up:", "Memory accesses:", "note:"})
    EXPECT_FALSE(contains(Text, Part)) << Part;
}

TEST(TextReportTest, NumbersTheRegionsOfSeveralListings) {
  Report R = distinctReport(distinctListing());
  R.Traces.push_back(distinctListing());
  R.Traces[1].Description.Region = "";
  const std::string Text = text(R);
  EXPECT_TRUE(contains(Text, "\n[0] Code Region - hot\n\n"));
  EXPECT_TRUE(contains(Text, "\n[1] Code Region\n\n"));
}

TEST(TextReportTest, ShowsAnEmptyTraceWithoutDividingByZero) {
  TraceReport Empty;
  const std::string Text = text(distinctReport(Empty));
  EXPECT_TRUE(contains(Text, "IPC:               0.00\n"));
  EXPECT_FALSE(contains(Text, "nan"));
  EXPECT_FALSE(contains(Text, "inf"));
}

//===--- strings that somebody else chose ---------------------------------===//

TEST(TextReportTest, EscapesControlCharactersOfUntrustedStrings) {
  std::string Hostile;
  for (int C = 0; C != 256; ++C)
    Hostile += char(C);
  TraceReport Run = distinctRun();
  TraceDescription &D = Run.Description;
  D.Name = D.GuestArch = D.BinaryPath = D.Recorder = Hostile;
  D.RecorderOptions = {Hostile, Hostile};
  Run.Losses[0].Sentence = Run.Losses[1].Sentence = Hostile;
  Run.UnmodelledPlaces[0].Text = Hostile;
  TraceReport Listing = distinctListing();
  Listing.Description.Name = Hostile;
  Listing.Description.Region = Hostile;
  Listing.Losses = Run.Losses;
  Listing.Listing = {{"ret", {0, 5}}};
  for (const TraceReport &Trace : {Run, Listing}) {
    const std::string Text = text(distinctReport(Trace));
    for (char C : Text)
      EXPECT_TRUE((C >= ' ' && C < 0x7f) || C == '\n') << int(C);
    EXPECT_TRUE(contains(Text, "\\x1b"));
    EXPECT_TRUE(contains(Text, "\\x7f"));
    EXPECT_TRUE(contains(Text, "\\x00"));
  }
}

TEST(TextReportTest, KeepsAnUntrustedStringInItsLine) {
  TraceReport Run = distinctRun();
  Run.Description.BinaryPath = "/bin/x\nComplete:          yes";
  EXPECT_TRUE(contains(text(distinctReport(Run)),
                       "Program:           /bin/x\\x0aComplete:"));
}

} // namespace
} // namespace mcad
