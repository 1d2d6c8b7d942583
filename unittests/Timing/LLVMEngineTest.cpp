//===- LLVMEngineTest.cpp - the reference engine, rule by rule ------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Cycles by hand, from the order of LLVM's stages:
//
// Out of order, an instruction dispatched in cycle d issues in d + 1 at the
// earliest, has its result L cycles later, where L is its latency, and retires
// in the cycle after that. Cycles are counted from 0, so one instruction takes
// L + 3, and a chain of dependent ones the sum of their L, + 3.
//
// In order, an instruction issues in the cycle in which it arrives and retires
// L cycles later: one takes L + 1, a chain the sum of their L, + 1.
//
//===----------------------------------------------------------------------===//

#include "Timing/LLVMEngine.h"
#include "Assembly.h"
#include "Timing/ResourceUnits.h"
#include "llvm/ADT/STLExtras.h"
#include "gtest/gtest.h"
#include <random>

using namespace llvm;
using namespace mcad::test;

namespace mcad {
namespace {

const Target &a57() { return target("aarch64-linux-gnu", "cortex-a57"); }
const Target &a55() { return target("aarch64-linux-gnu", "cortex-a55"); }
const Target &skylake() { return target("x86_64-linux-gnu", "skylake"); }
const Target &rocket() { return target("riscv64-linux-gnu", "rocket-rv64"); }
const Target &pwr9() { return target("powerpc64le-linux-gnu", "pwr9"); }
const Target &m4() { return target("thumbv7em-none-eabi", "cortex-m4"); }

uint64_t sum(ArrayRef<uint64_t> Numbers) {
  return std::accumulate(Numbers.begin(), Numbers.end(), uint64_t(0));
}

uint64_t cycles(const Target &T, StringRef Text,
                const PipelineOverrides &Overrides = {}) {
  return simulate(T, Text, Overrides).Cycles;
}

//===--- mechanisms -------------------------------------------------------===//

TEST(LLVMEngineTest, CountsNoCycleForNoInstruction) {
  for (const Target *T : {&a57(), &a55()}) {
    Assembly A(*T);
    Lowering L(*T, std::nullopt);
    LLVMEngine Engine(A.program(), L, {}, LLVMEngine::Detail::Totals);
    cantFail(Engine.consume(Batch(), {}));
    cantFail(Engine.finish());
    EXPECT_EQ(Engine.counters().Cycles, 0u);
    EXPECT_EQ(Engine.counters().Instructions, 0u);
    EXPECT_EQ(Engine.counters().MicroOps, 0u);
    EXPECT_EQ(sum(Engine.counters().UnitCycles), 0u);
  }
}

TEST(LLVMEngineTest, TakesTheLatencyOfOneInstructionAndItsStages) {
  EXPECT_EQ(cycles(a57(), "add x0, x0, x1"), 1u + 3);
  EXPECT_EQ(cycles(a57(), "ldr x0, [x1]"), 4u + 3);
  EXPECT_EQ(cycles(skylake(), "imulq %rax, %rbx"), 3u + 3);
  EXPECT_EQ(cycles(a55(), "add x0, x0, x1"), 3u + 1);
  EXPECT_EQ(cycles(rocket(), "ld a0, 0(a1)"), 2u + 1);
}

TEST(LLVMEngineTest, IssuesAnIndependentPairTogetherWhereThereAreTwoUnits) {
  // Cortex-A57 has two integer units, Cortex-A55 two ALUs and two slots.
  const char *Pair = "add x0, x0, x1\nadd x2, x2, x3";
  const char *Three = "add x0, x0, x1\nadd x2, x2, x3\nadd x4, x4, x5";
  EXPECT_EQ(cycles(a57(), Pair), 4u);
  EXPECT_EQ(cycles(a57(), Three), 5u);
  EXPECT_EQ(cycles(a55(), Pair), 4u);
  EXPECT_EQ(cycles(a55(), Three), 5u);
}

TEST(LLVMEngineTest, IssuesOneAfterTheOtherWhereThereIsOneUnit) {
  // Cortex-A57 loads one at a time; Rocket does everything one at a time.
  EXPECT_EQ(cycles(a57(), "ldr x0, [x1]\nldr x2, [x3]"), 4u + 3 + 1);
  EXPECT_EQ(cycles(rocket(), "add a0, a1, a2\nadd a3, a1, a1\nadd a4, a1, a5"),
            1u + 1 + 2);
}

TEST(LLVMEngineTest, TakesTheSumOfLatenciesForADependentChain) {
  EXPECT_EQ(cycles(a57(), "ldr x0, [x1]\n"   // 4
                          "add x0, x0, x2\n" // 1
                          "mul w0, w0, w3\n" // 3
                          "add x0, x0, x2"), // 1
            4u + 1 + 3 + 1 + 3);
  EXPECT_EQ(cycles(skylake(), "imulq %rax, %rbx\n" // 3 each
                              "imulq %rbx, %rcx\n"
                              "imulq %rcx, %rdx\n"
                              "imulq %rdx, %rsi"),
            4u * 3 + 3);
  EXPECT_EQ(cycles(pwr9(), "mulld 3, 4, 5\n" // 5 each
                           "mulld 3, 3, 5\n"
                           "mulld 3, 3, 5"),
            3u * 5 + 3);
  EXPECT_EQ(cycles(a55(), "ldr x0, [x1]\n" // 3 each
                          "ldr x0, [x0]\n"
                          "ldr x2, [x0]"),
            3u * 3 + 1);
  EXPECT_EQ(cycles(rocket(), "ld a0, 0(a1)\n"   // 2
                             "add a0, a0, a2"), // 1
            2u + 1 + 1);
  EXPECT_EQ(cycles(m4(), "ldr r0, [r1]\n"    // 2
                         "adds r0, r0, r2\n" // 1
                         "adds r0, r0, r2"), // 1
            2u + 1 + 1 + 1);
}

TEST(LLVMEngineTest, TakesOneMicroOpAndOneCycleForWhatTheModelLacks) {
  const std::vector<uint8_t> Undecodable{0xff, 0xff, 0xff, 0xff};
  const std::vector<uint8_t> Ptrue{0xe0, 0xe3, 0x18, 0x25};
  for (const std::vector<uint8_t> &Bytes : {Undecodable, Ptrue}) {
    Assembly A(a57());
    Lowering L(a57(), std::nullopt);
    const uint32_t Id = index(A.bytes(Bytes));
    // Latency 1, no unit: three fit into a cycle's dispatch, the fourth does
    // not.
    for (auto [Count, Cycles] : {std::pair(1u, 4u), {3u, 4u}, {4u, 5u}}) {
      const TimingCounters C =
          simulate(A.program(), L, std::vector<uint32_t>(Count, Id));
      EXPECT_EQ(C.Cycles, Cycles);
      EXPECT_EQ(C.Instructions, Count);
      EXPECT_EQ(C.MicroOps, Count);
      EXPECT_EQ(sum(C.UnitCycles), 0u);
    }
  }
  // In order, one slot.
  Assembly A(rocket());
  Lowering L(rocket(), std::nullopt);
  const uint32_t Id = index(A.bytes({0xff, 0xff, 0xff, 0xff}));
  EXPECT_EQ(simulate(A.program(), L, {Id}).Cycles, 2u);
  EXPECT_EQ(simulate(A.program(), L, {Id, Id, Id}).Cycles, 4u);
}

TEST(LLVMEngineTest, CountsWhatRetires) {
  // Three instructions, the middle one of two micro-ops.
  const TimingCounters C =
      simulate(a57(), "add x0, x0, x1\nbl f\nadd x2, x2, x3");
  EXPECT_EQ(C.Instructions, 3u);
  EXPECT_EQ(C.MicroOps, 4u);
  EXPECT_EQ(C.UnseenInstructions, 0u);
  EXPECT_EQ(C.UnseenMicroOps, 0u);
}

TEST(LLVMEngineTest, CountsTheCyclesOfEachUnit) {
  const TimingCounters C = simulate(a57(), "ldr x0, [x1]\nldr x2, [x3]\nb f");
  std::map<std::string, uint64_t> Cycles;
  for (auto [Unit, Used] :
       zip_equal(resourceUnits(a57().schedModel()), C.UnitCycles))
    Cycles[Unit.Resource] += Used;
  EXPECT_EQ(Cycles["A57UnitL"], 2u);
  EXPECT_EQ(Cycles["A57UnitB"], 1u);
  EXPECT_EQ(Cycles["A57UnitS"], 0u);
  EXPECT_EQ(sum(C.UnitCycles), 3u);
}

TEST(LLVMEngineTest, CountsNoUnitWhereLLVMIssuesWithoutOne) {
  // Cortex-A9's FP unit has no buffer, so a vadd issues when it is dispatched,
  // although the ldrd before it took the only address unit in that cycle.
  const Target &A9 = target("armv7-linux-gnueabihf", "cortex-a9");
  const auto Units = resourceUnits(A9.schedModel());
  ASSERT_EQ(Units.front().Resource, "A9UnitAGU");
  const char *Load = "ldrd r6, r7, [r8]", *Add = "vadd.f32 s0, s1, s2";
  EXPECT_EQ(simulate(A9, Load).UnitCycles.front(), 1u);
  EXPECT_EQ(simulate(A9, Add).UnitCycles.front(), 1u);
  const TimingCounters Both = simulate(A9, std::string(Load) + "\n" + Add);
  EXPECT_EQ(Both.Instructions, 2u);
  EXPECT_EQ(Both.UnitCycles.front(), 1u);
}

// No model of LLVM 19 is known to make it name such a unit and live on, so the
// engine itself cannot be asked.
TEST(LLVMEngineTest, FindsNoColumnForUnitsThatThereAreNot) {
  const MCSchedModel &Model = a57().schedModel();
  std::vector<unsigned> FirstOfKind;
  const auto Units = resourceUnits(Model, &FirstOfKind);
  size_t Found = 0;
  for (unsigned Kind = 0; Kind != Model.getNumProcResourceKinds(); ++Kind) {
    EXPECT_FALSE(unitColumn(Model, FirstOfKind, Kind, 0));
    EXPECT_FALSE(unitColumn(Model, FirstOfKind, Kind, uint64_t(1) << 63));
    for (unsigned Unit = 0; Unit != 63; ++Unit)
      if (auto Column =
              unitColumn(Model, FirstOfKind, Kind, uint64_t(1) << Unit)) {
        EXPECT_EQ(*Column, Found++);
        EXPECT_EQ(Units[*Column].Resource, Model.getProcResource(Kind)->Name);
      }
  }
  EXPECT_EQ(Found, Units.size());
  EXPECT_FALSE(unitColumn(Model, FirstOfKind, FirstOfKind.size(), 1));
}

TEST(LLVMEngineTest, KeepsUnitCyclesPerInstructionIfAsked) {
  Assembly A(a57());
  Lowering L(a57(), std::nullopt);
  const BlockId Id = A.block("ldr x0, [x1]\nadd x0, x0, x2\nb f");
  SmallVector<uint16_t> Twice;
  ExecutionWriter Out(Twice);
  Out.block(Id);
  Out.block(Id);
  LLVMEngine Engine(A.program(), L, {}, LLVMEngine::Detail::PerInstruction);
  cantFail(Engine.consume({StreamId(0), Twice}, {}));
  cantFail(Engine.finish());
  const ArrayRef<uint64_t> Rows = Engine.unitCyclesByInstruction();
  const std::vector<uint64_t> &Total = Engine.counters().UnitCycles;
  ASSERT_EQ(Rows.size(), 3 * Total.size());
  for (size_t Unit = 0; Unit != Total.size(); ++Unit)
    EXPECT_EQ(Rows[Unit] + Rows[Total.size() + Unit] +
                  Rows[2 * Total.size() + Unit],
              Total[Unit]);
  for (size_t I = 0; I != 3; ++I)
    EXPECT_EQ(sum(Rows.slice(I * Total.size(), Total.size())), 2u);

  LLVMEngine Without(A.program(), L, {}, LLVMEngine::Detail::Totals);
  cantFail(Without.consume({StreamId(0), Twice}, {}));
  cantFail(Without.finish());
  EXPECT_TRUE(Without.unitCyclesByInstruction().empty());
}

//===--- overrides --------------------------------------------------------===//

TEST(LLVMEngineTest, DispatchesAsManyAsTheUserSays) {
  PipelineOverrides One;
  One.DispatchWidth = 1;
  EXPECT_EQ(
      cycles(a57(), "add x0, x0, x1\nadd x2, x2, x3\nadd x4, x4, x5", One),
      4u + 2);
}

TEST(LLVMEngineTest, HoldsAsManyLoadsAndStoresAsTheUserSays) {
  PipelineOverrides OneLoad, OneStore;
  OneLoad.LoadQueueSize = 1;
  OneStore.StoreQueueSize = 1;
  // The first retires in cycle L + 2: only then is the second dispatched, one
  // cycle after the one in which it retired.
  const char *Loads = "ldr x0, [x1]\nldr x2, [x3]";
  EXPECT_EQ(cycles(a57(), Loads), 8u);
  EXPECT_EQ(cycles(a57(), Loads, OneLoad), 13u);
  EXPECT_EQ(cycles(a57(), Loads, OneStore), 8u);
  const char *Stores = "str x0, [x1]\nstr x2, [x3]";
  EXPECT_EQ(cycles(a57(), Stores), 5u);
  EXPECT_EQ(cycles(a57(), Stores, OneStore), 7u);
  EXPECT_EQ(cycles(a57(), Stores, OneLoad), 5u);
}

TEST(LLVMEngineTest, MakesALoadWaitForAnOlderStoreOnlyIfTheyMayAlias) {
  PipelineOverrides MayAlias;
  MayAlias.AssumeNoAlias = false;
  const char *StoreLoad = "str x0, [x1]\nldr x2, [x3]";
  EXPECT_EQ(cycles(a57(), StoreLoad), 4u + 3);
  EXPECT_EQ(cycles(a57(), StoreLoad, MayAlias), 1u + 4 + 3);
}

//===--- batches ----------------------------------------------------------===//

void expectEqual(const TimingCounters &A, const TimingCounters &B) {
  EXPECT_EQ(A.Cycles, B.Cycles);
  EXPECT_EQ(A.Instructions, B.Instructions);
  EXPECT_EQ(A.MicroOps, B.MicroOps);
  EXPECT_EQ(A.UnseenInstructions, B.UnseenInstructions);
  EXPECT_EQ(A.UnseenMicroOps, B.UnseenMicroOps);
  EXPECT_EQ(A.UnseenKindCycles, B.UnseenKindCycles);
  EXPECT_EQ(A.UnitCycles, B.UnitCycles);
}

struct Machine {
  const char *Triple;
  std::vector<const char *> Cpus;
  std::vector<const char *> Blocks;
};

const std::vector<Machine> &machines() {
  static const std::vector<Machine> Machines{
      {"x86_64-linux-gnu",
       {"alderlake", "atom", "bdver2", "broadwell", "btver2", "haswell",
        "icelake-server", "sandybridge", "sapphirerapids", "skylake",
        "skylake-avx512", "slm", "znver1", "znver2", "znver3", "znver4"},
       {"addq %rax, %rbx\nimulq %rbx, %rcx\nmovq (%rcx), %rdx\njne f",
        "movq %rdx, 8(%rsp)\nmovq 8(%rsp), %rsi\naddq %rsi, (%rdi)\ncallq f",
        "addps %xmm0, %xmm1\nmulsd %xmm1, %xmm2\nidivl %esi\nretq",
        "pushq %rax\npopq %rbx\nxorl %eax, %eax\ncmpxchgl %esi, (%rdi)",
        "movaps %xmm1, %xmm3\nsqrtsd %xmm3, %xmm4\nlock addl $1, (%rax)",
        "leaq 8(%rax,%rbx,4), %rcx\nshlq %cl, %rdx\nbsfq %rdx, %rax"}},
      {"aarch64-linux-gnu",
       {"a64fx",       "ampere1",     "ampere1b",     "apple-a7",
        "cortex-a510", "cortex-a53",  "cortex-a55",   "cortex-a57",
        "exynos-m3",   "exynos-m4",   "exynos-m5",    "falkor",
        "kryo",        "neoverse-n1", "neoverse-n2",  "neoverse-v1",
        "neoverse-v2", "oryon-1",     "thunderx2t99", "thunderx3t110",
        "thunderxt88", "tsv110"},
       {"add x0, x0, x1\nmul x2, x0, x3\nldr x4, [x2]\ncbnz x4, f",
        "str x4, [x5]\nldp x6, x7, [x5], #16\nstp x6, x7, [sp, #-16]!\nbl f",
        "fadd d0, d1, d2\nfmul d3, d0, d1\nfdiv d4, d3, d0\nret",
        "ld4 {v0.16b, v1.16b, v2.16b, v3.16b}, [x1]\nadd v4.16b, v0.16b, "
        "v1.16b",
        "sdiv x8, x4, x0\nmadd x9, x8, x2, x0\nst1 {v0.4s, v1.4s}, [x9]",
        "ldaxr x10, [x11]\nstlxr w12, x10, [x11]\ndmb ish"}},
      {"armv7-linux-gnueabihf",
       {"cortex-a57", "cortex-a9", "cortex-r52", "swift"},
       {"add r0, r0, r1\nmul r2, r0, r3\nldr r4, [r2]\nbne f",
        "str r4, [r5]\nldmia r5!, {r6, r7, r8}\npush {r6, r7}\nbl f",
        "vadd.f32 s0, s1, s2\nvmul.f32 s3, s0, s1\nvdiv.f32 s4, s3, s0\nbx lr",
        "strd r6, r7, [sp]\nldrd r8, r9, [sp]\numull r0, r1, r8, r9"}},
      {"thumbv7em-none-eabi",
       {"cortex-m4", "cortex-m55", "cortex-m7", "cortex-m85"},
       {"adds r0, r0, r1\nmul r2, r0, r3\nldr r4, [r2]\nbne f",
        "str r4, [r5]\nldrd r6, r7, [r5]\npush {r4, r5, r6}\nbl f",
        "sdiv r3, r4, r0\numull r0, r1, r3, r2\nbx lr"}},
      {"riscv64-linux-gnu",
       {"rocket-rv64", "sifive-u74", "sifive-p450", "sifive-p670",
        "syntacore-scr3-rv64", "xiangshan-nanhu"},
       {"add a0, a0, a1\nsll a2, a0, a3\nld a4, 0(a2)\nbnez a4, f",
        "sd a4, 8(a5)\nld a6, 8(a5)\nsd a6, 16(a5)\ncall f",
        "addi sp, sp, -16\nxor a3, a4, a6\nlui a7, 5\nret"}},
      {"riscv32-linux-gnu",
       {"rocket-rv32", "sifive-e76", "syntacore-scr1-max",
        "syntacore-scr3-rv32"},
       {"add a0, a0, a1\nsll a2, a0, a3\nlw a4, 0(a2)\nbnez a4, f",
        "sw a4, 8(a5)\nlw a6, 8(a5)\nsw a6, 16(a5)\ncall f"}},
      {"powerpc64le-linux-gnu",
       {"pwr7", "pwr8", "pwr9", "pwr10"},
       {"add 3, 3, 4\nmulld 5, 3, 6\nld 7, 0(5)\nbdnz f",
        "std 7, 8(1)\nld 8, 8(1)\nstdu 1, -32(1)\nbl f",
        "fadd 0, 1, 2\nfmul 3, 0, 1\nfdiv 4, 3, 0\nblr",
        "divd 9, 7, 3\nlwarx 10, 0, 9\nstwcx. 10, 0, 9\nsync"}}};
  return Machines;
}

/// \p Length blocks of \p NumBlocks in random order.
std::vector<uint32_t> randomBlocks(uint32_t NumBlocks, size_t Length,
                                   unsigned Seed) {
  std::mt19937 Random(Seed);
  std::vector<uint32_t> Result(Length);
  for (uint32_t &Id : Result)
    Id = Random() % NumBlocks;
  return Result;
}

class BatchesTest : public testing::TestWithParam<size_t> {
protected:
  const Machine &M = machines()[GetParam()];

