//===- Traces.h - traces for tests ----------------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Traces from text, and what a reader makes of them.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_UNITTESTS_TRACE_TRACES_H
#define MCAD_UNITTESTS_TRACE_TRACES_H

#include "Trace/TraceReader.h"
#include "Trace/TraceText.h"
#include "llvm/Support/Endian.h"
#include <gtest/gtest.h>

namespace mcad::test {

/// Puts the size prefixes back.
class FrameCollector : public MessageRecorder {
public:
  std::vector<uint8_t> Bytes;

  llvm::Error record(llvm::ArrayRef<uint8_t> Message) override {
    uint8_t Prefix[FramePrefixBytes];
    llvm::support::endian::write32le(Prefix, Message.size());
    Bytes.insert(Bytes.end(), Prefix, Prefix + FramePrefixBytes);
    Bytes.insert(Bytes.end(), Message.begin(), Message.end());
    return llvm::Error::success();
  }
};

/// The frames that \p Text says.
inline std::vector<uint8_t> frames(llvm::StringRef Text) {
  FrameCollector Out;
  if (llvm::Error E = assembleTrace(Text, "test", Out))
    ADD_FAILURE() << llvm::toString(std::move(E));
  return Out.Bytes;
}

inline std::unique_ptr<MessageReader> messages(llvm::ArrayRef<uint8_t> Bytes,
                                               size_t PieceBytes = SIZE_MAX) {
  return std::make_unique<MessageReader>(
      std::make_unique<MemorySource>(Bytes, PieceBytes));
}

inline std::string dumped(llvm::ArrayRef<uint8_t> Bytes) {
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  if (llvm::Error E = dumpTrace(*messages(Bytes), OS))
    Text += "error: " + llvm::toString(std::move(E)) + "\n";
  return Text;
}

/// Keeps the blocks that a trace defines.
class BlockCollector : public BlockSink {
public:
  std::vector<uint64_t> Addresses;
  std::vector<InstructionSet> Sets;
  std::vector<Image> Images;
  /// Blocks that were defined before each image.
  std::vector<size_t> BlocksBefore;
  /// From this block on, refuses.
  uint32_t NumAccepted = UINT32_MAX;

  llvm::Expected<BlockId> define(const BlockBytes &Block) override {
    if (Addresses.size() == NumAccepted)
      return llvm::createStringError("not this one");
    Addresses.push_back(Block.Address);
    Sets.push_back(Block.Set);
    return static_cast<BlockId>(Addresses.size() - 1);
  }
  void defineImage(const Image &Mapped) override {
    Images.push_back(Mapped);
    BlocksBefore.push_back(Addresses.size());
  }
  llvm::Expected<BlockId> define(GuestAddr, llvm::ArrayRef<llvm::MCInst>,
                                 llvm::ArrayRef<llvm::MCInst>) override {
    return llvm::createStringError("a trace of the wire has bytes");
  }
};

/// Everything a trace said.
struct Outcome {
  /// The error of TraceReader::create; then the rest is empty.
  std::string Refusal;
  TraceDescription Description;
  BlockCollector Blocks;
  /// Each batch as `stream: ids` or `stream: words`.
  std::vector<std::pair<uint32_t, std::vector<uint64_t>>> Batches;
  std::vector<uint32_t> Ended; ///< Streams, in order.
  TraceEnd End;
  std::vector<Violation> Violations;
  std::vector<StreamTotals> Arrived;
};

inline Outcome
read(llvm::ArrayRef<uint8_t> Bytes,
     TraceReaderOptions Options = {"test", false, AfterViolation::EndTrace,
                                   limit::Blocks},
     size_t PieceBytes = SIZE_MAX, uint32_t NumAccepted = UINT32_MAX) {
  Outcome Result;
  Result.Blocks.NumAccepted = NumAccepted;
  auto Reader = TraceReader::create(messages(Bytes, PieceBytes), Options);
  if (!Reader) {
    Result.Refusal = llvm::toString(Reader.takeError());
    return Result;
  }
  Result.Description = (*Reader)->description();
  Batch Next;
  while (true) {
    llvm::Expected<bool> HasNext = (*Reader)->next(Next, Result.Blocks);
    if (!HasNext) {
      ADD_FAILURE() << llvm::toString(HasNext.takeError());
      break;
    }
    if (!*HasNext)
      break;
    EXPECT_EQ(Next.Units.empty(), Next.IsLast);
    if (Next.IsLast) {
      Result.Ended.push_back(index(Next.Stream));
      continue;
    }
    EXPECT_EQ(reinterpret_cast<uintptr_t>(Next.Units.data()) % 2, 0u);
    std::vector<uint64_t> Units(Next.Units.begin(), Next.Units.end());
    Result.Batches.emplace_back(index(Next.Stream), std::move(Units));
  }
  Result.End = (*Reader)->end();
  Result.Violations = (*Reader)->violations().vec();
  Result.Arrived = (*Reader)->arrived().vec();
  return Result;
}

} // namespace mcad::test

#endif // MCAD_UNITTESTS_TRACE_TRACES_H
