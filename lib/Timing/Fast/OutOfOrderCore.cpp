//===- Timing/Fast/OutOfOrderCore.cpp - an out-of-order core -------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The stages of LLVM's pipeline, in the order of its cycle: retirement, what
// gets free and what has executed, issue, dispatch.
//
// LLVM's scheduler looks at every instruction in flight in every cycle. Here an
// instruction knows how many operands it lacks and when the last of those that
// it has is there; it is looked at when an operand's producer issues, in the
// cycle in which its operands are there, and while it waits for a unit.
//
//===----------------------------------------------------------------------===//

#include "Timing/Fast/CycleWheel.h"
#include "Timing/Fast/FrontEnd.h"
#include "Timing/Fast/MemoryOrder.h"
#include "Timing/Fast/Ports.h"
#include "Timing/Fast/RegisterMap.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;

namespace mcad::fast {

namespace {

enum class Stage : uint8_t { Waiting, Executing, Executed };

/// Where an instruction that waits is listed.
enum class List : uint8_t {
  None, ///< Operands are missing.
  MemoryWaits,
  Soon,
  OperandsThere,
  Ready
};

/// An instruction in flight: a line of the cache.
struct alignas(64) Entry {
  const InstructionTiming *Timing;
  /// Waiting: the first cycle in which the operands that are known to come are
  /// there. Then: the cycle of issue.
  uint64_t Issue;
  uint64_t End; ///< The cycle in which it is executed.
  uint32_t Facts;
  uint32_t Users; ///< Those who wait for its issue: a list of nodes.
  uint32_t NumUsers;
  uint16_t Missing; ///< Operands whose producers have not issued.
  Stage At;
  List In;
  Cause HeldBy;
  GroupId Group;
};

class OutOfOrderCore final : public FrontEnd<OutOfOrderCore> {
public:
  OutOfOrderCore(const CoreModel &Model, const Compiler &Code,
                 const Surroundings &Around)
      : FrontEnd(Model, Code, Around), Registers(Model),
        Entries(PowerOf2Ceil(Model.ReorderBuffer + 1)),
        NumberMask(Entries.size() - 1), Done(Entries.size()),
        Soon(Entries.size()), Ranked(new Rank[Entries.size()]),
        FreeReorderEntries(Model.ReorderBuffer), Available(Model.Width) {}

  bool accepts(const CompiledInstruction &C) const {
    const InstructionTiming &T = *C.Timing;
    if (!Available || std::min<unsigned>(T.MicroOps, Model.Width) > Available)
      return false;
    if (T.BeginsGroup && Available != Model.Width)
      return false;
    if (T.ReorderEntries > FreeReorderEntries || !Registers.hasRoom(C) ||
        !Units.canBuffer(T))
      return false;
    return !(T.MayLoad && Model.LoadQueue && LoadsQueued == Model.LoadQueue) &&
           !(T.MayStore && Model.StoreQueue &&
             StoresQueued == Model.StoreQueue);
  }

  void take(const Fetched &F);
  bool startCycle();
  bool isBusy() const { return Head != Tail; }
  bool isEmpty() const { return Head == Tail; }
  Sequence oldest() override { return Head; }
  uint64_t nextEvent() const;
  Cause causeAround() const;
  Cause causeInside() const {
    const Entry &E = entry(Head);
    if (E.At != Stage::Waiting)
      return Cause::Latency;
    return E.In == List::Ready ? Cause::Ports : Cause::Operands;
  }
  uint32_t numInFlight() const { return Tail - Head; }
  Entry &entry(Sequence N) { return Entries[number(N)]; }
  template <typename Archive> void transfer(Archive &A);

private:
  /// Waits for the issue of another instruction.
  struct Node {
    uint32_t User;
    uint32_t DelayCycles; ///< From issue until the operand is there.
    uint32_t Next;
  };
  static constexpr uint32_t NoNode = ~0u;

