//===- Qemu/BlockTable.cpp - the blocks of the guest's code, each once ----===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Keeps what BlockTable.h describes.
///
//===----------------------------------------------------------------------===//
#include "BlockTable.h"
#include <cassert>
#include <cstring>

namespace mcad::qemu {

/// Pending definitions that are sent without waiting for a chunk. Small against
/// the largest message that a receiver takes, large against a system call.
static constexpr size_t FlushBytes = 256 * 1024;

/// All that makes a block itself, as bytes; sizes tell where the rest begins.
namespace {

/// What a block's content begins with. Behind it are sizes and bytes.
struct ContentHead {
  GuestAddr Address;
  uint32_t NumBytes;
  uint16_t NumInstructions;
  wire::InstructionSet Set;
  bool OpenEnd;
};

} // namespace

static std::string contentOf(const TranslatedBlock &Block) {
  ContentHead Head;
  std::memset(&Head, 0, sizeof(Head));
  Head.Address = Block.Address;
  Head.NumBytes = static_cast<uint32_t>(Block.Bytes.size());
  Head.NumInstructions = static_cast<uint16_t>(Block.Sizes.size());
  Head.Set = Block.Set;
  Head.OpenEnd = Block.OpenEnd;
  std::string Content(reinterpret_cast<const char *>(&Head), sizeof(Head));
  Content.reserve(sizeof(Head) + Block.Sizes.size() + Block.Bytes.size());
  Content.append(Block.Sizes.begin(), Block.Sizes.end());
  Content.append(Block.Bytes.begin(), Block.Bytes.end());
  return Content;
}

BlockTable::Defined BlockTable::define(const TranslatedBlock &Block) {
  const size_t Instructions = Block.Sizes.size();
  assert(Instructions != 0 && Instructions <= event::MaxInstructions);

  std::lock_guard Lock(Mutex);
  auto [Entry, IsNew] =
      Ids.try_emplace(contentOf(Block), static_cast<uint32_t>(Blocks.size()));
  if (IsNew) {
    Known &New = Blocks.emplace_back();
    New.Content = &Entry->first;
    New.InMainCode = Block.InMainCode;
    New.Disassembly = Block.Disassembly;
    if (Direct == Exits::Recorded)
      New.Exits =
          directExits(Block.Address, Block.Set, Block.Sizes, Block.Bytes);
    if (Access == Sites::PerInstruction) {
      New.Sites = std::make_unique<AccessSite[]>(Instructions);
      for (unsigned I = 0; I != Instructions; ++I)
        New.Sites[I].reset(static_cast<BlockId>(Entry->second), I);
    }
    addPending(New);
  }
  return {static_cast<BlockId>(Entry->second),
          Blocks[Entry->second].Sites.get()};
}

void BlockTable::forget(GuestAddr Start, GuestAddr End) {
  std::lock_guard Lock(Mutex);
  for (auto Next = Ids.begin(); Next != Ids.end();) {
    const auto At = Next++;
    ContentHead Head;
    std::memcpy(&Head, At->first.data(), sizeof(Head));
    if (Start <= Head.Address && Head.Address < End)
      Forgotten.push_back(Ids.extract(At));
  }
}

DirectExits BlockTable::exits(BlockId Id) const {
  std::lock_guard Lock(Mutex);
  return Blocks[index(Id)].Exits;
}

bool BlockTable::wantsFlush() const {
  std::lock_guard Lock(Mutex);
  return Pending.GetSize() >= FlushBytes;
}

void BlockTable::flush(const std::function<void(Definitions)> &Send) {
  std::lock_guard Lock(Mutex);
  flushPending(Send);
}

void BlockTable::resend(const std::function<void(Definitions)> &Send) {
  std::lock_guard Lock(Mutex);
  Pending.Clear();
  PendingBlocks.clear();
  PendingCounts.clear();
  NumFlushed = 0;
  for (const Known &Each : Blocks) {
    addPending(Each);
    if (Pending.GetSize() >= FlushBytes)
      flushPending(Send);
  }
  flushPending(Send);
}

/// Under the lock.
void BlockTable::addPending(const Known &Block) {
  const auto *At = reinterpret_cast<const uint8_t *>(Block.Content->data());
  ContentHead Head;
  std::memcpy(&Head, At, sizeof(Head));
  At += sizeof(Head);
  auto Sizes = Pending.CreateVector(At, Head.NumInstructions);
  At += Head.NumInstructions;
  auto Bytes = Pending.CreateVector(At, Head.NumBytes);
  flatbuffers::Offset<flatbuffers::String> Disassembly;
  if (!Block.Disassembly.empty())
    Disassembly = Pending.CreateString(Block.Disassembly);
  PendingBlocks.push_back(wire::CreateBlock(Pending, Head.Address, Head.Set,
                                            Block.InMainCode, Sizes, Bytes,
                                            Head.OpenEnd, Disassembly));
  PendingCounts.push_back(Head.NumInstructions);
}

/// Under the lock.
void BlockTable::flushPending(const std::function<void(Definitions)> &Send) {
  if (PendingBlocks.empty())
    return;
  auto Body = wire::CreateBlocks(Pending, static_cast<uint32_t>(NumFlushed),
                                 Pending.CreateVector(PendingBlocks));
  NumFlushed += PendingBlocks.size();
  wire::FinishSizePrefixedMessageBuffer(
      Pending, wire::CreateMessage(Pending, wire::Body::Blocks, Body.Union()));
  PendingBlocks.clear();
  Send({Pending.Release(), std::exchange(PendingCounts, {})});
}

} // namespace mcad::qemu
