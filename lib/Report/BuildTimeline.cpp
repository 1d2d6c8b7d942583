//===- Report/BuildTimeline.cpp - a stretch, stage by stage ---------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/BuildTimeline.h"
#include "Report/InstructionText.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;

namespace mcad {

/// The row of \p P that has the instruction \p I: they are sorted by address,
/// and by bytes where code was changed.
static uint32_t rowOf(const Program &Code, InstructionId Id, const Profile &P) {
  const CodeInstruction &I = Code.instruction(Id);
  const ArrayRef<uint8_t> Bytes = Code.bytes(I);
  auto isBefore = [&](const InstructionReport &Row) {
    return Row.Address != I.Address
               ? Row.Address < I.Address
               : std::lexicographical_compare(Row.Bytes.begin(),
                                              Row.Bytes.end(), Bytes.begin(),
                                              Bytes.end());
  };
  const size_t Row =
      partition_point(P.Instructions, isBefore) - P.Instructions.begin();
  const bool IsKnown = Row != P.Instructions.size() &&
                       P.Instructions[Row].Address == I.Address &&
                       ArrayRef(P.Instructions[Row].Bytes) == Bytes;
  return IsKnown ? Row : NoIndex;
}

/// What is missing of the \p NumRows rows that were asked for, as a sentence;
/// "" if nothing is.
static std::string whatIsMissing(const TimelineInputs &In, uint64_t NumRows) {
  const ArrayRef<StreamTally> Streams = In.Counts.streams();
  if (In.Stream >= Streams.size())
    return formatv(
        "timeline: there is no stream {0}: {1} executed anything", In.Stream,
        Streams.size() == 1
            ? std::string("only stream 0")
            : formatv("{0} streams, from 0 on,", Streams.size()).str());
  const uint64_t Executed = Streams[In.Stream].Executed;
  if (Executed <= In.Numbers.From)
    return formatv("timeline: stream {0} executed {1} instructions, none of "
                   "number {2} or above",
                   In.Stream, Executed, In.Numbers.From);
  const uint64_t End = std::min(Executed, In.Numbers.To);
  if (NumRows < End - In.Numbers.From)
    return formatv("timeline: {0} of the instructions asked for are missing: "
                   "the simulation ended before they retired",
                   End - In.Numbers.From - NumRows);
  if (End < In.Numbers.To)
    return formatv("timeline: stream {0} ends with number {1}: there is no "
                   "more to show up to {2}",
                   In.Stream, Executed - 1, In.Numbers.To - 1);
  return "";
}

static void addRows(const TimelineInputs &In,
                    function_ref<uint32_t(InstructionId)> Row, Profile &Out) {
  for (auto [I, T] : enumerate(In.Times))
    if (T.Retired != InstructionTimes::Never)
      Out.Timeline.push_back({In.Stream, In.Numbers.From + I,
                              Row(T.Instruction), T.Dispatched, T.Ready,
                              T.Issued, T.Executed, T.Retired});
  if (std::string Missing = whatIsMissing(In, Out.Timeline.size());
      !Missing.empty())
    Out.Problems.push_back(std::move(Missing));
}

void addTimeline(const TimelineInputs &In, Profile &Out) {
  addRows(In, [&](InstructionId Id) { return rowOf(In.Code, Id, Out); }, Out);
}

Profile buildListingTimeline(const TimelineInputs &In,
                             unsigned AssemblerDialect) {
  Profile Out;
  Out.Instructions.resize(In.Code.numInstructions());
  const std::unique_ptr<MCInstPrinter> Printer =
      In.Code.target().createPrinter(AssemblerDialect);
  for (auto [Id, Executions] : enumerate(In.Counts.blockExecutions())) {
    const CodeBlock &Block = In.Code.block(BlockId(Id));
    for (auto [I, Instruction] : enumerate(In.Code.instructions(Block))) {
      InstructionReport &Row = Out.Instructions[Block.FirstInstruction + I];
      Row.Text = instructionText(*Printer, In.Code, Block, Instruction);
      Row.Executions = Executions;
    }
  }
  addRows(In, [](InstructionId Id) { return index(Id); }, Out);
  return Out;
}

} // namespace mcad
