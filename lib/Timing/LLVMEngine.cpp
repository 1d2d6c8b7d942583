//===- Timing/LLVMEngine.cpp - the reference engine: LLVM's own pipeline -===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Timing/LLVMEngine.h"
#include "Timing/CycleAccounts.h"
#include "Timing/FetchStage.h"
#include "Timing/LostCycles.h"
#include "Timing/MemoryUnit.h"
#include "Timing/OldestInstruction.h"
#include "Timing/ResourceUnits.h"
#include "Timing/RetirementRepair.h"
#include "Timing/Watchdog.h"
#include "Timing/WatchedStretch.h"
#include "Timing/WriteRepair.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/MCA/Context.h"
#include "llvm/MCA/HWEventListener.h"
#include "llvm/MCA/HardwareUnits/RetireControlUnit.h"
#include "llvm/MCA/HardwareUnits/Scheduler.h"
#include "llvm/MCA/IncrementalSourceMgr.h"
#include "llvm/MCA/Pipeline.h"
#include "llvm/MCA/SourceMgr.h"
#include "llvm/MCA/Stages/DispatchStage.h"
#include "llvm/MCA/Stages/EntryStage.h"
#include "llvm/MCA/Stages/ExecuteStage.h"
#include "llvm/MCA/Stages/InOrderIssueStage.h"
#include "llvm/MCA/Stages/RetireStage.h"
#include <limits>

using namespace llvm;

namespace mcad {

/// The pipeline's source: a queue of prototypes, refilled from batches. It
/// keeps which instruction of the program each source index in flight is, in a
/// ring, if that is asked for.
class LLVMEngine::Feed final : public mca::SourceMgr {
  std::vector<const mca::Instruction *> Queue;
  size_t Next = 0;
  unsigned Taken = 0;
  bool Ended = false;

public:
  void push(const mca::Instruction *Prototype) { Queue.push_back(Prototype); }
  size_t pending() const { return Queue.size() - Next; }
  void clear() {
    Queue.clear();
    Next = 0;
  }
  void end() { Ended = true; }
  unsigned taken() const { return Taken; }

  ArrayRef<UniqueInst> getInstructions() const override { return {}; }
  size_t size() const override { return Queue.size(); }
  bool hasNext() const override { return Next != Queue.size(); }
  bool isEnd() const override { return Ended && !hasNext(); }
  mca::SourceRef peekNext() const override { return {Taken, *Queue[Next]}; }
  void updateNext() override {
    ++Next;
    ++Taken;
  }
};

/// Counts what one pipeline after the other does.
class LLVMEngine::Listener final : public mca::HWEventListener {
public:
  TimingCounters Counters;
  std::vector<uint64_t> ByInstruction;
  /// With detail per instruction: the instruction of each source index. Only
  /// for listings, so that its growth is that of the user's own file.
  std::vector<uint32_t> InstructionOfSource;
  bool WantsDetail = false;
  /// With surroundings.
  std::optional<LostCycles> Lost;
  CycleAccounts Accounts;
  std::optional<WatchedStretch> Watched;

  Listener(const Lowering &L) : L(L) {
    const MCSchedModel &Model = L.target().schedModel();
    Counters.UnitCycles.resize(resourceUnits(Model, &FirstUnitOfKind).size());
    Counters.UnseenKindCycles.resize(Model.getNumProcResourceKinds());
  }

  /// To listen to a new pipeline, whose first instruction is number \p First of
  /// the stream.
  void start(uint64_t First) {
    FirstNumber = First;
    StartCycle = Counters.Cycles;
    Lost.reset();
    Oldest.emplace(L.target().schedModel().isOutOfOrder());
    HasRetired = false;
  }
  /// Of that pipeline, in the stream.
  uint64_t firstNumber() const { return FirstNumber; }
  uint64_t startCycle() const { return StartCycle; }

  /// Retired by RetirementRepair.
  void countForgotten(const mca::InstRef &IR) {
    const mca::Instruction &Inst = *IR.getInstruction();
    if (Watched) {
      // It is retired in the cycle in which it is executed.
      Watched->executed(number(IR), Counters.Cycles);
      Watched->retired(number(IR), Counters.Cycles);
    }
    Oldest->onRetired(IR.getSourceIndex());
    noteRetired(IR);
    ++Counters.Instructions;
    ++Counters.UnseenInstructions;
    Counters.MicroOps += Inst.getNumMicroOps();
    Counters.UnseenMicroOps += Inst.getNumMicroOps();
    L.forEachResource(Inst, [&](unsigned Kind, unsigned Cycles) {
      Counters.UnseenKindCycles[Kind] += Cycles;
    });
  }

