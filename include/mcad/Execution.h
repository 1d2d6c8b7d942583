//===- mcad/Execution.h - what was executed, as brokers hand it over ------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The record of an execution: which blocks ran in which order on which stream,
/// and which memory they touched.
///
/// Two encodings, both read in place: a run (2 bytes an executed block, as a
/// rule) when nobody wants memory accesses, and a vector of 64-bit events
/// otherwise. ExecutionCursor walks either and is the only reader. mcad/Event.h
/// has their bits.
///
/// Tested by unittests/Trace/ExecutionTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_EXECUTION_H
#define MCAD_EXECUTION_H

#include "mcad/Event.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include <cassert>
#include <cstdint>

namespace mcad {

/// One memory access of one executed instruction.
struct MemoryAccess {
  GuestAddr Address;
  uint32_t SizeBytes;   ///< 1 to 128, a power of two.
  uint16_t Instruction; ///< Index in the block.
  bool IsStore;
};

/// Walks the access events of one executed block.
class AccessCursor {
  const uint64_t *Next;
  const uint64_t *End;

public:
  explicit AccessCursor(llvm::ArrayRef<uint64_t> Words)
      : Next(Words.begin()), End(Words.end()) {}

  bool next(MemoryAccess &Access) {
    if (Next == End)
      return false;
    const uint64_t Word = *Next++;
    if (event::isWide(Word)) {
      if (Next == End)
        return false;
      Access.Address = *Next++;
    } else {
      Access.Address = static_cast<GuestAddr>(static_cast<int64_t>(Word) >> 16);
    }
    Access.SizeBytes = 1u << (Word >> event::SizeShift & event::SizeMask);
    Access.Instruction = Word & event::InstructionMask;
    Access.IsStore = Word & event::StoreBit;
    return true;
  }
};

/// One execution of one block.
struct Execution {
  BlockId Block;
  /// Access events of this execution; empty if accesses were not recorded.
  llvm::ArrayRef<uint64_t> Accesses;
};

/// A run of executed blocks of one stream, in order. Exactly one of the two
/// vectors is non-empty. Both point into the broker's memory and live until
/// the next batch is asked for. Block ids are below the number of blocks
/// defined; the last id of a run is whole; a vector of events starts with a
/// block; the source has checked all three.
struct Batch {
  StreamId Stream{};
  llvm::ArrayRef<uint16_t> Run;
  llvm::ArrayRef<uint64_t> Events;
};

/// Appends an execution of \p Id to the units of a run.
inline void appendToRun(llvm::SmallVectorImpl<uint16_t> &Units, BlockId Id) {
  Units.push_back(run::firstUnit(Id));
  if (!run::isShort(Id))
    Units.push_back(run::secondUnit(Id));
}

/// Walks a batch, execution by execution.
class ExecutionCursor {
  const uint16_t *NextUnit, *EndUnit;
  const uint64_t *NextWord, *EndWord;

public:
  explicit ExecutionCursor(const Batch &B)
      : NextUnit(B.Run.begin()), EndUnit(B.Run.end()),
        NextWord(B.Events.begin()), EndWord(B.Events.end()) {}

  bool next(Execution &E) {
    if (NextUnit != EndUnit) {
      const uint16_t First = *NextUnit++;
      assert((!run::isLong(First) || NextUnit != EndUnit) && "half an id");
      E.Block = run::isLong(First) ? run::longId(First, *NextUnit++)
                                   : static_cast<BlockId>(First);
      E.Accesses = {};
      return true;
    }
    if (NextWord == EndWord)
      return false;
    assert(event::isBlock(*NextWord) && "events start with a block");
    E.Block = event::blockId(*NextWord++);
    const uint64_t *First = NextWord;
    while (NextWord != EndWord && !event::isBlock(*NextWord))
      NextWord += event::isWide(*NextWord) ? 2 : 1;
    E.Accesses = llvm::ArrayRef<uint64_t>(First, NextWord);
    return true;
  }
};

} // namespace mcad

#endif // MCAD_EXECUTION_H
