//===- Timing/Fast/FrontEnd.h - fetch, time, and lost cycles -------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What both kinds of core have: the clock, the fetch queue of FetchStage.h,
/// the order of loads and stores, and the accounts of LostCycles.h, for a back
/// end that takes instructions.
///
/// A cycle in which nothing happened is followed by cycles in which nothing
/// happens until something is due; those are passed over in one step.
///
/// The back end is the class derived from this template. It has
///   bool accepts(const CompiledInstruction &) const;
///   void take(const Fetched &);
///   Entry &entry(Sequence);   // Of one in flight: has Group, HeldBy, Timing.
///   bool startCycle();        // Whether anything happened.
///   bool isBusy() const;      // Anything in flight.
///   uint64_t nextEvent() const;
///   bool isEmpty() const;     // Nothing unretired, for lost cycles.
///   Sequence oldest();        // As Core has it.
///   Cause causeAround();      // Why the oldest instruction has not retired:
///   Cause causeInside();      // what the surroundings did; what the core did.
///   uint32_t numInFlight() const;
///   template <typename Archive> void transfer(Archive &A);
///
/// Tested by unittests/Timing/DifferentialTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TIMING_FAST_FRONTEND_H
#define MCAD_TIMING_FAST_FRONTEND_H

#include "Timing/Fast/Archive.h"
#include "Timing/Fast/Core.h"
#include "Timing/Fast/FactsInFlight.h"
#include "Timing/Fast/MemoryOrder.h"
#include "Timing/Watchdog.h"
#include "llvm/ADT/STLExtras.h"
#include <vector>

namespace mcad::fast {

/// An instruction on its way to the back end.
struct Fetched {
  const CompiledInstruction *Compiled = nullptr;
  Sequence Number = 0;
  uint32_t Facts = 0; ///< Number of its CarriedFacts.
  PendingWaits Waits;

  void set(const CompiledInstruction &C, Sequence N) {
    Compiled = &C;
    Number = N;
    Facts = 0;
    Waits.clear();
  }
};

/// Those in order, in a ring: who comes next writes over one that is gone.
class FetchedQueue {
public:
  size_t size() const { return Size; }
  bool empty() const { return !Size; }
  Fetched &operator[](size_t I) {
    return Ring[(First + I) & (Ring.size() - 1)];
  }
  Fetched &front() { return (*this)[0]; }
  /// The one that push() adds. The reference holds until next() is called
  /// after that.
  Fetched &next() {
    if (Size == Ring.size())
      grow();
    return (*this)[Size];
  }
  void push() { ++Size; }
  void pop() {
    ++First;
    --Size;
  }
  void resize(size_t To) {
    for (Size = 0; Size != To; ++Size)
      next();
  }

private:
  void grow() {
    std::vector<Fetched> Longer(std::max<size_t>(16, 2 * Ring.size()));
    for (size_t I = 0; I != Size; ++I)
      Longer[I] = std::move((*this)[I]);
    Ring = std::move(Longer);
    First = 0;
  }

