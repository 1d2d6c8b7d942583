//===- RetirementRepairTest.cpp - what stock LLVM forgets in order --------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The oracle is LLVM's own pipeline, made by mca::Context as llvm-mca makes it
// and fed with the same prototypes.
//
//===----------------------------------------------------------------------===//

#include "Timing/RetirementRepair.h"
#include "Assembly.h"
#include "LiveObjects.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/MCA/Context.h"
#include "llvm/MCA/HWEventListener.h"
#include "llvm/MCA/Pipeline.h"
#include "llvm/MCA/SourceMgr.h"
#include "gtest/gtest.h"
#include <random>

using namespace llvm;
using namespace mcad::test;

namespace mcad {
namespace {

/// Atom, in order, two wide: idivl is 29 micro-ops and so is carried over for
/// 14 cycles. The addps before it finishes meanwhile, after 5.
const Target &atom() { return target("x86_64-linux-gnu", "atom"); }
constexpr const char *Forgotten = "addps %xmm0, %xmm1\n"
                                  "idivl %esi\n"
                                  "addl %r8d, %r9d";

/// Rocket, one wide: a call is two micro-ops, and the store before it finishes
/// while they are issued.
const Target &rocket() { return target("riscv64-linux-gnu", "rocket-rv64"); }
constexpr const char *ForgottenStore = "sd a0, 0(a1)\n"
                                       "call f\n"
                                       "ld a2, 0(a3)";

/// A stage behind LLVM's last that stops the pipeline after so many cycles.
class CycleLimit final : public mca::Stage {
  unsigned Left;

public:
  explicit CycleLimit(unsigned Cycles) : Left(Cycles) {}
  bool hasWorkToComplete() const override { return false; }
  Error execute(mca::InstRef &) override { return Error::success(); }
  // LLVM's pipeline drops errors of cycleStart.
  Error cycleEnd() override {
    return Left-- ? Error::success() : createStringError("cycle limit");
  }
};

/// What stock LLVM does with one block, executed a number of times.
struct Stock final : mca::HWEventListener {
  uint64_t Cycles = 0, Retired = 0;
  bool Finished = false;
  int64_t LiveObjectsAtEnd = 0;

  Stock(Assembly &A, Lowering &L, BlockId Id, bool AssumeNoAlias,
        unsigned Iterations = 1, unsigned MaxCycles = 10'000'000) {
    const Target &T = L.target();
    std::vector<mca::SourceMgr::UniqueInst> Insts;
    for (const LoweredInstruction *I :
         L.lower(A.program(), A.program().block(Id)))
      Insts.push_back(std::make_unique<mca::Instruction>(*I->Prototype));
    mca::CircularSourceMgr Source(Insts, Iterations);
    mca::CustomBehaviour Custom(T.sti(), Source, T.mcii());
    mca::Context Context(T.mri(), T.sti());
    const mca::PipelineOptions Options(0, 0, 0, 0, 0, 0, AssumeNoAlias);
    std::unique_ptr<mca::Pipeline> Pipeline =
        Context.createDefaultPipeline(Options, Source, Custom);
    Pipeline->appendStage(std::make_unique<CycleLimit>(MaxCycles));
    Pipeline->addEventListener(this);
    Expected<unsigned> Ran = Pipeline->run();
    Finished = bool(Ran);
    if (!Ran)
      consumeError(Ran.takeError());
    LiveObjectsAtEnd = liveObjects();
  }

