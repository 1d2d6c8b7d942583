//===- mcad/Trace/TraceReader.h - messages as a trace ---------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Reads the messages of one trace, whether from a socket or a file: checks
/// every Invariant, defines blocks in the analyser's sink, and yields what was
/// executed in place, without copying.
///
/// The order of messages is a small machine: Hello, then anything but Hello,
/// then Totals. Whatever breaks an invariant (garbage, a cut, a hang-up,
/// nonsense) ends the trace with TraceEnd::Problem; what was handed out before
/// stays good, since a batch is checked whole before it is handed out.
///
/// Blocks, instructions and accesses are counted per stream on the way, from
/// what arrived, and held against the sender's Totals.
///
/// Checking costs one pass over the events, about 1 ns each; the verification
/// of a frame costs nothing per event.
///
/// Tested by unittests/Trace/TraceReaderTest.cpp, fuzz/TraceReaderFuzzer.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TRACE_TRACEREADER_H
#define MCAD_TRACE_TRACEREADER_H

#include "Trace/Invariant.h"
#include "Trace/MessageReader.h"
#include "Trace/Wire.h"
#include "mcad/Broker.h"

namespace mcad {

/// What to do with a message that breaks an invariant.
enum class AfterViolation : uint8_t {
  EndTrace, ///< The trace ends before it.
  GoOn,     ///< Leave it out, and read on where that makes sense: for a check
            ///< that lists all that is wrong.
};

/// What is known about a trace beside its messages.
struct TraceReaderOptions {
  /// TraceDescription::Name.
  std::string Name;
  /// TraceDescription::HasMemoryAccesses.
  bool HasMemoryAccesses = false;
  AfterViolation Policy = AfterViolation::EndTrace;
  /// At most limit::Blocks.
  uint32_t MaxBlocks = limit::Blocks;
  /// What a Token before Hello must say; empty: there may be any, or none.
  std::string Secret = {};
  /// The bytes have an end of their own, as a file's have: it is waited for
  /// behind the last word too, and may tell that they are damaged.
  bool AreFile = false;
};

class TraceReader : public TraceSource {
public:
  /// Reads the Hello, and what may come before it. An error if there is none,
  /// if it lacks the token, or one of a protocol that is
  /// not spoken here; \p Messages is moved from only on success, so that
  /// whoever owns a connection in it can still answer.
  static llvm::Expected<std::unique_ptr<TraceReader>>
  create(std::unique_ptr<MessageReader> &&Messages, TraceReaderOptions Options);

  const TraceDescription &description() const override { return Description; }
  llvm::Error recordTo(MessageRecorder &Recorder) override;
  llvm::Expected<bool> next(Batch &Next, BlockSink &Sink) override;
  const TraceEnd &end() const override { return End; }

  /// What arrived on each stream so far, by id.
  llvm::ArrayRef<StreamTotals> arrived() const { return Arrived; }
  uint32_t numBlocks() const {
    return static_cast<uint32_t>(InstructionCounts.size());
  }
  /// At most MaxViolations are kept; numViolations() counts all.
  llvm::ArrayRef<Violation> violations() const { return Violations; }
  uint64_t numViolations() const { return ViolationCount; }

  static constexpr size_t MaxViolations = 100;

private:
  enum class State : uint8_t { Running, SawTotals, Ended };

  std::unique_ptr<MessageReader> Messages;
  AfterViolation Policy;
  uint32_t MaxBlocks;
  uint64_t NumInstructions = 0; ///< Of the blocks that are defined.
  uint64_t PathBytes = 0;       ///< Of the images' paths.
  bool AreFile;
  TraceDescription Description;
  /// The Hello's frame, for a recorder that comes later; until next().
  Frame Hello;
  MessageRecorder *Recorder = nullptr;

  State Now = State::Running;
  /// Instructions of each block defined, by id.
  std::vector<uint16_t> InstructionCounts;
  std::vector<StreamTotals> Arrived;
  uint32_t ImageCount = 0;
  /// By stream: has ended; lost a message that broke an invariant.
  std::vector<bool> HasEnded, HasLosses;
  TraceEnd End;
  std::vector<Violation> Violations;
  uint64_t ViolationCount = 0;

  TraceReader(std::unique_ptr<MessageReader> Messages,
              TraceReaderOptions Options);

  /// Each takes one message. Executed returns whether it made a batch; Blocks
  /// an error of the sink's. Violations go to violation().
  llvm::Error takeBlocks(const wire::Blocks &M, BlockSink &Sink);
  void takeImages(const wire::Images &M, BlockSink &Sink);
  void takeStreamStart(const wire::StreamStart &M);
  bool takeStreamEnd(const wire::StreamEnd &M, Batch &Next);
  bool takeExecuted(const wire::Executed &M, Batch &Next);
  bool takeEvents(StreamTotals &Stream, llvm::ArrayRef<uint16_t> Units);
  void takeTotals(const wire::Totals &M);
  /// After Totals: whether they hold only if nothing follows.
  bool mayGoOn() const;

  bool isRunning(uint32_t Stream, llvm::StringRef What);
  /// Finds and says what is wrong with an event that the fast pass refused.
  void explainEvent(const StreamTotals &Stream, llvm::ArrayRef<uint16_t> Units,
                    size_t Position);
  enum class Severity : uint8_t { LeaveOut, Fatal };
  void violation(Severity HowBad, Invariant Rule, std::string Found,
                 std::optional<StreamId> Stream = std::nullopt,
                 std::optional<uint64_t> Instruction = std::nullopt);
};

} // namespace mcad

#endif // MCAD_TRACE_TRACEREADER_H
