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
/// Simulation Using Memoization", ASPLOS 1998), on two levels.
///
/// A *transition* says what one execution of a block, with certain facts, makes
/// of a state of the core: the next state, and its effect, that is the cycles
/// that passed and all that was counted. A core's state is without whose turn
/// it is at its ports (Ports.h); so a transition holds while the ports answer
/// as they did then, and there may be several for a state, block and facts.
///
/// An *edge* says the same for a state of the core and a state of its ports,
/// and always holds. New edges are had by simulation, or by taking the ports
/// through a known transition, which costs much less.
///
/// States and effects are interned: equal ones have one id. Writing a state
/// down costs more than a block's simulation; so that is done for some only.
/// The others are *implied*: they are known by the transition that leads to
/// them, and whoever wants to simulate from there goes back to the last one
/// that is written and simulates from that.
///
/// Effects count how often they came; what they counted is multiplied when
/// somebody asks.
///
/// Bound: when states and edges exceed their budget of bytes, all of them go
/// and counting starts anew, as in RE2's DFA; never the correctness.
///
/// Tested by unittests/Timing/StateGraphTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TIMING_FAST_STATEGRAPH_H
#define MCAD_TIMING_FAST_STATEGRAPH_H

#include "Timing/Fast/Core.h"
#include "Timing/TimingEngine.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Allocator.h"
#include <cstdint>
#include <optional>
#include <vector>

namespace mcad::fast {

/// Numbers of things by their hashes: open addressing, since it is looked into
/// for every new block. Half of the hash is kept beside the number, so that
/// what is not there is mostly not looked at, nor anything when the table
/// grows.
class HashIndex {
public:
  static constexpr uint32_t None = ~0u;

  void clear() {
    Table = std::vector<Entry>(1024, {None, 0});
    NumEntries = 0;
  }
  /// The number with \p Hash for which \p IsIt(number), or None.
  template <typename Predicate>
  uint32_t find(uint64_t Hash, Predicate IsIt) const {
    const uint32_t Half = half(Hash);
    for (size_t At = Half & mask(); Table[At].Number != None;
         At = (At + 1) & mask())
      if (Table[At].Half == Half && IsIt(Table[At].Number))
        return Table[At].Number;
    return None;
  }
  void add(uint32_t Number, uint64_t Hash) {
    if (2 * ++NumEntries > Table.size()) {
      std::vector<Entry> Old(Table.size() * 2, {None, 0});
      Old.swap(Table);
      for (const Entry &E : Old)
        if (E.Number != None)
          put(E);
    }
    put({Number, half(Hash)});
  }
  size_t sizeBytes() const { return Table.size() * sizeof(Entry); }

private:
  struct Entry {
    uint32_t Number;
    uint32_t Half;
  };
  static uint32_t half(uint64_t Hash) { return Hash >> 32; }
  size_t mask() const { return Table.size() - 1; }
  void put(Entry E) {
    size_t At = E.Half & mask();
    while (Table[At].Number != None)
      At = (At + 1) & mask();
    Table[At] = E;
  }

  std::vector<Entry> Table; ///< As many as a power of two.
  size_t NumEntries = 0;
};

/// Opaque. The state in which a block leaves the core.
enum class StateId : uint32_t {};
/// The state of its ports.
enum class PortsId : uint32_t {};
enum class EffectId : uint32_t {};
using TransitionId = uint32_t;
using EdgeId = uint32_t;

/// What leads on from a state.
struct Step {
  uint32_t Block;
  uint32_t Facts; ///< Number of the facts, 0 for none.

