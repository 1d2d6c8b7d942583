//===- Timing/CycleAccounts.h - which instruction the cycles belong to ---===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Charges each cycle to one instruction of the program: to the oldest executed
/// one that has not retired when the cycle ends; so that an instruction gets as
/// many as pass from the retirement before it to its own. While the core is
/// empty that is the one that comes next, and behind the last one the last.
///
/// An engine charges executed instructions, by their number in the stream; a
/// ring of the last ones knows which instructions of the program they were. And
/// each cycle is charged to the account (Facts.h) that its instruction is
/// under; of each region's opening to its closing the cycles are kept as well.
///
/// Tested by unittests/Timing/CycleAccountsTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TIMING_CYCLEACCOUNTS_H
#define MCAD_TIMING_CYCLEACCOUNTS_H

#include "Timing/RecentInstructions.h"
#include "Timing/TimingEngine.h"
#include <algorithm>
#include <deque>

namespace mcad {

class CycleAccounts {
public:
  /// So many instructions behind the youngest can be charged: all that may wait
  /// for retirement, and what is named before it is simulated.
  static constexpr uint64_t Length = 2 * RecentInstructions::Length;

  CycleAccounts() : Ring(64) {}

  /// The next \p Count instructions of the stream are those of the program from
  /// \p First on.
  void name(uint32_t First, uint32_t Count) {
    while (Named + Count > Ring.size() && Ring.size() < Length)
      grow();
    for (uint32_t I = 0; I != Count; ++I)
      Ring[(Named + I) & (Ring.size() - 1)] = First + I;
    Named += Count;
    if (Count && Rows.size() < First + Count)
      Rows.resize(First + Count);
  }

  /// The accounts of a batch of which nothing is named yet.
  void announce(llvm::ArrayRef<AccountSwitch> Switches) {
    for (const AccountSwitch &S : Switches)
      Coming.push_back({Named + S.At, S});
  }

  /// Charges instruction \p Number of the stream, counted from 0. Never falls.
  void charge(uint64_t Number, Cause Why, uint64_t Cycles) {
    const uint64_t Last = std::min(Number, Named - 1);
    Rows[Ring[Last & (Ring.size() - 1)]][static_cast<unsigned>(Why)] += Cycles;
    if (!Coming.empty() && Coming.front().From <= Last) [[unlikely]]
      switchTo(Last);
    Accounts[Current][static_cast<unsigned>(Why)] += Cycles;
    Charged += Cycles;
  }

  /// Nothing more is charged.
  void close() { switchTo(Named); }

  /// By InstructionId; those that were never executed may be missing at the
  /// end.
  llvm::ArrayRef<CausedCycles> rows() const { return Rows; }
  /// By account; those that nothing was charged to may be missing at the end.
  llvm::ArrayRef<CausedCycles> accounts() const { return Accounts; }

  /// By region; those that nothing was charged to may be missing at the end.
  llvm::ArrayRef<RegionEntries> regions() const { return Regions; }

private:
  struct Switch {
    uint64_t From; ///< The first instruction under the account.
    AccountSwitch To;
  };
  void switchTo(uint64_t Number) {
    for (; !Coming.empty() && Coming.front().From <= Number;
         Coming.pop_front()) {
      const AccountSwitch &To = Coming.front().To;
      Current = To.Account;
      if (To.Is == AccountSwitch::Kind::None)
        continue;
      if (Regions.size() <= To.Region) {
        Regions.resize(To.Region + 1);
        OpenedAt.resize(To.Region + 1);
      }
      if (To.Is == AccountSwitch::Kind::Opens)
        OpenedAt[To.Region] = Charged;
      else
        ++Regions[To.Region][Charged - OpenedAt[To.Region]];
    }
    if (Accounts.size() <= Current)
      Accounts.resize(Current + 1);
  }

  /// Nothing is overwritten yet, so that each is where its number says.
  void grow() { Ring.resize(2 * Ring.size()); }

  std::vector<uint32_t> Ring; ///< As many as a power of two.
  uint64_t Named = 0;
  std::vector<CausedCycles> Rows;
  std::vector<CausedCycles> Accounts = std::vector<CausedCycles>(1);
  uint32_t Current = 0;      ///< The account in force.
  std::deque<Switch> Coming; ///< Those behind it, in order.
  uint64_t Charged = 0;      ///< In all.
  std::vector<RegionEntries> Regions;
  std::vector<uint64_t> OpenedAt; ///< Charged, by region.
};

} // namespace mcad

#endif // MCAD_TIMING_CYCLEACCOUNTS_H
