//===- Timing/Fast/FastEngine.cpp - the same numbers, faster -------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Timing/Fast/FastEngine.h"

using namespace llvm;

namespace mcad {

FastEngine::FastEngine(const Program &P, Lowering &L,
                       const PipelineOverrides &Overrides, Detail D,
                       Surroundings Around)
    : P(P), L(L), Model(L.target(), Overrides), D(D), Compiler(Model, L),
      Core(Model.IsOutOfOrder ? fast::makeOutOfOrderCore(Model, Around)
                              : fast::makeInOrderCore(Model, Around)) {}

FastEngine::~FastEngine() = default;

const std::vector<FastEngine::Instruction> &FastEngine::compiled(BlockId Id) {
  if (Blocks.size() <= mcad::index(Id))
    Blocks.resize(P.numBlocks());
  std::vector<Instruction> &Block = Blocks[mcad::index(Id)];
  if (Block.empty())
    for (const LoweredInstruction *I : L.lower(P, P.block(Id)))
      Block.push_back({I, &Compiler.compile(*I)});
  return Block;
}

Error FastEngine::consume(const Batch &B, const BatchFacts &Facts) {
  auto NextFacts = Facts.Rows.begin();
  uint32_t At = 0;
  ExecutionCursor Cursor(B);
  Execution E;
  while (Cursor.next(E)) {
    if (D == Detail::PerInstruction) {
      const CodeBlock &Block = P.block(E.Block);
      for (uint32_t I = 0; I != Block.NumInstructions; ++I)
        Core->Pushed.push_back(Block.FirstInstruction + I);
    }
    for (const Instruction &I : compiled(E.Block)) {
      fast::Arriving A{I.Compiled, nullptr, {}};
      if (NextFacts != Facts.Rows.end() && NextFacts->At == At) {
        A.Facts = &*NextFacts;
        A.Waits = Facts.waits(*NextFacts);
        if (NextFacts->LoadCycles)
          A.Compiled = &Compiler.compile(*I.Lowered, NextFacts->LoadCycles);
        ++NextFacts;
      }
      if (Error Err = Core->push(A))
        return Err;
      ++At;
    }
  }
  return Error::success();
}

Error FastEngine::finish() { return Core->finish(); }

} // namespace mcad
