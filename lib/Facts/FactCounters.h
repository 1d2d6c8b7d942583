//===- Facts/FactCounters.h - what caches and predictors counted --------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Plain counts, which add up over streams. Shared caches count once for all
/// streams and are not in here.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_FACTS_FACTCOUNTERS_H
#define MCAD_FACTS_FACTCOUNTERS_H

#include "Facts/BranchUnit.h"
#include "Facts/Cache.h"
#include "Facts/Tlb.h"

namespace mcad {

struct FactCounters {
  CacheCounters L1I, L1D;
  CacheCounters L2, L3; ///< If each stream has its own.
  TlbCounters InstructionTlb, DataTlb;
  BranchCounters Branches;
  uint64_t SplitAccesses = 0;   ///< That straddle two lines.
  uint64_t ForwardedLoads = 0;  ///< That read from stores perhaps in flight.
  uint64_t PartlyForwarded = 0; ///< Of them: from more than one place.

  FactCounters &operator+=(const FactCounters &Other) {
    L1I += Other.L1I;
    L1D += Other.L1D;
    L2 += Other.L2;
    L3 += Other.L3;
    InstructionTlb += Other.InstructionTlb;
    DataTlb += Other.DataTlb;
    Branches += Other.Branches;
    SplitAccesses += Other.SplitAccesses;
    ForwardedLoads += Other.ForwardedLoads;
    PartlyForwarded += Other.PartlyForwarded;
    return *this;
  }
};

/// What one instruction of the program did to them.
struct InstructionEvents {
  uint64_t DataMisses = 0;   ///< Of L1D, lines.
  uint64_t MemoryMisses = 0; ///< Of them: no level had the line.
  uint64_t DataCycles = 0;   ///< Latency beyond L1's hits, added up.
  uint64_t FetchMisses = 0;  ///< Of L1I.
  uint64_t Mispredictions = 0;

  bool isEmpty() const {
    return !DataMisses && !DataCycles && !FetchMisses && !Mispredictions;
  }
  InstructionEvents &operator+=(const InstructionEvents &Other) {
    DataMisses += Other.DataMisses;
    MemoryMisses += Other.MemoryMisses;
    DataCycles += Other.DataCycles;
    FetchMisses += Other.FetchMisses;
    Mispredictions += Other.Mispredictions;
    return *this;
  }
};

} // namespace mcad

#endif // MCAD_FACTS_FACTCOUNTERS_H
