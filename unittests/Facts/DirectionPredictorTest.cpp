//===- DirectionPredictorTest.cpp - patterns that each predictor can learn
//---===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Facts/DirectionPredictor.h"
#include "gtest/gtest.h"
#include <functional>
#include <random>

namespace mcad {
namespace {

BranchPrediction parameters(PredictorKind Kind) {
  BranchPrediction B;
  B.Kind = Kind;
  B.TableEntries = 4096;
  B.HistoryBits = Kind == PredictorKind::Tage ? 200 : 12;
  B.TaggedTables = 7;
  B.TaggedEntries = 1024;
  return B;
}

/// Mispredictions in the second half of \p Branches executions; \p Next gives
/// address and direction of the I-th.
unsigned wrong(PredictorKind Kind, unsigned Branches,
               std::function<std::pair<GuestAddr, bool>(unsigned)> Next) {
  const BranchPrediction B = parameters(Kind);
  const std::unique_ptr<DirectionPredictor> P = createDirectionPredictor(B);
  unsigned Wrong = 0;
  for (unsigned I = 0; I != Branches; ++I) {
    const auto [Pc, IsTaken] = Next(I);
    const bool Predicted = P->predictAndLearn(Pc, IsTaken);
    if (I >= Branches / 2)
      Wrong += Predicted != IsTaken;
  }
  return Wrong;
}

constexpr PredictorKind All[] = {PredictorKind::LastDirection,
                                 PredictorKind::Bimodal, PredictorKind::Gshare,
                                 PredictorKind::Tage};

TEST(DirectionPredictorTest, ThereIsNoneForNone) {
  EXPECT_EQ(createDirectionPredictor(parameters(PredictorKind::None)), nullptr);
}

TEST(DirectionPredictorTest, EveryPredictorLearnsAConstantDirection) {
  for (PredictorKind Kind : All)
    for (bool IsTaken : {false, true})
      EXPECT_EQ(wrong(Kind, 200,
                      [&](unsigned) {
                        return std::pair(GuestAddr(0x1000), IsTaken);
                      }),
                0u)
          << int(Kind);
}

TEST(DirectionPredictorTest, LastDirectionIsWrongTwicePerLoopBimodalOnce) {
  // A loop of 10: taken nine times, then not.
  auto loop = [](unsigned I) {
    return std::pair(GuestAddr(0x1000), I % 10 != 9);
  };
  EXPECT_EQ(wrong(PredictorKind::LastDirection, 2000, loop), 200u);
  EXPECT_EQ(wrong(PredictorKind::Bimodal, 2000, loop), 100u);
  EXPECT_EQ(wrong(PredictorKind::Gshare, 2000, loop), 0u); // 12 bits see it.
  EXPECT_EQ(wrong(PredictorKind::Tage, 2000, loop), 0u);
}

TEST(DirectionPredictorTest, OnlyTageSeesALoopLongerThanGsharesHistory) {
  auto loop = [](unsigned I) {
    return std::pair(GuestAddr(0x1000), I % 40 != 39);
  };
  EXPECT_EQ(wrong(PredictorKind::Gshare, 8000, loop), 100u);
  EXPECT_EQ(wrong(PredictorKind::Tage, 8000, loop), 0u);
}

TEST(DirectionPredictorTest, HistoryTellsAlternation) {
  auto alternating = [](unsigned I) {
    return std::pair(GuestAddr(0x1000), I % 2 == 0);
  };
  EXPECT_EQ(wrong(PredictorKind::LastDirection, 400, alternating), 200u);
  EXPECT_EQ(wrong(PredictorKind::Gshare, 400, alternating), 0u);
  EXPECT_EQ(wrong(PredictorKind::Tage, 400, alternating), 0u);
}

TEST(DirectionPredictorTest, GlobalHistoryTellsABranchThatRepeatsAnother) {
  // The first is a coin; the second goes where the first went.
  std::mt19937 Random(11);
  bool First = false;
  auto correlated = [&](unsigned I) {
    if (I % 2 == 0)
      First = Random() & 1;
    return std::pair(GuestAddr(I % 2 ? 0x2004 : 0x1000), First);
  };
  const unsigned Bimodal = wrong(PredictorKind::Bimodal, 40000, correlated);
  const unsigned Gshare = wrong(PredictorKind::Gshare, 40000, correlated);
  const unsigned Tage = wrong(PredictorKind::Tage, 40000, correlated);
  EXPECT_NEAR(Bimodal, 10000, 400); // Half of both.
  EXPECT_NEAR(Gshare, 5000, 600);   // Half of the first.
  EXPECT_NEAR(Tage, 5000, 600);
}

TEST(DirectionPredictorTest, NothingPredictsACoin) {
  for (PredictorKind Kind : All) {
    std::mt19937 Random(13);
    EXPECT_NEAR(wrong(Kind, 40000,
                      [&](unsigned) {
                        return std::pair(GuestAddr(0x1000), bool(Random() & 1));
                      }),
                10000, 400)
        << int(Kind);
  }
}

TEST(DirectionPredictorTest, ManyBiasedBranchesDoNotDisturbEachOther) {
  // 500 branches of one direction each, in a random order.
  for (PredictorKind Kind : {PredictorKind::Bimodal, PredictorKind::Tage}) {
    std::mt19937 Random(17);
    const unsigned Wrong = wrong(Kind, 200000, [&](unsigned) {
      const unsigned Which = Random() % 500;
      return std::pair(GuestAddr(0x400000 + 12 * Which), Which % 3 == 0);
    });
    EXPECT_LT(Wrong, 2000u) << int(Kind); // 2 %.
  }
}

TEST(DirectionPredictorTest, ASmallTableMakesBranchesShareACounter) {
  BranchPrediction B = parameters(PredictorKind::Bimodal);
  B.TableEntries = 1;
  const std::unique_ptr<DirectionPredictor> P = createDirectionPredictor(B);
  for (int I = 0; I != 4; ++I)
    P->predictAndLearn(0x1000, true);
  EXPECT_TRUE(P->predictAndLearn(0x2000, false));
}

} // namespace
} // namespace mcad
