//===- TraceReaderFuzzer.cpp - any bytes as a trace -----------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Whatever the bytes, of a connection or of a trace file, TraceReader ends,
/// hands out only what the invariants allow, and says why a trace is not whole.
/// Read in pieces of any size the outcome is the same. A check lists the first
/// breach too. Where a token is wanted, what does not begin with it is refused.
///
//===----------------------------------------------------------------------===//

#include "Require.h"
#include "Trace/TraceFile.h"
#include "Trace/TraceReader.h"

using namespace llvm;
using namespace mcad;

namespace {

class Sink : public BlockSink {
public:
  std::vector<size_t> InstructionCounts;
  size_t NumImages = 0;

  Expected<BlockId> define(const BlockBytes &Block) override {
    size_t Sum = 0;
    for (const uint8_t Size : Block.Sizes) {
      require(Size != 0);
      Sum += Size;
    }
    require(!Block.Sizes.empty());
    require(Block.Sizes.size() <= event::MaxInstructions);
    require(Sum == Block.Bytes.size());
    InstructionCounts.push_back(Block.Sizes.size());
    return static_cast<BlockId>(InstructionCounts.size() - 1);
  }
  void defineImage(const Image &Mapped) override {
    require(Mapped.Start < Mapped.End);
    require(Mapped.Path.size() <= limit::StringBytes);
    require(Mapped.BuildId.size() <= limit::BuildIdBytes);
    require(++NumImages <= limit::Images);
  }
  Expected<BlockId> define(GuestAddr, ArrayRef<MCInst>,
                           ArrayRef<MCInst>) override {
    std::abort();
  }
};

/// As a trace file begins, and no message that is taken.
bool isFile(ArrayRef<uint8_t> Bytes) {
  return StringRef(reinterpret_cast<const char *>(Bytes.data()), Bytes.size())
      .starts_with("\x89MCAD");
}

/// How the trace ended, and a sum over all that it said.
std::pair<std::string, uint64_t> read(ArrayRef<uint8_t> Bytes,
                                      size_t PieceBytes, AfterViolation Policy,
                                      StringRef Secret = {}) {
  std::unique_ptr<ByteSource> Source =
      std::make_unique<MemorySource>(Bytes, PieceBytes);
  if (isFile(Bytes)) {
    auto File = TraceFileSource::create(std::move(Source), "fuzz");
    if (!File)
      return {toString(File.takeError()), 0};
    Source = std::move(*File);
  }
  auto Reader = TraceReader::create(
      std::make_unique<MessageReader>(std::move(Source), 64),
      {"fuzz", false, Policy, limit::Blocks, Secret.str(), isFile(Bytes)});
  if (!Reader)
    return {toString(Reader.takeError()), 0};
  TraceReader &Trace = **Reader;
  Sink Blocks;
  Batch Next;
  uint64_t Sum = 0;
  StreamTotals Seen;
  while (true) {
    Expected<bool> HasNext = Trace.next(Next, Blocks);
    require(static_cast<bool>(HasNext));
    if (!*HasNext)
      break;
    require(Next.Units.empty() == Next.IsLast);
    ExecutionCursor Cursor(Next);
    Execution E;
    while (Cursor.next(E)) {
      const size_t Count = Blocks.InstructionCounts.at(index(E.Block));
      ++Seen.Blocks;
      Seen.Instructions += Count;
      Sum = Sum * 31 + index(E.Block);
      AccessCursor Accesses(E);
      MemoryAccess Access;
      size_t NumUnits = 0;
      while (Accesses.next(Access)) {
        require(Access.Instruction < Count);
        NumUnits += event::length(E.Accesses[NumUnits]);
        ++Seen.Accesses;
        Sum = Sum * 31 + Access.Address;
      }
      require(NumUnits == E.Accesses.size());
    }
  }
  StreamTotals Counted;
  for (const StreamTotals &S : Trace.arrived()) {
    Counted.Blocks += S.Blocks;
    Counted.Instructions += S.Instructions;
    Counted.Accesses += S.Accesses;
  }
  require(Counted.Blocks == Seen.Blocks);
  require(Counted.Instructions == Seen.Instructions);
  require(Counted.Accesses == Seen.Accesses);
  require(Trace.end().Problem.empty() == (Trace.numViolations() == 0));
  require(!Trace.end().Problem.empty() || Trace.end().Totals.has_value());
  return {Trace.end().Problem, Sum};
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  const ArrayRef<uint8_t> Bytes(Data, Size);
  const auto Whole = read(Bytes, SIZE_MAX, AfterViolation::EndTrace);
  const auto Pieces = read(Bytes, 3, AfterViolation::EndTrace);
  // Whether bytes behind Totals have arrived already depends on the pieces; of
  // what damage to a file spoils, how much was read before it is found.
  if (isFile(Bytes))
    require(Whole == Pieces || (!Whole.first.empty() && !Pieces.first.empty()));
  else
    require(Whole == Pieces || Pieces.first.empty());
  const auto Checked = read(Bytes, SIZE_MAX, AfterViolation::GoOn);
  require(Checked.first == Whole.first || Whole.first.empty());
  const auto Guarded =
      read(Bytes, SIZE_MAX, AfterViolation::EndTrace, "token\n");
  require(Guarded == Whole || Guarded.second == 0);
  return 0;
}
