//===- LoweringTest.cpp - instructions as the scheduling model sees them --===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Timing/Lowering.h"
#include "Assembly.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace mcad::test;

namespace mcad {
namespace {

const Target &arm64() { return target("aarch64-linux-gnu", "cortex-a57"); }

std::vector<const LoweredInstruction *> lower(Lowering &L, Assembly &A,
                                              BlockId Id) {
  return L.lower(A.program(), A.program().block(Id));
}

/// Cycles of use that \p I asks of all resource kinds together.
unsigned resourceCycles(const Lowering &L, const LoweredInstruction &I) {
  unsigned Sum = 0;
  L.forEachResource(*I.Prototype,
                    [&](unsigned, unsigned Cycles) { Sum += Cycles; });
  return Sum;
}

TEST(LoweringTest, GivesEqualInstructionsTheSamePrototype) {
  Assembly A(arm64());
  Lowering L(arm64(), std::nullopt);
  const auto First =
      lower(L, A, A.block("add x0, x1, x2\nadd x0, x1, x2\nadd x0, x1, x3"));
  const auto Second = lower(L, A, A.block("add x0, x1, x2"));
  EXPECT_EQ(First[0], First[1]);
  EXPECT_EQ(First[0], Second[0]);
  EXPECT_NE(First[0], First[2]);
}

TEST(LoweringTest, TellsImmediatesApart) {
  // Schedule variants ask how far an operand is shifted.
  Assembly A(arm64());
  Lowering L(arm64(), std::nullopt);
  const auto I = lower(L, A,
                       A.block("add x0, x1, x2, lsl #2\n"
                               "add x0, x1, x2, lsl #9"));
  EXPECT_NE(I[0], I[1]);
}

TEST(LoweringTest, KnowsWhatTheModelKnows) {
  Assembly A(arm64());
  Lowering L(arm64(), std::nullopt);
  const auto I = lower(L, A, A.block("ldr x0, [x1]\nadd x0, x0, x1"));
  EXPECT_TRUE(I[0]->Modelled);
  EXPECT_EQ(I[0]->Reason, "");
  EXPECT_EQ(I[0]->Prototype->getLatency(), 4u);
  EXPECT_TRUE(I[0]->Prototype->getMayLoad());
  EXPECT_EQ(resourceCycles(L, *I[0]), 1u);
  EXPECT_EQ(I[1]->Prototype->getLatency(), 1u);
}

//===--- what the model does not know -------------------------------------===//

void expectStandIn(const Lowering &L, const LoweredInstruction &I) {
  EXPECT_FALSE(I.Modelled);
  EXPECT_EQ(I.Prototype->getNumMicroOps(), 1u);
  EXPECT_EQ(I.Prototype->getLatency(), 1u);
  EXPECT_TRUE(I.Prototype->getDefs().empty());
  EXPECT_TRUE(I.Prototype->getUses().empty());
  EXPECT_FALSE(I.Prototype->getMayLoad());
  EXPECT_FALSE(I.Prototype->getMayStore());
  EXPECT_FALSE(I.Prototype->getHasSideEffects());
  EXPECT_FALSE(I.Prototype->getBeginGroup());
  EXPECT_FALSE(I.Prototype->getEndGroup());
  EXPECT_FALSE(I.Prototype->getRetireOOO());
  EXPECT_EQ(resourceCycles(L, I), 0u);
}

TEST(LoweringTest, MakesAnInstructionThatTheModelLacksOneMicroOpOfOneCycle) {
  Assembly A(arm64());
  Lowering L(arm64(), std::nullopt);
  // ptrue p0.b, of SVE, which Cortex-A57's model leaves out.
  const auto I = lower(L, A, A.bytes({0xe0, 0xe3, 0x18, 0x25}));
  expectStandIn(L, *I[0]);
  EXPECT_EQ(I[0]->Reason,
            "found an unsupported instruction in the input assembly sequence");
  EXPECT_EQ(I[0]->Prototype->getOpcode(),
            A.program().instruction(InstructionId(0)).Inst.getOpcode());
}

TEST(LoweringTest, MakesBytesThatDoNotDecodeOneMicroOpOfOneCycle) {
  Assembly A(arm64());
  Lowering L(arm64(), std::nullopt);
  const auto I = lower(L, A, A.bytes({0xff, 0xff, 0xff, 0xff}));
  expectStandIn(L, *I[0]);
  EXPECT_EQ(I[0]->Reason, "the bytes are no instruction that LLVM can decode");
}

TEST(LoweringTest, MakesAnInstructionWithTooFewOperandsOneMicroOpOfOneCycle) {
  Assembly A(arm64());
  Lowering L(arm64(), std::nullopt);
  MCInst Add =
      A.program()
          .instructions(A.program().block(A.block("add x0, x1, x2")))[0]
          .Inst;
  Add.erase(Add.end() - 1);
  const auto I =
      lower(L, A, cantFail(A.program().define(/*Address=*/0, {Add}, {})));
  expectStandIn(L, *I[0]);
  EXPECT_EQ(I[0]->Reason, "it has fewer operands than its description");
}

//===--- calls ------------------------------------------------------------===//

struct Call {
  const char *Triple, *Cpu, *Text;
  unsigned Latency; ///< As `llvm-mca -instruction-info` prints it.
};
constexpr Call Calls[] = {
    {"aarch64-linux-gnu", "cortex-a53", "bl f", 1},
    {"aarch64-linux-gnu", "cortex-a57", "bl f", 1},
    {"aarch64-linux-gnu", "neoverse-n2", "blr x3", 1},
    {"armv7-linux-gnueabihf", "cortex-a57", "bl f", 1},
    {"powerpc64le-linux-gnu", "pwr9", "bl f", 2},
    {"riscv64-linux-gnu", "sifive-u74", "jalr a0", 3},
    {"x86_64-linux-gnu", "skylake", "callq f", 3},
    {"x86_64-linux-gnu", "skylake", "callq *(%rax)", 7},
    {"x86_64-linux-gnu", "znver4", "callq f", 1},
};

TEST(LoweringTest, GivesACallTheLatencyOfItsSchedulingClass) {
  for (const Call &C : Calls) {
    SCOPED_TRACE(std::string(C.Cpu) + ": " + C.Text);
    const Target &T = target(C.Triple, C.Cpu);
    Assembly A(T);
    Lowering L(T, std::nullopt);
    const BlockId Id = A.block(C.Text);
    const auto I = lower(L, A, Id);
    EXPECT_TRUE(I[0]->Modelled) << I[0]->Reason;
    EXPECT_EQ(I[0]->Prototype->getLatency(), C.Latency);
    const MCInst &Inst =
        A.program().instructions(A.program().block(Id)).front().Inst;
    EXPECT_TRUE(T.mcii().get(Inst.getOpcode()).isCall());
    EXPECT_EQ(T.schedModel().computeInstrLatency(T.sti(), T.mcii(), Inst),
              int(C.Latency));
  }
}

TEST(LoweringTest, GivesEveryCallTheLatencyThatTheUserAsksFor) {
  for (const Call &C : Calls) {
    SCOPED_TRACE(std::string(C.Cpu) + ": " + C.Text);
    const Target &T = target(C.Triple, C.Cpu);
    Assembly A(T);
    for (unsigned Latency : {0u, 7u, 100u}) {
      Lowering L(T, Latency);
      EXPECT_EQ(lower(L, A, A.block(C.Text))[0]->Prototype->getLatency(),
                Latency);
    }
  }
}

TEST(LoweringTest, GivesOnlyCallsTheLatencyThatTheUserAsksFor) {
  Assembly A(arm64());
  Lowering L(arm64(), 100);
  const auto I = lower(L, A, A.block("ldr x0, [x1]\nret\nb f"));
  EXPECT_EQ(I[0]->Prototype->getLatency(), 4u);
  EXPECT_EQ(I[1]->Prototype->getLatency(), 1u);
  EXPECT_EQ(I[2]->Prototype->getLatency(), 1u);
}

TEST(LoweringTest, PrintsNothingAboutCallsAndReturns) {
  for (std::optional<unsigned> Latency : {std::optional<unsigned>(), {100u}}) {
    const Target &T = target("x86_64-linux-gnu", "skylake");
    Assembly A(T);
    const BlockId Id = A.block("callq f\ncallq *(%rax)\nretq\ncallq f\nretq");
    Lowering L(T, Latency);
    testing::internal::CaptureStderr();
    testing::internal::CaptureStdout();
    EXPECT_EQ(lower(L, A, Id).size(), 5u);
    EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  }
}

TEST(LoweringTest, LeavesStandardErrorAsItWas) {
  Assembly A(arm64());
  const BlockId Id = A.block("bl f\nret");
  Lowering L(arm64(), std::nullopt);
  testing::internal::CaptureStderr();
  lower(L, A, Id);
  errs() << "still here";
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "still here");
}

//===--- instructions that tell about the next ones -----------------------===//

const Target &vectors() {
  return target("riscv64-linux-gnu", "sifive-x280", {"+v"});
}

TEST(LoweringTest, CostsRiscVVectorsByTheVsetvliBeforeThem) {
  Assembly A(vectors());
  Lowering L(vectors(), std::nullopt);
  auto cycles = [&](const std::string &Before) {
    const auto I = lower(L, A, A.block(Before + "\nvadd.vv v8, v16, v24"));
    return resourceCycles(L, *I.back());
  };
  const unsigned M1 = cycles("vsetvli t0, a0, e8, m1, ta, ma");
  const unsigned M8 = cycles("vsetvli t0, a0, e8, m8, ta, ma");
  EXPECT_GT(M8, M1);
  // The last one holds.
  EXPECT_EQ(cycles("vsetvli t0, a0, e8, m8, ta, ma\n"
                   "vsetvli t0, a0, e8, m1, ta, ma"),
            M1);
  EXPECT_EQ(cycles("vsetivli t0, 4, e8, m8, ta, ma\nadd a1, a1, a1"), M8);
}

TEST(LoweringTest, HearsNothingInAVsetvliOfAReservedType) {
  Assembly A(vectors());
  Lowering L(vectors(), std::nullopt);
  const auto Alone = lower(L, A, A.block("vse8.v v8, (a0)"));
  // No group of registers, no width of elements, an element that does not fit,
  // a bit that means nothing.
  for (const char *Type : {"4", "0x28", "0x1d", "0x100"})
    EXPECT_EQ(lower(L, A,
                    A.block(std::string("vsetvli t0, a0, ") + Type +
                            "\nvse8.v v8, (a0)"))
                  .back(),
              Alone[0]);
}

TEST(LoweringTest, HearsAVsetvliInFrontOfARegion) {
  Assembly A(vectors());
  Lowering L(vectors(), std::nullopt);
  const BlockId Id = A.block("vsetvli t0, a0, e8, m8, ta, ma\n"
                             "vadd.vv v8, v16, v24\n"
                             "vsetvli t0, a0, e8, m1, ta, ma");
  const Program &P = A.program();
  const MCInst Set8 = P.instructions(P.block(Id))[0].Inst;
  const MCInst Add = P.instructions(P.block(Id))[1].Inst;
  const MCInst Set1 = P.instructions(P.block(Id))[2].Inst;
  auto before = [&](ArrayRef<MCInst> Before) {
    return lower(L, A, cantFail(A.program().define(0, {Add}, Before)))[0];
  };
  const LoweredInstruction *Inside = lower(L, A, Id)[1];
  EXPECT_EQ(before({Set8}), Inside);
  EXPECT_EQ(before({Set1, Set8}), Inside);
  EXPECT_LT(resourceCycles(L, *before({Set8, Set1})),
            resourceCycles(L, *Inside));
}

TEST(LoweringTest, ForgetsAVsetvliAtTheEndOfItsBlock) {
  Assembly A(vectors());
  Lowering L(vectors(), std::nullopt);
  const auto Alone = lower(L, A, A.block("vadd.vv v8, v16, v24"));
  lower(L, A, A.block("vsetvli t0, a0, e8, m8, ta, ma"));
  EXPECT_EQ(lower(L, A, A.block("vadd.vv v8, v16, v24"))[0], Alone[0]);
}

} // namespace
} // namespace mcad
