//===- FactsProducerTest.cpp - from executions to facts, by hand ---------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Facts/FactsProducer.h"
#include "../Timing/Assembly.h"
#include "llvm/ADT/STLExtras.h"
#include "gtest/gtest.h"
#include <random>

using namespace llvm;
using namespace mcad::test;

namespace mcad {
namespace {

const Target &a57() { return target("aarch64-linux-gnu", "cortex-a57"); }

/// A program of AArch64 blocks and a stream that executes them.
class FactsProducerTest : public ::testing::Test {
protected:
  MachineModel M;
  Program P{a57()};
  std::unique_ptr<Hierarchy> Caches;
  std::unique_ptr<FactsProducer> Producer;
  SmallVector<uint16_t> Units;
  BatchFacts Facts;

  FactsProducerTest() {
    M.L1D.SizeBytes = M.L1I.SizeBytes = 1024;
    M.L1D.Ways = M.L1I.Ways = 4;
    M.L1D.LatencyCycles = 4;
    M.L2.SizeBytes = 4096;
    M.L2.Ways = 4;
    M.L2.LatencyCycles = 12;
    M.MemoryLatencyCycles = 100;
    M.Data.ForwardLatencyCycles = 5;
    M.Data.PartialPenaltyCycles = 10;
  }

  /// \p Words at \p Address as a block.
  BlockId block(GuestAddr Address, std::vector<uint32_t> Words) {
    std::vector<uint8_t> Sizes(Words.size(), 4), Bytes;
    for (uint32_t Word : Words)
      for (int I = 0; I != 4; ++I)
        Bytes.push_back(Word >> 8 * I);
    BlockBytes B;
    B.Address = Address;
    B.Sizes = Sizes;
    B.Bytes = Bytes;
    return cantFail(P.define(B));
  }
  static constexpr uint32_t Nop = 0xd503201f;
  static constexpr uint32_t Ldr = 0xf9400020;   // ldr x0, [x1]
  static constexpr uint32_t Str = 0xf9000020;   // str x0, [x1]
  static constexpr uint32_t BNe16 = 0x54000081; // b.ne +16
  static constexpr uint32_t Ret = 0xd65f03c0;

  void run(BlockId Id, std::vector<MemoryAccess> Accesses = {}) {
    ExecutionWriter W(Units);
    W.block(Id);
    // All addresses are below 4 GiB: both high halves stay 0.
    for (const MemoryAccess &A : Accesses)
      W.access(A, 0, false);
  }
  static MemoryAccess load(GuestAddr A, uint16_t I = 0, uint32_t Size = 8) {
    return {A, Size, I, false};
  }
  static MemoryAccess store(GuestAddr A, uint16_t I = 0, uint32_t Size = 8) {
    return {A, Size, I, true};
  }