  uint32_t number(Sequence N) const { return N & NumberMask; }
  const Entry &entry(Sequence N) const { return Entries[number(N)]; }
  /// Of an entry in flight.
  Sequence sequence(uint32_t Number) const {
    return Head + ((Number - Head) & NumberMask);
  }

  //===--- dispatch -------------------------------------------------------===//

  void readRegisters(const CompiledInstruction &C, Entry &E, uint32_t Number) {
    for (const Read &R : C.Reads)
      Registers.forEachWriter(R, [&](const Writer &W) {
        depend(E, Number, W,
               [&](unsigned Resource) { return R.advance(Resource); });
      });
    C.Merges.forEach([&](const Merge &M) {
      // The part may come one cycle behind the whole, whenever that is.
      depend(E, Number, Registers[M.Whole], [&](unsigned) {
        return static_cast<int>(std::max(1u, M.LatencyCycles)) - 1;
      });
    });
  }

  /// \p E needs the write of \p W, \p Early(write resource) cycles before it is
  /// there.
  template <typename Function>
  void depend(Entry &E, uint32_t Number, const Writer &W, Function Early) {
    if (W.Number - Head >= Tail - Head) {
      if (W.Number == Writer::Done)
        await(E, int64_t(W.Cycle - Now) - Early(W.Resource));
      return;
    }
    Entry &Other = entry(W.Number);
    const Definition &D = Other.Timing->Definitions[W.Definition];
    const int64_t Delay = int64_t(D.LatencyCycles) - Early(D.WriteResource);
    // What has executed counts its cycles no further.
    if (Other.At != Stage::Waiting)
      return await(E, Delay - int64_t(std::min(Now, Other.End) - Other.Issue));
    const uint32_t New = freeNode();
    Nodes[New] = {Number, static_cast<uint32_t>(std::max<int64_t>(0, Delay)),
                  Other.Users};
    Other.Users = New;
    ++Other.NumUsers;
    ++E.Missing;
  }

  uint32_t freeNode() {
    if (FreeNode == NoNode) [[unlikely]] {
      Nodes.push_back({0, 0, NoNode});
      return Nodes.size() - 1;
    }
    return std::exchange(FreeNode, Nodes[FreeNode].Next);
  }

  /// An operand of \p E is there in so many cycles, if that is not past.
  void await(Entry &E, int64_t Cycles) {
    if (Cycles > 0)
      E.Issue = std::max(E.Issue, Now + Cycles);
  }

  //===--- the scheduler --------------------------------------------------===//

  bool isMemoryReady(const Entry &E) const {
    return !E.Timing->isMemory() || Order.isReady(E.Group);
  }
  bool isMemoryWaiting(const Entry &E) const {
    return E.Timing->isMemory() && Order.isWaiting(E.Group);
  }

  void list(uint32_t Number, List L) {
    Entries[Number].In = L;
    switch (L) {
    case List::None:
      break;
    case List::MemoryWaits:
      MemoryWaits.push_back(Number);
      break;
    case List::Soon:
      Soon.add(Number, Entries[Number].Issue, Now);
      break;
    case List::OperandsThere:
      OperandsThere.push_back(Number);
      break;
    case List::Ready:
      Ready.push_back(Number);
      noteReady(sequence(Number));
      break;
    }
  }

  /// All operands of \p Number are there.
  void listThere(uint32_t Number) {
    list(Number,
         isMemoryReady(Entries[Number]) ? List::Ready : List::OperandsThere);
  }
  /// All operands of \p Number are known to come, and its group does not wait.
  void pend(uint32_t Number) {
    if (Entries[Number].Issue > Now)
      list(Number, List::Soon);
    else
      listThere(Number);
  }

  /// As mca::Scheduler::promoteToPendingSet, for those whose groups waited.
  /// \returns whether there were any.
  bool promoteMemoryWaits() {
    bool Any = false;
    if (!MemoryWaits.empty() && Order.takeChanged())
      erase_if(MemoryWaits, [&](uint32_t Number) {
        if (isMemoryWaiting(Entries[Number]))
          return false;
        pend(Number);
        return Any = true;
      });
    return Any;
  }