  void onCycleEnd() override {
    Cause Why = Lost ? Lost->onCycleEnd(HasRetired) : Cause::None;
    const unsigned Index = Lost ? Lost->oldest() : Oldest->index();
    if (!HasRetired && Why == Cause::None)
      Why = Oldest->cause(Index);
    if (Why != Cause::None)
      ++Counters.LostCycles[static_cast<unsigned>(Why)];
    Accounts.charge(FirstNumber + Index, Why, 1);
    ++Counters.Cycles;
    HasRetired = false;
  }

  void onEvent(const mca::HWStallEvent &Event) override {
    Oldest->onEvent(Event);
  }

  void onEvent(const mca::HWInstructionEvent &Event) override {
    Oldest->onEvent(Event);
    if (Watched)
      watch(Event);
    switch (Event.Type) {
    case mca::HWInstructionEvent::Retired:
      ++Counters.Instructions;
      Counters.MicroOps += Event.IR.getInstruction()->getDesc().NumMicroOps;
      noteRetired(Event.IR);
      break;
    case mca::HWInstructionEvent::Issued:
      if (Lost)
        Lost->onIssued(Event.IR.getSourceIndex(),
                       Event.IR.getInstruction()->getLatency());
      countUse(static_cast<const mca::HWInstructionIssuedEvent &>(Event));
      break;
    default:
      break;
    }
  }

private:
  const Lowering &L;
  std::vector<unsigned> FirstUnitOfKind;
  uint64_t FirstNumber = 0, StartCycle = 0;
  std::optional<OldestInstruction> Oldest; ///< By source index.
  bool HasRetired = false;                 ///< In the cycle at hand.

  uint64_t number(const mca::InstRef &IR) const {
    return FirstNumber + IR.getSourceIndex();
  }

  void watch(const mca::HWInstructionEvent &Event) {
    const uint64_t Number = number(Event.IR);
    switch (Event.Type) {
    case mca::HWInstructionEvent::Dispatched:
      return Watched->dispatched(Number, Counters.Cycles);
    case mca::HWInstructionEvent::Ready:
      return Watched->ready(Number, Counters.Cycles);
    case mca::HWInstructionEvent::Issued:
      return Watched->issued(Number, Counters.Cycles);
    case mca::HWInstructionEvent::Executed:
      return Watched->executed(Number, Counters.Cycles);
    case mca::HWInstructionEvent::Retired:
      return Watched->retired(Number, Counters.Cycles);
    default:
      return;
    }
  }

  void noteRetired(const mca::InstRef &IR) {
    HasRetired = true;
    if (Lost)
      Lost->onRetired(IR.getSourceIndex());
  }

  void countUse(const mca::HWInstructionIssuedEvent &Event) {
    for (const mca::ResourceUse &Use : Event.UsedResources) {
      // The pipeline hands out whole units for whole cycles: denominator 1.
      const uint64_t Cycles = Use.second.getNumerator();
      // LLVM issues an instruction that must issue at once even if a resource
      // that it uses has no unit left, and then names none, or one that there
      // is not (docs/bugs-met.md).
      const std::optional<unsigned> Unit =
          unitColumn(L.target().schedModel(), FirstUnitOfKind, Use.first.first,
                     Use.first.second);
      if (!Unit) {
        Counters.UnplacedCycles += Cycles;
        continue;
      }
      Counters.UnitCycles[*Unit] += Cycles;
      if (!WantsDetail)
        continue;
      const size_t Width = Counters.UnitCycles.size();
      const size_t Row = InstructionOfSource[number(Event.IR)];
      if (ByInstruction.size() < (Row + 1) * Width)
        ByInstruction.resize((Row + 1) * Width);
      ByInstruction[Row * Width + *Unit] += Cycles;
    }
  }
};

/// Everything of LLVM's, in the order of who uses whom.
struct LLVMEngine::Machine {
  Listener &Count;
  Feed Source;
  std::unique_ptr<mca::CustomBehaviour> Custom;
  std::unique_ptr<RecentInstructions> Recent; ///< With surroundings.
  mca::Context Units;
  mca::Pipeline Pipeline;

