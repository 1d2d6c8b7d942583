//===- BranchUnitTest.cpp - targets, and all of it together --------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Facts/BranchUnit.h"
#include "gtest/gtest.h"

namespace mcad {
namespace {

//===--- targets
//-----------------------------------------------------------===//

TEST(TargetPredictorsTest, TheBtbKnowsTheLastTarget) {
  BranchTargetBuffer Btb(4, 2);
  EXPECT_EQ(Btb.lookUpAndLearn(0x10, 0x100), std::nullopt);
  EXPECT_EQ(Btb.lookUpAndLearn(0x10, 0x200), 0x100u);
  EXPECT_EQ(Btb.lookUpAndLearn(0x10, 0x200), 0x200u);
}

TEST(TargetPredictorsTest, TheBtbForgetsTheBranchTakenLongestAgo) {
  BranchTargetBuffer Btb(2, 2);
  for (GuestAddr Pc : {0x10, 0x20, 0x10, 0x30})
    Btb.lookUpAndLearn(Pc, 1);
  EXPECT_EQ(Btb.lookUpAndLearn(0x10, 1), 1u);
  EXPECT_EQ(Btb.lookUpAndLearn(0x20, 1), std::nullopt);
}

TEST(TargetPredictorsTest, ABtbWithoutEntriesKnowsEverything) {
  BranchTargetBuffer Btb(0, 1);
  EXPECT_EQ(Btb.lookUpAndLearn(0x10, 0x100), 0x100u);
}

TEST(TargetPredictorsTest, ReturnsComeOffTheStackInOrder) {
  ReturnStack S(8);
  EXPECT_EQ(S.pop(), std::nullopt);
  S.push(1), S.push(2), S.push(3);
  EXPECT_EQ(S.pop(), 3u);
  EXPECT_EQ(S.top(), 2u);
  EXPECT_EQ(S.pop(), 2u);
  EXPECT_EQ(S.pop(), 1u);
  EXPECT_EQ(S.pop(), std::nullopt);
}

TEST(TargetPredictorsTest, AFullStackLosesTheOldest) {
  ReturnStack S(2);
  S.push(1), S.push(2), S.push(3);
  EXPECT_EQ(S.pop(), 3u);
  EXPECT_EQ(S.pop(), 2u);
  EXPECT_EQ(S.pop(), std::nullopt);
}

TEST(TargetPredictorsTest, ThePathTellsIndirectTargetsApart) {
  IndirectPredictor P(64, 16);
  unsigned Right = 0;
  for (unsigned I = 0; I != 200; ++I) {
    // What came before decides, like two callers of one dispatcher.
    const GuestAddr Before = I % 2 ? 0x4000 : 0x8000;
    P.learnPath(Before);
    Right += P.lookUpAndLearn(0x100, Before + 64) == Before + 64;
  }
  EXPECT_GE(Right, 190u);
}

//===--- the unit
//----------------------------------------------------------===//

BranchPrediction parameters() {
  BranchPrediction B;
  B.Kind = PredictorKind::Bimodal;
  B.BtbEntries = 64;
  B.BtbWays = 4;
  B.BtbPenaltyCycles = 3;
  B.ReturnStackEntries = 8;
  return B;
}

Branch conditional(GuestAddr Target) {
  return {BranchKind::Jump, true, true, Target};
}
Branch direct(BranchKind Kind, GuestAddr Target) {
  return {Kind, false, true, Target};
}
Branch indirect(BranchKind Kind) { return {Kind, false, false, 0}; }

TEST(BranchUnitTest, AWrongDirectionIsAMisprediction) {
  const BranchPrediction B = parameters();
  BranchUnit U(B, false);
  // Counters start as weakly not taken.
  EXPECT_FALSE(
      U.execute(conditional(0x200), 0x100, 0x104, 0x104).IsMispredicted);
  EXPECT_TRUE(
      U.execute(conditional(0x200), 0x100, 0x104, 0x200).IsMispredicted);
  EXPECT_EQ(U.counters().Conditional, 2u);
  EXPECT_EQ(U.counters().Taken, 1u);
  EXPECT_EQ(U.counters().WrongDirections, 1u);
  EXPECT_EQ(U.counters().mispredictions(), 1u);
}

TEST(BranchUnitTest, ADirectTargetNotInTheBtbCostsDecoding) {
  const BranchPrediction B = parameters();
  BranchUnit U(B, false);
  const Branch Jump = direct(BranchKind::Jump, 0x200);
  const BranchUnit::Outcome First = U.execute(Jump, 0x100, 0x104, 0x200);
  EXPECT_FALSE(First.IsMispredicted);
  EXPECT_EQ(First.FetchCycles, 3u);
  EXPECT_EQ(U.execute(Jump, 0x100, 0x104, 0x200).FetchCycles, 0u);
  EXPECT_EQ(U.counters().UnknownTargets, 1u);
}

TEST(BranchUnitTest, AMispredictionCostsNoDecodingBesides) {
  const BranchPrediction B = parameters();
  BranchUnit U(B, false);
  const BranchUnit::Outcome O =
      U.execute(conditional(0x200), 0x100, 0x104, 0x200);
  EXPECT_TRUE(O.IsMispredicted);
  EXPECT_EQ(O.FetchCycles, 0u);
}

TEST(BranchUnitTest, ReturnsGoWhereTheirCallsCameFrom) {
  const BranchPrediction B = parameters();
  BranchUnit U(B, false);
  const Branch Call = direct(BranchKind::Call, 0x1000);
  for (GuestAddr Caller : {0x100, 0x200, 0x300}) {
    U.execute(Call, Caller, Caller + 4, 0x1000);
    EXPECT_FALSE(
        U.execute(indirect(BranchKind::Return), 0x1010, 0x1014, Caller + 4)
            .IsMispredicted);
  }
  EXPECT_EQ(U.counters().Returns, 3u);
  EXPECT_EQ(U.counters().WrongReturns, 0u);
  // One without its call.
  EXPECT_TRUE(U.execute(indirect(BranchKind::Return), 0x1010, 0x1014, 0x104)
                  .IsMispredicted);
  EXPECT_EQ(U.counters().WrongReturns, 1u);
}

TEST(BranchUnitTest, WithoutAStackTheBtbPredictsReturns) {
  BranchPrediction B = parameters();
  B.ReturnStackEntries = 0;
  BranchUnit U(B, false);
  const Branch Return = indirect(BranchKind::Return);
  EXPECT_TRUE(U.execute(Return, 0x1010, 0x1014, 0x104).IsMispredicted);
  EXPECT_FALSE(U.execute(Return, 0x1010, 0x1014, 0x104).IsMispredicted);
  EXPECT_TRUE(U.execute(Return, 0x1010, 0x1014, 0x204).IsMispredicted);
}

TEST(BranchUnitTest, AnIndirectBranchIsRightIfItGoesWhereItWent) {
  const BranchPrediction B = parameters();
  BranchUnit U(B, false);
  const Branch Jump = indirect(BranchKind::Jump);
  EXPECT_TRUE(U.execute(Jump, 0x100, 0x104, 0x1000).IsMispredicted);
  EXPECT_FALSE(U.execute(Jump, 0x100, 0x104, 0x1000).IsMispredicted);
  EXPECT_TRUE(U.execute(Jump, 0x100, 0x104, 0x2000).IsMispredicted);
  EXPECT_EQ(U.counters().Indirect, 3u);
  EXPECT_EQ(U.counters().WrongIndirect, 2u);
}

TEST(BranchUnitTest, WithoutPredictionOnlyTakenBranchesCost) {
  BranchPrediction B;
  B.TakenPenaltyCycles = 2;
  BranchUnit U(B, false);
  EXPECT_TRUE(U.execute(conditional(0x200), 0x100, 0x104, 0x200).Refills);
  EXPECT_FALSE(U.execute(conditional(0x200), 0x100, 0x104, 0x104).Refills);
  EXPECT_TRUE(
      U.execute(indirect(BranchKind::Return), 0x1010, 0x1014, 0x104).Refills);
  EXPECT_EQ(U.counters().mispredictions(), 0u);
  EXPECT_EQ(U.counters().Conditional, 2u);
  EXPECT_EQ(U.counters().Taken, 2u);
}

TEST(BranchUnitTest, WhatFollowsElsewhereTeachesNothing) {
  const BranchPrediction B = parameters();
  BranchUnit U(B, false);
  // A signal handler at 0x9000.
  EXPECT_FALSE(
      U.execute(conditional(0x200), 0x100, 0x104, 0x9000).IsMispredicted);
  EXPECT_FALSE(U.execute(direct(BranchKind::Jump, 0x200), 0x100, 0x104, 0x9000)
                   .IsMispredicted);
  EXPECT_EQ(U.counters().NotFollowed, 2u);
  EXPECT_EQ(U.counters().Conditional, 0u);
}

TEST(BranchUnitTest, ACallToTheNextInstructionIsACall) {
  const BranchPrediction B = parameters();
  BranchUnit U(B, false);
  U.execute(direct(BranchKind::Call, 0x104), 0x100, 0x104, 0x104);
  EXPECT_EQ(U.counters().NotFollowed, 0u);
  EXPECT_FALSE(U.execute(indirect(BranchKind::Return), 0x200, 0x204, 0x104)
                   .IsMispredicted);
}

TEST(BranchUnitTest, LibrariesThatAreNotTracedLeaveTheStackInOrder) {
  const BranchPrediction B = parameters();
  BranchUnit U(B, /*OnlyMainCode=*/true);
  // main calls f at 0x1000, f calls a stub at 0x2000, which jumps into a
  // library; what is seen next is back in f, then f returns to main.
  U.execute(direct(BranchKind::Call, 0x1000), 0x100, 0x104, 0x1000);
  U.execute(direct(BranchKind::Call, 0x2000), 0x1010, 0x1014, 0x2000);
  U.execute(indirect(BranchKind::Jump), 0x2000, 0x2004, 0x1014);
  EXPECT_FALSE(U.execute(indirect(BranchKind::Return), 0x1020, 0x1024, 0x104)
                   .IsMispredicted);
  // Straight through a pointer, without a stub.
  U.execute(indirect(BranchKind::Call), 0x110, 0x114, 0x114);
  EXPECT_EQ(U.counters().NotFollowed, 1u);
}

TEST(BranchUnitTest, CallsFromLibrariesThatAreNotTracedLeaveTheStackInOrder) {
  const BranchPrediction B = parameters();
  BranchUnit U(B, /*OnlyMainCode=*/true);
  const Branch Return = indirect(BranchKind::Return);
  // main calls qsort by a stub; qsort calls back three times, then returns.
  U.execute(direct(BranchKind::Call, 0x1000), 0x100, 0x104, 0x1000);
  U.execute(direct(BranchKind::Call, 0x2000), 0x1010, 0x1014, 0x2000);
  U.execute(indirect(BranchKind::Jump), 0x2000, 0x2004, 0x3000);
  for (int I = 0; I != 2; ++I)
    EXPECT_FALSE(U.execute(Return, 0x3010, 0x3014, 0x3000).IsMispredicted);
  EXPECT_FALSE(U.execute(Return, 0x3010, 0x3014, 0x1014).IsMispredicted);
  EXPECT_FALSE(U.execute(Return, 0x1020, 0x1024, 0x104).IsMispredicted);
  EXPECT_EQ(U.counters().NotFollowed, 2u);
  EXPECT_EQ(U.counters().WrongReturns, 0u);
}

} // namespace
} // namespace mcad
