//===- Timing/Fast/StateGraph.h - what a core did before -----------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Memoized simulation (Schnarr and Larus, "Fast Out-of-order Processor
/// Simulation Using Memoization", ASPLOS 1998). States of a core are interned:
/// equal ones have one id. An edge says what one execution of a block, with
/// certain facts, makes of a state: the next state, the cycles that passed, and
/// all that was counted. The same (state, block, facts) gives the same again.
///
/// What an edge counts is written down once and multiplied by the number of
/// times it was taken when somebody asks.
///
/// Bound: when states and edges exceed their budget of bytes, all of them go
/// and counting starts anew, as in RE2's DFA; never the correctness.
///
/// Tested by unittests/Timing/StateGraphTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TIMING_FAST_STATEGRAPH_H
#define MCAD_TIMING_FAST_STATEGRAPH_H

#include "Timing/Fast/FactsInFlight.h"
#include "Timing/TimingEngine.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Allocator.h"
#include <cstdint>
#include <vector>

namespace mcad::fast {

enum class StateId : uint32_t {};
using EdgeId = uint32_t;

/// What leads on from a state.
struct Step {
  uint32_t Block;
  uint32_t Facts; ///< Number of the facts, 0 for none.

  bool operator==(const Step &Other) const = default;
};

struct Edge {
  Step Taken;
  StateId From, To;
  uint32_t Cycles;
  uint32_t NumEvents;
  /// The number of counts, then pairs of a counter's index and what it counts.
  const uint32_t *Counts;
  const RecentEvent *Events;
  EdgeId Follower; ///< The edge that was taken after it the last time.
  uint64_t Times;  ///< It was taken.
};

class StateGraph {
public:
  static constexpr EdgeId NoEdge = ~0u;

  StateGraph() { clear(); }

  /// The id of the state that \p Units describe.
  StateId intern(llvm::ArrayRef<uint16_t> Units);
  llvm::ArrayRef<uint16_t> units(StateId Id) const {
    const State &S = States[static_cast<uint32_t>(Id)];
    return llvm::ArrayRef(S.Units, S.Size);
  }

  Edge &edge(EdgeId Id) { return Edges[Id]; }
  /// The edge of \p S that leads from \p From, or NoEdge.
  EdgeId find(StateId From, Step S) const;
  /// There is none such yet. \p Counted: all that it counts.
  EdgeId add(StateId From, Step S, StateId To, const TimingCounters &Counted,
             llvm::ArrayRef<RecentEvent> Events);
  llvm::ArrayRef<RecentEvent> events(const Edge &E) const {
    return llvm::ArrayRef(E.Events, E.NumEvents);
  }

  /// Adds what all edges counted, as often as they were taken, to \p Total.
  void addTo(TimingCounters &Total) const;

  uint32_t numStates() const { return States.size(); }
  uint32_t numEdges() const { return Edges.size(); }
  size_t sizeBytes() const;
  /// Forgets everything, counts too.
  void clear();

private:
  struct State {
    uint64_t Hash;
    const uint16_t *Units;
    uint32_t Size;
  };
  static uint64_t hash(StateId From, Step S);

  template <typename Element>
  const Element *keep(llvm::ArrayRef<Element> Elements);

  std::vector<State> States;
  std::vector<Edge> Edges;
  /// What they point to.
  llvm::BumpPtrAllocatorImpl<llvm::MallocAllocator, 1 << 20> Kept;
  /// Open addressing, as many entries as a power of two; ~0 is free.
  std::vector<uint32_t> StateTable, EdgeTable;
  llvm::SmallVector<uint32_t, 128> NewCounts;
};

} // namespace mcad::fast

#endif // MCAD_TIMING_FAST_STATEGRAPH_H
