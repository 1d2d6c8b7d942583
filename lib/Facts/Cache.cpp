//===- Facts/Cache.cpp - one cache, and what is behind it ---------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Facts/Cache.h"
#include "llvm/ADT/STLExtras.h"

namespace mcad {

Cache::Cache(const CacheLevel &Level, Cause Where, uint64_t Seed, Cache *Below,
             uint32_t MemoryLatency)
    : LineShift(llvm::countr_zero(Level.LineBytes)), Where(Where),
      LatencyCycles(Level.LatencyCycles), IsInclusive(Level.IsInclusive),
      NextLines(Level.NextLinePrefetch), Below(Below),
      MemoryLatency(MemoryLatency),
      Tags(Level.SizeBytes / Level.LineBytes, Level.Ways, Level.Policy, Seed),
      Dirty(Tags.slots()), Fills(Tags.slots()) {
  if (Below)
    Below->Above.push_back(this);
}

Cache::Found Cache::fromBelow(GuestAddr Address, Asker Now, bool IsPrefetch) {
  if (!Below)
    return {Cause::Memory, MemoryLatency, {}};
  return IsPrefetch ? Below->accessForPrefetch(Address, Now)
                    : Below->access(Address, /*IsStore=*/false, Now);
}

Fill Cache::fillFrom(const Found &From, Asker Now) const {
  const uint32_t Farther = From.LatencyCycles - LatencyCycles;
  // Where it was found it may be on its way itself: then it comes from there.
  const Fill &Before = From.Pending;
  if (Before.mayConcern(Now) ||
      (Before.Core == Now.Core && Before.Trigger == Now.Ordinal))
    return {Before.Trigger, Before.Cycles + Farther, Now.Core, Before.From};
  return {Now.Ordinal, Farther, Now.Core, From.Where};
}

Cache::Found Cache::miss(GuestAddr Address, bool IsStore, Asker Now) {
  ++Counters.Misses;
  const Found From = fromBelow(Address, Now, /*IsPrefetch=*/false);
  bring(Address, IsStore, fillFrom(From, Now));
  for (uint32_t Ahead = 1; Ahead <= NextLines; ++Ahead)
    prefetch(Address + (uint64_t(Ahead) << LineShift), Now);
  return From;
}

Cache::Found Cache::accessForPrefetch(GuestAddr Address, Asker Now) {
  const TagArray::Slot S = Tags.find(Address >> LineShift);
  if (S != TagArray::None)
    return {Where, LatencyCycles, Fills[S]};
  ++Counters.Prefetches;
  const Found From = fromBelow(Address, Now, /*IsPrefetch=*/true);
  bring(Address, /*IsDirty=*/false, fillFrom(From, Now));
  return From;
}

void Cache::prefetch(GuestAddr Address, Asker Now) {
  if (Tags.peek(Address >> LineShift) == TagArray::None)
    accessForPrefetch(Address, Now);
}

void Cache::bring(GuestAddr Address, bool IsDirty, Fill Arrival) {
  const auto [Slot, Replaced] = Tags.insert(Address >> LineShift);
  bool ReplacedIsDirty = Dirty[Slot];
  Dirty[Slot] = IsDirty;
  Fills[Slot] = Arrival;
  if (Replaced == TagArray::NoKey)
    return;
  const GuestAddr Gone = Replaced << LineShift;
  if (IsInclusive)
    for (Cache *InFront : Above)
      ReplacedIsDirty |= InFront->invalidate(Gone, uint64_t(1) << LineShift);
  if (!ReplacedIsDirty)
    return;
  ++Counters.WriteBacks;
  if (Below)
    Below->writeBack(Gone);
}

void Cache::writeBack(GuestAddr Address) {
  const TagArray::Slot S = Tags.peek(Address >> LineShift);
  if (S != TagArray::None)
    Dirty[S] = true;
  else if (Below)
    Below->writeBack(Address);
}

void Cache::forget(const Cache &Ended) {
  llvm::erase(Above, &Ended);
  // Whether a line is dirty in front is asked by an inclusive level only.
  Cache *Asks = this;
  while (Asks && !Asks->IsInclusive)
    Asks = Asks->Below;
  if (!Asks)
    return;
  for (TagArray::Slot S = 0; S != Ended.Tags.slots(); ++S) {
    if (!Ended.Dirty[S] || Ended.Tags.key(S) == TagArray::NoKey)
      continue;
    Asks->writeBack(Ended.Tags.key(S) << Ended.LineShift);
  }
}

bool Cache::invalidate(GuestAddr Address, uint64_t Bytes) {
  bool WasDirty = false;
  for (Cache *InFront : Above)
    WasDirty |= InFront->invalidate(Address, Bytes);
  const uint64_t First = Address >> LineShift;
  const uint64_t Last = (Address + Bytes - 1) >> LineShift;
  for (uint64_t Line = First; Line <= Last; ++Line) {
    const TagArray::Slot S = Tags.peek(Line);
    if (S == TagArray::None)
      continue;
    WasDirty |= Dirty[S];
    Dirty[S] = false;
    Tags.remove(S);
  }
  return WasDirty;
}

} // namespace mcad