  bool operator==(const Step &Other) const = default;
};

struct Transition {
  Step Taken;
  StateId From, To;
  EffectId Does;      ///< All but what it uses.
  TransitionId Other; ///< The next one of this state and step, or None.
  uint32_t LogSize;
  const uint32_t *Log; ///< What it asked of the ports.
};

struct Edge {
  Step Taken;
  StateId From, To;
  PortsId PortsFrom, PortsTo;
  EffectId Does, Uses;
  /// The last two edges that were looked for behind it, or None: mostly those
  /// of a branch that is taken or not.
  EdgeId Followers[2];
};

struct Effect {
  uint64_t Times; ///< It came.
  uint32_t Cycles;
  uint32_t Retired; ///< How much younger the oldest instruction is after it.
  uint32_t NumCounts, NumEvents, NumCharges;
  const uint32_t *Counts; ///< Pairs of a counter's index and what it counts.
  const RecentEvent *Events;
  const Charge *Charges;
};

class StateGraph {
public:
  static constexpr uint32_t None = HashIndex::None;

  /// \p BudgetBytes: what it is to be kept below, by clear().
  explicit StateGraph(size_t BudgetBytes);

  /// The id of the state that \p Units describe.
  StateId internState(llvm::ArrayRef<uint16_t> Units) {
    return StateId(States.intern(Units, Kept));
  }
  /// Likewise, if it is known, or was asked for before: most states never come
  /// again, and take as much room as those that do. (Of some it is believed
  /// wrongly that they were asked for, of some it is forgotten.)
  std::optional<StateId> internIfSeen(llvm::ArrayRef<uint16_t> Units) {
    const auto Number = States.internIfSeen(Units, StatesSeen, Kept);
    return Number ? std::optional(StateId(*Number)) : std::nullopt;
  }
  PortsId internPorts(llvm::ArrayRef<uint16_t> Units) {
    return PortsId(Ports.intern(Units, Kept));
  }
  std::optional<PortsId> internPortsIfSeen(llvm::ArrayRef<uint16_t> Units) {
    const auto Number = Ports.internIfSeen(Units, PortsSeen, Kept);
    return Number ? std::optional(PortsId(*Number)) : std::nullopt;
  }
  /// Of a state that is written.
  llvm::ArrayRef<uint16_t> units(StateId Id) const {
    return States[static_cast<uint32_t>(Id)];
  }
  llvm::ArrayRef<uint16_t> units(PortsId Id) const {
    return Ports[static_cast<uint32_t>(Id)];
  }

  /// The state that only \p T leads to.
  static StateId impliedBy(TransitionId T) { return StateId(T | Implied); }
  static bool isImplied(StateId S) {
    return static_cast<uint32_t>(S) & Implied;
  }
  /// The one transition that leads to \p S, which is implied.
  static TransitionId transitionTo(StateId S) {
    return static_cast<uint32_t>(S) & ~Implied;
  }

  Transition &transition(TransitionId Id) { return Transitions[Id]; }
  /// The first of \p S that leads from \p From, or None.
  TransitionId findTransition(StateId From, Step S) const;
  /// It leads to the state that it implies.
  TransitionId addTransition(StateId From, Step S, EffectId Does,
                             llvm::ArrayRef<uint32_t> Log);
  llvm::ArrayRef<uint32_t> log(const Transition &T) const {
    return llvm::ArrayRef(T.Log, T.LogSize);
  }

  Edge &edge(EdgeId Id) { return Edges[Id]; }
  /// The edge of \p S that leads from \p From with \p Ports, or None.
  EdgeId findEdge(StateId From, PortsId Ports, Step S) const;
  /// There is none such yet.
  EdgeId addEdge(TransitionId By, PortsId Before, PortsId After, EffectId Uses);
  /// Likewise, if that was asked for before; else None.
  EdgeId addEdgeIfSeen(TransitionId By, PortsId Before, PortsId After,
                       EffectId Uses);

