//===- VerifyingEngineTest.cpp - two engines side by side -----------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Timing/VerifyingEngine.h"
#include "Assembly.h"
#include "Timing/Fast/FastEngine.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace mcad::test;

namespace mcad {
namespace {

const Target &a57() { return target("aarch64-linux-gnu", "cortex-a57"); }

/// What comes of three executions of a block when the tested engine has
/// \p Overrides, and the reference none; \p Watched is watched.
std::string verify(const PipelineOverrides &Overrides, Stretch Watched = {}) {
  Assembly A(a57());
  Lowering L(a57(), std::nullopt);
  const BlockId Id = A.block("ldr x0, [x1]\nadd x0, x0, x2\nstr x0, [x1]\n"
                             "mul x3, x3, x4\nadd x5, x5, x6");
  VerifyingEngine Engine(
      A.program(),
      std::make_unique<LLVMEngine>(A.program(), L, PipelineOverrides(),
                                   TimingEngine::Detail::Totals),
      std::make_unique<FastEngine>(A.program(), L, Overrides,
                                   TimingEngine::Detail::Totals));
  Engine.watch(Watched);
  SmallVector<uint16_t> Units;
  ExecutionWriter W(Units);
  for (unsigned I = 0; I != 3; ++I)
    W.block(Id);
  if (Error E = Engine.consume({StreamId(0), Units}, {}))
    return toString(std::move(E));
  return toString(Engine.finish());
}

TEST(VerifyingEngineTest, SaysNothingWhereEnginesAgree) {
  EXPECT_EQ(verify({}), "");
}

TEST(VerifyingEngineTest, SaysWhereCyclesDiffer) {
  PipelineOverrides Narrow;
  Narrow.DispatchWidth = 1;
  const std::string Text = verify(Narrow);
  EXPECT_NE(Text.find("the engines differ at instruction 5 of the thread"),
            std::string::npos)
      << Text;
  // What each has counted, and how to see more.
  EXPECT_NE(Text.find(": cycles 1 and 4, "), std::string::npos) << Text;
  EXPECT_NE(Text.find(", lost cycles ("), std::string::npos) << Text;
  EXPECT_NE(Text.find("-timeline=0,4 compares"), std::string::npos) << Text;
}

TEST(VerifyingEngineTest, SaysHowEachCameThroughTheStretch) {
  PipelineOverrides Narrow;
  Narrow.DispatchWidth = 1;
  const std::string Text = verify(Narrow, Stretch{0, 4});
  EXPECT_NE(Text.find("; cycles in which instruction 1 of the thread was "
                      "dispatched, ready, issued, executed, retired ("),
            std::string::npos)
      << Text;
}

/// Says of a stretch that all was a cycle later than it was.
class Late final : public TimingEngine {
  LLVMEngine Engine;
  mutable std::vector<InstructionTimes> Rows;

public:
  Late(const Program &P, Lowering &L) : Engine(P, L, {}, Detail::Totals) {}
  void watch(Stretch S) override { Engine.watch(S); }
  ArrayRef<InstructionTimes> watched() const override {
    Rows = Engine.watched().vec();
    for (InstructionTimes &Row : Rows)
      ++Row.Issued;
    return Rows;
  }
  Error consume(const Batch &B, const BatchFacts &Facts) override {
    return Engine.consume(B, Facts);
  }
  Error restart() override { return Engine.restart(); }
  Error finish() override { return Engine.finish(); }
  uint64_t cycles() const override { return Engine.cycles(); }
  const TimingCounters &counters() const override { return Engine.counters(); }
  ArrayRef<uint64_t> unitCyclesByInstruction() const override { return {}; }
  ArrayRef<CausedCycles> cyclesByInstruction() const override {
    return Engine.cyclesByInstruction();
  }
  ArrayRef<CausedCycles> cyclesByAccount() const override {
    return Engine.cyclesByAccount();
  }
  ArrayRef<RegionEntries> entriesByRegion() const override {
    return Engine.entriesByRegion();
  }
};

TEST(VerifyingEngineTest, SaysWhereTheTimesOfAStretchDiffer) {
  Assembly A(a57());
  Lowering L(a57(), std::nullopt);
  const BlockId Id = A.block("add x0, x1, x2\nadd x3, x0, x0");
  SmallVector<uint16_t> Units;
  ExecutionWriter W(Units);
  W.block(Id);
  W.block(Id);
  VerifyingEngine Engine(
      A.program(),
      std::make_unique<LLVMEngine>(A.program(), L, PipelineOverrides(),
                                   TimingEngine::Detail::Totals),
      std::make_unique<Late>(A.program(), L));
  Engine.watch({1, 3});
  const std::string Text = toString(Engine.consume({StreamId(0), Units}, {}));
  EXPECT_NE(Text.find("cycles in which instruction 1 of the thread was "
                      "dispatched, ready, issued, executed, retired ("),
            std::string::npos)
      << Text;
}

TEST(VerifyingEngineTest, CutsFactsAsItCutsBatches) {
  Assembly A(a57());
  Lowering L(a57(), std::nullopt);
  const BlockId Id = A.block("ldr x0, [x1]\nadd x0, x0, x2\nldr x3, [x4]");
  MachineModel Model;
  const Surroundings Around{&Model, /*HasAddresses=*/true};
  VerifyingEngine Engine(
      A.program(),
      std::make_unique<LLVMEngine>(A.program(), L, PipelineOverrides(),
                                   TimingEngine::Detail::Totals, Around),
      std::make_unique<FastEngine>(A.program(), L, PipelineOverrides(),
                                   TimingEngine::Detail::Totals, Around));
  SmallVector<uint16_t> Units;
  ExecutionWriter W(Units);
  W.block(Id);
  W.block(Id);
  BatchFacts Facts;
  InstructionFacts F;
  F.At = 3;
  F.LoadCycles = 40;
  F.LoadWhy = Cause::L3;
  Facts.Rows.push_back(F);
  F = {};
  F.At = 5;
  F.NumWaits = 1;
  Facts.Waits = {{2, 44, Cause::L3}};
  Facts.Rows.push_back(F);
  cantFail(Engine.consume({StreamId(0), Units}, Facts));
  cantFail(Engine.finish());
  // The reference in one piece counts the same.
  LLVMEngine Alone(A.program(), L, PipelineOverrides(),
                   TimingEngine::Detail::Totals, Around);
  cantFail(Alone.consume({StreamId(0), Units}, Facts));
  cantFail(Alone.finish());
  EXPECT_EQ(Engine.counters().Cycles, Alone.counters().Cycles);
  EXPECT_EQ(Engine.counters().LostCycles, Alone.counters().LostCycles);
  EXPECT_GT(Alone.counters().LostCycles[unsigned(Cause::L3)], 0u);
}

} // namespace
} // namespace mcad
