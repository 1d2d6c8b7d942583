//===- Facts/Tlb.h - translation of addresses ---------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A first-level TLB in front of a second one that instructions and data share,
/// in front of a page walk of constant latency. Only the time is modelled:
/// pages are the guest's own virtual ones, all of one size. LRU.
///
/// Tested by unittests/Facts/TlbTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_FACTS_TLB_H
#define MCAD_FACTS_TLB_H

#include "Facts/TagArray.h"
#include "mcad/Event.h"
#include <optional>

namespace mcad {

struct TlbCounters {
  uint64_t Accesses = 0, Misses = 0;
  uint64_t Walks = 0; ///< Of the misses: the second level had it neither.

  TlbCounters &operator+=(const TlbCounters &Other) {
    Accesses += Other.Accesses;
    Misses += Other.Misses;
    Walks += Other.Walks;
    return *this;
  }
};

/// The second level, if the machine has one.
using SecondTlb = std::optional<TagArray>;

class Tlb {
public:
  /// \p Second lives as long.
  Tlb(const TlbLevel &Level, const Translation &All, SecondTlb &Second)
      : All(All), Second(Second), PageShift(llvm::countr_zero(All.PageBytes)) {
    if (Level.Entries)
      Pages.emplace(Level.Entries, Level.Ways, Replacement::Lru, 1);
  }

  /// Cycles that the translation of \p Address adds.
  uint32_t access(GuestAddr Address) {
    const uint64_t Page = Address >> PageShift;
    if (!Pages)
      return 0;
    ++Counters.Accesses;
    // The page used last is the most recent already, by LRU's own order.
    if (Page == LastPage)
      return 0;
    LastPage = Page;
    return Pages->find(Page) != TagArray::None ? 0 : miss(Page);
  }

  const TlbCounters &counters() const { return Counters; }

private:
  uint32_t miss(uint64_t Page) {
    ++Counters.Misses;
    Pages->insert(Page);
    if (Second && Second->find(Page) != TagArray::None)
      return All.SecondLatencyCycles;
    ++Counters.Walks;
    if (Second)
      Second->insert(Page);
    return All.WalkLatencyCycles;
  }

  const Translation &All;
  SecondTlb &Second;
  const unsigned PageShift;
  std::optional<TagArray> Pages; ///< None: translation costs nothing.
  uint64_t LastPage = TagArray::NoKey;
  TlbCounters Counters;
};

} // namespace mcad

#endif // MCAD_FACTS_TLB_H
