//===- FastEngineTest.cpp - what the fast engine remembers ----------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// That its numbers are the reference's is DifferentialTest's matter.
//
//===----------------------------------------------------------------------===//

#include "Timing/Fast/FastEngine.h"
#include "Assembly.h"
#include "SequenceRun.h"
#include "gtest/gtest.h"
#include <random>

using namespace llvm;
using namespace mcad::test;

namespace mcad {
namespace {

const Target &a57() { return target("aarch64-linux-gnu", "cortex-a57"); }

/// A whole stream of \p Units.
void simulate(TimingEngine &Engine, ArrayRef<uint16_t> Units) {
  cantFail(Engine.consume({StreamId(0), Units}, {}));
  cantFail(Engine.finish());
}

struct Outcome {
  TimingCounters Counters;
  FastEngineCounters Fast;
};

/// Executes the blocks with the texts \p Texts in the order \p Order.
Outcome run(const Target &T, ArrayRef<const char *> Texts,
            ArrayRef<unsigned> Order, Memoization Memory) {
  Assembly A(T);
  Lowering L(T, std::nullopt);
  std::vector<BlockId> Ids;
  for (const char *Text : Texts)
    Ids.push_back(A.block(Text));
  SmallVector<uint16_t> Units;
  ExecutionWriter W(Units);
  for (unsigned I : Order)
    W.block(Ids[I]);
  FastEngine Engine(A.program(), L, {}, TimingEngine::Detail::Totals, {},
                    Memory);
  simulate(Engine, Units);
  return {Engine.counters(), Engine.fastCounters()};
}

const char *const Mixed[] = {
    "ldr x0, [x1]\nadd x0, x0, x2\nstr x0, [x3]",
    "mul x4, x0, x4\nmul x4, x4, x5",
    "udiv x6, x6, x7\nadd x8, x8, x9\nadd x8, x8, x6",
    "add x1, x1, #8\nadd x10, x10, x11",
    "fadd d0, d0, d1\nfmul d2, d0, d2\nfdiv d3, d3, d2",
    "ldp x12, x13, [x1]\nstp x12, x13, [x3]\nsub x3, x3, #16",
};

std::vector<unsigned> randomOrder(size_t Length) {
  std::mt19937 Random(/*Seed=*/1);
  std::vector<unsigned> Order(Length);
  for (unsigned &I : Order)
    I = Random() % std::size(Mixed);
  return Order;
}

TEST(FastEngineTest, SimulatesALoopOnlyUntilItRepeats) {
  const Outcome O = run(a57(), Mixed, std::vector<unsigned>(100000, 0), {});
  EXPECT_EQ(O.Fast.HitInstructions + O.Fast.ReplayInstructions +
                O.Fast.MissInstructions + O.Fast.PlainInstructions,
            300000u);
  EXPECT_LT(O.Fast.MissInstructions + O.Fast.PlainInstructions, 3000u);
  EXPECT_EQ(O.Counters.Instructions, 300000u);
}

TEST(FastEngineTest, KeepsToItsBudget) {
  // Again and again: only what comes again is kept.
  std::vector<unsigned> Order = randomOrder(20000);
  for (unsigned Round = 0; Round != 7; ++Round)
    Order.insert(Order.end(), Order.begin(), Order.begin() + 20000);
  const Outcome Plain = run(a57(), Mixed, Order, {/*IsOn=*/false, 0});
  EXPECT_EQ(Plain.Fast.Hits, 0u);
  constexpr size_t Budget = size_t(96) << 10;
  const Outcome Little = run(a57(), Mixed, Order, {/*IsOn=*/true, Budget});
  EXPECT_GT(Little.Fast.Resets, 2u);
  EXPECT_LE(Little.Fast.SizeBytes, Budget);
  EXPECT_EQ(Little.Counters.Cycles, Plain.Counters.Cycles);
  EXPECT_EQ(Little.Counters.UnitCycles, Plain.Counters.UnitCycles);
}

TEST(FastEngineTest, DoesNotRememberWhereThatDoesNotPay) {
  // A random order has few states that come again.
  const std::vector<unsigned> Order = randomOrder(400000);
  const Outcome O = run(a57(), Mixed, Order, {});
  EXPECT_GT(O.Fast.PlainInstructions, 0u);
  EXPECT_EQ(O.Fast.HitInstructions + O.Fast.ReplayInstructions +
                O.Fast.MissInstructions + O.Fast.PlainInstructions,
            O.Counters.Instructions);
  const Outcome Plain = run(a57(), Mixed, Order, {/*IsOn=*/false, 0});
  EXPECT_EQ(O.Counters.Cycles, Plain.Counters.Cycles);
}

TEST(FastEngineTest, PausesWhereItLosesAndComesBack) {
  constexpr size_t NumRandom = 200000, NumTurns = 200000;
  std::vector<unsigned> Order = randomOrder(NumRandom);
  const Memoization Pausing{.LossNanoseconds = 1'000'000, .ReviewBlocks = 64};
  const Outcome Random = run(a57(), Mixed, Order, Pausing);
  EXPECT_GT(Random.Fast.PlainInstructions,
            Random.Counters.Instructions / 10 * 9);
  EXPECT_GT(Random.Fast.Pauses, 2u);
  // It never stops to try.
  EXPECT_GT(Random.Fast.Tries, Random.Fast.Pauses);

  Order.insert(Order.end(), NumTurns, 0);
  const Outcome Looped = run(a57(), Mixed, Order, Pausing);
  EXPECT_GT(Looped.Fast.Hits, NumTurns / 10 * 9);
  const Outcome Plain = run(a57(), Mixed, Order, {/*IsOn=*/false, 0});
  EXPECT_EQ(Looped.Counters.Cycles, Plain.Counters.Cycles);
  EXPECT_EQ(Looped.Counters.UnitCycles, Plain.Counters.UnitCycles);
}

/// That what is remembered, with more than \p Replays replays, changes nothing.
void expectAsPlain(const Target &T, ArrayRef<const char *> Texts,
                   ArrayRef<unsigned> Order, uint64_t Replays) {
  const Outcome Known = run(T, Texts, Order, {});
  const Outcome Plain = run(T, Texts, Order, {/*IsOn=*/false, 0});
  EXPECT_GT(Known.Fast.Replays, Replays);
  EXPECT_EQ(Known.Counters.Cycles, Plain.Counters.Cycles);
  EXPECT_EQ(Known.Counters.UnitCycles, Plain.Counters.UnitCycles);
}

// Units in turns: which one an instruction gets is seldom a matter of cycles.
TEST(FastEngineTest, TakesOnlyThePortsThroughWhatItKnows) {
  std::vector<unsigned> Order;
  for (unsigned I : randomOrder(500))
    Order.insert(Order.end(), 1 + I * 7, I % 2 ? 0 : 3);
  expectAsPlain(target("aarch64-linux-gnu", "neoverse-n2"), Mixed, Order, 100);
}

// In order, what is in use at the end of a block is asked for in the same
// cycle.
TEST(FastEngineTest, PortsAreInUseUntilTheirCycleEnds) {
  const char *const Texts[] = {"addl %eax, %ebx", "addl %ecx, %edx\nshll %esi",
                               "jne .+8", "movl (%rdi), %r8d\nincl %r9d",
                               "shll %r10d\njne .+8"};
  std::mt19937 Random(/*Seed=*/1);
  std::vector<unsigned> Order(5000);
  for (unsigned &I : Order)
    I = Random() % std::size(Texts);
  expectAsPlain(target("x86_64-linux-gnu", "atom"), Texts, Order, 10);
}

TEST(FastEngineTest, KeepsUnitCyclesPerInstructionOfALoop) {
  Assembly A(a57());
  Lowering L(a57(), std::nullopt);
  const BlockId Id = A.block(Mixed[0]);
  SmallVector<uint16_t> Units;
  ExecutionWriter W(Units);
  for (unsigned I = 0; I != 1000; ++I)
    W.block(Id);
  FastEngine Fast(A.program(), L, {}, TimingEngine::Detail::PerInstruction);
  LLVMEngine Reference(A.program(), L, {},
                       TimingEngine::Detail::PerInstruction);
  simulate(Fast, Units);
  simulate(Reference, Units);
  EXPECT_EQ(Fast.unitCyclesByInstruction(),
            Reference.unitCyclesByInstruction());
}

// The state between the blocks says when AX is there, not who writes it; what
// merges with it comes up to 99 cycles before that.
TEST(FastEngineTest, MergesLongPartsWithWhatAStateOnlyCounts) {
  const Target &Zen = target("x86_64-linux-gnu", "znver1");
  Assembly A(Zen);
  Lowering L(Zen, std::nullopt);
  const BlockId First = A.block("movw (%rcx), %ax\naddl %ebx, %ebx\n"
                                "addl %esi, %esi\naddl %edi, %edi\n"
                                "addl %ebx, %ebx\naddl %esi, %esi\n"
                                "addl %edi, %edi\naddl %ebx, %ebx");
  const BlockId Second = A.block("larw %ax, %ax");
  SmallVector<uint16_t> Units;
  ExecutionWriter W(Units);
  W.block(First);
  W.block(Second);
  FastEngine Fast(A.program(), L, {}, TimingEngine::Detail::Totals);
  LLVMEngine Reference(A.program(), L, {}, TimingEngine::Detail::Totals);
  simulate(Fast, Units);
  simulate(Reference, Units);
  EXPECT_EQ(Fast.counters().Cycles, Reference.counters().Cycles);
}

//===--- facts ------------------------------------------------------------===//

/// A loop of a load, an addition, a store and a branch, in which the load
/// misses and fetch awaits the branch. \p Facts are those of the iterations.
Sequence loop(const std::vector<std::vector<FactsRow>> &Facts) {
  Sequence S;
  S.Cpu = {"aarch64-linux-gnu", "cortex-a57"};
  S.HasModel = S.HasAddresses = true;
  S.Overrides.StoreQueueSize = 1;
  S.Blocks = {{{0x20, 0x00, 0x40, 0xf9},   // ldr x0, [x1]
               {0x00, 0x00, 0x02, 0x8b},   // add x0, x0, x2
               {0x60, 0x00, 0x00, 0xf9},   // str x0, [x3]
               {0x00, 0x00, 0x00, 0x14}}}; // b .
  for (const std::vector<FactsRow> &Rows : Facts)
    S.Executions.push_back({0, Rows});
  return S;
}
constexpr unsigned LoadAt = 0, StoreAt = 1; ///< Of the rows below.
std::vector<FactsRow> rows() {
  std::vector<FactsRow> Rows(2);
  InstructionFacts &Load = Rows[LoadAt].Facts;
  Load.LoadCycles = 200;
  Load.LoadWhy = Cause::Memory;
  Load.AwaitsBranch = true;
  Load.BranchWhy = Cause::Mispredict;
  Rows[StoreAt].Facts.At = 2;
  return Rows;
}

/// A run of its own.
template <typename Engine> struct Run {
  Program P{a57()};
  Lowering L{a57(), std::nullopt};
  const MachineModel Model;
  Engine Simulated;

  explicit Run(const Sequence &S)
      : Simulated(P, L, S.Overrides, TimingEngine::Detail::Totals,
                  {&Model, S.HasAddresses}) {
    cantFail(feed(Simulated, S, define(S, P), Batches::One));
  }
};
template <typename EngineA, typename EngineB>
std::string differenceOf(const Sequence &A, const Sequence &B) {
  const Run<EngineA> RunA(A);
  const Run<EngineB> RunB(B);
  return difference(RunA.Simulated, RunB.Simulated);
}

/// Iterations with \p A and with \p B, long enough that states come again, and
/// in turns: an edge of one must not be taken for one of the other.
void expectToldApart(const std::vector<FactsRow> &A,
                     const std::vector<FactsRow> &B) {
  std::vector<std::vector<FactsRow>> Facts(80, A), Others(80, B);
  const std::string Without =
      differenceOf<LLVMEngine, LLVMEngine>(loop(Facts), loop(Others));
  EXPECT_NE(Without, "") << "they make no difference";
  Facts.insert(Facts.end(), Others.begin(), Others.end());
  for (unsigned I = 0; I != 40; ++I)
    Facts.push_back(I & 1 ? A : B);
  const std::string Between =
      differenceOf<LLVMEngine, FastEngine>(loop(Facts), loop(Facts));
  EXPECT_EQ(Between, "");
}

TEST(FastEngineTest, TellsExecutionsApartByEachNumberOfTheirFacts) {
  for (auto [Name, Of] : CyclesFields) {
    SCOPED_TRACE(Name);
    const unsigned Row =
        Of == &InstructionFacts::StoreCycles ? StoreAt : LoadAt;
    std::vector<FactsRow> A = rows(), B = rows();
    setCycles(A[Row].Facts, Of, 150);
    setCycles(B[Row].Facts, Of, 170);
    expectToldApart(rows(), A);
    expectToldApart(A, B);
  }
}

TEST(FastEngineTest, TellsExecutionsApartByTheReasonsOfTheirFacts) {
  std::vector<FactsRow> A = rows();
  A[LoadAt].Facts.LoadWhy = Cause::L3;
  expectToldApart(rows(), A);
  A = rows();
  A[LoadAt].Facts.BranchWhy = Cause::Target;
  A[LoadAt].Facts.BranchCycles = 300;
  std::vector<FactsRow> B = A;
  B[LoadAt].Facts.BranchWhy = Cause::Mispredict;
  expectToldApart(A, B);
  A[LoadAt].Facts.AwaitsBranch = false;
  expectToldApart(A, B);
}

TEST(FastEngineTest, TellsExecutionsApartByTheirWaits) {
  auto with = [](Wait W) {
    std::vector<FactsRow> Rows = rows();
    Rows[LoadAt].Waits.push_back(W);
    return Rows;
  };
  // The load of the iteration before, and that of the one before it.
  const Wait W{4, 300, Cause::MissLimit};
  expectToldApart(rows(), with(W));
  expectToldApart(with(W), with({4, 320, Cause::MissLimit}));
  expectToldApart(with(W), with({8, 300, Cause::MissLimit}));
  expectToldApart(with(W), with({4, 300, Cause::L3}));
  expectToldApart(with(W), with({4, 300, Cause::Store}));
}

//===--- restart ----------------------------------------------------------===//

/// Random orders of the blocks of Mixed, with restarts between; each engine
/// against new ones for each order.
TEST(FastEngineTest, ARestartIsANewEngine) {
  for (const Target *T : {&a57(), &target("aarch64-linux-gnu", "cortex-a55")})
    for (const Memoization &Memory :
         {Memoization(), Memoization{/*IsOn=*/false, 0}}) {
      Assembly A(*T);
      Lowering L(*T, std::nullopt);
      std::vector<BlockId> Ids;
      for (const char *Text : Mixed)
        Ids.push_back(A.block(Text));
      LLVMEngine Reference(A.program(), L, {}, TimingEngine::Detail::Totals);
      FastEngine Fast(A.program(), L, {}, TimingEngine::Detail::Totals, {},
                      Memory);
      TimingCounters Sum;
      std::mt19937 Random(1);
      for (unsigned Round = 0; Round != 50; ++Round) {
        SmallVector<uint16_t> Units;
        ExecutionWriter W(Units);
        // Some are empty.
        for (unsigned I = Random() % 20; I != 0; --I)
          W.block(Ids[Random() % Ids.size()]);
        LLVMEngine New(A.program(), L, {}, TimingEngine::Detail::Totals);
        simulate(New, Units);
        Sum += New.counters();
        for (TimingEngine *Engine :
             std::initializer_list<TimingEngine *>{&Reference, &Fast}) {
          cantFail(Engine->consume({StreamId(0), Units}, {}));
          cantFail(Engine->restart());
          EXPECT_EQ(Engine->cycles(), Sum.Cycles);
        }
      }
      cantFail(Fast.finish());
      cantFail(Reference.finish());
      EXPECT_EQ(Reference.counters().UnitCycles, Sum.UnitCycles);
      EXPECT_EQ(difference(Reference, Fast), "");
    }
}

TEST(FastEngineTest, AnEliminatedMoveBehindAMispredictedBranchIsNoLatency) {
  // It counts as executed before it is: in a state, with a model in which reads
  // may be late, too.
  const Target &T = target("x86_64-linux-gnu", "btver2");
  Assembly A(T);
  Lowering L(T, std::nullopt);
  const BlockId Ids[] = {A.block("xorl %eax, %eax"), A.block("movl %eax, %ecx"),
                         A.block("addl %edx, %edx"), A.block("addl %esi, %esi"),
                         A.block("imull %edi, %edi")};
  MachineModel Model;
  const Surroundings Around{&Model, /*HasAddresses=*/true};
  SmallVector<uint16_t> Units;
  ExecutionWriter W(Units);
  BatchFacts Facts;
  std::mt19937 Random(1);
  uint32_t At = 0;
  const auto execute = [&](BlockId Id) {
    W.block(Id);
    ++At;
  };
  for (unsigned Round = 0; Round != 500; ++Round) {
    execute(Ids[0]);
    for (unsigned N = Random() % 3; N; --N)
      execute(Ids[2 + Random() % 3]);
    InstructionFacts F;
    F.At = At;
    F.AwaitsBranch = true;
    F.BranchWhy = Cause::Mispredict;
    F.BranchCycles = 12;
    Facts.Rows.push_back(F);
    execute(Ids[1]);
    for (unsigned N = Random() % 3; N; --N)
      execute(Ids[2 + Random() % 3]);
  }
  FastEngine Remembers(A.program(), L, {}, TimingEngine::Detail::Totals,
                       Around);
  FastEngine Plain(A.program(), L, {}, TimingEngine::Detail::Totals, Around,
                   {/*IsOn=*/false, 0});
  for (FastEngine *Engine : {&Remembers, &Plain}) {
    cantFail(Engine->consume({StreamId(0), Units}, Facts));
    cantFail(Engine->finish());
  }
  EXPECT_GT(Remembers.fastCounters().Hits, 100u);
  EXPECT_EQ(difference(Plain, Remembers), "");
}

TEST(FastEngineTest, WhatIsRememberedOutlivesARestart) {
  Assembly A(a57());
  Lowering L(a57(), std::nullopt);
  const SmallVector<uint16_t> Units = [&] {
    SmallVector<uint16_t> U;
    ExecutionWriter W(U);
    for (const char *Text : Mixed)
      W.block(A.block(Text));
    return U;
  }();
  FastEngine Engine(A.program(), L, {}, TimingEngine::Detail::Totals);
  for (unsigned Round = 0; Round != 10; ++Round) {
    cantFail(Engine.consume({StreamId(0), Units}, {}));
    cantFail(Engine.restart());
  }
  // What came once is not known yet, what came twice is, at the latest with its
  // ports when it has come four times.
  EXPECT_LE(Engine.fastCounters().Misses, 2 * std::size(Mixed));
  EXPECT_GE(Engine.fastCounters().Hits, 6 * std::size(Mixed));
}

} // namespace
} // namespace mcad
