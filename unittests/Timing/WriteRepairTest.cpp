//===- WriteRepairTest.cpp - writes below -512 cycles ---------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A load that moves its base register on and waits for memory, and then, when
// it has waited for long, somebody who reads that register.
//
//===----------------------------------------------------------------------===//

#include "Timing/WriteRepair.h"
#include "Assembly.h"
#include "RandomCode.h"
#include "Timing/Fast/FastEngine.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace mcad::test;

namespace mcad {
namespace {

constexpr const char *Text = "ldr x0, [x1], #8\n"
                             "add x2, x1, #1";

struct Delays {
  uint16_t Load;  ///< Of the first instruction's value.
  uint16_t Fetch; ///< Of the second instruction.
};

template <typename Engine> TimingCounters run(const Target &T, Delays D) {
  Assembly A(T);
  Lowering L(T, std::nullopt);
  const MachineModel Model;
  Engine Tested(A.program(), L, {}, TimingEngine::Detail::Totals,
                {&Model, /*HasAddresses=*/true});
  BatchFacts Facts;
  Facts.Rows.resize(2);
  Facts.Rows[0].LoadCycles = D.Load;
  Facts.Rows[0].LoadWhy = Cause::Memory;
  Facts.Rows[1].At = 1;
  Facts.Rows[1].FetchMissCycles = D.Fetch;
  SmallVector<uint16_t> Units;
  ExecutionWriter(Units).block(A.block(Text));
  cantFail(Tested.consume({StreamId(0), Units}, Facts));
  cantFail(Tested.finish());
  return Tested.counters();
}

/// By both engines.
uint64_t cycles(const char *Cpu, Delays D) {
  const Target &T = target("aarch64-linux-gnu", Cpu);
  const uint64_t Reference = run<LLVMEngine>(T, D).Cycles;
  EXPECT_EQ(run<FastEngine>(T, D).Cycles, Reference);
  return Reference;
}

// cortex-a78: 4 cycles from issue to the load's value, 3 more from dispatch to
// the end; whoever comes while it is under way is hidden by it.
TEST(WriteRepairTest, OutOfOrderABaseRegisterStaysKnown) {
  for (uint16_t Fetch : {0, 400, 510, 511, 512, 513, 514, 600, 1000, 1900})
    EXPECT_EQ(cycles("cortex-a78", {2000, Fetch}), 4u + 2000 + 3)
        << "fetched after " << Fetch;
}

TEST(WriteRepairTest, InOrderABaseRegisterStaysKnown) {
  for (uint16_t Fetch : {0, 400, 510, 511, 512, 513, 514, 600, 1000, 1900})
    EXPECT_EQ(cycles("cortex-a55", {2000, Fetch}), 3u + 2000 + 1)
        << "fetched after " << Fetch;
}

TEST(WriteRepairTest, WhatComesBehindTheLoadStillTakesItsTime) {
  // The addition takes one cycle, dispatch, issue and retirement one each.
  EXPECT_EQ(cycles("cortex-a78", {600, 700}), 700u + 1 + 3);
}

// The addition's three cycles end with the call's. llvm-mca 19 says 1204 with
// -call-latency=1200: it lets the addition begin when the call has ended.
TEST(WriteRepairTest, InOrderACallOfManyCyclesKeepsItsLinkRegister) {
  const Target &T = target("aarch64-linux-gnu", "cortex-a55");
  Assembly A(T);
  Lowering L(T, /*CallLatency=*/1200);
  const BlockId Id = A.block("bl f\nadd x2, x30, #1");
  EXPECT_EQ(simulate(A.program(), L, {index(Id)}).Cycles, 1201u);
}

// Else a write that is put back would be there too early or too late.
TEST(WriteRepairTest, NoModelReadsThatFarBack) {
  int Lowest = 0;
  for (const ModelledCpu &Cpu : modelledCpus()) {
    const MCSubtargetInfo &STI = target(Cpu.Triple, Cpu.Cpu).sti();
    const MCSchedModel &Model = STI.getSchedModel();
    for (unsigned Class = 1; Class != Model.NumSchedClasses; ++Class)
      for (const MCReadAdvanceEntry &Read :
           STI.getReadAdvanceEntries(*Model.getSchedClassDesc(Class)))
        Lowest = std::min(Lowest, Read.Cycles);
  }
  EXPECT_LT(Lowest, 0);
  EXPECT_GT(Lowest, WriteRepair::LowCycles);
  RecordProperty("lowest_read_advance", Lowest);
}

} // namespace
} // namespace mcad