  FactsProducer &producer() {
    if (!Producer) {
      Caches = std::make_unique<Hierarchy>(M);
      Producer =
          std::make_unique<FactsProducer>(P, *Caches, TraceScope::WholeProcess);
    }
    return *Producer;
  }
  const std::vector<InstructionFacts> &end() {
    producer().consume({StreamId(0), Units}, Facts);
    Units.clear();
    return Facts.Rows;
  }
};

TEST_F(FactsProducerTest, WhatHitsHasNoFacts) {
  const BlockId B = block(0x1000, {Ldr, Nop});
  run(B, {load(0x8000)});
  EXPECT_EQ(end().size(), 1u);
  for (int I = 0; I != 100; ++I)
    run(B, {load(0x8000 + 8 * (I % 8))});
  // But for the ones that come while the line is on the way.
  for (const InstructionFacts &F : end()) {
    EXPECT_EQ(F.LoadCycles, 0u);
    EXPECT_FALSE(F.delaysFetch());
    ASSERT_EQ(F.NumWaits, 1u);
    EXPECT_EQ(Facts.waits(F)[0].Distance, F.At + 2);
  }
}

TEST_F(FactsProducerTest, AMissIsAsMuchLongerAsItsLevelIsFarther) {
  M.L1I.SizeBytes = 0;
  const BlockId B = block(0x1000, {Nop, Ldr});
  run(B, {load(0x8000, 1)});
  ASSERT_EQ(end().size(), 1u);
  EXPECT_EQ(Facts.Rows[0].At, 1u);
  EXPECT_EQ(Facts.Rows[0].LoadCycles, 96u);
  EXPECT_EQ(Facts.Rows[0].LoadWhy, Cause::Memory);
  for (GuestAddr A = 0x8100; A <= 0x8400; A += 0x100)
    run(B, {load(A, 1)});
  run(B, {load(0x8000, 1)});
  EXPECT_EQ(end().back().LoadCycles, 8u);
  EXPECT_EQ(Facts.Rows.back().LoadWhy, Cause::L2);
  EXPECT_EQ(producer().events()[1].DataMisses, 6u);
  EXPECT_EQ(producer().events()[1].MemoryMisses, 5u);
  EXPECT_EQ(producer().events()[1].DataCycles, 5 * 96u + 8);
}

TEST_F(FactsProducerTest, ALineOnTheWayIsWaitedFor) {
  M.L1I.SizeBytes = 0;
  const BlockId B = block(0x1000, {Ldr, Nop, Ldr});
  run(B, {load(0x8000), load(0x8008, 2)});
  ASSERT_EQ(end().size(), 2u);
  const InstructionFacts &Second = Facts.Rows[1];
  EXPECT_EQ(Second.At, 2u);
  EXPECT_EQ(Second.LoadCycles, 0u);
  ASSERT_EQ(Second.NumWaits, 1u);
  EXPECT_EQ(Facts.waits(Second)[0].Distance, 2u);
  EXPECT_EQ(Facts.waits(Second)[0].Cycles, 96u);
  EXPECT_EQ(Facts.waits(Second)[0].Why, Cause::Memory);
}

TEST_F(FactsProducerTest, AnInstructionDoesNotWaitForItself) {
  M.L1I.SizeBytes = 0;
  const BlockId B = block(0x1000, {0xa9400020}); // ldp x0, x0, [x1]
  run(B, {load(0x8000), load(0x8008)});
  ASSERT_EQ(end().size(), 1u);
  EXPECT_EQ(Facts.Rows[0].NumWaits, 0u);
  EXPECT_EQ(Facts.Rows[0].LoadCycles, 96u);
}

TEST_F(FactsProducerTest, ALoadWaitsForTheStoreOfItsBytes) {
  M.L1I.SizeBytes = 0;
  const BlockId B = block(0x1000, {Str, Ldr});
  run(B, {store(0x8000), load(0x8000, 1)}); // Brings the line.
  end();
  const BlockId Pause = block(0x2000, {Nop});
  for (int I = 0; I != 3000; ++I) // Until the line is there for sure.
    run(Pause);
  run(B, {store(0x8000), load(0x8000, 1)});
  run(B, {store(0x8000), load(0x8008, 1)});
  run(B, {store(0x8004), load(0x8000, 1)});
  end();
  ASSERT_EQ(Facts.Rows.size(), 2u);
  // 5 cycles of forwarding, of which the load takes 4 itself.
  ASSERT_EQ(Facts.Rows[0].NumWaits, 1u);
  EXPECT_EQ(Facts.waits(Facts.Rows[0])[0].Distance, 1u);
  EXPECT_EQ(Facts.waits(Facts.Rows[0])[0].Cycles, 1u);
  EXPECT_EQ(Facts.waits(Facts.Rows[0])[0].Why, Cause::Store);
  // The third reads from two stores, and neither holds it.
  ASSERT_EQ(Facts.Rows[1].NumWaits, 2u);
  for (const Wait &W : Facts.waits(Facts.Rows[1]))
    EXPECT_EQ(W.Cycles, 11u);
  EXPECT_EQ(producer().counters().ForwardedLoads, 3u);
  EXPECT_EQ(producer().counters().PartlyForwarded, 1u);
}

TEST_F(FactsProducerTest, AMissTakesThePlaceOfTheOneThatMakesRoom) {
  M.L1I.SizeBytes = 0;
  M.Data.Mshrs = 2;
  const BlockId B = block(0x1000, {Ldr});
  for (GuestAddr A : {0x8000, 0x9000, 0xa000, 0xb000})
    run(B, {load(A)});
  ASSERT_EQ(end().size(), 4u);
  EXPECT_EQ(Facts.Rows[0].NumWaits, 0u);
  EXPECT_EQ(Facts.Rows[1].NumWaits, 0u);
  for (int I : {2, 3}) {
    ASSERT_EQ(Facts.Rows[I].NumWaits, 1u);
    const Wait &W = Facts.waits(Facts.Rows[I])[0];
    EXPECT_EQ(W.Distance, 2u);
    EXPECT_EQ(W.Cycles, 96u);
    EXPECT_EQ(W.Why, Cause::MissLimit);
  }
}

TEST_F(FactsProducerTest, AStoreThatMissesKeepsItsPlace) {
  M.L1I.SizeBytes = 0;
  const BlockId B = block(0x1000, {Str});
  run(B, {store(0x8000)});
  ASSERT_EQ(end().size(), 1u);
  EXPECT_EQ(Facts.Rows[0].LoadCycles, 0u);
  EXPECT_EQ(Facts.Rows[0].StoreCycles, 96u);
}

TEST_F(FactsProducerTest, FetchMissesDelayTheFirstInstructionOfTheLine) {
  // The last word of one line and the first of the next.
  const BlockId B = block(0x103c, {Nop, Nop, Nop});
  run(B);
  ASSERT_EQ(end().size(), 2u);
  EXPECT_EQ(Facts.Rows[0].At, 0u);
  EXPECT_EQ(Facts.Rows[0].FetchMissCycles, 100u);
  EXPECT_EQ(Facts.Rows[1].At, 1u);
  EXPECT_EQ(Facts.Rows[1].FetchMissCycles, 100u);
  run(B);
  for (const InstructionFacts &F : end()) // They are on the way.
    EXPECT_EQ(F.FetchMissCycles, 0u);
  EXPECT_EQ(producer().events()[0].FetchMisses, 1u);
  EXPECT_EQ(producer().events()[1].FetchMisses, 1u);
  EXPECT_EQ(producer().events()[2].FetchMisses, 0u);
}

TEST_F(FactsProducerTest, APrefetchedLineOfInstructionsIsWaitedFor) {
  M.L1I.NextLinePrefetch = 1;
  const BlockId B = block(0x103c, {Nop, Nop});
  run(B);
  ASSERT_EQ(end().size(), 2u);
  EXPECT_EQ(Facts.Rows[1].FetchMissCycles, 0u);
  EXPECT_EQ(Facts.Rows[1].FetchWaitCycles, 100u);
  EXPECT_EQ(Facts.Rows[1].FetchWaitDistance, 1u);
}

TEST_F(FactsProducerTest, AMispredictionIsAFactOfWhatFollows) {
  M.L1I.SizeBytes = 0;
  M.Branches.Kind = PredictorKind::Bimodal;
  M.Branches.PenaltyCycles = 15;
  const BlockId B = block(0x1000, {Nop, BNe16});
  const BlockId Target = block(0x1014, {Nop});
  run(B);
  run(Target); // Taken; the counter says not.
  ASSERT_EQ(end().size(), 1u);
  EXPECT_EQ(Facts.Rows[0].At, 2u);
  EXPECT_TRUE(Facts.Rows[0].AwaitsBranch);
  EXPECT_EQ(Facts.Rows[0].BranchCycles, 15u);
  EXPECT_EQ(Facts.Rows[0].BranchWhy, Cause::Mispredict);
  EXPECT_EQ(producer().events()[1].Mispredictions, 1u);
  EXPECT_EQ(producer().counters().Branches.mispredictions(), 1u);
}

TEST_F(FactsProducerTest, WithoutPredictionEachTakenBranchRefills) {
  M.L1I.SizeBytes = 0;
  M.Branches.TakenPenaltyCycles = 2;
  const BlockId B = block(0x1000, {Nop, BNe16});
  const BlockId Target = block(0x1014, {Nop});
  const BlockId Behind = block(0x1008, {Nop});
  run(B);
  run(Behind);
  run(B);
  run(Target);
  ASSERT_EQ(end().size(), 1u);
  EXPECT_EQ(Facts.Rows[0].At, 5u);
  EXPECT_TRUE(Facts.Rows[0].AwaitsBranch);
  EXPECT_EQ(Facts.Rows[0].BranchCycles, 2u);
  EXPECT_EQ(Facts.Rows[0].BranchWhy, Cause::Target);
  EXPECT_EQ(producer().counters().Branches.mispredictions(), 0u);
}

TEST_F(FactsProducerTest, ABatchMayEndBetweenABranchAndWhatFollows) {
  M.L1I.SizeBytes = 0;
  M.Branches.Kind = PredictorKind::Bimodal;
  const BlockId B = block(0x1000, {Nop, BNe16});
  const BlockId Target = block(0x1014, {Nop});
  run(B);
  EXPECT_TRUE(end().empty());
  run(Target);
  ASSERT_EQ(end().size(), 1u);
  EXPECT_EQ(Facts.Rows[0].At, 0u);
  EXPECT_TRUE(Facts.Rows[0].AwaitsBranch);
}

/// All facts with their place in the stream, as text.
std::string text(const BatchFacts &Facts, uint64_t Start) {
  std::string S;
  raw_string_ostream OS(S);
  for (const InstructionFacts &F : Facts.Rows) {
    OS << Start + F.At << ':' << F.AwaitsBranch << ',' << F.BranchCycles << ','
       << F.RedirectCycles << ',' << F.FetchTlbCycles << ','
       << F.FetchMissCycles << ',' << F.FetchWaitCycles << ','
       << F.FetchWaitDistance << ',' << F.LoadCycles << ',' << F.TlbCycles
       << ',' << F.SplitCycles << ',' << int(F.LoadWhy) << ',' << F.StoreCycles;
    for (const Wait &W : Facts.waits(F))
      OS << " w" << W.Distance << ',' << W.Cycles << ',' << int(W.Why);
    OS << '\n';
  }
  return S;
}

TEST_F(FactsProducerTest, HowAStreamIsCutIntoBatchesChangesNoFact) {
  M.L1I.NextLinePrefetch = M.L1D.NextLinePrefetch = 1;
  M.Data.Mshrs = 3;
  M.Data.SplitPenaltyCycles = 6;
  M.Data.StridePrefetch = 2;
  M.Data.StrideEntries = 16;
  M.Branches.Kind = PredictorKind::Gshare;
  M.Branches.BtbEntries = 16;
  M.Branches.BtbWays = 2;
  M.Branches.BtbPenaltyCycles = 2;
  M.Branches.ReturnStackEntries = 4;
  M.Tlbs.Data = M.Tlbs.Instruction = {4, 2};
  M.Tlbs.WalkLatencyCycles = 20;
  const BlockId Blocks[] = {
      block(0x1000, {Ldr, Str, BNe16}), block(0x1018, {Nop, Ldr}),
      block(0x1020, {Str, Ldr, Ldr, Ret}), block(0x5000, {Ldr, Ldr, Ret})};
  struct Executed {
    BlockId Id;
    std::vector<MemoryAccess> Accesses;
  };
  std::vector<Executed> All;
  std::mt19937 Random(1);
  for (int I = 0; I != 3000; ++I) {
    Executed E;
    E.Id = Blocks[Random() % 4];
    const CodeBlock &Code = P.block(E.Id);
    for (uint16_t J = 0; J != Code.NumInstructions; ++J) {
      const uint32_t Offset = Random() % 4 ? Random() % 256 : Random() % 32768;
      const MemoryAccess A = load(0x8000 + Offset, J, 1u << Random() % 4);
      const unsigned Opcode = P.instructions(Code)[J].Inst.getOpcode();
      const MCInstrDesc &Desc = a57().mcii().get(Opcode);
      if (Desc.mayStore())
        E.Accesses.push_back({A.Address, A.SizeBytes, J, true});
      else if (Desc.mayLoad())
        E.Accesses.push_back(A);
    }
    All.push_back(E);
  }
  auto facts = [&](size_t Length) {
    Producer.reset();
    std::string S;
    uint64_t Start = 0, Next = 0;
    for (size_t I = 0; I != All.size(); ++I) {
      run(All[I].Id, All[I].Accesses);
      Next += P.block(All[I].Id).NumInstructions;
      if ((I + 1) % Length && I + 1 != All.size())
        continue;
      end();
      S += text(Facts, Start);
      Start = Next;
    }
    return S;
  };
  const std::string Whole = facts(All.size());
  EXPECT_GT(StringRef(Whole).count('\n'), 3000u);
  for (size_t Length : {1, 7, 100})
    EXPECT_EQ(facts(Length), Whole) << Length;
}

TEST_F(FactsProducerTest, NoBranchLeadsToWhereItRestarts) {
  M.L1I.SizeBytes = 0;
  M.Branches.TakenPenaltyCycles = 7;
  const BlockId From = block(0x1000, {BNe16}), To = block(0x1010, {Nop});
  run(From);
  run(To);
  EXPECT_EQ(end().size(), 1u);
  run(From);
  end();
  producer().restart();
  run(To);
  EXPECT_TRUE(end().empty());
}

} // namespace
} // namespace mcad
