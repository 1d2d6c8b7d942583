//===- WatchedStretchTest.cpp - a stretch, stage by stage -----------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// That both engines tell the same is DifferentialTest's matter.
//
//===----------------------------------------------------------------------===//

#include "Timing/WatchedStretch.h"
#include "Assembly.h"
#include "Timing/Fast/FastEngine.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace mcad::test;

namespace mcad {
namespace {

TEST(WatchedStretchTest, NotesWhatIsInItAndNothingElse) {
  WatchedStretch W({2, 4});
  W.name(0, 10, 3); // 10 to 12 are numbers 0 to 2.
  W.name(3, 20, 5);
  W.name(8, 30, 1);
  ASSERT_EQ(W.rows().size(), 2u);
  EXPECT_EQ(index(W.rows()[0].Instruction), 12u);
  EXPECT_EQ(index(W.rows()[1].Instruction), 20u);
  for (const uint64_t Number : {1, 2, 3, 4}) {
    EXPECT_EQ(W.isOver(), Number == 4);
    W.dispatched(Number, 10 * Number);
    W.ready(Number, 10 * Number + 1);
    W.issued(Number, 10 * Number + 2);
    W.executed(Number, 10 * Number + 3);
    W.retired(Number, 10 * Number + 4);
  }
  EXPECT_TRUE(W.isOver());
  const InstructionTimes Expected{InstructionId(12), 20, 21, 22, 23, 24};
  EXPECT_EQ(W.rows()[0], Expected);
  EXPECT_EQ(W.rows()[1].Retired, 34u);
}

TEST(WatchedStretchTest, TheFirstPartOfOneThatComesInPartsIsItsDispatch) {
  WatchedStretch W({0, 1});
  W.name(0, 0, 1);
  W.dispatched(0, 5);
  W.dispatched(0, 6);
  EXPECT_EQ(W.rows()[0].Dispatched, 5u);
  EXPECT_EQ(W.rows()[0].Retired, InstructionTimes::Never);
}

TEST(WatchedStretchTest, OverlapsWhatIsPartlyInIt) {
  const WatchedStretch W({10, 20});
  EXPECT_FALSE(W.overlaps(0, 10));
  EXPECT_TRUE(W.overlaps(0, 11));
  EXPECT_TRUE(W.overlaps(19, 5));
  EXPECT_FALSE(W.overlaps(20, 5));
}

// What is far off is reached by what is remembered, and remembered behind it.
TEST(WatchedStretchTest, OnlyTheStretchIsSimulatedPlainly) {
  const Target &T = target("aarch64-linux-gnu", "cortex-a57");
  Assembly A(T);
  Lowering L(T, std::nullopt);
  const BlockId Id = A.block("ldr x0, [x1]\nadd x0, x0, x2\nstr x0, [x3]");
  SmallVector<uint16_t> Units;
  ExecutionWriter W(Units);
  for (unsigned I = 0; I != 100000; ++I)
    W.block(Id);
  FastEngine Engine(A.program(), L, {}, TimingEngine::Detail::Totals);
  Engine.watch({150001, 150011});
  // In two batches: the stretch is over when the second comes.
  for (const ArrayRef<uint16_t> Part :
       {ArrayRef(Units).take_front(60000), ArrayRef(Units).drop_front(60000)})
    cantFail(Engine.consume({StreamId(0), Part}, {}));
  cantFail(Engine.finish());
  ASSERT_EQ(Engine.watched().size(), 10u);
  for (const InstructionTimes &Row : Engine.watched())
    EXPECT_NE(Row.Retired, InstructionTimes::Never);
  // Three instructions a block; the first that is watched is its block's
  // second.
  EXPECT_EQ(index(Engine.watched()[0].Instruction), 1u);
  EXPECT_EQ(index(Engine.watched()[9].Instruction), 1u);
  const FastEngineCounters C = Engine.fastCounters();
  EXPECT_GE(C.PlainInstructions, 10u);
  EXPECT_LT(C.PlainInstructions, 500u);
  EXPECT_GT(C.HitInstructions, 295000u);
}

} // namespace
} // namespace mcad
