//===- Broker/RawBroker.cpp - instruction bytes as a source of traces ----===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Broker/RawBroker.h"
#include "Code/Decode.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/MC/MCInst.h"

using namespace llvm;

namespace mcad {

std::optional<std::vector<uint8_t>> parseHexBytes(StringRef Text) {
  std::vector<uint8_t> Bytes;
  while (!Text.empty()) {
    auto [Line, Rest] = Text.split('\n');
    Text = Rest;
    Line = Line.split('#').first;
    SmallVector<StringRef, 32> Words;
    SplitString(Line, Words, " \t\r,");
    for (StringRef Word : Words) {
      if (!Word.consume_front("0x"))
        Word.consume_front("0X");
      std::string Binary;
      if (Word.size() % 2 || !tryGetFromHex(Word, Binary))
        return std::nullopt;
      append_range(Bytes,
                   ArrayRef(reinterpret_cast<const uint8_t *>(Binary.data()),
                            Binary.size()));
    }
  }
  return Bytes;
}

namespace {

/// One pass over blocks of at most event::MaxInstructions instructions.
class RawTrace final : public TraceSource {
public:
  RawTrace(TraceDescription Description, std::vector<uint8_t> Bytes,
           std::vector<uint8_t> Sizes)
      : Description(std::move(Description)), Bytes(std::move(Bytes)),
        Sizes(std::move(Sizes)), Left(this->Description.ListingIterations) {}

  const TraceDescription &description() const override { return Description; }
  const TraceEnd &end() const override { return End; }

  Expected<bool> next(Batch &Next, BlockSink &Sink) override {
    if (Once.empty())
      if (Error E = define(Sink))
        return E;
    if (!Left)
      return false;
    --Left;
    Next = {StreamId(0), Once};
    return true;
  }

private:
  Error define(BlockSink &Sink) {
    ArrayRef<uint8_t> RestOfSizes = Sizes;
    ArrayRef<uint8_t> RestOfBytes = Bytes;
    while (!RestOfSizes.empty()) {
      BlockBytes Block;
      Block.Address = Bytes.size() - RestOfBytes.size();
      Block.Sizes = RestOfSizes.take_front(event::MaxInstructions);
      size_t NumBytes = 0;
      for (uint8_t Size : Block.Sizes)
        NumBytes += Size;
      Block.Bytes = RestOfBytes.take_front(NumBytes);
      Expected<BlockId> Id = Sink.define(Block);
      if (!Id)
        return Id.takeError();
      ExecutionWriter(Once).block(*Id);
      RestOfSizes = RestOfSizes.drop_front(Block.Sizes.size());
      RestOfBytes = RestOfBytes.drop_front(NumBytes);
    }
    return Error::success();
  }

  TraceDescription Description;
  std::vector<uint8_t> Bytes, Sizes;
  uint64_t Left;              ///< Iterations still to be executed.
  SmallVector<uint16_t> Once; ///< The run of one iteration.
  TraceEnd End;
};

class RawBroker final : public Broker {
public:
  explicit RawBroker(std::unique_ptr<TraceSource> Only)
      : Only(std::move(Only)) {}
  Expected<std::unique_ptr<TraceSource>> nextTrace() override {
    return std::move(Only);
  }

private:
  std::unique_ptr<TraceSource> Only;
};

} // namespace

/// Cuts \p Bytes into instructions.
static std::vector<uint8_t> instructionSizes(const Target &T,
                                             ArrayRef<uint8_t> Bytes) {
  std::vector<uint8_t> Sizes;
  std::unique_ptr<MCDisassembler> Disassembler =
      T.createDisassembler(DecodeMode::Default);
  const uint64_t Smallest = T.minInstructionBytes(DecodeMode::Default);
  GuestAddr Address = 0;
  while (!Bytes.empty()) {
    MCInst Inst;
    uint64_t Size = 0;
    if (!Disassembler ||
        !decodeInstruction(T, *Disassembler, Inst, Size, Bytes, Address) ||
        !Size)
      Size = Smallest;
    Size = std::min<uint64_t>(Size, Bytes.size());
    Sizes.push_back(Size);
    Bytes = Bytes.drop_front(Size);
    Address += Size;
  }
  return Sizes;
}

Expected<std::unique_ptr<Broker>> createRawBroker(const Target &T,
                                                  const MemoryBuffer &Source,
                                                  unsigned Iterations) {
  StringRef Contents = Source.getBuffer();
  std::vector<uint8_t> Bytes;
  if (std::optional<std::vector<uint8_t>> Hex = parseHexBytes(Contents))
    Bytes = std::move(*Hex);
  else
    Bytes.assign(Contents.bytes_begin(), Contents.bytes_end());
  if (Bytes.empty())
    return createStringError(Source.getBufferIdentifier() +
                             ": no instruction bytes found");
  TraceDescription Description;
  Description.Name = Source.getBufferIdentifier().str();
  Description.IsListing = true;
  Description.ListingIterations = Iterations;
  std::vector<uint8_t> Sizes = instructionSizes(T, Bytes);
  return std::make_unique<RawBroker>(std::make_unique<RawTrace>(
      std::move(Description), std::move(Bytes), std::move(Sizes)));
}

} // namespace mcad
