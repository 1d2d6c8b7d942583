//===- BuildSurroundingsTest.cpp - caches and branches added up -----------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "../Target/MakeTarget.h"
#include "Report/BuildReport.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace mcad::test;

namespace mcad {
namespace {

/// Two threads run `movq (%rax), %rbx`, which lies in two overlapping blocks.
class BuildSurroundingsTest : public testing::Test {
protected:
  const Target &T = target("x86_64-linux-gnu", "skylake");
  TraceDescription Description;
  TraceEnd End;
  Program Code{T};
  Lowering Model{T, std::nullopt};
  Tally Counts{Code, 0};
  MachineModel M;
  std::optional<Hierarchy> Caches;
  std::vector<std::unique_ptr<FactsProducer>> Producers;

  BlockId define(GuestAddr Address, unsigned Nops) {
    std::vector<uint8_t> Sizes(Nops, 1), Bytes(Nops, 0x90);
    Sizes.push_back(3);
    Bytes.insert(Bytes.end(), {0x48, 0x8b, 0x18});
    BlockBytes Block;
    Block.Address = Address;
    Block.Sizes = Sizes;
    Block.Bytes = Bytes;
    return cantFail(Code.define(Block));
  }

  void run(uint32_t Stream, BlockId Id, uint16_t Load, GuestAddr Address) {
    SmallVector<uint16_t> Units;
    ExecutionWriter Out(Units);
    Out.block(Id);
    Out.access({Address, 8, Load, false});
    const Batch B{StreamId(Stream), Units};
    Counts.consume(B);
    BatchFacts Facts;
    while (Producers.size() <= Stream)
      Producers.push_back(std::make_unique<FactsProducer>(
          Code, *Caches, TraceScope::WholeProcess));
    Producers[Stream]->consume(B, Facts);
  }

  SurroundingsReport build(bool HasMemoryAccesses = true) {
    Description.HasMemoryAccesses = HasMemoryAccesses;
    FactCounters Facts;
    std::vector<InstructionEvents> Events(Code.numInstructions());
    for (const auto &Producer : Producers) {
      Facts += Producer->counters();
      for (auto [Sum, Own] : zip(Events, Producer->events()))
        Sum += Own;
    }
    const TraceReport R = buildTraceReport({Description,
                                            End,
                                            Code,
                                            Model,
                                            Counts,
                                            {},
                                            6,
                                            {},
                                            "",
                                            &*Caches,
                                            Facts,
                                            Events});
    return *R.Surroundings;
  }

  void SetUp() override {
    for (CacheLevel *L : {&M.L1I, &M.L1D, &M.L2}) {
      L->SizeBytes = 4096;
      L->Ways = 4;
    }
    M.L1D.LatencyCycles = 4;
    M.L2.LatencyCycles = 14;
    M.L2.IsShared = true;
    M.MemoryLatencyCycles = 104;
    M.Tlbs.Data = {4, 4};
    Caches.emplace(M);
    const BlockId Long = define(0x1000, 2), Short = define(0x1002, 0);
    run(0, Long, 2, 0x8000);
    run(0, Short, 0, 0x9000);
    run(1, Short, 0, 0x8000); // The other's L2 has it.
  }
};

TEST_F(BuildSurroundingsTest, AddsUpThreadsAndCountsASharedCacheOnce) {
  const SurroundingsReport S = build();
  ASSERT_EQ(S.Caches.size(), 3u);
  EXPECT_EQ(S.Caches[0].Name, "L1I");
  EXPECT_EQ(S.Caches[1].Name, "L1D");
  EXPECT_EQ(S.Caches[1].Counters.Accesses, 3u);
  EXPECT_EQ(S.Caches[1].Counters.Misses, 3u);
  EXPECT_EQ(S.Caches[2].Name, "L2");
  // Three misses of data, two of instructions.
  EXPECT_EQ(S.Caches[2].Counters.Accesses, 5u);
  EXPECT_EQ(S.Caches[2].Counters.Misses, 3u);
  ASSERT_EQ(S.Tlbs.size(), 1u);
  EXPECT_EQ(S.Tlbs[0].Name, "DTLB");
  EXPECT_EQ(S.Tlbs[0].Counters.Misses, 3u);
}

TEST_F(BuildSurroundingsTest, AnInstructionInTwoBlocksIsOne) {
  const SurroundingsReport S = build();
  ASSERT_EQ(S.WorstData.size(), 1u);
  EXPECT_EQ(S.WorstData[0].Address, 0x1002u);
  EXPECT_EQ(S.WorstData[0].Text, "movq\t(%rax), %rbx");
  EXPECT_EQ(S.WorstData[0].Executions, 3u);
  EXPECT_EQ(S.WorstData[0].Events.DataMisses, 3u);
  EXPECT_EQ(S.WorstData[0].Events.MemoryMisses, 2u);
  EXPECT_EQ(S.WorstData[0].Events.DataCycles, 100u + 100 + 10);
  EXPECT_TRUE(S.WorstBranches.empty());
}

TEST_F(BuildSurroundingsTest, TheWorstComeFirst) {
  for (GuestAddr Load = 0; Load != 15; ++Load) {
    const BlockId Id = define(0x2000 + 16 * Load, 0);
    for (GuestAddr I = 0; I <= Load; ++I)
      run(0, Id, 0, 0x100000 * (Load + 1) + 4096 * I);
  }
  const SurroundingsReport S = build();
  ASSERT_EQ(S.WorstData.size(), TopCostly);
  for (size_t I = 0; I != TopCostly; ++I)
    EXPECT_EQ(S.WorstData[I].Address, 0x2000u + 16 * (14 - I));
}

TEST_F(BuildSurroundingsTest, WithoutAccessesThereAreNoDataCaches) {
  const SurroundingsReport S = build(/*HasMemoryAccesses=*/false);
  for (const CacheReport &C : S.Caches)
    EXPECT_NE(C.Name, "L1D");
  EXPECT_TRUE(S.Tlbs.empty());
}

} // namespace
} // namespace mcad
