//===- Session/RecordTrace.cpp - a trace into a file ---------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Session/RecordTrace.h"
#include "Trace/TraceFile.h"

using namespace llvm;

namespace mcad {

namespace {

/// Knows of a block only how many instructions it has.
class BlockSizes : public BlockSink {
  std::vector<uint32_t> NumInstructions;

  BlockId add(size_t Count) {
    NumInstructions.push_back(static_cast<uint32_t>(Count));
    return static_cast<BlockId>(NumInstructions.size() - 1);
  }

public:
  Expected<BlockId> define(const BlockBytes &Block) override {
    return add(Block.Sizes.size());
  }
  Expected<BlockId> define(GuestAddr, ArrayRef<MCInst> Insts,
                           ArrayRef<MCInst>) override {
    return add(Insts.size());
  }
  uint32_t operator[](BlockId Id) const { return NumInstructions[index(Id)]; }
};

void addTo(StreamTotals &Sum, const Batch &B, const BlockSizes &Sizes) {
  const uint16_t *Unit = B.Units.begin();
  while (Unit != B.Units.end()) {
    if (event::isAccess(*Unit)) {
      ++Sum.Accesses;
    } else {
      ++Sum.Blocks;
      Sum.Instructions += Sizes[event::blockId(Unit)];
    }
    Unit += event::length(*Unit);
  }
}

/// What the sender says against what came.
std::string compare(ArrayRef<StreamTotals> Sent, ArrayRef<StreamTotals> Came) {
  for (const StreamTotals &S : Sent) {
    StreamTotals C;
    if (index(S.Stream) < Came.size())
      C = Came[index(S.Stream)];
    if (S.Blocks != C.Blocks || S.Instructions != C.Instructions ||
        S.Accesses != C.Accesses)
      return (Twine("stream ") + Twine(index(S.Stream)) + ": " +
              Twine(S.Instructions) + " instructions were sent and " +
              Twine(C.Instructions) + " came")
          .str();
  }
  return "";
}

} // namespace

Expected<Recorded> recordTrace(TraceSource &Source, StringRef Path,
                               Progress *Live) {
  Expected<std::unique_ptr<TraceFileWriter>> Writer =
      TraceFileWriter::create(Path);
  if (!Writer)
    return Writer.takeError();
  if (Error E = Source.recordTo(**Writer))
    return E;

  Recorded Result;
  BlockSizes Sizes;
  Batch Next;
  while (true) {
    Expected<bool> More = Source.next(Next, Sizes);
    if (!More)
      return More.takeError();
    if (!*More)
      break;
    if (Result.Streams.size() <= index(Next.Stream))
      Result.Streams.resize(index(Next.Stream) + 1);
    StreamTotals &Stream = Result.Streams[index(Next.Stream)];
    const uint64_t Before = Stream.Instructions;
    addTo(Stream, Next, Sizes);
    if (Live)
      Live->Arrived.add(Stream.Instructions - Before);
  }
  if (Error E = (*Writer)->finish())
    return E;

  const TraceEnd &End = Source.end();
  Result.Problem = End.Problem;
  if (Result.Problem.empty() && End.Totals)
    Result.Problem = compare(*End.Totals, Result.Streams);
  for (const StreamTotals &Stream : Result.Streams) {
    Result.Sum.Blocks += Stream.Blocks;
    Result.Sum.Instructions += Stream.Instructions;
    Result.Sum.Accesses += Stream.Accesses;
  }
  return Result;
}

} // namespace mcad