  /// The effect that counts all of \p Counted but the units, and has the rest.
  EffectId internEffect(const TimingCounters &Counted, uint32_t Retired,
                        llvm::ArrayRef<Charge> Charges,
                        llvm::ArrayRef<RecentEvent> Events);
  /// The effect that counts the units of \p Counted.
  EffectId internUses(const TimingCounters &Counted);
  Effect &effect(EffectId Id) { return Effects[static_cast<uint32_t>(Id)]; }
  llvm::ArrayRef<RecentEvent> events(const Effect &E) const {
    return llvm::ArrayRef(E.Events, E.NumEvents);
  }
  llvm::ArrayRef<Charge> charges(const Effect &E) const {
    return llvm::ArrayRef(E.Charges, E.NumCharges);
  }

  /// Adds what all effects counted, as often as they came, to \p Total.
  void addTo(TimingCounters &Total) const;

  /// Those that are written.
  uint32_t numStates() const { return States.size(); }
  uint32_t numPorts() const { return Ports.size(); }
  uint32_t numTransitions() const { return Transitions.size(); }
  uint32_t numEdges() const { return Edges.size(); }
  uint32_t numEffects() const { return Effects.size(); }
  size_t sizeBytes() const;
  /// Forgets everything, counts too, and what was asked for: what did not come
  /// again before the room was used up would not the next time.
  void clear();

private:
  static constexpr uint32_t Implied = uint32_t(1) << 31;
  using Allocator = llvm::BumpPtrAllocatorImpl<llvm::MallocAllocator, 1 << 20>;

  /// Half of the hashes that were asked for, 0 for none; each in the bucket
  /// that its own lower bits name, the latest first.
  class SeenHashes {
  public:
    explicit SeenHashes(size_t BudgetBytes);
    /// Whether \p Hash was asked for before.
    bool isSeen(uint64_t Hash);
    /// None was asked for.
    void clear();
    size_t sizeBytes() const { return Tags.size() * sizeof(Tags[0]); }

  private:
    static constexpr size_t BucketSize = 4, FewestTags = 1024;
    uint32_t *bucketOf(uint32_t Tag) {
      return &Tags[Tag & (Tags.size() - 1) & ~(BucketSize - 1)];
    }
    void grow();

    std::vector<uint32_t> Tags;
    size_t NumTags = 0;
    const size_t MostTags;
  };

  /// Distinct sequences of units, numbered from 0.
  class Sequences {
  public:
    uint32_t intern(llvm::ArrayRef<uint16_t> Units, Allocator &Kept);
    std::optional<uint32_t> internIfSeen(llvm::ArrayRef<uint16_t> Units,
                                         SeenHashes &Seen, Allocator &Kept);
    llvm::ArrayRef<uint16_t> operator[](uint32_t Number) const {
      return llvm::ArrayRef(All[Number].Units, All[Number].Size);
    }
    uint32_t size() const { return All.size(); }
    size_t sizeBytes() const {
      return All.capacity() * sizeof(Element) + Index.sizeBytes();
    }
    void clear() {
      All = {};
      Index.clear();
    }

  private:
    uint32_t find(llvm::ArrayRef<uint16_t> Units, uint64_t Hash) const;
    /// It is not there yet.
    uint32_t add(llvm::ArrayRef<uint16_t> Units, uint64_t Hash,
                 Allocator &Kept);

    struct Element {
      uint64_t Hash;
      const uint16_t *Units;
      uint32_t Size;
    };
    std::vector<Element> All;
    HashIndex Index;
  };

  /// The one with NewCounts.
  EffectId intern(uint32_t Cycles, uint32_t Retired,
                  llvm::ArrayRef<Charge> Charges,
                  llvm::ArrayRef<RecentEvent> Events);

  Sequences States, Ports;
  SeenHashes StatesSeen, PortsSeen, EdgesSeen;
  std::vector<Transition> Transitions;
  std::vector<Edge> Edges;
  std::vector<Effect> Effects;
  std::vector<uint64_t> EffectHashes;
  Allocator Kept; ///< What they point to.
  HashIndex TransitionIndex, EdgeIndex, EffectIndex;
  llvm::SmallVector<uint32_t, 128> NewCounts;
};

} // namespace mcad::fast

#endif // MCAD_TIMING_FAST_STATEGRAPH_H
