//===- Attribution/RegionTracker.h - in which regions a stream is ---------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Follows one stream through the regions of its trace (RegionMap.h).
///
/// - A region of code is entered when control comes into it, and left when
///   control goes to an instruction outside of it other than by a call: what is
///   called from within belongs to it, handlers of signals too.
/// - A region of markers is entered at its begin, and left behind its end.
/// - Both are left when the function that was in them is: by return, longjmp or
///   exception.
/// - Each call of a function may enter a region anew while it is open: it is
///   open until the first of these entries is left, and that is the one that is
///   counted.
///
/// Tested by unittests/Attribution/StreamAccountsTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_ATTRIBUTION_REGIONTRACKER_H
#define MCAD_ATTRIBUTION_REGIONTRACKER_H

#include "Attribution/RegionMap.h"

namespace mcad {

class RegionTracker {
public:
  /// A region opens or closes.
  struct Change {
    uint32_t At; ///< Before this instruction of the block; or behind its last.
    uint32_t Region;
    bool Opens;
  };

  explicit RegionTracker(const RegionMap &Map) : Map(Map) {}

  /// The stream executes \p Block, within \p Depth calls. \returns what changes
  /// in it, in order; valid until the next step.
  llvm::ArrayRef<Change> step(BlockId Block, size_t Depth);

private:
  /// Depths of calls that a region was entered at and not left, rising.
  struct State {
    llvm::SmallVector<size_t, 1> Entries;
    bool IsMarked = false; ///< By a marker.
  };
  void enter(uint32_t Region, size_t Depth, uint32_t At, bool IsMarked);
  /// Leaves the innermost entry.
  void leave(uint32_t Region, uint32_t At);
  bool isInAt(uint32_t Region, size_t Depth) const {
    return !States[Region].Entries.empty() &&
           States[Region].Entries.back() == Depth;
  }

  const RegionMap &Map;
  std::vector<State> States;           ///< By region.
  llvm::SmallVector<uint32_t, 4> Open; ///< Regions, in order of entry.
  llvm::SmallVector<Change, 4> Changes;
};

} // namespace mcad

#endif // MCAD_ATTRIBUTION_REGIONTRACKER_H