  /// The machine's blocks, and one that does not decode.
  void define(Assembly &A) {
    for (const char *Block : M.Blocks)
      A.block(Block);
    A.bytes({0xff, 0xff, 0xff, 0xff});
  }

  static uint64_t executed(const Program &P,
                           const std::vector<uint32_t> &Blocks) {
    uint64_t Sum = 0;
    for (uint32_t Id : Blocks)
      Sum += P.block(BlockId(Id)).NumInstructions;
    return Sum;
  }
};

TEST_P(BatchesTest, HaveNoEffectOnAnyNumberHoweverTheTraceIsCut) {
  unsigned Seed = 1;
  for (const char *Cpu : M.Cpus) {
    SCOPED_TRACE(std::string(Cpu) + ", seed " + std::to_string(Seed));
    const Target &T = target(M.Triple, Cpu);
    Assembly A(T);
    define(A);
    Lowering L(T, std::nullopt);
    // More instructions than the engine takes in one go, on each machine's
    // first CPU.
    const std::vector<uint32_t> Blocks = randomBlocks(
        A.program().numBlocks(), Cpu == M.Cpus.front() ? 2000 : 300, Seed++);
    const TimingCounters Whole = simulate(A.program(), L, Blocks);
    EXPECT_EQ(Whole.Instructions, executed(A.program(), Blocks));
    for (size_t Length : {1, 2, 7, 100}) {
      SCOPED_TRACE("batches of " + std::to_string(Length));
      expectEqual(simulate(A.program(), L, Blocks, {}, Length), Whole);
    }
  }
}

TEST_P(BatchesTest, MayComeWithAccesses) {
  const Target &T = target(M.Triple, M.Cpus.front());
  Assembly A(T);
  define(A);
  Lowering L(T, std::nullopt);
  const std::vector<uint32_t> Blocks =
      randomBlocks(A.program().numBlocks(), 200, /*Seed=*/4711);
  SmallVector<uint16_t> Units;
  ExecutionWriter Out(Units);
  for (uint32_t Id : Blocks) {
    Out.block(BlockId(Id));
    Out.access({0x1000, 4, 0, /*IsStore=*/false});
  }
  LLVMEngine Engine(A.program(), L, {}, LLVMEngine::Detail::Totals);
  cantFail(Engine.consume({StreamId(0), Units}, {}));
  cantFail(Engine.finish());
  expectEqual(Engine.counters(), simulate(A.program(), L, Blocks));
}

TEST_P(BatchesTest, RetireAllThatWasExecutedIfStoresAndLoadsMayAlias) {
  PipelineOverrides MayAlias;
  MayAlias.AssumeNoAlias = false;
  unsigned Seed = 1001;
  for (const char *Cpu : M.Cpus) {
    SCOPED_TRACE(std::string(Cpu) + ", seed " + std::to_string(Seed));
    const Target &T = target(M.Triple, Cpu);
    Assembly A(T);
    define(A);
    Lowering L(T, std::nullopt);
    const std::vector<uint32_t> Blocks =
        randomBlocks(A.program().numBlocks(), 200, Seed++);
    const TimingCounters Whole = simulate(A.program(), L, Blocks, MayAlias);
    EXPECT_EQ(Whole.Instructions, executed(A.program(), Blocks));
    expectEqual(simulate(A.program(), L, Blocks, MayAlias, 3), Whole);
  }
}

std::string nameOf(const testing::TestParamInfo<size_t> &Index) {
  return StringRef(machines()[Index.param].Triple).split('-').first.str();
}

INSTANTIATE_TEST_SUITE_P(LLVMEngineTest, BatchesTest,
                         testing::Range(size_t(0), machines().size()), nameOf);

} // namespace
} // namespace mcad
