//===- FactsTest.cpp - what facts do to cycles, rule by rule --------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Cycles by hand, as in LLVMEngineTest.cpp: out of order, an instruction
// dispatched in cycle D issues in D + 1 at the earliest, is executed L cycles
// later and retires in the cycle after that; in order, it issues when it comes
// and retires L cycles later. The last cycle is counted too.
//
//===----------------------------------------------------------------------===//

#include "Assembly.h"
#include "gtest/gtest.h"
#include <random>

using namespace llvm;
using namespace mcad::test;

namespace mcad {
namespace {

const Target &a57() { return target("aarch64-linux-gnu", "cortex-a57"); }
const Target &a55() { return target("aarch64-linux-gnu", "cortex-a55"); }

/// The facts of a batch, one row for each of \p Rows, whose waits are given
/// beside.
struct Row {
  InstructionFacts Facts;
  std::vector<Wait> Waits;
};
BatchFacts facts(const std::vector<Row> &Rows) {
  BatchFacts Result;
  for (const Row &R : Rows) {
    InstructionFacts F = R.Facts;
    F.FirstWait = Result.Waits.size();
    F.NumWaits = R.Waits.size();
    Result.Rows.push_back(F);
    Result.Waits.insert(Result.Waits.end(), R.Waits.begin(), R.Waits.end());
  }
  return Result;
}

Row loadTakes(uint32_t At, uint16_t Cycles, Cause Why = Cause::Memory) {
  Row R;
  R.Facts.At = At;
  R.Facts.LoadCycles = Cycles;
  R.Facts.LoadWhy = Why;
  return R;
}
Row waits(uint32_t At, uint32_t Distance, uint16_t Cycles, Cause Why) {
  Row R;
  R.Facts.At = At;
  R.Waits = {{Distance, Cycles, Why}};
  return R;
}
Row fetchTakes(uint32_t At, uint16_t Cycles) {
  Row R;
  R.Facts.At = At;
  R.Facts.FetchMissCycles = Cycles;
  return R;
}
Row mispredicted(uint32_t At, uint16_t Penalty) {
  Row R;
  R.Facts.At = At;
  R.Facts.AwaitsBranch = true;
  R.Facts.BranchWhy = Cause::Mispredict;
  R.Facts.BranchCycles = Penalty;
  return R;
}

MachineModel model(uint32_t Queue = 1) {
  MachineModel M;
  M.FetchQueue = Queue;
  return M;
}

/// One execution of \p Text with \p Rows.
TimingCounters run(const Target &T, StringRef Text,
                   const std::vector<Row> &Rows,
                   const MachineModel &M = model(),
                   const PipelineOverrides &Overrides = {}) {
  Assembly A(T);
  Lowering L(T, std::nullopt);
  const BlockId Id = A.block(Text);
  LLVMEngine Engine(A.program(), L, Overrides, LLVMEngine::Detail::Totals,
                    {&M, /*HasAddresses=*/true});
  SmallVector<uint16_t> Units;
  ExecutionWriter(Units).block(Id);
  cantFail(Engine.consume({StreamId(0), Units}, facts(Rows)));
  cantFail(Engine.finish());
  return Engine.counters();
}

uint64_t cycles(const Target &T, StringRef Text, const std::vector<Row> &Rows,
                const MachineModel &M = model(),
                const PipelineOverrides &Overrides = {}) {
  return run(T, Text, Rows, M, Overrides).Cycles;
}

uint64_t lost(const TimingCounters &C, Cause Why) {
  return C.LostCycles[static_cast<unsigned>(Why)];
}

//===--- loads that come later --------------------------------------------===//

TEST(FactsTest, ALoadThatMissesTakesThatMuchLonger) {
  EXPECT_EQ(cycles(a57(), "ldr x0, [x1]", {}), 4u + 3);
  EXPECT_EQ(cycles(a57(), "ldr x0, [x1]", {loadTakes(0, 8)}), 4u + 8 + 3);
  EXPECT_EQ(cycles(a55(), "ldr x0, [x1]", {}), 3u + 1);
  EXPECT_EQ(cycles(a55(), "ldr x0, [x1]", {loadTakes(0, 8)}), 3u + 8 + 1);
}

TEST(FactsTest, WhatUsesItWaitsWhatDoesNotDoesNot) {
  EXPECT_EQ(cycles(a57(), "ldr x0, [x1]\nadd x0, x0, x2", {loadTakes(0, 8)}),
            4u + 8 + 1 + 3);
  EXPECT_EQ(cycles(a57(), "ldr x0, [x1]\nadd x3, x3, x2", {loadTakes(0, 8)}),
            4u + 8 + 3);
  // In order, too: a miss holds up its users alone. 3 + 8 for the load, which
  // the additions do not prolong, and the one that uses it after it.
  const char *Three = "ldr x0, [x1]\nadd x3, x3, x2\nadd x4, x4, x2";
  EXPECT_EQ(cycles(a55(), Three, {loadTakes(0, 8)}), 3u + 8 + 1);
  EXPECT_EQ(cycles(a55(), "ldr x0, [x1]\nadd x0, x0, x2", {loadTakes(0, 8)}),
            cycles(a55(), "ldr x0, [x1]\nadd x0, x0, x2", {}) + 8);
}

TEST(FactsTest, IndependentMissesOverlap) {
  EXPECT_EQ(cycles(a57(), "ldr x0, [x1]\nldr x2, [x3]",
                   {loadTakes(0, 100), loadTakes(1, 100)}),
            4u + 100 + 3 + 1); // One a cycle.
}

TEST(FactsTest, TheUpdateOfABaseRegisterDoesNotWaitForMemory) {
  const char *Text = "ldr x0, [x1], #8\nadd x1, x1, x2\nmul x1, x1, x1\n"
                     "mul x1, x1, x1";
  // Load 4 + 50 and its retirement; the chain through x1 is shorter.
  EXPECT_EQ(cycles(a57(), Text, {loadTakes(0, 50)}), 4u + 50 + 3);
}

TEST(FactsTest, ThePointersOfX86DoNotWaitForMemory) {
  const Target &Skylake = target("x86_64-linux-gnu", "skylake");
  // The second pop needs the stack pointer of the first, not its value.
  const char *Pops = "popq %rax\npopq %rbx";
  EXPECT_EQ(cycles(Skylake, Pops, {loadTakes(0, 50)}),
            cycles(Skylake, "popq %rax", {loadTakes(0, 50)}));
  // A multiplication by memory writes what it read implicitly: that waits.
  const char *Multiply = "mulq (%rcx)\naddq %rax, %rax";
  EXPECT_EQ(cycles(Skylake, Multiply, {loadTakes(0, 50)}),
            cycles(Skylake, Multiply, {}) + 50);
}

TEST(FactsTest, AnInOrderCoreMayRunFarAheadOfAMiss) {
  std::string Text = "ldr x0, [x1]\n";
  for (int I = 0; I != 40000; ++I)
    Text += "add x2, x3, x4\n";
  const TimingCounters C = run(a55(), Text, {loadTakes(0, 49000)});
  EXPECT_EQ(C.Instructions, 40001u);
  EXPECT_EQ(C.Cycles, 49000u + 3 + 1);
}

TEST(FactsTest, LostCyclesAreTheOnesAHitWouldNotHaveTaken) {
  const TimingCounters C =
      run(a57(), "ldr x0, [x1]", {loadTakes(0, 8, Cause::L2)});
  EXPECT_EQ(lost(C, Cause::L2), 8u);
  // The six in which the hit retires nothing are the core's: it is not
  // dispatched, dispatched, and executes for four and until it retires.
  EXPECT_EQ(lost(C, Cause::None), 0u);
  EXPECT_EQ(lost(C, Cause::Other) + lost(C, Cause::Operands) +
                lost(C, Cause::Ports) + lost(C, Cause::Latency),
            6u);
  EXPECT_EQ(C.Cycles, 8u + 6 + 1);

  Row R = loadTakes(0, 20, Cause::L3);
  R.Facts.TlbCycles = 7;
  R.Facts.SplitCycles = 3;
  const TimingCounters D = run(a57(), "ldr x0, [x1]", {R});
  EXPECT_EQ(lost(D, Cause::DataTlb), 7u);
  EXPECT_EQ(lost(D, Cause::Split), 3u);
  EXPECT_EQ(lost(D, Cause::L3), 10u);

  const TimingCounters InOrder =
      run(a55(), "ldr x0, [x1]", {loadTakes(0, 8, Cause::L2)});
  EXPECT_EQ(lost(InOrder, Cause::L2), 8u);
}

//===--- waits ------------------------------------------------------------===//

TEST(FactsTest, ALoadWaitsForTheStoreOfItsBytes) {
  const char *Text = "str x0, [x1]\nldr x2, [x3]";
  // Cortex-A57's units are apart: both issue in cycle 1.
  EXPECT_EQ(cycles(a57(), Text, {}), 4u + 3);
  // The store is executed in cycle 2: so the load issues, at the earliest.
  EXPECT_EQ(cycles(a57(), Text, {waits(1, 1, 0, Cause::Store)}), 2u + 4 + 2);
  EXPECT_EQ(cycles(a57(), Text, {waits(1, 1, 1, Cause::Store)}), 3u + 4 + 2);
  EXPECT_EQ(cycles(a57(), Text, {waits(1, 1, 9, Cause::Store)}), 11u + 4 + 2);
}

TEST(FactsTest, AnIndependentLoadPassesTheWaitingOne) {
  const char *Text = "str x0, [x1]\nldr x2, [x3]\nldr x4, [x5]\n"
                     "add x4, x4, x6";
  // The third issues in cycle 1, its user in 5. Only the load that waits ends
  // later: issued in 22, executed in 26, retired in 27 with the others.
  EXPECT_EQ(cycles(a57(), Text, {waits(1, 1, 20, Cause::Store)}), 22u + 4 + 2);
  const char *Chain = "str x0, [x1]\nldr x2, [x3]\nldr x4, [x5]\n"
                      "mul x4, x4, x6\nmul x4, x4, x6\nmul x4, x4, x6\n"
                      "mul x4, x4, x6\nmul x4, x4, x6\nmul x4, x4, x6";
  // It issues in 1, since the waiting one leaves it the port, and six
  // multiplications take 5 each.
  EXPECT_EQ(cycles(a57(), Chain, {waits(1, 1, 3, Cause::Store)}),
            1u + 4 + 6 * 5 + 2);
}

TEST(FactsTest, AStoreThatComesLateIsWaitedFor) {
  // The store's data takes a division: the load waits for it though nothing
  // else ties the two.
  const char *Text = "sdiv x0, x0, x4\nstr x0, [x1]\nldr x2, [x3]";
  const uint64_t Without = cycles(a57(), Text, {});
  EXPECT_EQ(cycles(a57(), Text, {waits(2, 1, 0, Cause::Store)}), Without + 4);
}

TEST(FactsTest, AStoreThatIsExecutedForLongIsNotWaitedFor) {
  const char *Text = "str x0, [x1]\nmul x5, x5, x5\nmul x5, x5, x5\n"
                     "mul x5, x5, x5\nldr x2, [x5]";
  EXPECT_EQ(cycles(a57(), Text, {waits(4, 4, 2, Cause::Store)}),
            cycles(a57(), Text, {}));
}

TEST(FactsTest, ALineOnTheWayComesForAllAtOnce) {
  const char *Text = "ldr x0, [x1]\nldr x2, [x3]";
  // The first issues in 1, its line is there for a hit at 51: the second is
  // executed in 55, like the first.
  EXPECT_EQ(
      cycles(a57(), Text, {loadTakes(0, 50), waits(1, 1, 50, Cause::Memory)}),
      1u + 50 + 4 + 2);
}

TEST(FactsTest, MissesBeyondTheLimitWaitForRoom) {
  const char *Text = "ldr x0, [x1]\nldr x2, [x3]\nldr x4, [x5]";
  Row Third = loadTakes(2, 50);
  Third.Waits = {{2, 50, Cause::MissLimit}};
  const TimingCounters C =
      run(a57(), Text, {loadTakes(0, 50), loadTakes(1, 50), Third});
  EXPECT_EQ(C.Cycles, 1u + 50 + 50 + 4 + 2);
  // It started in 51, before the first had retired, so that all is memory's.
  EXPECT_EQ(lost(C, Cause::MissLimit), 0u);

  // Here it cannot start while nothing else is in flight: the first retires in
  // 1 + 14 + 1, the second issues in 81.
  const TimingCounters Held =
      run(a57(), "ldr x0, [x1]\nldr x2, [x3]",
          {loadTakes(0, 10), waits(1, 1, 80, Cause::MissLimit)});
  EXPECT_EQ(Held.Cycles, 81u + 4 + 2);
  EXPECT_EQ(lost(Held, Cause::MissLimit), 81u - 17);
}

TEST(FactsTest, InOrderAWaitStopsIssue) {
  const char *Text = "str x0, [x1]\nldr x2, [x3]\nadd x4, x4, x5";
  const uint64_t Without = cycles(a55(), Text, {});
  const uint64_t With = cycles(a55(), Text, {waits(1, 1, 9, Cause::Store)});
  // The store issues in 0, its latency is 1, the load issues in 10 and retires
  // 3 cycles later.
  EXPECT_EQ(With, 1u + 9 + 3 + 1);
  EXPECT_LT(Without, With);
}

TEST(FactsTest, AWaitForWhatIsNotKnownAnyMoreIsNone) {
  EXPECT_EQ(cycles(a57(), "ldr x0, [x1]", {waits(0, 77, 9, Cause::Memory)}),
            4u + 3);
}

TEST(FactsTest, StoresDoNotPassALoadThatWaits) {
  // A store after it in the program: it issues when that load has.
  const char *Text = "str x0, [x1]\nldr x2, [x3]\nstr x4, [x5]";
  EXPECT_EQ(cycles(a57(), Text, {waits(1, 1, 9, Cause::Store)}),
            11u + 4 + 2); // The load is the last to be executed.
  const char *Long = "str x0, [x1]\nldr x2, [x3]\nstr x4, [x5]\nstr x4, [x6]\n"
                     "str x4, [x7]\nstr x4, [x8]\nstr x4, [x9]\nstr x4, [x10]";
  // Six stores, one a cycle, from the cycle in which the load issues.
  EXPECT_EQ(cycles(a57(), Long, {waits(1, 1, 9, Cause::Store)}),
            11u + 5 + 1 + 2);
}

TEST(FactsTest, ABarrierWaitsForLoadsThatWait) {
  const Target &Skylake = target("x86_64-linux-gnu", "skylake");
  // A store between the two changes nothing.
  const char *Text = "movq %rax, (%rbx)\nmovq (%rcx), %rdx\n"
                     "movq %rax, (%rsi)\nlfence\nmovq (%rdi), %rax";
  const uint64_t Without = cycles(Skylake, Text, {});
  EXPECT_GE(cycles(Skylake, Text, {waits(1, 1, 100, Cause::Store)}),
            Without + 90);
}

TEST(FactsTest, AStoreThatMissesKeepsTheStoreQueueFull) {
  const char *Text = "str x0, [x1]\nstr x2, [x3]";
  PipelineOverrides OneStore;
  OneStore.StoreQueueSize = 1;
  Row Misses;
  Misses.Facts.StoreCycles = 50;
  const uint64_t Hit = cycles(a57(), Text, {}, model(), OneStore);
  // Issued in 1, there in 51: then the second is dispatched.
  EXPECT_EQ(cycles(a57(), Text, {Misses}, model(), OneStore), 51u + 1 + 3);
  EXPECT_LT(Hit, 12u);
  EXPECT_EQ(cycles(a57(), Text, {Misses}), cycles(a57(), Text, {}));
}

//===--- fetch ------------------------------------------------------------===//

TEST(FactsTest, AFetchMissDelaysDispatch) {
  EXPECT_EQ(cycles(a57(), "add x0, x0, x1", {fetchTakes(0, 20)}), 20u + 1 + 3);
  EXPECT_EQ(cycles(a55(), "ldr x0, [x1]", {fetchTakes(0, 20)}), 20u + 3 + 1);
  // What was fetched before goes on, what is behind comes after.
  const char *Three = "mul x0, x0, x1\nadd x2, x2, x1\nadd x3, x3, x1";
  EXPECT_EQ(cycles(a57(), Three, {fetchTakes(1, 20)}), 20u + 1 + 3);
}

TEST(FactsTest, FetchDelaysAddUp) {
  Row R = fetchTakes(0, 20);
  R.Facts.RedirectCycles = 3;
  R.Facts.FetchTlbCycles = 7;
  const TimingCounters C = run(a57(), "add x0, x0, x1", {R});
  EXPECT_EQ(C.Cycles, 30u + 1 + 3);
  EXPECT_EQ(lost(C, Cause::Target), 3u);
  EXPECT_EQ(lost(C, Cause::FetchTlb), 7u);
  EXPECT_EQ(lost(C, Cause::FetchMiss), 20u + 3); // Until it retires.
}

TEST(FactsTest, APrefetchedLineComesWhenItComes) {
  const char *Text = "mul x0, x0, x1\nadd x2, x2, x1";
  Row R;
  R.Facts.At = 1;
  R.Facts.FetchWaitCycles = 30;
  R.Facts.FetchWaitDistance = 1;
  // The first was asked for in cycle 0, and the other line with it.
  EXPECT_EQ(cycles(a57(), Text, {fetchTakes(0, 10), R}), 30u + 1 + 3);
}

TEST(FactsTest, TheRightPathComesWhenTheBranchIsExecutedAndThePenaltyPassed) {
  // The "branch" is executed in cycle 2.
  EXPECT_EQ(
      cycles(a57(), "add x0, x0, x1\nadd x2, x2, x3", {mispredicted(1, 10)}),
      2u + 10 + 1 + 3);
  // One that waits for a miss is executed in 1 + 4 + 100 + 1.
  EXPECT_EQ(cycles(a57(), "ldr x0, [x1]\nadd x0, x0, x1\nadd x2, x2, x3",
                   {loadTakes(0, 100), mispredicted(2, 10)}),
            106u + 10 + 1 + 3);
  // In order: issued in 0, its latency is 3.
  EXPECT_EQ(
      cycles(a55(), "add x0, x0, x1\nadd x2, x2, x3", {mispredicted(1, 10)}),
      3u + 10 + 3 + 1);
}

TEST(FactsTest, MispredictionsAreChargedWhenNothingElseIsInFlight) {
  const TimingCounters C =
      run(a57(), "add x0, x0, x1\nadd x2, x2, x3", {mispredicted(1, 10)});
  // The first retires in cycle 3; the second comes in 12 and retires in 15, in
  // an empty pipeline. All between is the misprediction's.
  EXPECT_EQ(lost(C, Cause::Mispredict), 11u);
  // Of one that takes longer itself, the rest is the core's.
  const TimingCounters D =
      run(a57(), "add x0, x0, x1\nmul w2, w2, w3", {mispredicted(1, 10)});
  EXPECT_EQ(lost(D, Cause::Mispredict), 11u);
  EXPECT_EQ(D.Cycles, C.Cycles + 2);
}

TEST(FactsTest, ACoreThatPredictsNothingFillsItsPipelineAgain) {
  // Cortex-M4: a branch and its refill of 2 take 3 cycles (the manual's 1 + P),
  // whatever waits in the queue.
  const Target &M4 = target("thumbv7em-none-eabi", "cortex-m4");
  const char *Text = "adds r1, r1, #1\nb #0\nadds r2, r2, #1";
  const uint64_t Without = cycles(M4, Text, {});
  Row Taken = mispredicted(2, 2);
  Taken.Facts.BranchWhy = Cause::Target;
  for (unsigned Queue : {1, 8}) {
    const TimingCounters C = run(M4, Text, {Taken}, model(Queue));
    EXPECT_EQ(C.Cycles, Without + 2);
    EXPECT_EQ(lost(C, Cause::Target), 2u);
  }
}

TEST(FactsTest, AQueueHidesFetchBehindWork) {
  // 60 multiplications, one after the other, 3 cycles each; Cortex-A57 has room
  // for fewer in its scheduler, so that dispatch is held up and the queue fills
  // meanwhile. What is fetched late then was not needed before.
  std::string Text;
  for (int I = 0; I != 60; ++I)
    Text += "mul w0, w0, w1\n";
  const uint64_t Hit = cycles(a57(), Text, {}, model(16));
  EXPECT_EQ(cycles(a57(), Text, {fetchTakes(50, 20)}, model(16)), Hit);
  EXPECT_GT(cycles(a57(), Text, {fetchTakes(50, 200)}, model(16)), Hit);
}

TEST(FactsTest, AnEmptyQueueHidesNothing) {
  // Dispatch takes what is fetched at once: 3 a cycle. Instruction 30 would be
  // fetched in cycle 10.
  std::string Text;
  for (int I = 0; I != 30; ++I)
    Text += "nop\n";
  Text += "add x0, x0, x1\n";
  const TimingCounters C = run(a57(), Text, {fetchTakes(30, 20)}, model(64));
  EXPECT_EQ(C.Cycles, run(a57(), Text, {}, model(64)).Cycles + 20);
}

//===--- what facts take for granted
//------------------------------------------//

TEST(FactsTest, NoModelHasMoreInFlightThanFactsLookBack) {
  unsigned Models = 0;
  for (const char *Triple :
       {"x86_64-linux-gnu", "armv7-linux-gnueabihf", "aarch64-linux-gnu",
        "riscv64-linux-gnu", "powerpc64le-linux-gnu"}) {
    const Target &Any = target(Triple, "");
    for (const SubtargetSubTypeKV &Cpu :
         Any.sti().getAllProcessorDescriptions()) {
      const MCSchedModel &Model = *Cpu.SchedModel;
      if (!Model.hasInstrSchedModel())
        continue;
      ++Models;
      EXPECT_LE(Model.MicroOpBufferSize, MaxInFlight) << Cpu.Key;
      EXPECT_LE(Model.IssueWidth, MaxIssueWidth) << Cpu.Key;
    }
  }
  EXPECT_GT(Models, 150u); // LLVM 19 has 199.
}

//===--- what must not change ---------------------------------------------===//

/// Random instructions of \p Lines.
std::string randomText(ArrayRef<const char *> Lines, unsigned Count,
                       std::mt19937 &Random) {
  std::string Text;
  for (unsigned I = 0; I != Count; ++I) {
    Text += Lines[Random() % Lines.size()];
    Text += '\n';
  }
  return Text;
}

struct Machine {
  const char *Triple, *Cpu;
  std::vector<const char *> Lines;
};

const std::vector<const char *> AArch64Lines = {
    "ldr x0, [x1]",     "ldr x2, [x0]",          "str x0, [x3]",
    "str x2, [x1], #8", "add x1, x1, x2",        "mul x4, x0, x2",
    "sdiv x5, x4, x2",  "ldp x6, x7, [x1], #16", "ldp x6, x7, [x1]",
    "stp x6, x7, [x3]", "ldar x0, [x1]",         "stlr x0, [x1]",
    "dmb ish",          "ldxr x0, [x1]",         "fmul d0, d0, d1",
    "ldr d0, [x1]",     "str d0, [x3]",          "subs x8, x8, #1"};

const Machine Machines[] = {
    {"aarch64-linux-gnu", "cortex-a57", AArch64Lines},
    {"aarch64-linux-gnu", "cortex-a55", AArch64Lines},
    {"aarch64-linux-gnu", "neoverse-n1", AArch64Lines},
    {"x86_64-linux-gnu",
     "skylake",
     {"movq (%rax), %rbx", "movq %rbx, (%rcx)", "addq %rbx, (%rdx)",
      "imulq %rbx, %rcx", "mfence", "lfence", "sfence", "pushq %rax",
      "popq %rbx", "addq %rax, %rbx", "movaps (%rax), %xmm0",
      "movaps %xmm0, (%rcx)", "lock addq %rax, (%rbx)", "xorl %eax, %eax"}},
    {"x86_64-linux-gnu",
     "znver4",
     {"movq (%rax), %rbx", "movq %rbx, (%rcx)", "addq %rbx, (%rdx)", "mfence",
      "popq %rbx", "idivq %rcx", "movaps (%rax), %xmm0"}},
    {"powerpc64le-linux-gnu",
     "pwr9",
     {"ld 3, 0(4)", "std 3, 0(5)", "mulld 6, 3, 4", "sync", "lwsync",
      "add 4, 4, 6"}},
    {"riscv64-linux-gnu",
     "sifive-u74",
     {"ld a0, 0(a1)", "sd a0, 0(a2)", "mul a3, a0, a1", "fence",
      "add a1, a1, a3"}},
    {"thumbv7em-none-eabi",
     "cortex-m4",
     {"ldr r0, [r1]", "str r0, [r2]", "mul r3, r0, r1", "dmb",
      "ldm r1, {r4, r5, r6}", "add r1, r1, r3"}},
};

TEST(FactsTest, WithoutFactsNoCycleIsAnother) {
  for (const Machine &M : Machines) {
    const Target &T = target(M.Triple, M.Cpu);
    for (unsigned Seed = 0; Seed != 8; ++Seed) {
      std::mt19937 Random(Seed);
      const std::string Text = randomText(M.Lines, 200, Random);
      for (unsigned Queue : {1, 5, 64}) {
        const TimingCounters With = run(T, Text, {}, model(Queue));
        const TimingCounters Without = simulate(T, Text);
        ASSERT_EQ(With.Cycles, Without.Cycles)
            << M.Cpu << ", seed " << Seed << ", queue " << Queue;
        ASSERT_EQ(With.UnitCycles, Without.UnitCycles);
        ASSERT_EQ(With.Instructions, Without.Instructions);
      }
    }
  }
}

/// Random facts for the \p Count instructions of a batch that starts as
/// instruction \p Start of the stream.
BatchFacts randomFacts(unsigned Start, unsigned Count, std::mt19937 &Random) {
  std::vector<Row> Rows;
  for (unsigned At = 0; At != Count; ++At) {
    if (Random() % 4)
      continue;
    Row R;
    R.Facts.At = At;
    switch (Random() % 6) {
    case 0:
      R.Facts.LoadCycles = Random() % 60;
      R.Facts.LoadWhy = Cause::L3;
      break;
    case 1:
      R.Facts.StoreCycles = Random() % 60;
      break;
    case 2:
      if (Start + At)
        R = mispredicted(At, Random() % 20);
      break;
    case 3:
      R.Facts.FetchMissCycles = Random() % 30;
      R.Facts.RedirectCycles = Random() % 4;
      break;
    default:
      for (unsigned I = Random() % 3 + 1; I != 0; --I)
        if (Start + At)
          R.Waits.push_back({uint32_t(Random() % std::min(Start + At, 90u) + 1),
                             uint16_t(Random() % 40),
                             Random() % 2 ? Cause::Store : Cause::Memory});
      break;
    }
    Rows.push_back(R);
  }
  return facts(Rows);
}

TEST(FactsTest, HowFactsAreCutIntoBatchesChangesNothing) {
  for (const Machine &M : Machines) {
    const Target &T = target(M.Triple, M.Cpu);
    for (unsigned Seed = 0; Seed != 4; ++Seed) {
      std::mt19937 Random(Seed);
      Assembly A(T);
      Lowering L(T, std::nullopt);
      const MachineModel Around = model(6);
      constexpr unsigned Length = 50, Blocks = 12;
      std::vector<BlockId> Ids;
      for (unsigned I = 0; I != Blocks; ++I)
        Ids.push_back(A.block(randomText(M.Lines, Length, Random)));
      const BatchFacts All = randomFacts(0, Length * Blocks, Random);

      auto simulated = [&](unsigned PerBatch) {
        LLVMEngine Engine(A.program(), L, {}, LLVMEngine::Detail::Totals,
                          {&Around, true});
        for (unsigned First = 0; First < Blocks; First += PerBatch) {
          SmallVector<uint16_t> Units;
          for (unsigned I = First; I != std::min(Blocks, First + PerBatch); ++I)
            ExecutionWriter(Units).block(Ids[I]);
          BatchFacts Part;
          Part.Waits = All.Waits;
          for (const InstructionFacts &F : All.Rows)
            if (F.At >= First * Length && F.At < (First + PerBatch) * Length) {
              Part.Rows.push_back(F);
              Part.Rows.back().At -= First * Length;
            }
          cantFail(Engine.consume({StreamId(0), Units}, Part));
        }
        cantFail(Engine.finish());
        return Engine.counters();
      };
      const TimingCounters Whole = simulated(Blocks);
      EXPECT_EQ(Whole.Instructions, Length * Blocks);
      uint64_t Lost = 0;
      for (uint64_t Cycles : Whole.LostCycles)
        Lost += Cycles;
      EXPECT_LT(Lost, Whole.Cycles);
      for (unsigned PerBatch : {1, 5}) {
        const TimingCounters Cut = simulated(PerBatch);
        ASSERT_EQ(Cut.Cycles, Whole.Cycles) << M.Cpu << ", seed " << Seed;
        ASSERT_EQ(Cut.LostCycles, Whole.LostCycles);
        ASSERT_EQ(Cut.UnitCycles, Whole.UnitCycles);
      }
    }
  }
}

} // namespace
} // namespace mcad
