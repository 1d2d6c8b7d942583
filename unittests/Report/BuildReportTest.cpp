//===- BuildReportTest.cpp - counts held against each other ---------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/BuildReport.h"
#include "../Code/DefineBlock.h"
#include "../Target/MakeTarget.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace mcad::test;

namespace mcad {
namespace {

// x86: nop; add %rbx, %rax; bytes that are none in 64-bit mode.
const Bytes Nop{0x90}, Add{0x48, 0x01, 0xd8}, None{0x06};

/// Two streams of one program: stream 0 executes three blocks of two
/// instructions with one store, stream 1 one block of one with two loads.
class BuildReportTest : public testing::Test {
protected:
  const Target &T = target("x86_64-linux-gnu", "skylake");
  TraceDescription Description;
  TraceEnd End;
  Program Code{T};
  Lowering Model{T, std::nullopt};
  std::optional<Tally> Counts;
  std::vector<TimingCounters> Timing;
  std::string EngineProblem;

  BlockId define(GuestAddr Address, const std::vector<Bytes> &Insts,
                 bool InMainCode = true) {
    return defineBlock(Code, Address, Insts, InMainCode);
  }

  static TimingCounters timing(uint64_t Instructions, uint64_t Cycles,
                               uint64_t MicroOps) {
    TimingCounters C;
    C.Instructions = Instructions;
    C.Cycles = Cycles;
    C.MicroOps = MicroOps;
    return C;
  }

  /// A block with its accesses.
  struct Step {
    BlockId Block;
    std::vector<MemoryAccess> Accesses = {};
  };

  void run(uint32_t Stream, const std::vector<Step> &Steps) {
    SmallVector<uint16_t> Units;
    ExecutionWriter Out(Units);
    for (const Step &S : Steps) {
      Out.block(S.Block);
      for (const MemoryAccess &Access : S.Accesses)
        Out.access(Access);
    }
    Counts->consume({StreamId(Stream), Units});
  }

  void SetUp() override {
    const BlockId A = define(0x1000, {Nop, Add});
    const BlockId B = define(0x2000, {Add}, /*InMainCode=*/false);
    Counts.emplace(Code, /*Entry=*/0x1000);
    const MemoryAccess Load{0x10, 1, 0, false}, Store{0x10, 1, 0, true};
    run(1, {{B, {Load, Load}}});
    run(0, {{A}, {A, {Store}}, {A}});
    Timing = {timing(6, 10, 7), timing(1, 4, 2)};
    End.Totals = {{StreamId(0), 3, 6, 1}, {StreamId(1), 1, 1, 2}};
  }

  TraceReport build() {
    return buildTraceReport({Description,
                             End,
                             Code,
                             Model,
                             *Counts,
                             Timing,
                             /*DispatchWidth=*/6,
                             {},
                             EngineProblem});
  }

