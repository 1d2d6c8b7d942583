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
#include <set>

using namespace mcad;
using namespace mcad::fast;

namespace {

using Units = std::vector<uint16_t>;
constexpr uint32_t None = StateGraph::None;

TimingCounters counters(uint64_t Cycles) {
  TimingCounters C;
  C.Cycles = Cycles;
  C.UnitCycles.resize(3);
  C.UnseenKindCycles.resize(2);
  return C;
}

template <typename Id> Units unitsOf(const StateGraph &G, Id Of) {
  return Units(G.units(Of).begin(), G.units(Of).end());
}

TEST(StateGraphTest, GivesEqualStatesOneId) {
  StateGraph G(1 << 20);
  const StateId A = G.internState(Units{1, 2, 3});
  const StateId B = G.internState(Units{1, 2});
  EXPECT_NE(A, B);
  EXPECT_EQ(G.internState(Units{1, 2, 3}), A);
  EXPECT_EQ(G.internState(Units{1, 2}), B);
  EXPECT_EQ(unitsOf(G, A), (Units{1, 2, 3}));
  EXPECT_EQ(G.numStates(), 2u);
}

TEST(StateGraphTest, KeepsPortsThatComeAgain) {
  StateGraph G(1 << 20);
  EXPECT_FALSE(G.internPortsIfSeen(Units{4, 5}).has_value());
  EXPECT_EQ(G.numPorts(), 0u);
  const std::optional<PortsId> Ports = G.internPortsIfSeen(Units{4, 5});
  ASSERT_TRUE(Ports.has_value());
  EXPECT_EQ(unitsOf(G, *Ports), (Units{4, 5}));
  EXPECT_EQ(G.internPortsIfSeen(Units{4, 5}), Ports);
  EXPECT_EQ(G.internPorts(Units{4, 5}), Ports);
  // A state that looks like them is another thing.
  EXPECT_FALSE(G.internIfSeen(Units{4, 5}).has_value());
  EXPECT_EQ(G.numStates(), 0u);
  EXPECT_EQ(G.numPorts(), 1u);
}

TEST(StateGraphTest, KeepsWhatComesAgain) {
  StateGraph G(size_t(1) << 30);
  constexpr unsigned Many = 20000;
  const auto state = [](unsigned I) {
    return Units{static_cast<uint16_t>(I), static_cast<uint16_t>(I >> 8), 7};
  };
  const StateId Known = G.internState(state(0));
  EXPECT_EQ(G.internIfSeen(state(0)), Known);
  unsigned NumKept = 0;
  for (unsigned I = 1; I != Many; ++I)
    NumKept += G.internIfSeen(state(I)).has_value();
  // One hash taken for another is rare.
  EXPECT_LE(NumKept, 5u);
  unsigned NumForgotten = 0;
  for (unsigned I = 1; I != Many; ++I)
    if (const std::optional<StateId> Id = G.internIfSeen(state(I))) {
      EXPECT_EQ(unitsOf(G, *Id), state(I));
      EXPECT_EQ(G.internIfSeen(state(I)), Id);
    } else {
      ++NumForgotten;
    }
  // Too many with one place push each other out.
  EXPECT_LT(NumForgotten, Many / 4);
  // What was asked for before all was forgotten does not count.
  G.internState(state(Many));
  G.internIfSeen(state(Many + 1));
  G.clear();
  EXPECT_EQ(G.numStates(), 0u);
  EXPECT_FALSE(G.internIfSeen(state(Many)).has_value());
  EXPECT_FALSE(G.internIfSeen(state(Many + 1)).has_value());
  EXPECT_TRUE(G.internIfSeen(state(Many + 1)).has_value());
}

TEST(StateGraphTest, KeepsIdsWhileItsTablesGrow) {
  StateGraph G(1 << 20);
  std::mt19937 Random(/*Seed=*/1);
  std::vector<Units> All;
  std::vector<StateId> Ids;
  const EffectId Uses = G.internUses(counters(0));
  for (unsigned I = 0; I != 5000; ++I) {
    Units U(1 + Random() % 20);
    for (uint16_t &Unit : U)
      Unit = Random();
    U.push_back(I);
    All.push_back(U);
    Ids.push_back(G.internState(U));
    const TransitionId T = G.addTransition(
        Ids.back(), {I, I % 3}, G.internEffect(counters(I), 0, {}, {}), {});
    G.addEdge(T, PortsId(I % 7), PortsId(I % 5), Uses);
  }
  for (unsigned I = 0; I != 5000; ++I) {
    EXPECT_EQ(G.internState(All[I]), Ids[I]);
    const Step S{I, I % 3};
    const TransitionId T = G.findTransition(Ids[I], S);
    ASSERT_NE(T, None);
    EXPECT_EQ(G.effect(G.transition(T).Does).Cycles, I);
    EXPECT_EQ(G.transition(T).Other, None);
    EXPECT_EQ(G.findTransition(Ids[I], {I, I % 3 + 1}), None);
    const EdgeId E = G.findEdge(Ids[I], PortsId(I % 7), S);
    ASSERT_NE(E, None);
    EXPECT_EQ(G.edge(E).PortsTo, PortsId(I % 5));
    EXPECT_EQ(G.findEdge(Ids[I], PortsId(I % 7 + 1), S), None);
  }
}

TEST(StateGraphTest, HasSeveralTransitionsOfAStateAndAStep) {
  StateGraph G(1 << 20);
  const StateId S = G.internState(Units{1});
  const EffectId Does = G.internEffect(counters(1), 0, {}, {});
  std::set<TransitionId> Added;
  for (uint32_t I = 0; I != 4; ++I)
    Added.insert(G.addTransition(S, {1, 0}, Does, uint32_t(I)));
  std::set<TransitionId> Found;
  for (TransitionId T = G.findTransition(S, {1, 0}); T != None;
       T = G.transition(T).Other)
    Found.insert(T);
  EXPECT_EQ(Found, Added);
  for (TransitionId T : Added) {
    const StateId To = G.transition(T).To;
    ASSERT_TRUE(StateGraph::isImplied(To));
    EXPECT_EQ(StateGraph::transitionTo(To), T);
    EXPECT_EQ(G.log(G.transition(T)).size(), 1u);
  }
  EXPECT_FALSE(StateGraph::isImplied(S));
}

TEST(StateGraphTest, CountsAnEffectAsOftenAsItCame) {
  StateGraph G(1 << 20);
  TimingCounters C = counters(4);
  C.Instructions = 5;
  C.UnitCycles[2] = 7;
  C.LostCycles[3] = 2;
  const EffectId Does = G.internEffect(C, 3, {}, {});
  const EffectId Uses = G.internUses(C);
  EXPECT_NE(Does, Uses);
  EXPECT_EQ(G.internEffect(C, 3, {}, {}), Does);
  EXPECT_NE(G.internEffect(C, 3, {}, RecentEvent{1, 2, 3}), Does);
  EXPECT_NE(G.internEffect(C, 4, {}, {}), Does);
  const EffectId Charging = G.internEffect(C, 3, Charge{1, Cause::L2, 4}, {});
  EXPECT_NE(Charging, Does);
  EXPECT_NE(G.internEffect(C, 3, Charge{1, Cause::L3, 4}, {}), Charging);
  G.effect(Does).Times = 10;
  G.effect(Uses).Times = 9;
  TimingCounters Other = counters(1);
  Other.MicroOps = 1;
  Other.UnseenKindCycles[1] = 3;
  G.effect(G.internEffect(Other, 0, {}, {})).Times = 3;
  TimingCounters Total = counters(0);
  Total.Instructions = 1000;
  G.addTo(Total);
  EXPECT_EQ(Total.Cycles, 43u);
  EXPECT_EQ(Total.Instructions, 1050u);
  EXPECT_EQ(Total.MicroOps, 3u);
  EXPECT_EQ(Total.UnitCycles, (std::vector<uint64_t>{0, 0, 63}));
  EXPECT_EQ(Total.UnseenKindCycles, (std::vector<uint64_t>{0, 9}));
  EXPECT_EQ(Total.LostCycles[3], 20u);
}

TEST(StateGraphTest, ForgetsEverything) {
  StateGraph G(1 << 20);
  const StateId S = G.internState(Units{1});
  G.internPortsIfSeen(Units{});
  const std::optional<PortsId> Ports = G.internPortsIfSeen(Units{});
  ASSERT_TRUE(Ports.has_value());
  G.addEdge(
      G.addTransition(S, {1, 0}, G.internEffect(counters(4), 0, {}, {}), {}),
      *Ports, *Ports, G.internUses(counters(0)));
  G.clear();
  EXPECT_EQ(G.numStates() + G.numPorts() + G.numEdges() + G.numEffects(), 0u);
  EXPECT_EQ(G.internState(Units{2}), StateId(0));
  EXPECT_EQ(G.findTransition(StateId(0), {1, 0}), None);
  EXPECT_EQ(G.findEdge(StateId(0), PortsId(0), {1, 0}), None);
}

} // namespace
