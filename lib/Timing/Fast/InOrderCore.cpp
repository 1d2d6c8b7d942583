//===- Timing/Fast/InOrderCore.cpp - an in-order core --------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// mca::InOrderIssueStage with RetirementRepair in front of it: an instruction
// issues when it comes or stalls all behind it, and retires when it is
// executed.
//
//===----------------------------------------------------------------------===//

#include "Timing/Fast/CycleWheel.h"
#include "Timing/Fast/FrontEnd.h"
#include "Timing/Fast/MemoryOrder.h"
#include "Timing/Fast/Ports.h"
#include "Timing/Fast/RegisterMap.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace mcad::fast {

namespace {

enum class Stage : uint8_t { Stalled, Executing, Executed, Retired };

/// An instruction in flight.
struct Entry {
  const InstructionTiming *Timing;
  uint64_t Issue;
  /// The last cycle in which its writes count their cycles.
  uint64_t End;
  uint32_t Facts;
  GroupId Group;
  Stage At;
  Cause HeldBy;
};

class InOrderCore final : public FrontEnd<InOrderCore> {
public:
  InOrderCore(const CoreModel &Model, const Compiler &Code,
              const Surroundings &Around)
      : FrontEnd(Model, Code, Around), Registers(Model), Entries(64), Done(64),
        Bandwidth(Model.Width) {}

  bool accepts(const CompiledInstruction &C) const {
    const InstructionTiming &T = *C.Timing;
    if (Stalled || Carried)
      return false;
    if (Bandwidth < T.MicroOps && T.MicroOps <= Model.Width)
      return false;
    return !(T.BeginsGroup && NumIssued);
  }

  void take(const Fetched &F);
  bool startCycle();
  bool isBusy() const { return NumExecuting || Stalled || Carried; }
  bool isEmpty() { return oldest() == Tail; }
  /// The first instruction that is not known to have retired: an engine
  /// remembers only so many.
  Sequence oldest() override {
    while (Oldest != Tail &&
           (Oldest < Head || entry(Oldest).At == Stage::Retired ||
            NextNumber - Oldest > RecentInstructions::Length))
      ++Oldest;
    return Oldest;
  }
  Cause causeAround();
  Cause causeInside() {
    return entry(oldest()).At == Stage::Stalled ? StalledBy : Cause::Latency;
  }
  uint64_t nextEvent() const;
  uint32_t numInFlight() const { return Tail - Head; }
  Entry &entry(Sequence N) { return Entries[number(N)]; }
  template <typename Archive> void transfer(Archive &A);

private:
  uint32_t number(Sequence N) const { return N & (Entries.size() - 1); }
  const Entry &entry(Sequence N) const { return Entries[number(N)]; }
  bool isInFlight(Sequence N) const {
    return N >= Head && N < Tail && entry(N).At != Stage::Retired;
  }

  void grow();
  template <typename Archive> void transferEntry(Archive &A, Sequence N);
  void makeCanonical(Writer &W);

  unsigned registerHazard(const CompiledInstruction &C);
  unsigned hazard(const Read &R);
  unsigned stallCycles(const CompiledInstruction &C, const Entry &E);
  void tryIssue(const CompiledInstruction &C, Sequence N);
  void retire(Sequence N);
  bool finishExecution();
  void continueCarried();

  RegisterMap Registers;

  std::vector<Entry> Entries;  ///< A ring, by number.
  Sequence Head = 0, Tail = 0; ///< In flight are those between, or retired.
  Sequence Oldest = 0;
  CycleWheel Done; ///< When those that execute are done.
  unsigned NumExecuting = 0;