  /// The report's losses as "name count unit: sentence"; the report is complete
  /// if and only if there is none of severity Incomplete.
  std::vector<std::string> losses() {
    const TraceReport R = build();
    std::vector<std::string> Result;
    bool Complete = true;
    for (const Loss &L : R.Losses) {
      Result.push_back(L.Name + " " + std::to_string(L.Count) + " " + L.Unit +
                       ": " + L.Sentence);
      Complete &= L.How == Loss::Severity::Note;
    }
    EXPECT_EQ(R.isComplete(), Complete);
    return Result;
  }
};

using Losses = std::vector<std::string>;

//===--- complete ---------------------------------------------------------===//

TEST_F(BuildReportTest, IsCompleteIfAllCountsAgree) {
  EXPECT_EQ(losses(), Losses());
  EXPECT_TRUE(build().isComplete());
}

TEST_F(BuildReportTest, IsCompleteIfTheSourceHasNoSenderThatCounts) {
  End.Totals.reset();
  EXPECT_EQ(losses(), Losses());
  EXPECT_TRUE(build().isComplete());
}

TEST_F(BuildReportTest, IsCompleteIfAStreamExecutedNothing) {
  End.Totals->push_back({StreamId(2), 0, 0, 0});
  EXPECT_EQ(losses(), Losses());
  EXPECT_EQ(build().Streams.size(), 3u);
}

TEST_F(BuildReportTest, AddsUpStreams) {
  const TraceReport R = build();
  EXPECT_EQ(R.Executed, 7u);
  EXPECT_EQ(R.BlocksExecuted, 4u);
  EXPECT_EQ(R.BlocksDefined, 2u);
  EXPECT_EQ(R.Loads, 2u);
  EXPECT_EQ(R.Stores, 1u);
  EXPECT_EQ(R.RepeatIterations, 0u);
  EXPECT_EQ(R.ExecutedInMainCode, 6u);
  EXPECT_EQ(R.StartUp, 1u);
  EXPECT_EQ(R.Total.Instructions, 7u);
  EXPECT_EQ(R.Total.Cycles, 14u);
  EXPECT_EQ(R.Total.MicroOps, 9u);
  EXPECT_EQ(R.Total.DispatchWidth, 6u);
  EXPECT_EQ(R.Total.Iterations, 1u);
  ASSERT_EQ(R.Streams.size(), 2u);
  EXPECT_EQ(R.Streams[0].Executed, 6u);
  EXPECT_EQ(R.Streams[0].Cycles, 10u);
  EXPECT_EQ(R.Streams[0].Stores, 1u);
  EXPECT_EQ(R.Streams[1].Stream, 1u);
  EXPECT_EQ(R.Streams[1].MicroOps, 2u);
  EXPECT_EQ(R.Streams[1].Loads, 2u);
  ASSERT_TRUE(R.Streams[1].Sent.has_value());
  EXPECT_EQ(R.Streams[1].Sent->Accesses, 2u);
}

//===--- incomplete, each loss by itself ----------------------------------===//

TEST_F(BuildReportTest, IsIncompleteIfTheTraceWasCutShort) {
  End.Problem = "the peer hung up";
  EXPECT_EQ(losses(), Losses{"trace-cut-short 1 traces: the trace ends before "
                             "the program did: the peer hung up"});
  EXPECT_FALSE(build().isComplete());
}

TEST_F(BuildReportTest, IsIncompleteIfTheEngineGaveUp) {
  EngineProblem = "it is too long";
  Timing = {timing(2, 3, 2)};
  EXPECT_EQ(losses(), Losses{"simulation-cut-short 1 traces: it is too long"});
  EXPECT_FALSE(build().isComplete());
}

TEST_F(BuildReportTest, IsIncompleteIfTheSenderCountedMoreInstructions) {
  (*End.Totals)[0].Instructions = 8;
  EXPECT_EQ(losses(),
            Losses{"counts-disagree 2 instructions: stream 0: the sender "
                   "counted 8 instructions in 3 blocks, 6 in 3 arrived"});
}

TEST_F(BuildReportTest, IsIncompleteIfTheSenderCountedFewerInstructions) {
  (*End.Totals)[1].Instructions = 0;
  EXPECT_EQ(losses(),
            Losses{"counts-disagree 1 instructions: stream 1: the sender "
                   "counted 0 instructions in 1 blocks, 1 in 1 arrived"});
}

TEST_F(BuildReportTest, IsIncompleteIfTheSenderCountedOtherBlocks) {
  (*End.Totals)[0].Blocks = 4;
  EXPECT_EQ(losses(),
            Losses{"counts-disagree 0 instructions: stream 0: the sender "
                   "counted 6 instructions in 4 blocks, 6 in 3 arrived"});
  EXPECT_FALSE(build().isComplete());
}

TEST_F(BuildReportTest, IsIncompleteIfTheSenderCountedOtherAccesses) {
  (*End.Totals)[1].Accesses = 5;
  EXPECT_EQ(losses(),
            Losses{"accesses-disagree 3 memory accesses: stream 1: "
                   "the sender counted 5 memory accesses, 2 arrived"});
  (*End.Totals)[1].Accesses = 0;
  EXPECT_EQ(losses(),
            Losses{"accesses-disagree 2 memory accesses: stream 1: "
                   "the sender counted 0 memory accesses, 2 arrived"});
  EXPECT_FALSE(build().isComplete());
}

TEST_F(BuildReportTest, IsIncompleteIfTheSenderDoesNotNameAStream) {
  End.Totals->pop_back();
  EXPECT_EQ(
      losses(),
      Losses{"counts-disagree 1 instructions: stream 1: it executed 1 "
             "instructions here, but the sender's totals do not name it"});
  EXPECT_FALSE(build().isComplete());
}

TEST_F(BuildReportTest, IsIncompleteIfAStreamOfTheSenderNeverCame) {
  End.Totals->push_back({StreamId(2), 1, 7, 0});
  EXPECT_EQ(losses(),
            Losses{"counts-disagree 7 instructions: stream 2: the sender "
                   "counted 7 instructions in 1 blocks, 0 in 0 arrived"});
  EXPECT_FALSE(build().isComplete());
}

TEST_F(BuildReportTest, IsIncompleteIfTheEngineRetiredLessThanWasExecuted) {
  Timing[0].Instructions = 5;
  EXPECT_EQ(losses(),
            Losses{"engine-lost-instructions 1 instructions: stream 0: 6 "
                   "instructions were executed but 5 retired in the "
                   "simulation: please report this"});
  EXPECT_FALSE(build().isComplete());
}

TEST_F(BuildReportTest, NamesEveryLoss) {
  End.Problem = "the peer hung up";
  (*End.Totals)[0] = {StreamId(0), 9, 9, 9};
  Timing[1].Instructions = 0;
  EXPECT_EQ(losses().size(), 4u);
}

TEST_F(BuildReportTest, IsIncompleteIfOneTraceOfSeveralIs) {
  Report R;
  EXPECT_TRUE(R.isComplete());
  R.Traces.push_back(build());
  EXPECT_TRUE(R.isComplete());
  End.Problem = "the peer hung up";
  R.Traces.push_back(build());
  R.Traces.push_back(R.Traces.front());
  EXPECT_FALSE(R.isComplete());
}

//===--- notes ------------------------------------------------------------===//

TEST_F(BuildReportTest, NotesUnseenInstructionsOfAListingOnly) {
  Timing[0].UnseenInstructions = 2;
  Timing[0].UnseenMicroOps = 3;
  EXPECT_EQ(losses(), Losses());
  EXPECT_EQ(build().Total.MicroOps, 9u);

  Description.IsListing = true;
  const TraceReport R = build();
  ASSERT_EQ(R.Losses.size(), 1u);
  EXPECT_EQ(R.Losses[0].Name, "not-seen-to-retire");
  EXPECT_EQ(R.Losses[0].How, Loss::Severity::Note);
  EXPECT_EQ(R.Losses[0].Count, 2u);
  EXPECT_TRUE(R.isComplete());
  EXPECT_EQ(R.UnseenInstructions, 2u);
  EXPECT_EQ(R.Total.MicroOps, 6u);
}

//===--- what the model does not know -------------------------------------===//

TEST_F(BuildReportTest, ListsWhatIsNotModelledByOpcodeAndByPlace) {
  const BlockId A = define(0x3000, {None});
  const BlockId B = define(0x4000, {None, Nop, None});
  run(0, {{A}, {B}, {B}});
  const TraceReport R = build();
  EXPECT_EQ(R.Unmodelled, 5u);
  EXPECT_EQ(R.Undecoded, 5u);
  ASSERT_EQ(R.UnmodelledOpcodes.size(), 1u);
  EXPECT_EQ(R.UnmodelledOpcodes[0].Name, "");
  EXPECT_EQ(R.UnmodelledOpcodes[0].Reason,
            "the bytes are no instruction that LLVM can decode");
  EXPECT_EQ(R.UnmodelledOpcodes[0].Executions, 5u);
  EXPECT_EQ(R.UnmodelledOpcodes[0].Addresses, 3u);
  ASSERT_EQ(R.UnmodelledPlaces.size(), 3u);
  EXPECT_EQ(R.UnmodelledPlaces[0].Address, 0x4000u);
  EXPECT_EQ(R.UnmodelledPlaces[0].Bytes, None);
  EXPECT_EQ(R.UnmodelledPlaces[0].Text, "");
  EXPECT_EQ(R.UnmodelledPlaces[0].Executions, 2u);
  EXPECT_EQ(R.UnmodelledPlaces[1].Address, 0x4002u);
  EXPECT_EQ(R.UnmodelledPlaces[2].Address, 0x3000u);
  EXPECT_EQ(R.UnmodelledPlaces[2].Executions, 1u);
}

TEST_F(BuildReportTest, CutsTheListOfPlacesAndCountsThemAll) {
  std::vector<Step> Steps;
  for (uint32_t I = 0; I != 100; ++I)
    for (uint32_t Times = 0; Times <= I; ++Times) {
      if (!Times)
        define(0x10000 + I, {None});
      Steps.push_back({BlockId(2 + I)});
    }
  run(0, Steps);
  const TraceReport R = build();
  EXPECT_EQ(R.Unmodelled, 5050u);
  ASSERT_EQ(R.UnmodelledPlaces.size(), TopUnmodelled);
  EXPECT_EQ(R.UnmodelledPlaces.front().Executions, 100u);
  EXPECT_EQ(R.UnmodelledPlaces.back().Executions, 81u);
  EXPECT_EQ(R.UnmodelledOpcodes.front().Addresses, 100u);
}

//===--- Block RThroughput ------------------------------------------------===//

TEST_F(BuildReportTest, BoundsThroughputByDispatchOrTheBusiestResource) {
  // Skylake: 7 instructions ask for at most 4 cycles of four ports; dispatch
  // needs 9 micro-ops / 6.
  EXPECT_DOUBLE_EQ(build().Total.BlockRThroughput, 9.0 / 6);
  Timing[0].MicroOps = 58;
  EXPECT_DOUBLE_EQ(build().Total.BlockRThroughput, 60.0 / 6);
}

//===--- the target's part ------------------------------------------------===//

TEST(BuildReportTargetTest, NamesTheTargetAndTheModelThatIsReallyUsed) {
  const Report R =
      buildReport(target("aarch64-linux-gnu", "cortex-a76", {"+sve"}), "llvm");
  EXPECT_EQ(R.Triple, "aarch64-unknown-linux-gnu");
  EXPECT_EQ(R.Cpu, "cortex-a76");
  EXPECT_FALSE(R.CpuIsDefault);
  EXPECT_EQ(R.Features, "+sve");
  EXPECT_EQ(R.ModelOwner, "cortex-a57");
  EXPECT_EQ(R.ModelShared.front(), "cortex-a57");
  EXPECT_TRUE(R.IsOutOfOrder);
  EXPECT_EQ(R.Engine, "llvm");
  EXPECT_NE(R.Version, "");
  EXPECT_TRUE(R.Traces.empty());
}

} // namespace
} // namespace mcad
