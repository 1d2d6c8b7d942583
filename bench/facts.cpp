//===- bench/facts.cpp - how fast each model of lib/Facts is --------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Accesses and branches per second of each model alone, on one core:
///
///   build/bench-facts [--benchmark_filter=<regex>]
///
/// Wanted: 50 million hits a second of a cache, 50 million branches a second of
/// a predictor.
///
//===----------------------------------------------------------------------===//

#include "Facts/DirectionPredictor.h"
#include "Facts/Hierarchy.h"
#include "Facts/ModelFile.h"
#include "Facts/StoreWindow.h"
#include "Facts/TargetPredictors.h"
#include "benchmark/benchmark.h"
#include <random>

using namespace mcad;

namespace {

constexpr size_t Count = 1 << 16;

/// Random addresses of a working set of \p Bytes.
std::vector<GuestAddr> randomAddresses(uint64_t Bytes) {
  std::mt19937_64 Random(1);
  std::vector<GuestAddr> Addresses(Count);
  for (GuestAddr &A : Addresses)
    A = 0x400000 + (Random() % Bytes & ~uint64_t(7));
  return Addresses;
}

MachineModel modelOf(const char *Cpu) { return presetFor(Cpu).Model; }

/// One cache, everything hits.
void cacheHit(benchmark::State &State, Replacement Policy) {
  CacheLevel Level = modelOf("skylake").L1D;
  Level.Policy = Policy;
  Cache C(Level, Cause::None, 1, nullptr, 100);
  const std::vector<GuestAddr> Addresses = randomAddresses(Level.SizeBytes);
  for (GuestAddr A = 0x400000; A != 0x400000 + Level.SizeBytes; A += 64)
    C.access(A, false, 1);
  size_t I = 0;
  uint64_t Sum = 0;
  for (auto _ : State) {
    Sum += C.access(Addresses[I], false, 1).LatencyCycles;
    I = (I + 1) % Count;
  }
  benchmark::DoNotOptimize(Sum);
  State.SetItemsProcessed(State.iterations());
}
BENCHMARK_CAPTURE(cacheHit, lru, Replacement::Lru);
BENCHMARK_CAPTURE(cacheHit, plru, Replacement::Plru);
BENCHMARK_CAPTURE(cacheHit, random, Replacement::Random);

/// All that a core has for data: TLBs, caches, prefetcher. The argument is the
/// working set in KiB: L1D of the preset has 32, L2 256, L3 8192.
void coreData(benchmark::State &State) {
  const MachineModel M = modelOf("skylake");
  Hierarchy Shared(M);
  CoreMemory Core(Shared);
  const std::vector<GuestAddr> Addresses =
      randomAddresses(uint64_t(State.range(0)) << 10);
  for (GuestAddr A : Addresses)
    Core.data(0x1000, A, 8, false, 1);
  size_t I = 0;
  uint64_t Now = 2, Sum = 0;
  for (auto _ : State) {
    Sum += Core.data(0x1000, Addresses[I], 8, false, ++Now).cycles();
    I = (I + 1) % Count;
  }
  benchmark::DoNotOptimize(Sum);
  State.SetItemsProcessed(State.iterations());
}
BENCHMARK(coreData)->Arg(16)->Arg(128)->Arg(4096)->Arg(65536);

/// A store and a load that reads it, in turn.
void storeWindow(benchmark::State &State) {
  StoreWindow W;
  const std::vector<GuestAddr> Addresses = randomAddresses(4096);
  size_t I = 0;
  uint64_t Now = 1, Sum = 0;
  for (auto _ : State) {
    W.store(Addresses[I], 8, ++Now);
    Sum += W.load(Addresses[(I + 1) % Count], 8, ++Now).Writers.size();
    I = (I + 2) % Count;
  }
  benchmark::DoNotOptimize(Sum);
  State.SetItemsProcessed(2 * State.iterations());
}
BENCHMARK(storeWindow);

/// A program's branches: a loop over 300 of them, most of one direction, some
/// that follow others, some trip counts, and 2 % noise.
struct BranchMix {
  std::vector<std::pair<GuestAddr, bool>> Branches{Count};

  BranchMix() {
    std::mt19937 Random(1);
    unsigned Trip = 0;
    bool Last = false;
    for (size_t I = 0; I != Count; ++I) {
      const unsigned Which = I % 300;
      bool IsTaken = Which % 3 != 0;
      if (Which % 7 == 0)
        IsTaken = ++Trip % 9 != 0;
      if (Which % 5 == 0)
        IsTaken = Last;
      IsTaken ^= Random() % 50 == 0;
      Last = IsTaken;
      Branches[I] = {0x400000 + 12 * Which, IsTaken};
    }
  }
};

/// \p Tables: of TAGE.
void predictor(benchmark::State &State, PredictorKind Kind, unsigned Tables) {
  BranchPrediction B;
  B.TableEntries = 8192;
  B.HistoryBits = Tables ? 20 * Tables : 13;
  B.TaggedTables = Tables;
  B.TaggedEntries = 1024;
  B.Kind = Kind;
  const std::unique_ptr<DirectionPredictor> P = createDirectionPredictor(B);
  const BranchMix Mix;
  size_t I = 0;
  uint64_t Wrong = 0;
  for (auto _ : State) {
    const auto [Pc, IsTaken] = Mix.Branches[I];
    Wrong += P->predictAndLearn(Pc, IsTaken) != IsTaken;
    I = (I + 1) % Count;
  }
  State.SetItemsProcessed(State.iterations());
  State.counters["wrong"] =
      benchmark::Counter(double(Wrong) / double(State.iterations()));
}
BENCHMARK_CAPTURE(predictor, last_direction, PredictorKind::LastDirection, 0);
BENCHMARK_CAPTURE(predictor, bimodal, PredictorKind::Bimodal, 0);
BENCHMARK_CAPTURE(predictor, gshare, PredictorKind::Gshare, 0);
BENCHMARK_CAPTURE(predictor, tage_3_tables, PredictorKind::Tage, 3);
BENCHMARK_CAPTURE(predictor, tage_7_tables, PredictorKind::Tage, 7);
BENCHMARK_CAPTURE(predictor, tage_10_tables, PredictorKind::Tage, 10);

void targetBuffer(benchmark::State &State) {
  const BranchPrediction B = modelOf("skylake").Branches;
  BranchTargetBuffer Btb(B.BtbEntries, B.BtbWays);
  const BranchMix Mix;
  size_t I = 0;
  uint64_t Known = 0;
  for (auto _ : State) {
    const GuestAddr Pc = Mix.Branches[I].first;
    Known += Btb.lookUpAndLearn(Pc, Pc + 64).has_value();
    I = (I + 1) % Count;
  }
  benchmark::DoNotOptimize(Known);
  State.SetItemsProcessed(State.iterations());
}
BENCHMARK(targetBuffer);

} // namespace

BENCHMARK_MAIN();
