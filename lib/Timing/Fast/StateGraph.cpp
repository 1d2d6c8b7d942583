//===- Timing/Fast/StateGraph.cpp - what a core did before ---------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Timing/Fast/StateGraph.h"
#include "llvm/Support/xxhash.h"

using namespace llvm;

namespace mcad::fast {

static constexpr uint32_t Free = ~0u;

/// Doubles \p Table, whose entries have \p HashOf(entry).
template <typename Function>
static void grow(std::vector<uint32_t> &Table, Function HashOf) {
  std::vector<uint32_t> Old(Table.size() * 2, Free);
  Old.swap(Table);
  for (uint32_t Entry : Old) {
    if (Entry == Free)
      continue;
    size_t At = HashOf(Entry) & (Table.size() - 1);
    while (Table[At] != Free)
      At = (At + 1) & (Table.size() - 1);
    Table[At] = Entry;
  }
}

void StateGraph::clear() {
  States.clear();
  Edges.clear();
  Kept.Reset();
  StateTable.assign(1024, Free);
  EdgeTable.assign(1024, Free);
}

size_t StateGraph::sizeBytes() const {
  return States.capacity() * sizeof(State) + Edges.capacity() * sizeof(Edge) +
         Kept.getBytesAllocated() +
         (StateTable.size() + EdgeTable.size()) * sizeof(uint32_t);
}

template <typename Element>
const Element *StateGraph::keep(ArrayRef<Element> Elements) {
  Element *Copy = Kept.Allocate<Element>(Elements.size());
  std::uninitialized_copy(Elements.begin(), Elements.end(), Copy);
  return Copy;
}

StateId StateGraph::intern(ArrayRef<uint16_t> New) {
  const uint64_t Hash = xxh3_64bits(
      ArrayRef(reinterpret_cast<const uint8_t *>(New.data()), 2 * New.size()));
  size_t At = Hash & (StateTable.size() - 1);
  for (; StateTable[At] != Free; At = (At + 1) & (StateTable.size() - 1)) {
    const uint32_t Id = StateTable[At];
    if (States[Id].Hash == Hash && units(StateId(Id)) == New)
      return StateId(Id);
  }
  const uint32_t Id = States.size();
  StateTable[At] = Id;
  States.push_back({Hash, keep(New), static_cast<uint32_t>(New.size())});
  if (2 * States.size() > StateTable.size())
    grow(StateTable, [&](uint32_t Entry) { return States[Entry].Hash; });
  return StateId(Id);
}

uint64_t StateGraph::hash(StateId From, Step S) {
  uint64_t Key = uint64_t(From) << 32 | S.Block;
  Key ^= uint64_t(S.Facts) * 0x9e3779b97f4a7c15;
  Key *= 0xff51afd7ed558ccd;
  return Key ^ Key >> 32;
}

EdgeId StateGraph::find(StateId From, Step S) const {
  size_t At = hash(From, S) & (EdgeTable.size() - 1);
  for (; EdgeTable[At] != Free; At = (At + 1) & (EdgeTable.size() - 1)) {
    const Edge &E = Edges[EdgeTable[At]];
    if (E.From == From && E.Taken == S)
      return EdgeTable[At];
  }
  return NoEdge;
}

EdgeId StateGraph::add(StateId From, Step S, StateId To,
                       const TimingCounters &Counted,
                       ArrayRef<RecentEvent> NewEvents) {
  const EdgeId Id = Edges.size();
  NewCounts.assign(1, 0);
  uint32_t Index = 0;
  TimingCounters::forEach(Counted, [&](uint64_t Count) {
    if (Count) {
      NewCounts.push_back(Index);
      NewCounts.push_back(Count);
      ++NewCounts[0];
    }
    ++Index;
  });
  Edges.push_back({S, From, To, static_cast<uint32_t>(Counted.Cycles),
                   static_cast<uint32_t>(NewEvents.size()),
                   keep(ArrayRef<uint32_t>(NewCounts)), keep(NewEvents), NoEdge,
                   0});
  auto hashOf = [&](EdgeId E) { return hash(Edges[E].From, Edges[E].Taken); };
  if (2 * Edges.size() > EdgeTable.size())
    grow(EdgeTable, hashOf);
  size_t At = hashOf(Id) & (EdgeTable.size() - 1);
  while (EdgeTable[At] != Free)
    At = (At + 1) & (EdgeTable.size() - 1);
  EdgeTable[At] = Id;
  return Id;
}

void StateGraph::addTo(TimingCounters &Total) const {
  std::vector<uint64_t *> Counters;
  TimingCounters::forEach(Total,
                          [&](uint64_t &Count) { Counters.push_back(&Count); });
  for (const Edge &E : Edges) {
    const uint32_t *Pair = E.Counts + 1;
    for (uint32_t I = 0; I != E.Counts[0]; ++I, Pair += 2)
      *Counters[Pair[0]] += E.Times * Pair[1];
  }
}

} // namespace mcad::fast