  /// \p Count was started.
  Machine(const Lowering &L, const PipelineOverrides &O, Surroundings Around,
          Listener &Count)
      : Count(Count), Units(L.target().mri(), L.target().sti()) {
    const Target &T = L.target();
    Custom.reset(
        T.llvmTarget().createCustomBehaviour(T.sti(), Source, T.mcii()));
    if (!Custom)
      Custom =
          std::make_unique<mca::CustomBehaviour>(T.sti(), Source, T.mcii());
    Pipeline.appendStage(std::make_unique<mca::EntryStage>(Source));
    if (Around.Model) {
      Recent = std::make_unique<RecentInstructions>();
      auto Fetch = std::make_unique<FetchStage>(
          *Recent, Count.Counters, Around.Model->FetchQueue,
          T.schedModel().isOutOfOrder() && O.DispatchWidth
              ? O.DispatchWidth
              : T.schedModel().IssueWidth);
      // Out of order, the retire stage has its turn before execution.
      Count.Lost.emplace(*Recent, *Fetch, Count.Counters,
                         T.schedModel().isOutOfOrder() ? 1 : 0);
      Pipeline.appendStage(std::move(Fetch));
    }
    Pipeline.appendStage(std::make_unique<WriteRepair>());
    auto &Registers = own(std::make_unique<mca::RegisterFile>(
        T.schedModel(), T.mri(), O.RegisterFileSize));
    if (T.schedModel().isOutOfOrder())
      appendOutOfOrder(T, O, Registers, makeLoadStoreUnit(T, O, Around));
    else
      appendInOrder(T, Registers, makeLoadStoreUnit(T, O, Around));
    Pipeline.appendStage(std::make_unique<Watchdog>(Count.Counters));
    Pipeline.addEventListener(&Count);
  }

private:
  template <typename Unit> Unit &own(std::unique_ptr<Unit> U) {
    Unit &Owned = *U;
    Units.addHardwareUnit(std::move(U));
    return Owned;
  }

  mca::LSUnit &makeLoadStoreUnit(const Target &T, const PipelineOverrides &O,
                                 Surroundings Around) {
    if (Around.Model && Around.HasAddresses)
      return own(std::make_unique<MemoryUnit>(T.schedModel(), O.LoadQueueSize,
                                              O.StoreQueueSize, *Recent,
                                              Count.Counters));
    return own(std::make_unique<mca::LSUnit>(
        T.schedModel(), O.LoadQueueSize, O.StoreQueueSize, O.AssumeNoAlias));
  }

  /// As mca::Context does it.
  void appendOutOfOrder(const Target &T, const PipelineOverrides &O,
                        mca::RegisterFile &Registers, mca::LSUnit &LoadStore) {
    auto &Retirement =
        own(std::make_unique<mca::RetireControlUnit>(T.schedModel()));
    auto &Scheduler =
        own(std::make_unique<mca::Scheduler>(T.schedModel(), LoadStore));
    Pipeline.appendStage(std::make_unique<mca::DispatchStage>(
        T.sti(), T.mri(), O.DispatchWidth, Retirement, Registers));
    Pipeline.appendStage(std::make_unique<mca::ExecuteStage>(
        Scheduler, /*ShouldPerformBottleneckAnalysis=*/false));
    Pipeline.appendStage(
        std::make_unique<mca::RetireStage>(Retirement, Registers, LoadStore));
  }

