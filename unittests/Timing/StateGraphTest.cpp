//===- StateGraphTest.cpp - what a core did before ------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Timing/Fast/StateGraph.h"
#include "gtest/gtest.h"
#include <random>

using namespace mcad;
using namespace mcad::fast;

namespace {

using Units = std::vector<uint16_t>;

TimingCounters counters(uint64_t Cycles) {
  TimingCounters C;
  C.Cycles = Cycles;
  C.UnitCycles.resize(3);
  C.UnseenKindCycles.resize(2);
  return C;
}

TEST(StateGraphTest, GivesEqualStatesOneId) {
  StateGraph G;
  const StateId A = G.intern(Units{1, 2, 3});
  const StateId B = G.intern(Units{1, 2});
  EXPECT_NE(A, B);
  EXPECT_EQ(G.intern(Units{1, 2, 3}), A);
  EXPECT_EQ(G.intern(Units{1, 2}), B);
  EXPECT_EQ(Units(G.units(A).begin(), G.units(A).end()), (Units{1, 2, 3}));
  EXPECT_EQ(G.numStates(), 2u);
}

TEST(StateGraphTest, KeepsIdsWhileItsTablesGrow) {
  StateGraph G;
  std::mt19937 Random(/*Seed=*/1);
  std::vector<Units> All;
  std::vector<StateId> Ids;
  for (unsigned I = 0; I != 5000; ++I) {
    Units U(1 + Random() % 20);
    for (uint16_t &Unit : U)
      Unit = Random();
    U.push_back(I);
    All.push_back(U);
    Ids.push_back(G.intern(U));
    G.add(Ids.back(), {I, I % 3}, Ids.front(), counters(I), {});
  }
  for (unsigned I = 0; I != 5000; ++I) {
    EXPECT_EQ(G.intern(All[I]), Ids[I]);
    const EdgeId E = G.find(Ids[I], {I, I % 3});
    ASSERT_NE(E, StateGraph::NoEdge);
    EXPECT_EQ(G.edge(E).Cycles, I);
    EXPECT_EQ(G.find(Ids[I], {I, I % 3 + 1}), StateGraph::NoEdge);
  }
}

TEST(StateGraphTest, CountsAnEdgeAsOftenAsItWasTaken) {
  StateGraph G;
  const StateId S = G.intern(Units{1});
  TimingCounters C = counters(4);
  C.Instructions = 5;
  C.UnitCycles[2] = 7;
  C.LostCycles[3] = 2;
  G.edge(G.add(S, {1, 0}, S, C, {})).Times = 10;
  TimingCounters Other = counters(1);
  Other.MicroOps = 1;
  Other.UnseenKindCycles[1] = 3;
  G.edge(G.add(S, {2, 0}, S, Other, {})).Times = 3;
  TimingCounters Total = counters(0);
  Total.Instructions = 1000;
  G.addTo(Total);
  EXPECT_EQ(Total.Cycles, 43u);
  EXPECT_EQ(Total.Instructions, 1050u);
  EXPECT_EQ(Total.MicroOps, 3u);
  EXPECT_EQ(Total.UnitCycles, (std::vector<uint64_t>{0, 0, 70}));
  EXPECT_EQ(Total.UnseenKindCycles, (std::vector<uint64_t>{0, 9}));
  EXPECT_EQ(Total.LostCycles[3], 20u);
}

TEST(StateGraphTest, ForgetsEverything) {
  StateGraph G;
  const StateId S = G.intern(Units{1});
  G.add(S, {1, 0}, S, counters(4), {});
  G.clear();
  EXPECT_EQ(G.numStates(), 0u);
  EXPECT_EQ(G.numEdges(), 0u);
  EXPECT_EQ(G.intern(Units{2}), StateId(0));
  EXPECT_EQ(G.find(StateId(0), {1, 0}), StateGraph::NoEdge);
}

} // namespace