  void onCycleEnd() override { ++Cycles; }
  void onEvent(const mca::HWInstructionEvent &Event) override {
    Retired += Event.Type == mca::HWInstructionEvent::Retired;
  }
};

TEST(RetirementRepairTest, RetiresWhatStockLLVMForgetsInTheSameCycles) {
  Assembly A(atom());
  Lowering L(atom(), std::nullopt);
  const BlockId Id = A.block(Forgotten);
  const Stock Theirs(A, L, Id, /*AssumeNoAlias=*/true);
  EXPECT_TRUE(Theirs.Finished);
  EXPECT_EQ(Theirs.Retired, 2u);

  const TimingCounters Ours = simulate(A.program(), L, {index(Id)});
  EXPECT_EQ(Ours.Instructions, 3u);
  EXPECT_EQ(Ours.UnseenInstructions, 1u);
  // addps is one micro-op of its port's one cycle.
  EXPECT_EQ(Ours.MicroOps, 31u);
  EXPECT_EQ(Ours.UnseenMicroOps, 1u);
  EXPECT_EQ(std::accumulate(Ours.UnseenKindCycles.begin(),
                            Ours.UnseenKindCycles.end(), uint64_t(0)),
            1u);
  // addps issues in cycle 0, idivl in 1 and finishes in 63, addl issues there
  // and finishes in 64.
  EXPECT_EQ(Theirs.Cycles, 65u);
  EXPECT_EQ(Ours.Cycles, 65u);
}

TEST(RetirementRepairTest, ChangesNothingWhereStockLLVMForgetsNothing) {
  const Target &A55 = target("aarch64-linux-gnu", "cortex-a55");
  Assembly A(A55);
  Lowering L(A55, std::nullopt);
  const BlockId Id = A.block("ldr x0, [x1]\nadd x0, x0, x2\nmul x3, x0, x0\n"
                             "str x3, [x1]\nfdiv d0, d1, d2");
  for (bool AssumeNoAlias : {true, false}) {
    const Stock Theirs(A, L, Id, AssumeNoAlias, /*Iterations=*/50);
    PipelineOverrides Overrides;
    Overrides.AssumeNoAlias = AssumeNoAlias;
    const TimingCounters Ours = simulate(
        A.program(), L, std::vector<uint32_t>(50, index(Id)), Overrides);
    EXPECT_EQ(Theirs.Retired, 250u);
    EXPECT_EQ(Ours.Instructions, 250u);
    EXPECT_EQ(Ours.UnseenInstructions, 0u);
    EXPECT_EQ(Ours.Cycles, Theirs.Cycles);
  }
}

TEST(RetirementRepairTest, TakesTheCyclesOfStockLLVMOnRandomCode) {
  const std::vector<const char *> Instructions = {
      "addps %xmm0, %xmm1", "idivl %esi",           "addl %r8d, %r9d",
      "imull %ecx, %eax",   "movl (%rdx), %ebx",    "movl %ebx, 8(%rdx)",
      "mulsd %xmm1, %xmm2", "divss %xmm3, %xmm4",   "xchgl %esi, (%rdi)",
      "pushq %rax",         "cvtsi2sd %eax, %xmm5", "shldl $3, %eax, %ebx"};
  uint64_t Forgotten = 0;
  for (unsigned Seed = 1; Seed != 21; ++Seed) {
    SCOPED_TRACE("seed " + std::to_string(Seed));
    std::mt19937 Random(Seed);
    std::string Text;
    for (unsigned I = 0; I != 100; ++I)
      Text += std::string(Instructions[Random() % Instructions.size()]) + "\n";
    Assembly A(atom());
    Lowering L(atom(), std::nullopt);
    const BlockId Id = A.block(Text);
    const Stock Theirs(A, L, Id, /*AssumeNoAlias=*/true);
    const TimingCounters Ours = simulate(A.program(), L, {index(Id)});
    EXPECT_EQ(Ours.Cycles, Theirs.Cycles);
    EXPECT_EQ(Ours.Instructions, 100u);
    EXPECT_EQ(Ours.Instructions - Ours.UnseenInstructions, Theirs.Retired);
    Forgotten += Ours.UnseenInstructions;
  }
  EXPECT_GT(Forgotten, 20u);
}

TEST(RetirementRepairTest, FinishesWhereStockLLVMWaitsForEver) {
  Assembly A(rocket());
  Lowering L(rocket(), std::nullopt);
  const BlockId Id = A.block(ForgottenStore);
  // The load may alias the store, and nobody tells it that the store is done.
  const Stock Theirs(A, L, Id, /*AssumeNoAlias=*/false, /*Iterations=*/1,
                     /*MaxCycles=*/100'000);
  EXPECT_FALSE(Theirs.Finished);
  EXPECT_LT(Theirs.Retired, 3u);

  PipelineOverrides MayAlias;
  MayAlias.AssumeNoAlias = false;
  const TimingCounters Ours = simulate(A.program(), L, {index(Id)}, MayAlias);
  EXPECT_EQ(Ours.Instructions, 3u);
  EXPECT_EQ(Ours.UnseenInstructions, 1u);
  EXPECT_LT(Ours.Cycles, 10u);
}

TEST(RetirementRepairTest, KeepsNoMoreInMemoryHoweverLongTheTrace) {
  Assembly A(atom());
  Lowering L(atom(), std::nullopt);
  const BlockId Id = A.block(Forgotten);
  LLVMEngine Engine(A.program(), L, {}, LLVMEngine::Detail::Totals);
  SmallVector<uint16_t> Thousand;
  for (int I = 0; I != 1000; ++I)
    ExecutionWriter(Thousand).block(Id);
  auto run = [&](unsigned Instructions) {
    for (unsigned I = 0; I != Instructions; I += 3000)
      cantFail(Engine.consume({StreamId(0), Thousand}, {}));
    return liveObjects();
  };
  const int64_t After30000 = run(30'000);
  const int64_t After300000 = run(270'000);
  EXPECT_NEAR(double(After300000), double(After30000), 100);
  EXPECT_GT(Engine.counters().UnseenInstructions, 99'000u);

  // Stock LLVM keeps all that came after the first it forgot.
  const int64_t Before = liveObjects();
  const Stock Theirs(A, L, Id, /*AssumeNoAlias=*/true, /*Iterations=*/1000);
  EXPECT_GT(Theirs.LiveObjectsAtEnd - Before, 2900);
}

} // namespace
} // namespace mcad
