//===- Facts/MachineModel.h - what surrounds the core -------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The parameters of a machine that LLVM's scheduling models leave out: caches,
/// translation, store forwarding, branch prediction, fetch. Plain numbers; each
/// has a key (ModelFields.h) under which files, options and reports name it.
///
/// Latencies are in core cycles. That of a cache level is from a load's issue
/// to the use of its value when it hits there, so that a level costs what its
/// latency is above L1D's; L1D's own is in LLVM's latency of the load already.
///
/// The defaults are a machine without any of it: everything hits, every branch
/// is predicted.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_FACTS_MACHINEMODEL_H
#define MCAD_FACTS_MACHINEMODEL_H

#include <cstdint>
#include <string>

namespace mcad {

/// Which way of a set a new line replaces.
enum class Replacement : uint8_t {
  Lru,  ///< The one that was used longest ago.
  Plru, ///< Tree pseudo-LRU: the one that a binary tree of bits points at.
  Random,
};

enum class PredictorKind : uint8_t {
  None,          ///< Nothing is mispredicted; taken branches may refill.
  LastDirection, ///< As the last time, one bit per entry.
  Bimodal,       ///< Two-bit counters (Smith 1981).
  Gshare,        ///< Two-bit counters by address and history (McFarling 1993).
  Tage,          ///< Seznec and Michaud 2006.
};

struct CacheLevel {
  uint32_t SizeBytes = 0; ///< 0: there is no such level.
  uint32_t Ways = 1;
  uint32_t LineBytes = 64;
  Replacement Policy = Replacement::Lru;
  uint32_t LatencyCycles = 0; ///< Not of L1I, whose hits are pipelined.
  /// A line that leaves this level leaves the levels above as well.
  bool IsInclusive = false;
  bool IsShared = false; ///< By the guest's threads; else one for each.
  /// Lines after a missed one that are fetched with it.
  uint32_t NextLinePrefetch = 0;

  bool isPresent() const { return SizeBytes; }
};

/// Of L1D alone, and of the loads and stores in flight.
struct DataSide {
  uint32_t SplitPenaltyCycles = 0; ///< For an access that straddles two lines.
  uint32_t Mshrs = 0;              ///< Misses at a time; 0: no limit.
  uint32_t StridePrefetch = 0;     ///< Strides ahead; 0: no such prefetcher.
  uint32_t StrideEntries = 0;      ///< Instructions it follows at a time.
  /// From the execution of a store to the use of its value by a load.
  uint32_t ForwardLatencyCycles = 0;
  /// More than that if no single store holds all of the load's bytes.
  uint32_t PartialPenaltyCycles = 0;
};

struct TlbLevel {
  uint32_t Entries = 0; ///< 0: there is none, translation costs nothing.
  uint32_t Ways = 1;
};

struct Translation {
  uint32_t PageBytes = 4096;
  TlbLevel Instruction, Data, Second; ///< Second is for both.
  uint32_t SecondLatencyCycles = 0;   ///< Added by a hit in Second.
  uint32_t WalkLatencyCycles = 0;     ///< Added by a page walk.
};

struct BranchPrediction {
  PredictorKind Kind = PredictorKind::None;
  uint32_t TableEntries = 4096; ///< Counters; of TAGE: in its base table.
  uint32_t HistoryBits = 12;    ///< Of TAGE: the longest.
  uint32_t TaggedTables = 0, TaggedEntries = 0; ///< Of TAGE.
  /// From the execution of a mispredicted branch to the dispatch of the first
  /// instruction of the right path.
  uint32_t PenaltyCycles = 0;
  /// The same for every taken branch, on cores that predict nothing: the refill
  /// of the pipeline.
  uint32_t TakenPenaltyCycles = 0;
  uint32_t BtbEntries = 0, BtbWays = 1; ///< 0: targets are always known.
  uint32_t BtbPenaltyCycles = 0; ///< Fetch lost if a direct target is not.
  uint32_t ReturnStackEntries = 0;
  uint32_t IndirectEntries = 0, IndirectHistoryBits = 0;
};

struct MachineModel {
  std::string Name;
  std::string Description;

  CacheLevel L1I, L1D, L2, L3;
  DataSide Data;
  uint32_t MemoryLatencyCycles = 0;
  Translation Tlbs;
  BranchPrediction Branches;
  /// Instructions that can wait between fetch and dispatch.
  uint32_t FetchQueue = 1;
  uint32_t ReplacementSeed = 1; ///< Of Replacement::Random.
};

} // namespace mcad

#endif // MCAD_FACTS_MACHINEMODEL_H
