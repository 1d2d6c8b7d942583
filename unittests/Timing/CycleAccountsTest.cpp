//===- CycleAccountsTest.cpp - which instruction the cycles belong to -----===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// That both engines charge the same is DifferentialTest's matter.
//
//===----------------------------------------------------------------------===//

#include "Timing/CycleAccounts.h"
#include "Assembly.h"
#include "Timing/LLVMEngine.h"
#include "gtest/gtest.h"
#include <numeric>

using namespace llvm;
using namespace mcad;
using namespace mcad::test;

namespace {

std::vector<uint64_t> coreCycles(ArrayRef<CausedCycles> Rows) {
  std::vector<uint64_t> Cycles;
  for (const CausedCycles &Row : Rows)
    Cycles.push_back(Row[0]);
  return Cycles;
}

TEST(CycleAccountsTest, KnowsWhichInstructionOfTheProgramItWas) {
  CycleAccounts A;
  A.name(3, 2); // Number 0 is instruction 3.
  A.name(0, 1);
  A.name(3, 2);
  A.charge(0, Cause::None, 5);
  A.charge(2, Cause::None, 7);
  A.charge(4, Cause::None, 1);
  A.charge(3, Cause::L2, 2);
  EXPECT_EQ(coreCycles(A.rows()), (std::vector<uint64_t>{7, 0, 0, 5, 1}));
  EXPECT_EQ(A.rows()[3][static_cast<unsigned>(Cause::L2)], 2u);
}

TEST(CycleAccountsTest, ChargesTheLastForWhatComesBehindIt) {
  CycleAccounts A;
  A.name(0, 2);
  A.charge(2, Cause::None, 3);
  EXPECT_EQ(coreCycles(A.rows()), (std::vector<uint64_t>{0, 3}));
}

TEST(CycleAccountsTest, ChargesTheAccountThatAnInstructionIsUnder) {
  CycleAccounts A;
  A.name(0, 2);
  A.charge(0, Cause::None, 1);
  A.announce({{1, 2}, {1, 1}, {3, 0}});
  A.name(2, 2);
  A.charge(2, Cause::None, 10); // Account 0 still.
  A.name(4, 2);
  A.charge(3, Cause::L2, 100); // Of two at once the second holds.
  A.charge(5, Cause::None, 1000);
  EXPECT_EQ(coreCycles(A.accounts()), (std::vector<uint64_t>{1011, 0}));
  EXPECT_EQ(A.accounts()[1][static_cast<unsigned>(Cause::L2)], 100u);
}

TEST(CycleAccountsTest, RemembersAsManyAsMayWait) {
  CycleAccounts A;
  for (unsigned I = 0; I != 3 * CycleAccounts::Length; ++I)
    A.name(I % 1000, 1);
  const uint64_t Number = 2 * CycleAccounts::Length;
  A.charge(Number, Cause::None, 1);
  EXPECT_EQ(A.rows()[Number % 1000][0], 1u);
}

// One after the other, at their latencies of 1, 5 and 1 cycles.
TEST(CycleAccountsTest, ChargesALatencyToWhoHasIt) {
  const mcad::Target &T = mcad::test::target("aarch64-linux-gnu", "cortex-a57");
  Assembly A(T);
  const BlockId Id = A.block("add x0, x0, x1\nmul x0, x0, x0\nadd x0, x0, x1");
  Lowering L(T, std::nullopt);
  LLVMEngine Engine(A.program(), L, {}, TimingEngine::Detail::Totals);
  SmallVector<uint16_t> Units;
  ExecutionWriter W(Units);
  constexpr unsigned Times = 1000;
  for (unsigned I = 0; I != Times; ++I)
    W.block(Id);
  cantFail(Engine.consume({StreamId(0), Units}, {}));
  cantFail(Engine.finish());
  std::vector<uint64_t> Cycles;
  for (const CausedCycles &Row : Engine.cyclesByInstruction())
    Cycles.push_back(std::accumulate(Row.begin(), Row.end(), uint64_t(0)));
  ASSERT_EQ(Cycles.size(), 3u);
  EXPECT_EQ(std::accumulate(Cycles.begin(), Cycles.end(), uint64_t(0)),
            Engine.counters().Cycles);
  EXPECT_NEAR(Cycles[0], Times, 5);
  EXPECT_NEAR(Cycles[1], 5 * Times, 5);
  EXPECT_NEAR(Cycles[2], Times, 5);
  // While the multiplication executes, it is the oldest.
  const CausedCycles &Lost = Engine.counters().LostCycles;
  EXPECT_NEAR(Lost[static_cast<unsigned>(Cause::Latency)], 4 * Times, 5);
  EXPECT_EQ(Lost[static_cast<unsigned>(Cause::None)], 0u);
}

} // namespace