  unsigned Bandwidth; ///< Micro-ops that can be issued in this cycle.
  unsigned NumIssued = 0;
  const CompiledInstruction *Stalled = nullptr; ///< The youngest.
  uint64_t Retry = 0; ///< The cycle in which Stalled tries to issue again.
  Cause StalledBy =
      Cause::Other; ///< By what was first missing, of the last try.
  const CompiledInstruction *Carried = nullptr; ///< The youngest.
  unsigned CarryOver = 0;     ///< Micro-ops of Carried that have not issued.
  uint64_t LastWriteBack = 0; ///< The cycle of it.
  SmallVector<Sequence, 4> Finished, Forgotten; ///< In the cycle at hand.
};

void InOrderCore::grow() {
  std::vector<Entry> Longer(2 * Entries.size());
  CycleWheel LaterDone(Longer.size());
  for (Sequence N = Head; N != Tail; ++N) {
    Longer[N & (Longer.size() - 1)] = entry(N);
    if (entry(N).At == Stage::Executing)
      LaterDone.add(N & (Longer.size() - 1), entry(N).End, Now);
  }
  Entries = std::move(Longer);
  Done = std::move(LaterDone);
}

void InOrderCore::take(const Fetched &F) {
  if (Tail - Head == Entries.size())
    grow();
  const InstructionTiming &T = *F.Compiled->Timing;
  const Sequence N = Tail++;
  Entry &E = entry(N);
  E = {&T, 0, 0, F.Facts, 0, Stage::Stalled, Cause::None};
  if (T.isMemory())
    addToOrder(F, E);
  StalledBy = Cause::Other;
  tryIssue(*F.Compiled, N);
}

/// How long \p R has to wait; 0 if it has not.
unsigned InOrderCore::hazard(const Read &R) {
  int64_t Longest = 0;
  Registers.forEachWriter(R, [&](const Writer &W) {
    if (W.Number == Writer::Done) {
      Longest =
          std::max(Longest, int64_t(W.Cycle - Now) - R.advance(W.Resource));
      return;
    }
    if (!isInFlight(W.Number))
      return;
    const Entry &E = entry(W.Number);
    const Definition &D = E.Timing->Definitions[W.Definition];
    // What has executed counts its cycles no further.
    const int64_t Left =
        int64_t(D.LatencyCycles) - int64_t(std::min(Now, E.End) - E.Issue);
    Longest = std::max(Longest, Left - R.advance(D.WriteResource));
  });
  return Longest;
}

/// As LLVM has it: of the first operand that is not there.
unsigned InOrderCore::registerHazard(const CompiledInstruction &C) {
  for (const Read &R : C.Reads)
    if (const unsigned Cycles = hazard(R))
      return Cycles;
  return 0;
}

unsigned InOrderCore::stallCycles(const CompiledInstruction &C,
                                  const Entry &E) {
  const InstructionTiming &T = *C.Timing;
  if (const unsigned Cycles = registerHazard(C)) {
    StalledBy = Cause::Operands;
    return Cycles;
  }
  if (!Units.canIssue(T)) {
    StalledBy = Cause::Ports;
    return 1;
  }
  // LLVM does not say when it is one of these; the cause stays what it was.
  if (T.isMemory() && !Order.isReady(E.Group))
    return 1;
  // Writes happen in program order.
  const uint64_t First = Now + C.FirstWriteBackCycles;
  return !T.RetiresOutOfOrder && First < LastWriteBack ? LastWriteBack - First
                                                       : 0;
}

void InOrderCore::tryIssue(const CompiledInstruction &C, Sequence N) {
  const InstructionTiming &T = *C.Timing;
  Entry &E = entry(N);
  Stalled = nullptr;
  if (const unsigned Cycles = stallCycles(C, E)) {
    Stalled = &C;
    Retry = Now + Cycles;
    Bandwidth = 0;
    return;
  }
  Registers.write(C, N);
  Units.issue(T, Now, [&](unsigned Column, uint32_t Cycles) {
    noteUse(N, Column, Cycles);
  });
  E.Issue = Now;
  E.End = Now + T.LatencyCycles;
  noteDispatched(N);
  noteReady(N);
  if (T.isMemory())
    Order.issued(E.Group);
  noteIssued(N, T.LatencyCycles);

  if (T.MicroOps > Bandwidth) {
    CarryOver = T.MicroOps - Bandwidth;
    Carried = &C;
    Bandwidth = 0;
  } else {
    NumIssued += T.MicroOps;
    Bandwidth = T.EndsGroup ? 0 : Bandwidth - T.MicroOps;
    if (!T.LatencyCycles) {
      retire(N);
      return;
    }
  }
  // What takes no cycle but is carried over counts one.
  E.End = std::max(E.End, Now + 1);
  E.At = Stage::Executing;
  Done.add(number(N), E.End, Now);
  ++NumExecuting;
  if (!T.RetiresOutOfOrder)
    LastWriteBack = Now + T.LatencyCycles;
}

void InOrderCore::retire(Sequence N) {
  Entry &E = entry(N);
  E.At = Stage::Retired;
  if (E.Timing->isMemory())
    Order.executed(E.Group);
  Registers.retire(N, *E.Timing, Now);
  noteExecuted(N);
  noteRetired(N, E.Timing->MicroOps);
  while (Head != Tail && entry(Head).At == Stage::Retired)
    ++Head;
}

bool InOrderCore::finishExecution() {
  bool Any = false;
  Done.pop(Now, [&](uint32_t Number) {
    Any = true;
    --NumExecuting;
    const Sequence N = Head + ((Number - Head) & (Entries.size() - 1));
    Entries[Number].At = Stage::Executed;
    // The one that is carried over retires when all of it has issued. LLVM
    // forgets others meanwhile.
    if (!Carried)
      Finished.push_back(N);
    else if (N + 1 != Tail)
      Forgotten.push_back(N);
  });
  return Any;
}

void InOrderCore::continueCarried() {
  if (CarryOver > Bandwidth) {
    CarryOver -= Bandwidth;
    Bandwidth = 0;
    return;
  }
  Bandwidth = Carried->Timing->EndsGroup ? 0 : Bandwidth - CarryOver;
  Carried = nullptr;
  CarryOver = 0;
  if (entry(Tail - 1).At == Stage::Executed)
    retire(Tail - 1);
}

bool InOrderCore::startCycle() {
  NumIssued = 0;
  Bandwidth = Model.Width;
  bool Any = openGates();
  Any |= Units.release(Now);
  Any |= finishExecution();
  for (Sequence N : Finished)
    retire(N);
  Finished.clear();
  if (Carried) {
    continueCarried();
    Any = true;
  }
  if (Stalled) {
    if (Retry <= Now) {
      tryIssue(*Stalled, Tail - 1);
      Any = true;
    }
    if (Stalled)
      Bandwidth = 0;
  }
  for (Sequence N : Forgotten) {
    const InstructionTiming &T = *entry(N).Timing;
    ++Counters.UnseenInstructions;
    Counters.UnseenMicroOps += T.MicroOps;
    for (const ResourceNeed &Need : T.Needs)
      if (Need.Cycles)
        Counters.UnseenKindCycles[Model.Resources[Need.Resource].Kind] +=
            Need.Cycles;
    retire(N);
  }
  Forgotten.clear();
  return Any;
}

uint64_t InOrderCore::nextEvent() const {
  const uint64_t First =
      std::min({Done.next(Now), Units.nextRelease(), nextGate()});
  return Stalled ? std::min(First, Retry) : First;
}

Cause InOrderCore::causeAround() {
  const Entry &E = entry(oldest());
  if (E.HeldBy != Cause::None)
    return E.HeldBy;
  if (E.At == Stage::Stalled || Now <= E.Issue)
    return Refilling;
  return causeOfLoad(E.Facts, E.Issue + E.Timing->LatencyCycles);
}

//===--- the state --------------------------------------------------------===//

/// Writes, or reads, the instruction with number \p N.
template <typename Archive>
void InOrderCore::transferEntry(Archive &A, Sequence N) {
  Entry &E = entry(N);
  if constexpr (Archive::IsReading)
    E = {nullptr, 0, 0, 0, 0, Stage::Retired, Cause::None};
  A.number(E.At);
  if (E.At == Stage::Retired)
    return;
  A.timing(E.Timing);
  A.number(E.Facts);
  if (E.Timing->isMemory())
    Order.transferId(A, E.Group);
  A.number(E.HeldBy);
  if (E.At != Stage::Stalled) {
    A.exactCycle(E.Issue);
    A.exactCycle(E.End);
  }
}

template <typename Archive> void InOrderCore::transfer(Archive &A) {
  if constexpr (Archive::IsReading) {
    Head = A.Oldest;
    Tail = HandedOn;
    while (Entries.size() < Tail - Head)
      Entries.resize(2 * Entries.size());
    Done = CycleWheel(Entries.size());
    NumExecuting = 0;
  } else {
    oldest();
  }
  uint64_t Lost = Oldest < Head ? 0 : Oldest - Head;
  A.number(Lost);
  Oldest = Head + Lost;
  Order.transfer(A);
  for (Sequence N = Head; N != Tail; ++N)
    transferEntry(A, N);
  Registers.transfer(A, [&](Writer &W) { makeCanonical(W); });
  A.number(Bandwidth);
  A.number(NumIssued);
  A.code(Stalled);
  if (Stalled)
    A.number(StalledBy);
  A.cycle(Retry);
  A.code(Carried);
  A.number(CarryOver);
  A.cycle(LastWriteBack);
  transferGates(A);
  if constexpr (Archive::IsReading) {
    for (Sequence N = Head; N != Tail; ++N)
      if (entry(N).At == Stage::Executing) {
        Done.add(number(N), entry(N).End, Now);
        ++NumExecuting;
      }
  }
}

void InOrderCore::makeCanonical(Writer &W) {
  if (!isInFlight(W.Number)) {
    W = Writer();
    return;
  }
  const Entry &E = entry(W.Number);
  if (E.Timing->IsReadLate)
    return;
  const Definition &D = E.Timing->Definitions[W.Definition];
  W = {Writer::Done, E.Issue + D.LatencyCycles, 0, D.WriteResource};
}

} // namespace

std::unique_ptr<Core> makeInOrderCore(const CoreModel &Model,
                                      const Compiler &Code,
                                      const Surroundings &Around) {
  return std::make_unique<InOrderCore>(Model, Code, Around);
}

} // namespace mcad::fast