  /// As mca::Scheduler::promoteToReadySet, for those whose groups were not.
  void promoteToReady() {
    if (OperandsThere.empty())
      return;
    erase_if(OperandsThere, [&](uint32_t Number) {
      if (!isMemoryReady(Entries[Number]))
        return false;
      list(Number, List::Ready);
      return true;
    });
  }

  void issue(uint32_t Number);
  /// Who comes first when several can issue: who is older, where each user
  /// makes one older by one; then who is older indeed. In the cycle at hand.
  using Rank = uint64_t;
  Rank rank(uint32_t Number) const {
    // Far more than there are.
    constexpr uint64_t MostUsers = uint64_t(1) << 31;
    const uint64_t Age = (Number - Head) & NumberMask;
    return (Age + MostUsers - Entries[Number].NumUsers) << 32 | Age;
  }
  uint32_t ranked(Rank R) const { return number(Head + uint32_t(R)); }
  /// Puts \p Number among the first \p Size of Ranked, which has room.
  /// \returns where.
  size_t addRanked(uint32_t Number, size_t Size) {
    const Rank R = rank(Number);
    Rank *const First = Ranked.get(), *At = First + Size;
    // Mostly few, and mostly in order.
    for (; At != First && R < At[-1]; --At)
      *At = At[-1];
    *At = R;
    return At - First;
  }
  bool issueReady();

  void execute(uint32_t Number) {
    Entry &E = Entries[Number];
    E.At = Stage::Executed;
    noteExecuted(sequence(Number));
    if (E.Timing->isMemory())
      Order.executed(E.Group);
  }

  template <typename Archive> void transferEntry(Archive &A, Sequence N);
  template <typename Archive>
  void transferWaiting(Archive &A, Entry &E, Sequence N);
  void rebuild();
  void makeCanonical(Writer &W);

  //===--- the rest of a cycle --------------------------------------------===//

  bool retire();
  bool startMemory();
  bool finishExecution() {
    bool Any = false;
    Done.pop(Now, [&](uint32_t Number) {
      execute(Number);
      Any = true;
    });
    return Any;
  }
  bool startDispatch() {
    if (!CarryOver) {
      Available = Model.Width;
      return false;
    }
    Available = CarryOver >= Model.Width ? 0 : Model.Width - CarryOver;
    CarryOver -= Model.Width - Available;
    return true;
  }

  RegisterMap Registers;

  std::vector<Entry> Entries; ///< A ring, by number.
  const uint32_t NumberMask;
  Sequence Head = 0, Tail = 0; ///< In flight are those between.
  std::vector<Node> Nodes;
  uint32_t FreeNode = NoNode;

  CycleWheel Done; ///< When those that execute are done.
  CycleWheel Soon; ///< When the operands of those that pend are there.
  /// No operand is missing, but their groups wait.
  SmallVector<uint32_t, 16> MemoryWaits;
  SmallVector<uint32_t, 16> OperandsThere; ///< Their groups are not ready.
  SmallVector<uint32_t, 32> Ready;
  /// While they are issued; with room for all that can be in flight.
  std::unique_ptr<Rank[]> Ranked;

