//===- Listings.h - what a broker's listings hold -------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Reads a broker to its end, for tests to look at what came.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_UNITTESTS_BROKER_LISTINGS_H
#define MCAD_UNITTESTS_BROKER_LISTINGS_H

#include "../Target/MakeTarget.h"
#include "Code/Program.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>

namespace mcad::test {

/// One trace of a broker.
struct Listing {
  TraceDescription Description;
  TraceEnd End;
  std::vector<std::string> Instructions; ///< Of all blocks; "?" if undecoded.
  std::vector<std::string> Before;       ///< In front of the first block.
  std::vector<uint32_t> BlockLengths;
  std::vector<uint32_t> Executed; ///< Block ids in order.
};

inline std::string text(const Program &P, const llvm::MCInst &Inst) {
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  P.target().createPrinter(0)->printInst(
      &Inst, 0, "", P.target().decodeSti(DecodeMode::Default), OS);
  std::replace(Text.begin(), Text.end(), '\t', ' ');
  return llvm::StringRef(Text).trim().str();
}

/// All traces of \p B, which must not fail.
inline std::vector<Listing> read(const Target &T, Broker &B) {
  std::vector<Listing> Result;
  while (std::unique_ptr<TraceSource> Trace = llvm::cantFail(B.nextTrace())) {
    Listing &L = Result.emplace_back();
    Program P(T);
    Batch Next;
    while (llvm::cantFail(Trace->next(Next, P))) {
      ExecutionCursor Cursor(Next);
      for (Execution E; Cursor.next(E);)
        L.Executed.push_back(index(E.Block));
    }
    L.Description = Trace->description();
    L.End = Trace->end();
    for (uint32_t Id = 0; Id != P.numBlocks(); ++Id) {
      const CodeBlock &Block = P.block(BlockId(Id));
      L.BlockLengths.push_back(Block.NumInstructions);
      for (const CodeInstruction &I : P.instructions(Block))
        L.Instructions.push_back(I.Decoded ? text(P, I.Inst) : "?");
      for (const llvm::MCInst &Inst : P.before(Block))
        L.Before.push_back(text(P, Inst));
    }
  }
  return Result;
}

} // namespace mcad::test

#endif // MCAD_UNITTESTS_BROKER_LISTINGS_H