  /// As mca::Context does it, with one stage more.
  void appendInOrder(const Target &T, mca::RegisterFile &Registers,
                     mca::LSUnit &LoadStore) {
    Pipeline.appendStage(std::make_unique<RetirementRepair>(
        Registers, LoadStore,
        [this](const mca::InstRef &IR) { Count.countForgotten(IR); }));
    Pipeline.appendStage(std::make_unique<mca::InOrderIssueStage>(
        T.sti(), Registers, *Custom, LoadStore));
  }
};

LLVMEngine::LLVMEngine(const Program &P, Lowering &L,
                       const PipelineOverrides &Overrides, Detail D,
                       Surroundings Around)
    : P(P), L(L), Overrides(Overrides), Around(Around),
      Count(std::make_unique<Listener>(L)) {
  Count->WantsDetail = D == Detail::PerInstruction;
  Count->start(0);
  M = std::make_unique<Machine>(L, Overrides, Around, *Count);
}

LLVMEngine::~LLVMEngine() = default;

const std::vector<const LoweredInstruction *> &LLVMEngine::lowered(BlockId Id) {
  if (LoweredBlocks.size() <= mcad::index(Id))
    LoweredBlocks.resize(P.numBlocks());
  std::vector<const LoweredInstruction *> &Lowered =
      LoweredBlocks[mcad::index(Id)];
  if (Lowered.empty())
    Lowered = L.lower(P, P.block(Id));
  return Lowered;
}

Error LLVMEngine::consume(const Batch &B, const BatchFacts &Facts) {
  // Long enough that a pause costs nothing, short enough for the cache.
  constexpr size_t QueueLength = 4096;
  if (M->Recent)
    M->Recent->announce(M->Source.taken() + M->Source.pending(), Facts);
  Count->Accounts.announce(Facts.Switches);
  auto NextFacts = Facts.Rows.begin();
  uint32_t At = 0;
  ExecutionCursor Cursor(B);
  Execution E;
  while (Cursor.next(E)) {
    const CodeBlock &Block = P.block(E.Block);
    if (Count->Watched)
      Count->Watched->name(Count->firstNumber() + M->Source.taken() +
                               M->Source.pending(),
                           Block.FirstInstruction, Block.NumInstructions);
    for (const LoweredInstruction *I : lowered(E.Block)) {
      const mca::Instruction *Prototype = I->Prototype.get();
      if (NextFacts != Facts.Rows.end() && NextFacts->At == At) {
        if (NextFacts->LoadCycles)
          Prototype = &L.lengthened(*I, NextFacts->LoadCycles);
        ++NextFacts;
      }
      M->Source.push(Prototype);
      ++At;
    }
    Count->Accounts.name(Block.FirstInstruction, Block.NumInstructions);
    if (Count->WantsDetail)
      for (uint32_t I = 0; I != Block.NumInstructions; ++I)
        Count->InstructionOfSource.push_back(Block.FirstInstruction + I);
    if (M->Source.pending() >= QueueLength)
      if (Error Err = run())
        return Err;
  }
  return M->Source.pending() ? run() : Error::success();
}

Error LLVMEngine::run() {
  constexpr uint64_t Limit = std::numeric_limits<unsigned>::max();
  if (M->Source.taken() + M->Source.pending() >= Limit ||
      Count->Counters.Cycles - Count->startCycle() >= Limit - (1u << 30))
    return createStringError(
        "the llvm engine: LLVM's pipeline counts instructions and cycles with "
        "32 "
        "bits and the trace is longer: the report ends here");
  Expected<unsigned> Cycles = M->Pipeline.run();
  if (!Cycles) {
    // Being out of instructions is how the pipeline asks for more.
    if (Error Rest = handleErrors(Cycles.takeError(),
                                  [](const mca::InstStreamPause &) {}))
      return Rest;
  }
  M->Source.clear();
  return Error::success();
}

Error LLVMEngine::drain() {
  M->Source.end();
  // An empty stream has no cycle; the pipeline would count one.
  return M->Source.taken() ? run() : Error::success();
}

Error LLVMEngine::restart() {
  if (Error E = drain())
    return E;
  Count->start(Count->firstNumber() + M->Source.taken());
  M = std::make_unique<Machine>(L, Overrides, Around, *Count);
  return Error::success();
}

Error LLVMEngine::finish() {
  Error Err = drain();
  Count->Accounts.close();
  return Err;
}

void LLVMEngine::watch(Stretch S) { Count->Watched.emplace(S); }

ArrayRef<InstructionTimes> LLVMEngine::watched() const {
  return Count->Watched ? Count->Watched->rows() : ArrayRef<InstructionTimes>();
}

const TimingCounters &LLVMEngine::counters() const { return Count->Counters; }

ArrayRef<CausedCycles> LLVMEngine::cyclesByInstruction() const {
  return Count->Accounts.rows();
}

ArrayRef<CausedCycles> LLVMEngine::cyclesByAccount() const {
  return Count->Accounts.accounts();
}

ArrayRef<RegionEntries> LLVMEngine::entriesByRegion() const {
  return Count->Accounts.regions();
}

ArrayRef<uint64_t> LLVMEngine::unitCyclesByInstruction() const {
  return Count->ByInstruction;
}

} // namespace mcad
