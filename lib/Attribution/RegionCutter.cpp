//===- Attribution/RegionCutter.cpp - what is executed inside regions -----===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Attribution/RegionCutter.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace mcad {

RegionCutter::Stream &RegionCutter::stream(StreamId Id) {
  while (Streams.size() <= index(Id))
    Streams.push_back(std::make_unique<Stream>(
        Stream{CallTree(Whole, Find), RegionTracker(Regions), {}}));
  return *Streams[index(Id)];
}

RegionPiece &RegionCutter::piece(OpenRegion &Open, StreamId Id) {
  if (Open.Piece)
    return *Open.Piece;
  if (Pieces.size() == Room.size())
    Room.emplace_back();
  RegionPiece &New = Room[Pieces.size()];
  Pieces.push_back(&New);
  New.Region = Open.Region;
  New.Stream = Id;
  New.Units.clear();
  New.IsLast = false;
  Open.Piece = &New;
  Open.Writer.emplace(New.Units);
  return New;
}

BlockId RegionCutter::blockInside(BlockId Block, uint32_t From, uint32_t To) {
  static_assert(event::MaxInstructions < 1 << 16);
  const auto [At, IsNew] =
      Known.try_emplace({index(Block), From << 16 | To}, BlockId());
  if (IsNew)
    At->second = Inside.defineCut(Whole, Whole.block(Block), From, To);
  return At->second;
}

void RegionCutter::append(OpenRegion &Open, StreamId Id, const Execution &E,
                          uint32_t To) {
  const uint32_t From = std::exchange(Open.From, 0);
  if (From == To)
    return;
  piece(Open, Id);
  Open.Writer->block(blockInside(E.Block, From, To));
  AccessCursor Accesses(E);
  MemoryAccess A;
  while (Accesses.next(A)) {
    if (A.Instruction < From || A.Instruction >= To)
      continue;
    A.Instruction -= From;
    Open.Writer->access(A);
  }
}

MutableArrayRef<RegionPiece *> RegionCutter::cut(const Batch &B) {
  for (uint32_t Id = Inside.numImages(); Id != Whole.numImages(); ++Id)
    Inside.defineImage(Whole.image(ImageId(Id)));
  Regions.noteNewBlocks();
  Stream &S = stream(B.Stream);
  S.Calls.noteNewBlocks();
  Pieces.clear();

  ExecutionCursor Cursor(B);
  Execution E;
  while (Cursor.next(E)) {
    S.Calls.step(E.Block);
    for (const RegionTracker::Change &C :
         S.Tracker.step(E.Block, S.Calls.depth())) {
      if (C.Opens) {
        S.Open.push_back({C.Region, nullptr, std::nullopt, C.At});
        continue;
      }
      const auto Left = find_if(
          S.Open, [&](const OpenRegion &O) { return O.Region == C.Region; });
      append(*Left, B.Stream, E, C.At);
      piece(*Left, B.Stream).IsLast = true;
      S.Open.erase(Left);
    }
    for (OpenRegion &Open : S.Open)
      append(Open, B.Stream, E, Whole.block(E.Block).NumInstructions);
  }
  for (OpenRegion &Open : S.Open)
    Open.Piece = nullptr;
  return Pieces;
}

uint32_t RegionCutter::numOpen(uint32_t Region) const {
  uint32_t Sum = 0;
  for (const std::unique_ptr<Stream> &S : Streams)
    Sum += any_of(S->Open,
                  [&](const OpenRegion &O) { return O.Region == Region; });
  return Sum;
}

} // namespace mcad
