//===- Attribution/StreamAccounts.h - whom the cycles are for -------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Who pays for the cycles of one stream: its calling contexts (CallTree.h),
/// and the regions that it is in (RegionTracker.h). Each pair of a context and
/// the regions open in it that occurs is an account (Facts.h).
///
/// Tested by unittests/Attribution/StreamAccountsTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_ATTRIBUTION_STREAMACCOUNTS_H
#define MCAD_ATTRIBUTION_STREAMACCOUNTS_H

#include "Attribution/CallTree.h"
#include "Attribution/RegionTracker.h"
#include <map>
#include <optional>

namespace mcad {

class StreamAccounts {
public:
  struct Account {
    uint32_t Context = 0; ///< A node of the call tree.
    uint32_t Regions = 0; ///< Of regionSets().
  };
  /// Regions that are open at once, in the order in which they were entered.
  using RegionSet = std::vector<uint32_t>;

  /// All that are referred to outlive this. \p Regions: null for none; their
  /// blocks are to be noted by who owns the map.
  StreamAccounts(const Program &P, CallTree::FunctionFinder Find,
                 const RegionMap *Regions,
                 uint32_t MostEdges = CallTree::MaxEdges)
      : P(P), Calls(P, std::move(Find), MostEdges) {
    if (Regions)
      Tracker.emplace(*Regions);
  }

  /// Follows \p B, a batch of this stream, and appends to \p Switches where in
  /// it the account changes; at its start, if it did since the batch before.
  void consume(const Batch &B, std::vector<AccountSwitch> &Switches);
  /// CallTree::restart(). Not with regions.
  void restart() { Calls.restart(); }

  const CallTree &calls() const { return Calls; }
  llvm::ArrayRef<Account> accounts() const { return Accounts; }
  /// The first is empty.
  llvm::ArrayRef<RegionSet> regionSets() const { return Sets; }
  /// Executed while a set was open, by set; as QEMU executes them.
  llvm::ArrayRef<uint64_t> instructionsBySet() const { return Instructions; }
  /// Regions that are open, for the end of the trace.
  const RegionSet &open() const { return Sets[OpenSet]; }

private:
  /// The stream executes \p Block, the batch's instructions from \p At on.
  void changeRegions(BlockId Block, uint32_t At,
                     std::vector<AccountSwitch> &Switches);
  void change(const RegionTracker::Change &C, uint32_t At,
              std::vector<AccountSwitch> &Switches);
  /// The account is that of Context and OpenSet. Whether it was another before.
  bool settle();

  const Program &P;
  CallTree Calls;
  std::optional<RegionTracker> Tracker;
  std::vector<Account> Accounts = std::vector<Account>(1);
  std::vector<RegionSet> Sets = std::vector<RegionSet>(1);
  std::vector<uint64_t> Instructions = std::vector<uint64_t>(1);
  llvm::DenseMap<std::pair<uint32_t, uint32_t>, uint32_t> Numbers{{{0, 0}, 0}};
  std::map<RegionSet, uint32_t> SetNumbers{{{}, 0}};
  uint32_t OpenSet = 0, Context = 0; ///< Now.
  uint32_t Current = 0;              ///< The account that was switched to last.
};

} // namespace mcad

#endif // MCAD_ATTRIBUTION_STREAMACCOUNTS_H
