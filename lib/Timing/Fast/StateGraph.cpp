//===- Timing/Fast/StateGraph.cpp - what a core did before ---------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Timing/Fast/StateGraph.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/xxhash.h"

using namespace llvm;

namespace mcad::fast {

template <typename Element> static uint64_t hashOf(ArrayRef<Element> Elements) {
  return xxh3_64bits(
      ArrayRef(reinterpret_cast<const uint8_t *>(Elements.data()),
               Elements.size() * sizeof(Element)));
}

static uint64_t hashOf(StateId From, Step S) {
  uint64_t Key = uint64_t(From) << 32 | S.Block;
  Key ^= uint64_t(S.Facts) * 0x9e3779b97f4a7c15;
  Key *= 0xff51afd7ed558ccd;
  return Key ^ Key >> 32;
}

static uint64_t hashOf(StateId From, PortsId Ports, Step S) {
  uint64_t Key = hashOf(From, S) + uint64_t(Ports) * 0xd6e8feb86659fd93;
  Key *= 0x9e3779b97f4a7c15;
  return Key ^ Key >> 32;
}

template <typename Element, typename Allocator>
static const Element *keep(ArrayRef<Element> Elements, Allocator &Kept) {
  Element *Copy = Kept.template Allocate<Element>(Elements.size());
  std::uninitialized_copy(Elements.begin(), Elements.end(), Copy);
  return Copy;
}

// A state takes about a kilobyte: many times as many as can be kept, in a small
// part of the room.
StateGraph::SeenHashes::SeenHashes(size_t BudgetBytes)
    : MostTags(std::clamp(llvm::bit_floor(BudgetBytes / 64), FewestTags,
                          size_t(4) << 20)) {
  clear();
}

StateGraph::StateGraph(size_t BudgetBytes)
    : StatesSeen(BudgetBytes), PortsSeen(BudgetBytes), EdgesSeen(BudgetBytes) {
  clear();
}

void StateGraph::clear() {
  for (SeenHashes *Seen : {&StatesSeen, &PortsSeen, &EdgesSeen})
    Seen->clear();
  States.clear();
  Ports.clear();
  Transitions = {};
  Edges = {};
  Effects = {};
  EffectHashes = {};
  Kept.Reset();
  TransitionIndex.clear();
  EdgeIndex.clear();
  EffectIndex.clear();
}

size_t StateGraph::sizeBytes() const {
  return StatesSeen.sizeBytes() + PortsSeen.sizeBytes() +
         EdgesSeen.sizeBytes() + States.sizeBytes() + Ports.sizeBytes() +
         Transitions.capacity() * sizeof(Transition) +
         Edges.capacity() * sizeof(Edge) +
         Effects.capacity() * (sizeof(Effect) + sizeof(uint64_t)) +
         Kept.getBytesAllocated() + TransitionIndex.sizeBytes() +
         EdgeIndex.sizeBytes() + EffectIndex.sizeBytes();
}

uint32_t StateGraph::Sequences::find(ArrayRef<uint16_t> Units,
                                     uint64_t Hash) const {
  return Index.find(Hash, [&](uint32_t Number) {
    return All[Number].Hash == Hash && (*this)[Number] == Units;
  });
}

uint32_t StateGraph::Sequences::add(ArrayRef<uint16_t> New, uint64_t Hash,
                                    Allocator &Kept) {
  const uint32_t Number = All.size();
  All.push_back({Hash, keep(New, Kept), static_cast<uint32_t>(New.size())});
  Index.add(Number, Hash);
  return Number;
}

uint32_t StateGraph::Sequences::intern(ArrayRef<uint16_t> Units,
                                       Allocator &Kept) {
  const uint64_t Hash = hashOf(Units);
  const uint32_t Known = find(Units, Hash);
  return Known != None ? Known : add(Units, Hash, Kept);
}

std::optional<uint32_t>
StateGraph::Sequences::internIfSeen(ArrayRef<uint16_t> Units, SeenHashes &Seen,
                                    Allocator &Kept) {
  const uint64_t Hash = hashOf(Units);
  const uint32_t Known = find(Units, Hash);
  if (Known != None)
    return Known;
  if (Seen.isSeen(Hash))
    return add(Units, Hash, Kept);
  return std::nullopt;
}

void StateGraph::SeenHashes::clear() {
  Tags = std::vector<uint32_t>(FewestTags);
  NumTags = 0;
}

bool StateGraph::SeenHashes::isSeen(uint64_t Hash) {
  // Zero is for none.
  const uint32_t Tag = static_cast<uint32_t>(Hash >> 32) | 0x80000000;
  uint32_t *const Bucket = bucketOf(Tag);
  if (llvm::is_contained(ArrayRef(Bucket, BucketSize), Tag))
    return true;
  NumTags += Bucket[BucketSize - 1] == 0;
  std::copy_backward(Bucket, Bucket + BucketSize - 1, Bucket + BucketSize);
  Bucket[0] = Tag;
  if (2 * NumTags > Tags.size() && Tags.size() < MostTags)
    grow();
  return false;
}

void StateGraph::SeenHashes::grow() {
  std::vector<uint32_t> Old(2 * Tags.size());
  Old.swap(Tags);
  // The latest of a bucket comes first, here and there: from the last to the
  // first, each pushes the ones before it back.
  for (const uint32_t Tag : llvm::reverse(Old)) {
    if (!Tag)
      continue;
    uint32_t *const Bucket = bucketOf(Tag);
    std::copy_backward(Bucket, Bucket + BucketSize - 1, Bucket + BucketSize);
    Bucket[0] = Tag;
  }
}

TransitionId StateGraph::findTransition(StateId From, Step S) const {
  return TransitionIndex.find(hashOf(From, S), [&](uint32_t Id) {
    return Transitions[Id].From == From && Transitions[Id].Taken == S;
  });
}

TransitionId StateGraph::addTransition(StateId From, Step S, EffectId Does,
                                       ArrayRef<uint32_t> Log) {
  const TransitionId Id = Transitions.size();
  Transition New{S,
                 From,
                 impliedBy(Id),
                 Does,
                 None,
                 static_cast<uint32_t>(Log.size()),
                 keep(Log, Kept)};
  const TransitionId First = findTransition(From, S);
  if (First != None)
    New.Other = std::exchange(Transitions[First].Other, Id);
  Transitions.push_back(New);
  if (First == None)
    TransitionIndex.add(Id, hashOf(From, S));
  return Id;
}

EdgeId StateGraph::findEdge(StateId From, PortsId Ports, Step S) const {
  return EdgeIndex.find(hashOf(From, Ports, S), [&](uint32_t Id) {
    const Edge &E = Edges[Id];
    return E.From == From && E.PortsFrom == Ports && E.Taken == S;
  });
}

EdgeId StateGraph::addEdge(TransitionId By, PortsId Before, PortsId After,
                           EffectId Uses) {
  const EdgeId Id = Edges.size();
  const Transition &T = Transitions[By];
  Edges.push_back(
      {T.Taken, T.From, T.To, Before, After, T.Does, Uses, {None, None}});
  EdgeIndex.add(Id, hashOf(T.From, Before, T.Taken));
  return Id;
}

EdgeId StateGraph::addEdgeIfSeen(TransitionId By, PortsId Before, PortsId After,
                                 EffectId Uses) {
  const Transition &T = Transitions[By];
  return EdgesSeen.isSeen(hashOf(T.From, Before, T.Taken))
             ? addEdge(By, Before, After, Uses)
             : None;
}

EffectId StateGraph::internEffect(const TimingCounters &Counted,
                                  uint32_t Retired, ArrayRef<Charge> Charges,
                                  ArrayRef<RecentEvent> Events) {
  NewCounts.clear();
  uint32_t Index = 0;
  TimingCounters::forEachButUnits(Counted, [&](uint64_t Count) {
    if (Count)
      NewCounts.append({Index, static_cast<uint32_t>(Count)});
    ++Index;
  });
  return intern(Counted.Cycles, Retired, Charges, Events);
}

EffectId StateGraph::internUses(const TimingCounters &Counted) {
  NewCounts.clear();
  uint32_t Index = 0;
  TimingCounters::forEachButUnits(Counted, [&](uint64_t) { ++Index; });
  TimingCounters::forEachOfUnits(Counted, [&](uint64_t Count) {
    if (Count)
      NewCounts.append({Index, static_cast<uint32_t>(Count)});
    ++Index;
  });
  return intern(0, 0, {}, {});
}

EffectId StateGraph::intern(uint32_t Cycles, uint32_t Retired,
                            ArrayRef<Charge> NewCharges,
                            ArrayRef<RecentEvent> NewEvents) {
  const ArrayRef<uint32_t> Counts = NewCounts;
  uint64_t Hash = hashOf(Counts) + Retired;
  for (const Charge &C : NewCharges) {
    const uint64_t All =
        uint64_t(C.Ahead) << 32 ^ uint64_t(C.Why) << 24 ^ C.Cycles;
    Hash = (Hash ^ All) * 0x9e3779b97f4a7c15;
    Hash ^= Hash >> 32;
  }
  if (!NewEvents.empty())
    Hash ^= hashOf(NewEvents) << 1;
  const uint32_t Known = EffectIndex.find(Hash, [&](uint32_t Id) {
    const Effect &E = Effects[Id];
    return EffectHashes[Id] == Hash && E.Retired == Retired &&
           ArrayRef(E.Counts, 2 * E.NumCounts) == Counts &&
           charges(E) == NewCharges && events(E) == NewEvents;
  });
  if (Known != None)
    return EffectId(Known);
  const uint32_t Id = Effects.size();
  Effects.push_back(
      {0, Cycles, Retired, static_cast<uint32_t>(Counts.size() / 2),
       static_cast<uint32_t>(NewEvents.size()),
       static_cast<uint32_t>(NewCharges.size()), keep(Counts, Kept),
       keep(NewEvents, Kept), keep(NewCharges, Kept)});
  EffectHashes.push_back(Hash);
  EffectIndex.add(Id, Hash);
  return EffectId(Id);
}

void StateGraph::addTo(TimingCounters &Total) const {
  std::vector<uint64_t *> Counters;
  TimingCounters::forEach(Total,
                          [&](uint64_t &Count) { Counters.push_back(&Count); });
  for (const Effect &E : Effects)
    for (uint32_t I = 0; I != E.NumCounts; ++I)
      *Counters[E.Counts[2 * I]] += E.Times * E.Counts[2 * I + 1];
}

} // namespace mcad::fast
