//===- Attribution/Tally.cpp - who executed what, how often --------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Attribution/Tally.h"

namespace mcad {

void Tally::noteNewBlocks() {
  const uint32_t NumBlocks = P.numBlocks();
  BlockExecutions.resize(NumBlocks);
  for (uint32_t Id = Shapes.size(); Id != NumBlocks; ++Id) {
    const CodeBlock &Block = P.block(BlockId(Id));
    Shapes.push_back({Block.NumInstructions,
                      Block.BeginsWithRepeat || Block.EndsWithRepeat ||
                          (Entry && Block.Address == Entry)});
  }
}

uint64_t Tally::consume(const Batch &B) {
  const uint32_t Stream = index(B.Stream);
  if (Streams.size() <= Stream) {
    Streams.resize(Stream + 1);
    LastRepeat.resize(Stream + 1, NoRepeat);
  }
  noteNewBlocks();

  // In registers: what is in memory could be any of the executions counted.
  StreamTally Now = Streams[Stream];
  const uint64_t Before = Now.instructions();
  GuestAddr Last = LastRepeat[Stream];
  const uint16_t *Next = B.Units.begin(), *const End = B.Units.end();
  while (Next != End) {
    const uint32_t Id = index(event::takeBlock(Next));
    const Shape Block = Shapes[Id];
    if (Block.IsSpecial) {
      Streams[Stream] = Now;
      Last = noteSpecial(P.block(BlockId(Id)), Streams[Stream], Last);
      Now = Streams[Stream];
    } else {
      Last = NoRepeat;
    }
    ++BlockExecutions[Id];
    ++Now.Blocks;
    Now.Executed += Block.NumInstructions;
    for (; Next != End && event::isAccess(*Next);
         Next += event::length(*Next)) {
      const bool IsStore = *Next & event::StoreBit;
      Now.Stores += IsStore;
      Now.Loads += !IsStore;
    }
  }
  Streams[Stream] = Now;
  LastRepeat[Stream] = Last;
  return Now.instructions() - Before;
}

void Tally::restart(StreamId Stream) {
  if (index(Stream) < LastRepeat.size())
    LastRepeat[index(Stream)] = NoRepeat;
}

GuestAddr Tally::noteSpecial(const CodeBlock &Block, StreamTally &S,
                             GuestAddr Last) {
  if (Block.Address == Entry && !StartUp && Entry)
    StartUp = total().Executed;
  if (Block.BeginsWithRepeat && Last == Block.Address)
    ++S.RepeatIterations;
  return Block.EndsWithRepeat ? P.instructions(Block).back().Address : NoRepeat;
}

StreamTally Tally::total() const {
  StreamTally Sum;
  for (const StreamTally &S : Streams) {
    Sum.Blocks += S.Blocks;
    Sum.Executed += S.Executed;
    Sum.RepeatIterations += S.RepeatIterations;
    Sum.Loads += S.Loads;
    Sum.Stores += S.Stores;
  }
  return Sum;
}

} // namespace mcad