  std::vector<Fetched> Ring; ///< As many as a power of two.
  size_t First = 0, Size = 0;
};

template <typename BackEnd> class FrontEnd : public Core {
public:
  FrontEnd(const CoreModel &Model, const Compiler &Code,
           const Surroundings &Around)
      : Core(Model, Code), HasFetch(Around.Model),
        HasAddresses(Around.Model && Around.HasAddresses),
        Order(HasAddresses || Model.LoadsPassStores),
        QueueLength(Around.Model ? Around.Model->FetchQueue : 0) {}

  llvm::Error push(const Arriving &A) final {
    if (!HasFetch) {
      while (!backEnd().accepts(*A.Compiled))
        if (llvm::Error E = nextCycle())
          return E;
      // There is no queue; its memory does.
      Queue.next().set(*A.Compiled, NextNumber++);
      handOn(Queue.next());
      IsIdle = false;
      return llvm::Error::success();
    }
    while (!hasRoom(*A.Compiled))
      if (llvm::Error E = nextCycle())
        return E;
    fetch(A);
    IsIdle = false;
    return llvm::Error::success();
  }

  llvm::Error finish() final {
    if (!NextNumber)
      return llvm::Error::success();
    while (backEnd().isBusy() || IsComing || !Queue.empty())
      if (llvm::Error E = nextCycle())
        return E;
    return endCycle();
  }

  bool save(llvm::SmallVectorImpl<uint16_t> &State) final {
    uint32_t NumInFlight = backEnd().numInFlight();
    if (NumInFlight > MaxInFlight || Queue.size() > MaxInFlight)
      return false;
    StateWriter A(State, Code, Now, HandedOn - NumInFlight);
    A.number(NumInFlight);
    A.number(Queue.size() + IsComing);
    transferFetch(A);
    backEnd().transfer(A);
    if (Units.areApart())
      Units.writeLasting(A);
    else
      Units.transfer(A);
    return true;
  }

  void restore(llvm::ArrayRef<uint16_t> State,
               llvm::ArrayRef<uint16_t> PortState, uint64_t Cycle,
               uint64_t Next) final {
    restorePorts(PortState, Cycle);
    uint32_t NumInFlight = 0, NumFetched = 0;
    StateReader Start(State, Code, Cycle, 0);
    Start.number(NumInFlight);
    Start.number(NumFetched);
    Now = LastProgress = Cycle;
    NextNumber = Next;
    HandedOn = NextNumber - NumFetched;
    StateReader A(State, Code, Cycle, HandedOn - NumInFlight);
    A.number(NumInFlight);
    A.number(NumFetched);
    IsIdle = false;
    transferFetch(A);
    // What is left says of the ports what PortState says too.
    backEnd().transfer(A);
  }

protected:
  const bool HasFetch;     ///< And lost cycles.
  const bool HasAddresses; ///< Waits matter.
  CarriedFactsTable KnownFacts;
  MemoryOrder Order;

  /// To be called when an instruction is dispatched, when only a port is
  /// missing, and when it issues, is executed and retires: each comes to all.
  void noteDispatched(Sequence Number) {
    if (Watched) [[unlikely]]
      Watched->dispatched(Number, Now);
  }
  void noteReady(Sequence Number) {
    if (Watched) [[unlikely]]
      Watched->ready(Number, Now);
  }
  void noteIssued(Sequence Number, uint32_t Latency) {
    if (HasFetch)
      Recent.issued(Number, Now, Latency);
    if (Watched) [[unlikely]]
      Watched->issued(Number, Now);
  }
  void noteExecuted(Sequence Number) {
    if (Watched) [[unlikely]]
      Watched->executed(Number, Now);
  }
  void noteRetired(Sequence Number, unsigned MicroOps) {
    ++Counters.Instructions;
    Counters.MicroOps += MicroOps;
    HasRetired = true;
    if (Watched) [[unlikely]]
      Watched->retired(Number, Now);
  }
  /// To be called for each unit that it takes: as Ports::issue tells.
  void noteUse(Sequence Number, unsigned Column, uint32_t Cycles) {
    countUse(Column, Cycles);
    if (Pushed.empty() || Column == ~0u)
      return;
    const size_t Row = Pushed[Number];
    if (UnitCyclesByInstruction.size() < (Row + 1) * Model.NumColumns)
      UnitCyclesByInstruction.resize((Row + 1) * Model.NumColumns);
    UnitCyclesByInstruction[Row * Model.NumColumns + Column] += Cycles;
  }

  /// The time at which all of \p Waits are over; if that is not known,
  /// \p Awaited is what has to issue first.
  WaitEnd endOf(const PendingWaits &Waits, Sequence &Awaited) const {
    WaitEnd Latest{0, Cause::None};
    for (const PendingWait &W : Waits) {
      uint64_t Cycle = W.Cycle;
      if (W.For != PendingWait::Known) {
        const RecentCycles::Entry *Older = Recent.find(W.For, 0);
        if (!Older)
          continue;
        if (!Older->IsIssued) {
          Awaited = W.For;
          return {std::nullopt, W.Why};
        }
        Cycle = Older->endOfWait(W.Cycle, W.Why);
      }
      if (Cycle > *Latest.Cycle)
        Latest = {Cycle, W.Why};
    }
    return Latest;
  }

  /// Gives \p E, which is \p F's entry and a load or store, its place among the
  /// others.
  template <typename Entry> void addToOrder(const Fetched &F, Entry &E) {
    bool IsHeld = false;
    if (!F.Waits.empty()) {
      Gate G{F.Number, F.Waits};
      G.End = endOf(G.Waits, G.Awaited);
      IsHeld = isHeld(G, E.HeldBy);
      if (IsHeld)
        Gates.push_back(std::move(G));
    }
    E.Group = Order.add(*E.Timing, IsHeld);
  }
  /// At the start of a cycle. \returns whether there were any to open.
  bool openGates() {
    bool Any = false;
    llvm::erase_if(Gates, [&](Gate &G) {
      auto &E = backEnd().entry(G.Number);
      if (isHeld(G, E.HeldBy))
        return false;
      Order.open(E.Group);
      return Any = true;
    });
    return Any;
  }
  /// The first cycle in which one is known to open; ~0 if there is none such:
  /// then it is the issue that they wait for which comes first.
  uint64_t nextGate() const {
    uint64_t First = ~uint64_t(0);
    for (const Gate &G : Gates)
      First = std::min(First, G.End.Cycle.value_or(First));
    return First;
  }
  /// After the entries in flight.
  template <typename Archive> void transferGates(Archive &A) {
    transferList(A, Gates, [&](Gate &G) {
      A.instruction(G.Number);
      transferWaits(A, G.Waits);
    });
    if constexpr (Archive::IsReading)
      for (Gate &G : Gates) {
        G.End = endOf(G.Waits, G.Awaited);
        Order.hold(backEnd().entry(G.Number).Group);
      }
  }

  /// Keeps a held load or store back.
  struct Gate {
    Sequence Number;
    PendingWaits Waits;
    WaitEnd End{};        ///< Of the waits, as far as is known.
    Sequence Awaited = 0; ///< If End is not known: what has to issue first.
  };

  /// Whether the waits of \p G are not over; \p Why: what the last of them is
  /// for.
  bool isHeld(Gate &G, Cause &Why) const {
    if (!G.End.Cycle) {
      const RecentCycles::Entry *Awaited = Recent.find(G.Awaited, 0);
      if (!Awaited || Awaited->IsIssued)
        G.End = endOf(G.Waits, G.Awaited);
    }
    const bool IsHeld = !G.End.Cycle || *G.End.Cycle > Now;
    Why = IsHeld ? G.End.Why : Cause::None;
    return IsHeld;
  }

  /// What the cycle at hand is lost to if the oldest instruction carries
  /// \p Facts and would retire in cycle \p End.
  Cause causeOfLoad(uint32_t Facts, uint64_t End) const {
    const CarriedFacts &F = KnownFacts[Facts];
    // With a hit it would have retired in the cycle that this one counts from.
    const uint64_t Since = End - F.LoadCycles;
    if (Now < Since || Now >= End)
      return Cause::None;
    uint64_t Cycle = Now - Since;
    if (Cycle < F.TlbCycles)
      return Cause::DataTlb;
    Cycle -= F.TlbCycles;
    return Cycle < F.SplitCycles ? Cause::Split : F.LoadWhy;
  }

  /// What fetch waits for, until the first instruction after that retires.
  Cause Refilling = Cause::None;
  Sequence NextNumber = 0; ///< Of the instruction that is pushed next.
  Sequence HandedOn = 0;   ///< Instructions that the back end got.

  template <typename Archive>
  void transferWaits(Archive &A, PendingWaits &Waits) {
    if constexpr (!Archive::IsReading) {
      for (PendingWait &W : Waits) {
        if (W.For == PendingWait::Known)
          continue;
        const RecentCycles::Entry *Older = Recent.find(W.For, 0);
        if (Older && !Older->IsIssued)
          continue;
        W.For = PendingWait::Known;
        W.Cycle = Older ? Older->endOfWait(W.Cycle, W.Why) : 0;
      }
      llvm::erase_if(Waits, [&](const PendingWait &W) {
        return W.For == PendingWait::Known && W.Cycle <= Now;
      });
    }
    transferList(A, Waits, [&](PendingWait &W) {
      bool IsKnown = W.For == PendingWait::Known;
      A.number(IsKnown);
      if (IsKnown) {
        W.For = PendingWait::Known;
        A.cycle(W.Cycle);
      } else {
        A.instruction(W.For);
        A.number(W.Cycle);
      }
      A.number(W.Why);
    });
  }

private:
  BackEnd &backEnd() { return static_cast<BackEnd &>(*this); }

  template <typename Archive> void transferFetch(Archive &A) {
    A.number(HasRetired);
    if (!HasFetch)
      return;
    A.number(Refilling);
    A.number(FetchedMicroOps);
    size_t NumFetched = Queue.size();
    A.number(NumFetched);
    if constexpr (Archive::IsReading)
      Queue.resize(NumFetched);
    Sequence Number = HandedOn;
    for (size_t I = 0; I != NumFetched; ++I) {
      Queue[I].Number = Number++;
      transferFetched(A, Queue[I]);
    }
    A.number(IsComing);
    if (!IsComing)
      return;
    Queue.next().Number = Number;
    transferFetched(A, Queue.next());
    A.number(AwaitsBranch);
    A.number(Delay.BranchWhy);
    if (!AwaitsBranch) {
      A.cycle(BranchEnd);
      A.cycle(RedirectEnd);
      A.exactCycle(TlbEnd);
      A.cycle(Arrival);
      return;
    }
    // They follow from the branch.
    Delay.AwaitsBranch = true;
    A.number(Delay.BranchCycles);
    A.number(Delay.RedirectCycles);
    A.number(Delay.FetchTlbCycles);
    A.number(Delay.FetchMissCycles);
    A.cycle(PrefetchEnd);
  }
  template <typename Archive> void transferFetched(Archive &A, Fetched &F) {
    A.code(F.Compiled);
    A.number(F.Facts);
    transferWaits(A, F.Waits);
  }

  //===--- the clock ------------------------------------------------------===//

  llvm::Error nextCycle() {
    if (IsIdle)
      if (llvm::Error E = passIdleCycles())
        return E;
    if (llvm::Error E = endCycle())
      return E;
    IsIdle = !backEnd().startCycle();
    if (HasFetch && startFetch())
      IsIdle = false;
    return llvm::Error::success();
  }

  llvm::Error endCycle() {
    if (HasRetired)
      LastProgress = Now;
    else if (Now - LastProgress >= Watchdog::PatienceCycles)
      return Watchdog::stalled(Counters.Instructions);
    passCycles(1, HasRetired ? Cause::None : cause());
    if (HasRetired)
      Refilling = Cause::None;
    HasRetired = false;
    return llvm::Error::success();
  }

  /// The cycle at hand, and those behind it that are like it, are over.
  void passCycles(uint64_t Cycles, Cause Why) {
    charge(backEnd().oldest(), Why, Cycles);
    if (Why != Cause::None)
      Counters.LostCycles[static_cast<unsigned>(Why)] += Cycles;
    Counters.Cycles += Cycles;
    Now += Cycles;
  }

  /// What the cycle at hand is lost to: LostCycles.h has the rules.
  Cause cause() {
    const bool IsEmpty = backEnd().isEmpty();
    if (HasFetch)
      if (const Cause Why =
              IsEmpty ? Refilling = stalledBy() : backEnd().causeAround();
          Why != Cause::None)
        return Why;
    return IsEmpty ? Cause::Other : backEnd().causeInside();
  }

  /// Nothing has happened in the cycle at hand, nor will it until something is
  /// due: on to the cycle before that.
  llvm::Error passIdleCycles() {
    const uint64_t Event = std::min(backEnd().nextEvent(), nextFetch());
    while ((HasFetch || HasRetired) && Now + 1 < Event)
      if (llvm::Error E = endCycle())
        return E;
    const uint64_t Last =
        std::min(Event - 1, LastProgress + Watchdog::PatienceCycles);
    if (Last > Now)
      passCycles(Last - Now, cause());
    return llvm::Error::success();
  }

  //===--- fetch ----------------------------------------------------------===//

  bool hasRoom(const CompiledInstruction &C) const {
    const unsigned MicroOps = C.Timing->MicroOps;
    return !IsComing &&
           (FetchedMicroOps < Model.Width || MicroOps > Model.Width) &&
           Queue.size() < QueueLength;
  }

  void fetch(const Arriving &A) {
    const Sequence Number = NextNumber++;
    Recent.start(Number);
    FetchedMicroOps += A.Compiled->Timing->MicroOps;
    Fetched &Coming = Queue.next();
    Coming.set(*A.Compiled, Number);
    if (!A.Facts) {
      // As most: it is there at once.
      Recent.fetched(Number, Now);
      return enqueue();
    }
    IsComing = true;
    BranchEnd = RedirectEnd = TlbEnd = Arrival = Now;
    AwaitsBranch = false;
    const InstructionFacts &F = *A.Facts;
    Coming.Facts = KnownFacts.number(
        {F.LoadCycles, F.TlbCycles, F.SplitCycles, F.LoadWhy, F.StoreCycles});
    if (HasAddresses && A.Compiled->Timing->isMemory())
      addWaits(A, Coming);
    if (F.delaysFetch()) {
      Delay = F;
      AwaitsBranch = F.AwaitsBranch;
      PrefetchEnd = 0;
      if (F.FetchWaitCycles)
        if (const RecentCycles::Entry *Asked =
                Recent.find(Number, F.FetchWaitDistance))
          PrefetchEnd = Asked->Fetch + F.FetchWaitCycles;
      schedule();
    }
    arrive();
  }

  /// What fetch() put behind the queue is there. If there are others before it,
  /// the first of them has just been refused.
  void enqueue() {
    Queue.push();
    if (Queue.size() == 1)
      handOnQueue();
  }

  void addWaits(const Arriving &A, Fetched &Coming) {
    for (const Wait &W : A.Waits) {
      const RecentCycles::Entry *Older = Recent.find(Coming.Number, W.Distance);
      if (!Older)
        continue;
      if (!Older->IsIssued) {
        Coming.Waits.push_back({Older->Number, W.Cycles, W.Why});
        continue;
      }
      const uint64_t Cycle = Older->endOfWait(W.Cycles, W.Why);
      if (Cycle > Now)
        Coming.Waits.push_back({PendingWait::Known, Cycle, W.Why});
    }
  }

  /// Decides when what is coming arrives, if that is known yet.
  void schedule() {
    BranchEnd = Now;
    if (Delay.AwaitsBranch) {
      const RecentCycles::Entry *Branch = Recent.find(Queue.next().Number, 1);
      AwaitsBranch = Branch && !Branch->IsIssued;
      if (AwaitsBranch)
        return;
      if (Branch)
        BranchEnd = std::max(BranchEnd, Branch->Issue + Branch->Latency +
                                            Delay.BranchCycles);
    }
    RedirectEnd = BranchEnd + Delay.RedirectCycles;
    TlbEnd = RedirectEnd + Delay.FetchTlbCycles;
    Arrival = std::max(TlbEnd + Delay.FetchMissCycles, PrefetchEnd);
  }

  bool startFetch() {
    FetchedMicroOps = 0;
    if (AwaitsBranch)
      schedule();
    const bool HasArrived = arrive();
    return handOnQueue() || HasArrived;
  }

  bool arrive() {
    if (!IsComing || AwaitsBranch || Now < Arrival)
      return false;
    Recent.fetched(Queue.next().Number, TlbEnd);
    IsComing = false;
    enqueue();
    return true;
  }

  void handOn(const Fetched &F) {
    ++HandedOn;
    backEnd().take(F);
  }
  bool handOnQueue() {
    bool Any = false;
    while (!Queue.empty() && backEnd().accepts(*Queue.front().Compiled)) {
      handOn(Queue.front());
      Queue.pop();
      Any = true;
    }
    return Any;
  }

  /// When what is coming comes, if that is known.
  uint64_t nextFetch() const {
    // The branch's issue is an event of the back end.
    return IsComing && !AwaitsBranch ? Arrival : ~uint64_t(0);
  }

  Cause stalledBy() const {
    if (!IsComing)
      return Cause::None;
    if (AwaitsBranch || Now < BranchEnd)
      return Delay.BranchWhy;
    if (Now < RedirectEnd)
      return Cause::Target;
    return Now < TlbEnd ? Cause::FetchTlb : Cause::FetchMiss;
  }

  std::vector<Gate> Gates;

  bool HasRetired = false; ///< In the cycle at hand.
  /// Nothing has happened in the cycle at hand.
  bool IsIdle = false;
  uint64_t LastProgress = 0;

  const size_t QueueLength;
  unsigned FetchedMicroOps = 0; ///< In the cycle at hand.
  FetchedQueue Queue;
  /// Queue.next() is on its way.
  bool IsComing = false;
  bool AwaitsBranch = false;
  InstructionFacts Delay; ///< Of what is coming, if it is delayed.
  /// The first cycles in which each cause no longer holds it, as in FetchStage.
  uint64_t BranchEnd = 0, RedirectEnd = 0, TlbEnd = 0, Arrival = 0;
  uint64_t PrefetchEnd = 0;
};

} // namespace mcad::fast

#endif // MCAD_TIMING_FAST_FRONTEND_H
