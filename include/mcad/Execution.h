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
/// Read in place, as mcad/Event.h says it is written: executions by
/// ExecutionCursor, their accesses by AccessCursor. Who only checks, counts or
/// cuts, and wants no address, may walk the units themselves.
///
/// Tested by unittests/Trace/ExecutionTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_EXECUTION_H
#define MCAD_EXECUTION_H

#include "mcad/Event.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/bit.h"
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

/// One execution of one block.
struct Execution {
  BlockId Block;
  /// The access events of this execution, and the high halves before the first;
  /// empty if accesses were not recorded.
  llvm::ArrayRef<uint16_t> Accesses;
  event::HighHalves High;
};

/// Walks the accesses of one execution.
class AccessCursor {
  const uint16_t *Next, *End;
  event::HighHalves High;

public:
  explicit AccessCursor(const Execution &E)
      : Next(E.Accesses.begin()), End(E.Accesses.end()), High(E.High) {}

  bool next(MemoryAccess &Access) {
    if (Next == End)
      return false;
    const uint16_t First = Next[0];
    event::takeHigh(Next, High);
    Access.Address = uint64_t(High[event::half(First)]) << 32 |
                     uint32_t(Next[2]) << 16 | Next[1];
    Access.SizeBytes = 1u << (First >> event::SizeShift & event::SizeMask);
    Access.Instruction = First & event::InstructionMask;
    Access.IsStore = First & event::StoreBit;
    Next += event::length(First);
    return true;
  }
};

/// A run of executed blocks of one stream, in order: events that start with a
/// block, all whole, of blocks that are defined and instructions that these
/// have; the source has checked it. In the broker's memory until the next batch
/// is asked for.
struct Batch {
  StreamId Stream{};
  llvm::ArrayRef<uint16_t> Units;
  /// The stream has ended: nothing of it may follow (the trace would be cut
  /// there), and there may be no units. A source need not say so; the memory of
  /// a stream is kept until then.
  bool IsLast = false;
};

/// Walks a batch, execution by execution.
class ExecutionCursor {
  const uint16_t *Next, *End;
  event::HighHalves High = {};

public:
  explicit ExecutionCursor(const Batch &B)
      : Next(B.Units.begin()), End(B.Units.end()) {}

  bool next(Execution &E) {
    if (Next == End)
      return false;
    assert(!event::isAccess(*Next) && "events start with a block");
    E.Block = event::takeBlock(Next);
    E.High = High;
    const uint16_t *First = Next;
    while (Next != End && event::isAccess(*Next)) {
      event::takeHigh(Next, High);
      Next += event::length(*Next);
    }
    E.Accesses = llvm::ArrayRef(First, Next);
    return true;
  }
};

/// Writes a batch. Brokers that know only blocks need nothing else.
class ExecutionWriter {
  llvm::SmallVectorImpl<uint16_t> *Units;
  event::HighHalves High = {};
  unsigned Oldest = 0; ///< The half that is set next.

public:
  /// Appends to \p Units, which hold no accesses yet.
  explicit ExecutionWriter(llvm::SmallVectorImpl<uint16_t> &Units)
      : Units(&Units) {}

  /// An execution of \p Id, which is below event::MaxBlocks.
  void block(BlockId Id) {
    Units->push_back(event::firstUnit(Id));
    if (!event::isShort(Id))
      Units->push_back(event::secondUnit(Id));
  }

  /// An access of the last block.
  void access(const MemoryAccess &Access) {
    const auto Upper = static_cast<uint32_t>(Access.Address >> 32);
    const unsigned Half = event::halfFor(Upper, High, Oldest);
    access(Access, Half, High[Half] != Upper);
  }

  /// The same with a choice of the half, and whether it is set. A half that is
  /// not set holds the address' own already.
  void access(const MemoryAccess &Access, unsigned Half, bool IsWide) {
    const auto Unit = [&](unsigned Shift) {
      Units->push_back(static_cast<uint16_t>(Access.Address >> Shift));
    };
    Units->push_back(static_cast<uint16_t>(
        event::AccessBit | (IsWide ? event::WideBit : 0) |
        (Access.IsStore ? event::StoreBit : 0) |
        llvm::countr_zero(Access.SizeBytes) << event::SizeShift |
        Half << event::HighShift | Access.Instruction));
    Unit(0);
    Unit(16);
    if (!IsWide)
      return;
    Unit(32);
    Unit(48);
    High[Half] = static_cast<uint32_t>(Access.Address >> 32);
    Oldest = !Half;
  }

  const event::HighHalves &high() const { return High; }
};

} // namespace mcad

#endif // MCAD_EXECUTION_H
