//===- BuildTimelineTest.cpp - a stretch, stage by stage ------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/BuildTimeline.h"
#include "../Code/X86Bytes.h"
#include "../Target/MakeTarget.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace mcad;
using namespace mcad::test;

namespace {

class BuildTimelineTest : public testing::Test {
protected:
  Program Code{target("x86_64-linux-gnu", "skylake")};
  Tally Counts{Code, 0};
  std::vector<InstructionTimes> Times;
  Profile Out;

  /// Executes \p Id in \p Stream; each instruction is dispatched one cycle
  /// after the one before it.
  void run(BlockId Id, uint32_t Stream = 0) {
    Counts.consume({StreamId(Stream), unitsOf(Id)});
    const CodeBlock &Block = Code.block(Id);
    for (uint32_t I = 0; I != Block.NumInstructions; ++I) {
      const uint64_t At = Times.size();
      Times.push_back({InstructionId(Block.FirstInstruction + I), At, At + 1,
                       At + 2, At + 3, At + 4});
    }
  }
  /// Instructions as a run's profile has them.
  void list(GuestAddr Address, const Bytes &B) {
    InstructionReport Row;
    Row.Address = Address;
    Row.Bytes = B;
    Out.Instructions.push_back(Row);
  }
  /// Of \p Stream from \p From, before \p To, of which \p Rows were noted.
  void build(uint32_t Stream, uint64_t From, uint64_t To,
             ArrayRef<InstructionTimes> Rows) {
    addTimeline({Code, Counts, Stream, {From, To}, Rows}, Out);
  }
  std::string problem() const {
    return Out.Problems.size() == 1 ? Out.Problems[0]
                                    : std::to_string(Out.Problems.size());
  }
};

TEST_F(BuildTimelineTest, NamesInstructionsByAddressAndBytes) {
  // Code that was changed, and the same instruction in two blocks.
  const BlockId Before = defineBlock(Code, 0x1000, {Nop, Nop, Return}),
                After = defineBlock(Code, 0x1000, {Nop, Return}),
                Part = defineBlock(Code, 0x1002, {Return});
  for (const BlockId Id : {Before, After, Part})
    run(Id);
  list(0x1000, Nop);
  list(0x1001, Nop);
  list(0x1001, Return);
  list(0x1002, Return);
  build(0, 1, 6, ArrayRef(Times).drop_front());
  ASSERT_EQ(Out.Timeline.size(), 5u);
  const uint32_t Rows[] = {1, 3, 0, 2, 3};
  for (size_t I = 0; I != 5; ++I) {
    EXPECT_EQ(Out.Timeline[I].Instruction, Rows[I]);
    EXPECT_EQ(Out.Timeline[I].Number, I + 1);
    EXPECT_EQ(Out.Timeline[I].Stream, 0u);
  }
  const TimelineRow &Last = Out.Timeline.back();
  EXPECT_EQ(Last.Dispatched, 5u);
  EXPECT_EQ(Last.Ready, 6u);
  EXPECT_EQ(Last.Issued, 7u);
  EXPECT_EQ(Last.Executed, 8u);
  EXPECT_EQ(Last.Retired, 9u);
  EXPECT_EQ(problem(), "0");
}

TEST_F(BuildTimelineTest, SaysWhatWasAskedForAndIsNotThere) {
  const BlockId Id = defineBlock(Code, 0x1000, {Nop, Return});
  run(Id);
  run(Id);
  build(0, 3, 9, ArrayRef(Times).drop_front(3));
  EXPECT_EQ(Out.Timeline.size(), 1u);
  EXPECT_EQ(problem(), "timeline: stream 0 ends with number 3: there is no "
                       "more to show up to 8");
  Out = {};
  build(0, 4, 9, {});
  EXPECT_EQ(problem(), "timeline: stream 0 executed 4 instructions, none of "
                       "number 4 or above");
  Out = {};
  build(1, 0, 9, {});
  EXPECT_EQ(problem(), "timeline: there is no stream 1: only stream 0 "
                       "executed anything");
  run(Id, /*Stream=*/1);
  Out = {};
  build(2, 0, 9, {});
  EXPECT_EQ(problem(), "timeline: there is no stream 2: 2 streams, from 0 on, "
                       "executed anything");
}

TEST_F(BuildTimelineTest, LeavesOutWhatHasNotRetiredAndSaysSo) {
  const BlockId Id = defineBlock(Code, 0x1000, {Nop, Return});
  run(Id);
  run(Id);
  Times[2].Retired = InstructionTimes::Never;
  // The engine gave up before the last one.
  build(0, 0, 4, ArrayRef(Times).take_front(3));
  EXPECT_EQ(Out.Timeline.size(), 2u);
  EXPECT_EQ(problem(), "timeline: 2 of the instructions asked for are missing: "
                       "the simulation ended before they retired");
}

TEST_F(BuildTimelineTest, OfAListingThereIsOnlyWhatItNeeds) {
  const BlockId Id = defineBlock(Code, 0, {Nop, Nop, Return});
  run(Id);
  run(Id);
  const Profile P = buildListingTimeline(
      {Code, Counts, 0, {2, 4}, ArrayRef(Times).slice(2, 2)}, 0);
  ASSERT_EQ(P.Instructions.size(), 3u);
  EXPECT_EQ(P.Instructions[2].Text, "retq");
  EXPECT_EQ(P.Instructions[2].Executions, 2u);
  ASSERT_EQ(P.Timeline.size(), 2u);
  EXPECT_EQ(P.Timeline[0].Instruction, 2u);
  EXPECT_EQ(P.Timeline[1].Instruction, 0u);
  EXPECT_EQ(P.Timeline[1].Number, 3u);
  EXPECT_TRUE(P.Functions.empty());
  EXPECT_TRUE(P.Problems.empty());
}

} // namespace