  unsigned FreeReorderEntries;
  unsigned Available; ///< Micro-ops that can be dispatched in this cycle.
  unsigned CarryOver = 0;
  unsigned LoadsQueued = 0, StoresQueued = 0;
  /// Cycles in which the lines of retired stores arrive.
  SmallVector<uint64_t, 8> Draining;
};

void OutOfOrderCore::take(const Fetched &F) {
  const CompiledInstruction &C = *F.Compiled;
  const InstructionTiming &T = *C.Timing;
  const uint32_t Number = number(Tail);
  Entry &E = Entries[Number];
  E = {&T,         Now,         0, F.Facts, NoNode, 0, 0, Stage::Waiting,
       List::None, Cause::None, 0};
  noteDispatched(Tail);

  if (T.MicroOps > Model.Width) {
    Available = 0;
    CarryOver = T.MicroOps - Model.Width;
  } else {
    Available -= T.MicroOps;
  }
  if (T.EndsGroup)
    Available = 0;
  FreeReorderEntries -= T.ReorderEntries;

  if (!C.Moves.empty() && Registers.tryEliminate(C)) {
    // Nothing to execute: the registers have new names.
    ++Tail;
    E.Timing = C.EliminatedTiming;
    E.At = Stage::Executed;
    E.Issue = Now;
    E.End = Now + T.LatencyCycles; // For lost cycles alone.
    noteReady(F.Number);
    noteIssued(F.Number, T.LatencyCycles);
    noteExecuted(F.Number);
    return;
  }
  readRegisters(C, E, Number);
  Registers.write(C, Tail);
  Registers.hold(T);
  ++Tail;

  Units.takeBuffers(T);
  if (T.isMemory()) {
    LoadsQueued += T.MayLoad;
    StoresQueued += T.MayStore;
    addToOrder(F, E);
  }
  if (E.Missing)
    return;
  if (isMemoryWaiting(E)) {
    list(Number, List::MemoryWaits);
  } else if (T.IssuesAtOnce && E.Issue <= Now && isMemoryReady(E)) {
    noteReady(F.Number);
    issue(Number);
  } else {
    pend(Number);
  }
}

void OutOfOrderCore::issue(uint32_t Number) {
  Entry &E = Entries[Number];
  const InstructionTiming &T = *E.Timing;
  const bool HasUsers =
      E.NumUsers || (T.isMemory() && Order.hasSuccessors(E.Group));
  Units.leaveBuffers(T);
  Units.issue(T, Now, [&](unsigned Column, uint32_t Cycles) {
    noteUse(sequence(Number), Column, Cycles);
  });
  E.Issue = Now;
  E.End = Now + T.LatencyCycles;
  E.At = Stage::Executing;
  if (T.isMemory())
    Order.issued(E.Group);
  noteIssued(sequence(Number), T.LatencyCycles);
  if (T.LatencyCycles)
    Done.add(Number, E.End, Now);
  else
    execute(Number);
  if (!HasUsers)
    return;
  bool HavePended = false;
  while (E.Users != NoNode) {
    Node &N = Nodes[E.Users];
    Entry &User = Entries[N.User];
    User.Issue = std::max(User.Issue, Now + N.DelayCycles);
    if (!--User.Missing) {
      if (isMemoryWaiting(User)) {
        list(N.User, List::MemoryWaits);
      } else {
        pend(N.User);
        HavePended = true;
      }
    }
    const uint32_t Gone = E.Users;
    E.Users = N.Next;
    N.Next = FreeNode;
    FreeNode = Gone;
  }
  if (promoteMemoryWaits() || HavePended)
    promoteToReady();
}

/// As mca::Scheduler::select, until nothing is left that can issue: of those
/// that can, the first by rank.
bool OutOfOrderCore::issueReady() {
  if (Ready.empty())
    return false;
  size_t Size = 0;
  for (uint32_t Number : Ready)
    addRanked(Number, Size++);
  Ready.clear();
  // Of those before Next, the first NumLeft cannot; the others have issued.
  size_t NumLeft = 0;
  bool Any = false;
  for (size_t Next = 0; Next != Size;) {
    const Rank R = Ranked[Next++];
    const uint32_t Number = ranked(R);
    const InstructionTiming &T = *Entries[Number].Timing;
    if (!Units.canIssue(T)) {
      Ranked[NumLeft++] = R;
      continue;
    }
    Any = true;
    issue(Number);
    if (Ready.empty() && !T.EndsReservation)
      continue;
    std::copy(&Ranked[Next], &Ranked[Size], &Ranked[NumLeft]);
    Size -= Next - NumLeft;
    // An oddity of LLVM's: this one may have made room.
    Next = T.EndsReservation ? 0 : NumLeft;
    for (uint32_t New : Ready)
      Next = std::min(Next, addRanked(New, Size++));
    Ready.clear();
    NumLeft = Next;
  }
  for (size_t I = 0; I != NumLeft; ++I)
    Ready.push_back(ranked(Ranked[I]));
  return Any;
}

bool OutOfOrderCore::startCycle() {
  bool Any = retire();
  Any |= startMemory();
  Any |= Units.release(Now);
  Any |= finishExecution();
  const size_t NumReady = Ready.size();
  Soon.pop(Now, [&](uint32_t Number) {
    listThere(Number);
    Any = true;
  });
  // The calendar gives the last first; by rank it is mostly the other way.
  std::reverse(Ready.begin() + NumReady, Ready.end());
  promoteMemoryWaits();
  promoteToReady();
  Any |= issueReady();
  return startDispatch() || Any;
}

bool OutOfOrderCore::retire() {
  Registers.startCycle();
  unsigned Count = 0;
  for (; Head != Tail && entry(Head).At == Stage::Executed; ++Head, ++Count) {
    if (Model.MaxRetired && Count == Model.MaxRetired)
      break;
    const Entry &E = entry(Head);
    const InstructionTiming &T = *E.Timing;
    FreeReorderEntries += T.ReorderEntries;
    LoadsQueued -= T.MayLoad;
    if (T.MayStore) {
      // A queue without a size is never full.
      const uint64_t Arrival = E.Issue + KnownFacts[E.Facts].StoreCycles;
      if (HasAddresses && Model.StoreQueue && Arrival > Now)
        Draining.push_back(Arrival);
      else
        --StoresQueued;
    }
    Registers.giveBack(T);
    Registers.retire(Head, T, E.End);
    noteRetired(Head, T.MicroOps);
  }
  return Count;
}

bool OutOfOrderCore::startMemory() {
  bool Any = false;
  erase_if(Draining, [&](uint64_t Arrival) {
    if (Arrival > Now)
      return false;
    --StoresQueued;
    return Any = true;
  });
  return openGates() || Any;
}

uint64_t OutOfOrderCore::nextEvent() const {
  uint64_t First = std::min(
      {Done.next(Now), Soon.next(Now), Units.nextRelease(), nextGate()});
  for (uint64_t Arrival : Draining)
    First = std::min(First, Arrival);
  return First;
}

Cause OutOfOrderCore::causeAround() const {
  const Entry &E = entry(Head);
  if (E.HeldBy != Cause::None)
    return E.HeldBy;
  // Retirement has its turn before execution.
  constexpr unsigned RetireCycles = 1;
  if (E.At == Stage::Waiting || Now <= E.Issue + RetireCycles)
    return Refilling;
  return causeOfLoad(E.Facts, E.End + RetireCycles);
}

//===--- the state --------------------------------------------------------===//

/// How much of an instruction in flight matters.
enum class Form : uint8_t {
  Executed,      ///< What it gives back when it retires.
  ExecutedStore, ///< And that its line is still on its way then.
  ExecutedLast,  ///< And that it may be the oldest at the end of the cycle,
                 ///< and what that is lost to.
  ExecutedFully, ///< And its writes.
  Executing,     ///< When it is executed, and what it then gives back.
  ExecutingFully,
  Waiting,
};

/// Whether all else that matters follows from its retire class.
static bool isByClass(Form F) {
  return F != Form::ExecutedFully && F != Form::ExecutingFully &&
         F != Form::Waiting;
}

/// \p IsOldest: and the cycle at hand can be lost to what it carries, or to
/// what fetch waited for before it.
static Form formOf(const Entry &E, uint64_t Now, bool IsOldest,
                   uint64_t Arrival) {
  if (E.At == Stage::Waiting)
    return Form::Waiting;
  const bool IsFull = E.Timing->IsReadLate || E.Facts;
  if (E.At == Stage::Executing)
    return IsFull ? Form::ExecutingFully : Form::Executing;
  if (E.Timing->IsReadLate)
    return Form::ExecutedFully;
  if (IsOldest && E.End >= Now)
    return Form::ExecutedLast;
  return Arrival > Now ? Form::ExecutedStore : Form::Executed;
}

/// Writes, or reads, the instruction in flight with number \p N.
template <typename Archive>
void OutOfOrderCore::transferEntry(Archive &A, Sequence N) {
  Entry &E = entry(N);
  uint64_t Arrival = 0;
  Form F = Form::Waiting;
  if constexpr (Archive::IsReading) {
    E = {nullptr,         Now,        0,           0, NoNode, 0, 0,
         Stage::Executed, List::None, Cause::None, 0};
  } else {
    if (HasAddresses && Model.StoreQueue && E.Timing->MayStore &&
        E.At == Stage::Executed)
      Arrival = E.Issue + KnownFacts[E.Facts].StoreCycles;
    F = formOf(E, Now, N == Head && (E.Facts || Refilling != Cause::None),
               Arrival);
  }
  constexpr unsigned NumForms = unsigned(Form::Waiting) + 1;
  uint32_t What = 0;
  if constexpr (!Archive::IsReading)
    What = (isByClass(F) ? E.Timing->RetireClass : E.Timing->Id) * NumForms +
           unsigned(F);
  A.number(What);
  F = Form(What % NumForms);
  if constexpr (Archive::IsReading) {
    const uint32_t Id = What / NumForms;
    E.Timing = isByClass(F) ? &Code.retiring(Id) : &Code.timing(Id);
  }
  // Whether it has issued in this cycle, in the one before, or earlier.
  constexpr uint64_t LongAgo = 2;
  switch (F) {
  case Form::Executed:
    return;
  case Form::ExecutedStore:
    A.cycle(Arrival);
    if constexpr (Archive::IsReading) {
      CarriedFacts Facts;
      Facts.StoreCycles = Arrival - Now;
      E.Facts = KnownFacts.number(Facts);
    }
    return;
  case Form::ExecutedLast:
    A.exactCycle(E.Issue);
    A.exactCycle(E.End);
    A.number(E.Facts);
    return;
  case Form::ExecutedFully:
    A.number(E.Facts);
    if (E.Facts)
      A.exactCycle(E.End);
    else
      A.age(E.End, std::max<uint64_t>(Model.MaxLateRead, LongAgo));
    E.Issue = E.End - E.Timing->LatencyCycles;
    return;
  case Form::Executing:
    A.cycle(E.End);
    if (Refilling != Cause::None)
      A.age(E.Issue, LongAgo);
    break;
  case Form::ExecutingFully:
    A.cycle(E.End);
    A.number(E.Facts);
    E.Issue = E.End - E.Timing->LatencyCycles;
    break;
  case Form::Waiting:
    transferWaiting(A, E, N);
    break;
  }
  E.At = F == Form::Waiting ? Stage::Waiting : Stage::Executing;
  if (E.Timing->isMemory())
    Order.transferId(A, E.Group);
}

template <typename Archive>
void OutOfOrderCore::transferWaiting(Archive &A, Entry &E, Sequence N) {
  // Most have neither facts nor a cycle to wait for.
  bool HasMore = E.Facts || E.HeldBy != Cause::None;
  bool HasCycle = E.Issue > Now;
  uint32_t What =
      unsigned(E.In) << 2 | HasMore << 1 | HasCycle | E.NumUsers << 5;
  A.number(What);
  if constexpr (Archive::IsReading) {
    HasCycle = What & 1;
    HasMore = What & 2;
    E.In = List(What >> 2 & 7);
    E.NumUsers = What >> 5;
  }
  if (HasCycle)
    A.cycle(E.Issue);
  if (HasMore) {
    A.number(E.Facts);
    A.number(E.HeldBy);
  }
  uint32_t Number = E.Users;
  if constexpr (Archive::IsReading) {
    Number = Nodes.size();
    Nodes.resize(Nodes.size() + E.NumUsers);
    E.Users = E.NumUsers ? Number : NoNode;
  }
  for (uint32_t I = 0; I != E.NumUsers; ++I) {
    // How much younger, and the delay: in one number if that is short.
    Node &U = Nodes[Number];
    constexpr uint32_t ShortDelay = 64;
    uint64_t User = 0;
    if constexpr (!Archive::IsReading) {
      const uint64_t Younger = sequence(U.User) - N;
      User = U.DelayCycles < ShortDelay
                 ? (Younger * ShortDelay + U.DelayCycles) << 1
                 : Younger << 1 | 1;
    }
    A.number(User);
    const bool IsLong = User & 1;
    User >>= 1;
    if (IsLong)
      A.number(U.DelayCycles);
    if constexpr (Archive::IsReading) {
      U.User = number(N + (IsLong ? User : User / ShortDelay));
      if (!IsLong)
        U.DelayCycles = User % ShortDelay;
      U.Next = I + 1 == E.NumUsers ? NoNode : Number + 1;
    }
    Number = U.Next;
  }
}

template <typename Archive> void OutOfOrderCore::transfer(Archive &A) {
  A.number(Available);
  A.number(CarryOver);
  if constexpr (Archive::IsReading) {
    Head = A.Oldest;
    Tail = HandedOn;
    Nodes.clear();
    FreeNode = NoNode;
    MemoryWaits.clear();
    OperandsThere.clear();
    Ready.clear();
    Done.clear();
    Soon.clear();
    FreeReorderEntries = Model.ReorderBuffer;
    LoadsQueued = StoresQueued = 0;
  }
  Order.transfer(A);
  for (Sequence N = Head; N != Tail; ++N)
    transferEntry(A, N);
  Registers.transfer(A, [&](Writer &W) { makeCanonical(W); });
  if constexpr (!Archive::IsReading)
    sort(Draining);
  transferList(A, Draining, [&](uint64_t &Arrival) { A.cycle(Arrival); });
  transferGates(A);
  if constexpr (Archive::IsReading)
    rebuild();
}

/// What follows from what is in flight.
void OutOfOrderCore::rebuild() {
  StoresQueued = Draining.size();
  for (Sequence N = Head; N != Tail; ++N) {
    Entry &E = entry(N);
    const InstructionTiming &T = *E.Timing;
    FreeReorderEntries -= T.ReorderEntries;
    LoadsQueued += T.MayLoad;
    StoresQueued += T.MayStore;
    Registers.hold(T);
    if (E.At == Stage::Executing)
      Done.add(number(N), E.End, Now);
    if (E.At != Stage::Waiting)
      continue;
    Units.retakeBuffers(T);
    list(number(N), E.In);
    for (uint32_t User = E.Users; User != NoNode; User = Nodes[User].Next)
      ++Entries[Nodes[User].User].Missing;
  }
}

void OutOfOrderCore::makeCanonical(Writer &W) {
  if (W.Number < Head) {
    W = Writer();
    return;
  }
  const Entry &E = entry(W.Number);
  if (E.At == Stage::Waiting || E.Timing->IsReadLate)
    return;
  const Definition &D = E.Timing->Definitions[W.Definition];
  W = {Writer::Done, E.Issue + D.LatencyCycles, 0, D.WriteResource};
}

} // namespace

std::unique_ptr<Core> makeOutOfOrderCore(const CoreModel &Model,
                                         const Compiler &Code,
                                         const Surroundings &Around) {
  return std::make_unique<OutOfOrderCore>(Model, Code, Around);
}

} // namespace mcad::fast
