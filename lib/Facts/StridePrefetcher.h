//===- Facts/StridePrefetcher.h - a prefetcher by instruction -----------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The reference prediction table of Baer and Chen ("An effective on-chip
/// preloading scheme to reduce data access penalty", Supercomputing 1991), in
/// its usual short form: per instruction the last address, the stride, and how
/// often it was the same in a row. After two equal strides it names the address
/// some strides ahead, each time the instruction comes to a new line. Strides
/// shorter than a line count as a line.
///
/// Tested by unittests/Facts/StridePrefetcherTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_FACTS_STRIDEPREFETCHER_H
#define MCAD_FACTS_STRIDEPREFETCHER_H

#include "mcad/Event.h"
#include <optional>
#include <vector>

namespace mcad {

class StridePrefetcher {
public:
  /// \p Entries, a power of two; 0: it never prefetches, nor if \p Ahead is 0.
  StridePrefetcher(uint32_t Entries, uint32_t Ahead, unsigned LineShift)
      : Table(Ahead ? Entries : 0), Ahead(Ahead), LineShift(LineShift) {}

  /// The instruction at \p Pc accesses \p Address. Returns what to prefetch.
  std::optional<GuestAddr> access(GuestAddr Pc, GuestAddr Address) {
    if (Table.empty())
      return std::nullopt;
    Entry &E = Table[(Pc ^ Pc >> 2) & (Table.size() - 1)];
    if (E.Pc != Pc) {
      E = {Pc, Address, 0, 0};
      return std::nullopt;
    }
    const uint64_t Stride = Address - E.Last; // Modulo 2^64, as addresses are.
    const bool IsNewLine = Address >> LineShift != E.Last >> LineShift;
    E.Last = Address;
    if (Stride != E.Stride) {
      E.Stride = Stride;
      E.Repeats = 0;
      return std::nullopt;
    }
    if (E.Repeats < 2)
      ++E.Repeats;
    if (E.Repeats < 2 || !IsNewLine)
      return std::nullopt;
    const uint64_t Line = uint64_t(1) << LineShift;
    uint64_t Step = Stride;
    if (Stride < Line)
      Step = Line;
    else if (0 - Stride < Line)
      Step = 0 - Line;
    return Address + Step * Ahead;
  }

private:
  struct Entry {
    GuestAddr Pc = ~GuestAddr(0);
    GuestAddr Last = 0;
    uint64_t Stride = 0;
    uint8_t Repeats = 0; ///< Of the same stride in a row, up to 2.
  };
  std::vector<Entry> Table;
  const uint64_t Ahead;
  const unsigned LineShift;
};

} // namespace mcad

#endif // MCAD_FACTS_STRIDEPREFETCHER_H
