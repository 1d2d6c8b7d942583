//===- Attribution/RegionCutter.h - what is executed inside regions -------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Cuts out of a trace what is executed inside of each of its regions
/// (RegionTracker.h says when a stream is inside), for those who want nothing
/// else. What is inside of several regions is a piece of each of them.
///
/// Blocks of which only a part is inside become blocks of their own, in a
/// program of its own.
///
/// Used from one thread. Tested by unittests/Attribution/RegionCutterTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_ATTRIBUTION_REGIONCUTTER_H
#define MCAD_ATTRIBUTION_REGIONCUTTER_H

#include "Attribution/CallTree.h"
#include "Attribution/RegionTracker.h"
#include <deque>
#include <optional>

namespace mcad {

/// What a stream executed inside of one region, without a gap, in one batch.
struct RegionPiece {
  uint32_t Region = 0;
  StreamId Stream{};
  /// As mcad/Execution.h has them, of blocks of RegionCutter::inside(). May be
  /// empty if IsLast.
  llvm::SmallVector<uint16_t, 0> Units;
  bool IsLast = false; ///< The region is left behind it.
};

class RegionCutter {
public:
  /// All outlive the cutter. \p Find: as for the CallTree of a stream.
  RegionCutter(const Program &Whole, RegionMap &Regions,
               CallTree::FunctionFinder Find)
      : Whole(Whole), Inside(Whole.target()), Regions(Regions),
        Find(std::move(Find)) {}

  /// The pieces of \p B, the next batch of its stream, those of each region in
  /// order; the caller may take their units. Valid until it is called again.
  llvm::MutableArrayRef<RegionPiece *> cut(const Batch &B);

  /// All that pieces are made of; with the images of the whole.
  const Program &inside() const { return Inside; }

  /// In how many streams \p Region is open.
  uint32_t numOpen(uint32_t Region) const;

private:
  /// A region that a stream is inside of, and in the batch at hand.
  struct OpenRegion {
    uint32_t Region;
    RegionPiece *Piece = nullptr; ///< Null: not begun yet in this batch.
    std::optional<ExecutionWriter> Writer; ///< Of the piece.
    uint32_t From = 0; ///< The first of the block at hand that is inside.
  };
  struct Stream {
    CallTree Calls;
    RegionTracker Tracker;
    std::vector<OpenRegion> Open;
  };

  Stream &stream(StreamId Id);
  /// \p Open's piece of this batch.
  RegionPiece &piece(OpenRegion &Open, StreamId Id);
  /// Appends \p E's instructions before \p To, from where \p Open is on.
  void append(OpenRegion &Open, StreamId Id, const Execution &E, uint32_t To);
  BlockId blockInside(BlockId Block, uint32_t From, uint32_t To);

  const Program &Whole;
  Program Inside;
  RegionMap &Regions;
  const CallTree::FunctionFinder Find;
  std::vector<std::unique_ptr<Stream>> Streams;
  /// By the whole's block, the first instruction and the end.
  llvm::DenseMap<std::pair<uint32_t, uint32_t>, BlockId> Known;

  // Kept from batch to batch for their memory.
  std::deque<RegionPiece> Room;
  std::vector<RegionPiece *> Pieces; ///< Of the batch at hand, in Room.
};

} // namespace mcad

#endif // MCAD_ATTRIBUTION_REGIONCUTTER_H
