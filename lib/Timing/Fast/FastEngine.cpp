//===- Timing/Fast/FastEngine.cpp - the same numbers, faster -------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Timing/Fast/FastEngine.h"

using namespace llvm;
using mcad::fast::RecentCycles;
using mcad::fast::StateGraph;

namespace mcad {

/// Blocks between two tries to go on from a state, at most.
static constexpr unsigned LongestPatience = 16;

FastEngine::FastEngine(const Program &P, Lowering &L,
                       const PipelineOverrides &Overrides, Detail D,
                       Surroundings Around, Memoization Memory)
    : P(P), L(L), Model(L.target(), Overrides), D(D), Around(Around),
      Memory(Memory), Remembers(Memory.IsOn && D == Detail::Totals),
      Compiler(Model, L),
      Core(Model.IsOutOfOrder
               ? fast::makeOutOfOrderCore(Model, Compiler, Around)
               : fast::makeInOrderCore(Model, Compiler, Around)),
      Settled(Core->Counters), Graph(Memory.BudgetBytes),
      UntilReview(Memory.ReviewBlocks), Credit(Memory.LossNanoseconds) {
  if (this->Memory.Pool)
    ++this->Memory.Pool->NumEngines;
  Core->save(EmptyState);
  Core->savePorts(EmptyPorts, 0);
  if (Remembers)
    writeState();
}

FastEngine::~FastEngine() {
  if (!Memory.Pool)
    return;
  Memory.Pool->UsedBytes -= PooledBytes;
  --Memory.Pool->NumEngines;
}

ArrayRef<FastEngine::Instruction> FastEngine::compiled(BlockId Id) {
  if (Blocks.size() <= mcad::index(Id))
    Blocks.resize(P.numBlocks());
  std::vector<Instruction> &Block = Blocks[mcad::index(Id)];
  if (Block.empty())
    for (const LoweredInstruction *I : L.lower(P, P.block(Id)))
      Block.push_back({I, &Compiler.compile(*I)});
  return Block;
}

Error FastEngine::consume(const Batch &B, const BatchFacts &Facts) {
  const bool IsWatching = Watched && !Watched->isOver();
  Accounts.announce(Facts.Switches);
  const ArrayRef<InstructionFacts> Rows = Facts.Rows;
  size_t NextRow = 0;
  uint32_t At = 0;
  ExecutionCursor Cursor(B);
  Execution E;
  while (Cursor.next(E)) {
    const ArrayRef<Instruction> Code = compiled(E.Block);
    const size_t FirstRow = NextRow;
    while (NextRow != Rows.size() && Rows[NextRow].At < At + Code.size())
      ++NextRow;
    const Executed This{E.Block, Code, At,
                        Rows.slice(FirstRow, NextRow - FirstRow), Facts};
    const uint32_t First = P.block(E.Block).FirstInstruction;
    Accounts.name(First, Code.size());
    if (D == Detail::PerInstruction)
      for (uint32_t I = 0; I != Code.size(); ++I)
        Core->Pushed.push_back(First + I);
    if (IsWatching) [[unlikely]]
      if (Error Err = watchNext(This, First))
        return Err;
    if (Error Err = HasState ? step(This) : simulatePlainly(This))
      return Err;
    if (--UntilReview == 0)
      if (Error Err = review())
        return Err;
    At += Code.size();
  }
  return Error::success();
}

Error FastEngine::watchNext(const Executed &E, uint32_t First) {
  if (!Watched->overlaps(Number, E.Code.size()))
    return Error::success();
  Watched->name(Number, First, E.Code.size());
  if (Error Err = dropState())
    return Err;
  Core->Watched = &*Watched;
  return Error::success();
}

Error FastEngine::simulate(const Executed &E) {
  const InstructionFacts *NextRow = E.Rows.begin();
  for (uint32_t I = 0; I != E.Code.size(); ++I) {
    fast::Arriving A{E.Code[I].Compiled, nullptr, {}};
    if (NextRow != E.Rows.end() && NextRow->At == E.At + I) {
      A.Facts = NextRow;
      A.Waits = E.Facts.waits(*NextRow);
      if (NextRow->LoadCycles)
        A.Compiled = &Compiler.compile(*E.Code[I].Lowered, NextRow->LoadCycles);
      ++NextRow;
    }
    if (Error Err = Core->push(A))
      return Err;
  }
  return Error::success();
}

Error FastEngine::step(const Executed &E) {
  const fast::Step S{mcad::index(E.Id), E.Rows.empty() ? 0 : numberOfFacts(E)};
  const fast::EdgeId Known = findEdge(S);
  if (Known != StateGraph::None) {
    ++Counts.Hits;
    Counts.HitInstructions += E.Code.size();
    const fast::Edge &Edge = Graph.edge(Known);
    replayRecent(E, Edge.Does);
    ArePortsLive = IsLive = false;
    CurrentPorts.Known = Edge.PortsTo;
    follow(E, Known, Edge.Does, Edge.Uses, Edge.To);
    return Error::success();
  }
  const fast::TransitionId Same = replayKnown(S);
  if (Same == StateGraph::None)
    return simulateNew(E, S);
  ++Counts.Replays;
  Counts.ReplayInstructions += E.Code.size();
  const fast::EffectId Does = Graph.transition(Same).Does;
  replayRecent(E, Does);
  IsLive = false;
  follow(E, Same, Now + Graph.effect(Does).Cycles);
  return keepToBudget();
}

fast::EdgeId FastEngine::findEdge(fast::Step S) {
  if (!CurrentPorts.Known)
    return StateGraph::None;
  if (Last != StateGraph::None)
    for (const fast::EdgeId Next : Graph.edge(Last).Followers)
      if (Next != StateGraph::None && Graph.edge(Next).Taken == S)
        return Next;
  return Graph.findEdge(Current, *CurrentPorts.Known, S);
}

void FastEngine::replayRecent(const Executed &E, fast::EffectId Does) {
  if (Around.Model)
    Core->Recent.replay(Number, Now, E.Code.size(),
                        Graph.events(Graph.effect(Does)));
}

fast::TransitionId FastEngine::replayKnown(fast::Step S) {
  for (fast::TransitionId Id = Graph.findTransition(Current, S);
       Id != StateGraph::None; Id = Graph.transition(Id).Other) {
    const fast::Transition &T = Graph.transition(Id);
    if (!ArePortsLive)
      Core->restorePorts(unitsOf(CurrentPorts), Now);
    IsLive = false;
    const uint64_t End = Now + Graph.effect(T.Does).Cycles;
    ArePortsLive = Core->replayPorts(Graph.log(T), Now, End);
    if (ArePortsLive)
      return Id;
    Core->Counters.clear();
  }
  return StateGraph::None;
}

void FastEngine::follow(const Executed &E, fast::TransitionId T, uint64_t End) {
  const fast::EffectId Uses = Graph.internUses(Core->Counters);
  Core->Counters.clear();
  const auto From = CurrentPorts.Known;
  writePorts(End);
  fast::EdgeId New = StateGraph::None;
  if (const auto To = CurrentPorts.Known; From && To)
    New = Core->Units.areApart() ? Graph.addEdgeIfSeen(T, *From, *To, Uses)
                                 : Graph.addEdge(T, *From, *To, Uses);
  follow(E, New, Graph.transition(T).Does, Uses, Graph.transition(T).To);
}

/// The ports are live, and where the stream is in cycle \p Cycle. Where they
/// are a part of the core's state, a transition without its edge says nothing
/// of them.
void FastEngine::writePorts(uint64_t Cycle) {
  auto &[Known, Units] = CurrentPorts;
  Core->savePorts(Units, Cycle);
  Known = Core->Units.areApart() ? Graph.internPortsIfSeen(Units)
                                 : Graph.internPorts(Units);
}

void FastEngine::follow(const Executed &E, fast::EdgeId Taken,
                        fast::EffectId DoesId, fast::EffectId Uses,
                        fast::StateId To) {
  fast::Effect &Does = Graph.effect(DoesId);
  ++Does.Times;
  ++Graph.effect(Uses).Times;
  charge(Graph.charges(Does));
  Oldest += Does.Retired;
  Now += Does.Cycles;
  if (Last != StateGraph::None && Taken != StateGraph::None)
    if (auto &Followers = Graph.edge(Last).Followers;
        Followers[0] != Taken && Followers[1] != Taken)
      Followers[1] = std::exchange(Followers[0], Taken);
  Last = Taken;
  Current = To;
  Number += E.Code.size();
  if (!StateGraph::isImplied(Current))
    return startPath();
  for (InstructionFacts F : E.Rows) {
    const ArrayRef<Wait> Waits = E.Facts.waits(F);
    F.At += PathInstructions - E.At;
    F.FirstWait = PathFacts.Waits.size();
    PathFacts.Rows.push_back(F);
    PathFacts.Waits.insert(PathFacts.Waits.end(), Waits.begin(), Waits.end());
  }
  ++PathLength;
  PathInstructions += E.Code.size();
}

/// The stream is in a state that is written.
void FastEngine::startPath() {
  PathLength = PathInstructions = 0;
  PathPorts.Known = CurrentPorts.Known;
  if (!PathPorts.Known)
    PathPorts.Units = CurrentPorts.Units;
  if (!PathFacts.Rows.empty())
    PathFacts.clear();
}

/// States are written behind certain blocks, so that two ways that come
/// together are found to have, and at least once in a while.
bool FastEngine::isLandmark(const Executed &E) const {
  constexpr unsigned LongestPath = 8;
  constexpr uint32_t Multiplier = 0x9e3779b1; // Fibonacci hashing: one in two.
  return PathLength + 1 >= LongestPath ||
         !(mcad::index(E.Id) * Multiplier >> 31);
}

Error FastEngine::restore() {
  if (IsLive)
    return Error::success();
  ++Counts.Restores;
  SmallVector<fast::Transition, 32> Path;
  fast::StateId From = Current;
  uint64_t Cycle = Now;
  for (; StateGraph::isImplied(From); From = Path.back().From) {
    Path.push_back(Graph.transition(StateGraph::transitionTo(From)));
    Cycle -= Graph.effect(Path.back().Does).Cycles;
  }
  uint64_t First = Number - PathInstructions;
  for (const fast::Transition &T : reverse(Path)) {
    Core->Recent.undo(First, Graph.events(Graph.effect(T.Does)));
    First += Blocks[T.Taken.Block].size();
  }
  Core->restore(Graph.units(From), unitsOf(PathPorts), Cycle,
                Number - PathInstructions);
  uint32_t At = 0;
  ArrayRef<InstructionFacts> Rows = PathFacts.Rows;
  for (const fast::Transition &T : reverse(Path)) {
    const ArrayRef<Instruction> Code = Blocks[T.Taken.Block];
    const ArrayRef<InstructionFacts> Mine = Rows.take_while(
        [&](const InstructionFacts &F) { return F.At < At + Code.size(); });
    Rows = Rows.drop_front(Mine.size());
    if (Error Err =
            simulate({BlockId(T.Taken.Block), Code, At, Mine, PathFacts}))
      return Err;
    At += Code.size();
  }
  Counts.AgainInstructions += PathInstructions;
  Core->Counters.clear();
  IsLive = ArePortsLive = true;
  return Error::success();
}

/// Without a state: because it was too large, or because remembering does not
/// pay for the time being.
Error FastEngine::simulatePlainly(const Executed &E) {
  Core->startCharging();
  if (Error Err = simulate(E))
    return Err;
  charge(Core->charges());
  Oldest = Core->oldest();
  Now = Core->now();
  Number += E.Code.size();
  Counts.PlainInstructions += E.Code.size();
  if (Core->Watched) [[unlikely]] {
    if (!Core->Watched->isOver())
      return Error::success();
    Core->Watched = nullptr;
  }
  if (Remembers && !IsPausing && --UntilEntry == 0)
    enter(E);
  return Error::success();
}

/// An account: what is remembered pays in the CPU time that it saves and takes
/// out what it costs, and must not overdraw. In a pause a part of what it takes
/// to simulate plainly is paid in, so that no more than that is lost.
Error FastEngine::review() {
  // Nanoseconds for an instruction; only how they compare matters. Reckoned on
  // an AMD EPYC: docs/engine.md.
  struct Prices {
    int64_t Plain, Hit, Replay, Miss;
  };
  const Prices Price =
      Around.Model ? Prices{110, 25, 260, 950} : Prices{75, 12, 185, 650};
  constexpr int64_t Try = 2200; // One; and a restore.
  constexpr int64_t PaidIn = 32;
  const int64_t Enough = Memory.LossNanoseconds / 8; // To begin again.
  using C = FastEngineCounters;
  auto since = [&](uint64_t C::*What) {
    return static_cast<int64_t>(Counts.*What - Reviewed.*What);
  };
  if (IsPausing)
    Credit += Price.Plain * since(&C::PlainInstructions) / PaidIn;
  else
    Credit += (Price.Plain - Price.Hit) * since(&C::HitInstructions) +
              (Price.Plain - Price.Replay) * since(&C::ReplayInstructions) +
              (Price.Plain - Price.Miss) * since(&C::MissInstructions) -
              Try * (since(&C::Tries) + since(&C::Restores));
  Credit = std::min(Credit, Memory.LossNanoseconds);
  Reviewed = Counts;
  UntilReview = Memory.ReviewBlocks;
  if (IsPausing ? Credit < Enough : Credit >= 0)
    return Error::success();
  IsPausing = !IsPausing;
  Counts.Pauses += IsPausing;
  return dropState();
}

/// Goes on from a state that is known, or was seen before; else simulates on
/// plainly. Writing a state down costs more than to simulate a block: the less
/// came of it, the less often it is tried.
void FastEngine::enter(const Executed &E) {
  if (!isLandmark(E)) {
    ++PathLength;
    UntilEntry = 1;
    return;
  }
  PathLength = 0;
  ++Counts.Tries;
  if (Core->save(StateUnits))
    if (const auto Known = Graph.internIfSeen(StateUnits))
      return goOnFrom(*Known);
  Patience = std::min(2 * Patience, LongestPatience);
  UntilEntry = Patience;
}

Error FastEngine::dropState() {
  if (HasState)
    if (Error E = restore())
      return E;
  HasState = false;
  UntilEntry = 1;
  return Error::success();
}

/// Where the core is in a state that was not seen before.
void FastEngine::leave() {
  const bool WasWorthIt = Counts.Hits - HitsAtEntry > 4 * Patience;
  Patience = WasWorthIt ? std::max(Patience / 2, 1u)
                        : std::min(2 * Patience, LongestPatience);
  UntilEntry = Patience;
  PathLength = 0;
  HasState = false;
}

void FastEngine::writeState() {
  if (Core->save(StateUnits))
    return goOnFrom(Graph.internState(StateUnits));
  leave();
}

void FastEngine::goOnFrom(fast::StateId Known) {
  // An effect is what the core counted since.
  settle();
  HasState = IsLive = ArePortsLive = true;
  HitsAtEntry = Counts.Hits;
  Last = StateGraph::None;
  Current = Known;
  writePorts(Now);
  startPath();
}

Error FastEngine::simulateNew(const Executed &E, fast::Step S) {
  if (Error Err = restore())
    return Err;
  Core->Recent.record(Number, Now);
  Core->Units.record(Now);
  Core->startCharging();
  if (Error Err = simulate(E))
    return Err;
  Core->Recent.stopRecording();
  Core->Units.stopRecording();
  ++Counts.Misses;
  Counts.MissInstructions += E.Code.size();
  const fast::EffectId Does = Graph.internEffect(
      Core->Counters, static_cast<uint32_t>(Core->oldest() - Oldest),
      Core->charges(), Core->Recent.events());
  const fast::TransitionId New =
      Graph.addTransition(Current, S, Does, Core->Units.recorded());
  if (isLandmark(E)) {
    // Each time that it is left behind an implied state, the path to that is a
    // block longer the next time.
    constexpr uint32_t LongestPathInstructions = 4096;
    std::optional<fast::StateId> To;
    if (Core->save(StateUnits))
      To = PathInstructions > LongestPathInstructions
               ? Graph.internState(StateUnits)
               : Graph.internIfSeen(StateUnits);
    if (To)
      Graph.transition(New).To = *To;
    else
      leave();
  }
  follow(E, New, Core->now());
  return keepToBudget();
}

/// Where engines share a budget that is used up, those with more than their
/// share are over it: of n engines, the largest can keep no more than it had
/// when there were fewer, so that all together stay below the budget times
/// 1 + 1/2 + ... + 1/n.
bool FastEngine::isOverBudget() {
  const size_t Size = sizeBytes();
  if (Size > Memory.BudgetBytes)
    return true;
  MemoryPool *const Pool = Memory.Pool.get();
  if (!Pool)
    return false;
  // The pool need not know every byte.
  const size_t Step =
      std::min(size_t(1) << 20, Memory.BudgetBytes / 16 / Pool->NumEngines);
  if (Size - PooledBytes >= Step)
    Pool->UsedBytes += Size - std::exchange(PooledBytes, Size);
  return Pool->UsedBytes > Memory.BudgetBytes &&
         Size > Memory.BudgetBytes / Pool->NumEngines;
}

Error FastEngine::keepToBudget() {
  if (!isOverBudget())
    return Error::success();
  if (HasState)
    if (Error E = restore())
      return E;
  Graph.addTo(Settled);
  Graph.clear();
  if (Memory.Pool)
    Memory.Pool->UsedBytes -= std::exchange(PooledBytes, 0);
  FactsNumbers.clear();
  FactsBytes = 0;
  ++Counts.Resets;
  if (HasState)
    writeState();
  return Error::success();
}

void FastEngine::settle() {
  Settled += Core->Counters;
  Core->Counters.clear();
}

Error FastEngine::drain() {
  if (HasState)
    if (Error E = restore())
      return E;
  // Without an instruction there is no cycle.
  if (Number == Start)
    return Error::success();
  Core->startCharging();
  Error Err = Core->finish();
  charge(Core->charges());
  return Err;
}

Error FastEngine::restart() {
  if (Error E = drain())
    return E;
  settle();
  Now = Core->now();
  Oldest = Start = Number;
  Core->Recent.forget(Number);
  Core->restore(EmptyState, EmptyPorts, Now, Number);
  if (Remembers && !IsPausing && !Core->Watched)
    writeState();
  return Error::success();
}

Error FastEngine::finish() {
  Error Err = drain();
  Accounts.close();
  return Err;
}

const TimingCounters &FastEngine::counters() const {
  Total = Settled;
  Total += Core->Counters;
  Graph.addTo(Total);
  return Total;
}

FastEngineCounters FastEngine::fastCounters() const {
  FastEngineCounters C = Counts;
  C.States = Graph.numStates();
  C.PortStates = Graph.numPorts();
  C.Transitions = Graph.numTransitions();
  C.Edges = Graph.numEdges();
  C.Effects = Graph.numEffects();
  C.SizeBytes = sizeBytes();
  return C;
}

uint32_t FastEngine::numberOfFacts(const Executed &E) {
  FactsKey.clear();
  for (const InstructionFacts &F : E.Rows)
    appendFacts(F, E);
  if (FactsKey.empty())
    return 0;
  const StringRef Key(reinterpret_cast<const char *>(FactsKey.data()),
                      FactsKey.size() * sizeof(uint32_t));
  const auto [Known, IsNew] =
      FactsNumbers.try_emplace(Key, FactsNumbers.size() + 1);
  // With its entry, and the table's place for it.
  if (IsNew)
    FactsBytes += Key.size() + sizeof(*Known) + 3 * sizeof(void *);
  return Known->second;
}

/// Appends what of \p F can matter, if anything can.
void FastEngine::appendFacts(const InstructionFacts &F, const Executed &E) {
  const size_t Start = FactsKey.size();
  const uint32_t Index = F.At - E.At;
  FactsKey.push_back(Index | uint32_t(F.LoadWhy) << 16 |
                     uint32_t(F.BranchWhy) << 24);
  FactsKey.push_back(F.LoadCycles | uint32_t(F.TlbCycles) << 16);
  FactsKey.push_back(F.SplitCycles | uint32_t(F.StoreCycles) << 16);
  FactsKey.push_back(F.BranchCycles | uint32_t(F.RedirectCycles) << 16);
  FactsKey.push_back(F.FetchTlbCycles | uint32_t(F.FetchMissCycles) << 16);
  bool Matters = F.LoadCycles || F.StoreCycles || F.AwaitsBranch ||
                 F.RedirectCycles || F.FetchTlbCycles || F.FetchMissCycles;
  uint32_t BranchLeft = 0;
  // The branch is the instruction before; if that is of this block, or has not
  // issued, nothing is known yet.
  if (F.AwaitsBranch) {
    BranchLeft = 1;
    const RecentCycles::Entry *Branch =
        Index ? nullptr : Core->Recent.find(Number, 1);
    if (Branch && Branch->IsIssued) {
      const uint64_t End = Branch->Issue + Branch->Latency + F.BranchCycles;
      BranchLeft = 2 + (End > Now ? End - Now : 0);
    }
  }
  FactsKey.push_back(BranchLeft);
  uint32_t FetchLeft = 0;
  if (F.FetchWaitCycles) {
    const RecentCycles::Entry *Asked =
        F.FetchWaitDistance <= Index
            ? nullptr
            : Core->Recent.find(Number + Index, F.FetchWaitDistance);
    if (F.FetchWaitDistance <= Index || (Asked && !Asked->IsFetched)) {
      FetchLeft = F.FetchWaitDistance << 1 | 1;
    } else if (Asked && Asked->Fetch + F.FetchWaitCycles > Now) {
      FetchLeft = (Asked->Fetch + F.FetchWaitCycles - Now) << 1;
    }
    Matters |= FetchLeft != 0;
  }
  FactsKey.push_back(FetchLeft);
  if (FetchLeft & 1)
    FactsKey.push_back(F.FetchWaitCycles);
  const size_t FirstWait = FactsKey.size();
  FactsKey.push_back(0);
  appendWaits(F, E);
  FactsKey[FirstWait] = FactsKey.size() - FirstWait;
  if (!Matters && FactsKey.size() == FirstWait + 1)
    FactsKey.truncate(Start);
}

void FastEngine::appendWaits(const InstructionFacts &F, const Executed &E) {
  if (!Around.HasAddresses)
    return;
  const uint32_t Index = F.At - E.At;
  for (const Wait &W : E.Facts.waits(F)) {
    uint32_t Cycles = W.Cycles, Distance = W.Distance;
    if (W.Distance > Index) {
      const RecentCycles::Entry *Older =
          Core->Recent.find(Number + Index, W.Distance);
      if (!Older)
        continue;
      if (Older->IsIssued) {
        const uint64_t End = Older->endOfWait(W.Cycles, W.Why);
        if (End <= Now)
          continue;
        Distance = 0;
        Cycles = End - Now;
      }
    }
    FactsKey.push_back(Distance | uint32_t(W.Why) << 24);
    FactsKey.push_back(Cycles);
  }
}

} // namespace mcad
