//===- Attribution/Tally.h - who executed what, how often ----------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Counts executions, exactly and without simulating: per block, and per stream
/// in total. Everything that a report says about instructions rather than
/// cycles comes from here, and a relay's own totals are held against it.
///
/// QEMU executes an x86 string instruction with a repeat prefix as one block
/// execution per iteration. Such an instruction counts once, and each further
/// iteration as a repeat iteration: the next execution of the same instruction
/// directly after itself cannot be anything else, since to come back in any
/// other way takes another instruction in between.
///
/// Of streams that are cut into pieces (RegionCutter.h), restart() tells where.
///
/// Invariant: executed = instructions + repeat iterations, where executed is
/// the sum over blocks of executions times instructions.
///
/// Tested by unittests/Attribution/TallyTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_ATTRIBUTION_TALLY_H
#define MCAD_ATTRIBUTION_TALLY_H

#include "Code/Program.h"
#include "mcad/Execution.h"
#include <optional>
#include <vector>

namespace mcad {

struct StreamTally {
  uint64_t Blocks = 0;           ///< Block executions.
  uint64_t Executed = 0;         ///< Instructions as QEMU executes them.
  uint64_t RepeatIterations = 0; ///< Of Executed: iterations after the first.
  uint64_t Loads = 0, Stores = 0;

  uint64_t instructions() const { return Executed - RepeatIterations; }
  uint64_t accesses() const { return Loads + Stores; }
};

class Tally {
public:
  /// \p Entry: where the main executable's own code starts, 0 if unknown.
  Tally(const Program &P, GuestAddr Entry) : P(P), Entry(Entry) {}

  /// \returns the instructions of \p B, repeat iterations not among them.
  uint64_t consume(const Batch &B);
  /// What \p Stream executes next does not follow what it did before.
  void restart(StreamId Stream);

  /// Indexed by StreamId; streams that never executed may be missing at the
  /// end.
  llvm::ArrayRef<StreamTally> streams() const { return Streams; }
  StreamTally total() const;

  /// Executions of each block, indexed by BlockId; blocks never executed may be
  /// missing at the end.
  llvm::ArrayRef<uint64_t> blockExecutions() const { return BlockExecutions; }

  /// Instructions (as executed) before the main executable's entry point was
  /// first reached; none if it never was or is not known.
  std::optional<uint64_t> startUpInstructions() const { return StartUp; }

private:
  /// What counting needs of a block.
  struct Shape {
    uint32_t NumInstructions;
    bool IsSpecial; ///< More is to be done than adding up: noteSpecial().
  };

  void noteNewBlocks();
  /// \p Block is executed on \p S, behind \p Last, a LastRepeat. Returns the
  /// new one.
  GuestAddr noteSpecial(const CodeBlock &Block, StreamTally &S, GuestAddr Last);

  const Program &P;
  const GuestAddr Entry;
  std::vector<StreamTally> Streams;
  std::vector<uint64_t> BlockExecutions;
  std::vector<Shape> Shapes; ///< By block.
  /// Per stream: address of the repeated string instruction executed last, or
  /// NoRepeat.
  static constexpr GuestAddr NoRepeat = ~GuestAddr(0);
  std::vector<GuestAddr> LastRepeat;
  std::optional<uint64_t> StartUp;
};

} // namespace mcad

#endif // MCAD_ATTRIBUTION_TALLY_H
