//===- Attribution/RegionTracker.cpp - in which regions a stream is -------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Attribution/RegionTracker.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace mcad {

using Touch = RegionMap::Touch;

void RegionTracker::enter(uint32_t Region, size_t Depth, uint32_t At,
                          bool IsMarked) {
  State &S = States[Region];
  S.IsMarked = IsMarked;
  S.Entries.push_back(Depth);
  if (S.Entries.size() == 1)
    Changes.push_back({At, Region, true});
}

void RegionTracker::leave(uint32_t Region, uint32_t At) {
  State &S = States[Region];
  S.Entries.pop_back();
  if (S.Entries.empty())
    Changes.push_back({At, Region, false});
}

ArrayRef<RegionTracker::Change> RegionTracker::step(BlockId Block,
                                                    size_t Depth) {
  Changes.clear();
  const ArrayRef<Touch> Touches = Map.touches(Block);
  if (Touches.empty() && Open.empty())
    return {};
  if (States.size() < Map.numRegions())
    States.resize(Map.numRegions());

  // What was left by what led here.
  for (const uint32_t Region : Open) {
    while (!States[Region].Entries.empty() &&
           States[Region].Entries.back() > Depth)
      leave(Region, 0);
    if (!isInAt(Region, Depth) || States[Region].IsMarked)
      continue;
    const bool GoesOn = any_of(Touches, [&](const Touch &T) {
      return T.Region == Region && T.Is == Touch::Kind::Inside && T.From == 0;
    });
    if (!GoesOn)
      leave(Region, 0);
  }
  for (const Touch &T : Touches) {
    switch (T.Is) {
    case Touch::Kind::Inside:
      if (!isInAt(T.Region, Depth))
        enter(T.Region, Depth, T.From, /*IsMarked=*/false);
      if (T.To != Map.numInstructions(Block))
        leave(T.Region, T.To);
      break;
    case Touch::Kind::Begin:
      if (!isInAt(T.Region, Depth))
        enter(T.Region, Depth, T.From, /*IsMarked=*/true);
      break;
    case Touch::Kind::End:
      if (!States[T.Region].Entries.empty())
        leave(T.Region, T.To);
      break;
    }
  }
  // Of several regions each has its own in order.
  stable_sort(Changes,
              [](const Change &A, const Change &B) { return A.At < B.At; });
  for (const Change &C : Changes) {
    if (C.Opens)
      Open.push_back(C.Region);
    else
      Open.erase(find(Open, C.Region));
  }
  return Changes;
}

} // namespace mcad
