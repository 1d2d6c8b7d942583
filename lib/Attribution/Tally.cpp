//===- Attribution/Tally.cpp - who executed what, how often --------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Attribution/Tally.h"

namespace mcad {

void Tally::consume(const Batch &B) {
  const uint32_t Stream = index(B.Stream);
  if (Streams.size() <= Stream) {
    Streams.resize(Stream + 1);
    LastRepeat.resize(Stream + 1, NoRepeat);
  }
  if (BlockExecutions.size() < P.numBlocks())
    BlockExecutions.resize(P.numBlocks());

  StreamTally &S = Streams[Stream];
  ExecutionCursor Cursor(B);
  Execution E;
  while (Cursor.next(E)) {
    const CodeBlock &Block = P.block(E.Block);
    if (Block.Address == Entry && !StartUp && Entry)
      StartUp = total().Executed;
    ++BlockExecutions[index(E.Block)];
    ++S.Blocks;
    S.Executed += Block.NumInstructions;
    if (Block.BeginsWithRepeat && LastRepeat[Stream] == Block.Address)
      ++S.RepeatIterations;
    LastRepeat[Stream] =
        Block.EndsWithRepeat ? P.instructions(Block).back().Address : NoRepeat;
    AccessCursor Accesses(E);
    MemoryAccess A;
    while (Accesses.next(A))
      ++(A.IsStore ? S.Stores : S.Loads);
  }
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
