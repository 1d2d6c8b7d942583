//===- mcad/Trace/Invariant.h - what is true of every trace ---------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The invariants of a trace, each a sentence, in one list: what
/// Serialization/mcad.fbs and mcad/Execution.h promise a reader. TraceReader
/// checks them all; `mcad trace check` prints the ones that do not hold.
///
/// Tested by unittests/Trace/TraceReaderTest.cpp, a trace for each that breaks
/// it.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TRACE_INVARIANT_H
#define MCAD_TRACE_INVARIANT_H

#include "mcad/Execution.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>
#include <string>

namespace mcad {

enum class Invariant : uint8_t {
  Framing,
  Soundness,
  HelloOnce,
  NoReply,
  NoToken,
  BlocksPresent,
  BlockIdsDense,
  BlockLimit,
  BlockInstructions,
  BlockBytes,
  BlockSet,
  BlockAccepted,
  ImagesPresent,
  ImageLimit,
  ImageRange,
  StringLimit,
  StreamIdsDense,
  StreamLimit,
  StreamRunning,
  ExecutedPresent,
  BlockDefined,
  EventsStartWithBlock,
  EventWhole,
  AccessInstruction,
  TotalsPresent,
  TotalsLast,
  TotalsReason,
  TotalsStreams,
  TotalsBlocks,
  TotalsCounts,
};

inline constexpr unsigned NumInvariants =
    static_cast<unsigned>(Invariant::TotalsCounts) + 1;

/// The invariant as a sentence, lower case, no full stop.
llvm::StringRef sentence(Invariant Rule);

/// One place where an invariant does not hold.
struct Violation {
  Invariant Rule;
  /// What was found instead.
  std::string Found;
  /// The message, the first being 1, and the bytes before it in the stream of
  /// frames.
  uint64_t Message = 0;
  uint64_t ByteOffset = 0;
  std::optional<StreamId> Stream;
  /// Instructions that the stream had executed before.
  std::optional<uint64_t> Instruction;

  /// One line: the sentence, what was found, and where.
  std::string str() const;
};

} // namespace mcad

#endif // MCAD_TRACE_INVARIANT_H
