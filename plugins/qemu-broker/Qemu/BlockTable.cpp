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

namespace mcad::qemu {

/// Pending definitions that are sent without waiting for a chunk. Small against
/// the largest message that a receiver takes, large against a system call.
static constexpr size_t FlushBytes = 256 * 1024;

/// All that makes a block itself, as bytes; sizes tell where the rest begins.
static std::string contentOf(const TranslatedBlock &Block) {
  std::string Content;
  Content.reserve(12 + Block.Sizes.size() + Block.Bytes.size());
  Content.append(reinterpret_cast<const char *>(&Block.Address),
                 sizeof(Block.Address));
  Content += static_cast<char>(Block.Set);
  Content += static_cast<char>(Block.OpenEnd);
  Content.append(Block.Sizes.begin(), Block.Sizes.end());
  Content += '\0'; // No instruction has this size.
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
    if (Direct == Exits::Recorded)
      New.Exits =
          directExits(Block.Address, Block.Set, Block.Sizes, Block.Bytes);
    if (Access == Sites::PerInstruction) {
      New.Sites = std::make_unique<AccessSite[]>(Instructions);
      for (unsigned I = 0; I != Instructions; ++I)
        New.Sites[I].reset(static_cast<BlockId>(Entry->second), I);
    }
    auto Sizes = Pending.CreateVector(Block.Sizes);
    auto Bytes = Pending.CreateVector(Block.Bytes);
    flatbuffers::Offset<flatbuffers::String> Disassembly;
    if (!Block.Disassembly.empty())
      Disassembly = Pending.CreateString(Block.Disassembly);
    PendingBlocks.push_back(wire::CreateBlock(Pending, Block.Address, Block.Set,
                                              Block.InMainCode, Sizes, Bytes,
                                              Block.OpenEnd, Disassembly));
    PendingCounts.push_back(static_cast<uint16_t>(Instructions));
  }
  return {static_cast<BlockId>(Entry->second),
          Blocks[Entry->second].Sites.get()};
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
  if (PendingBlocks.empty())
    return;
  const size_t First = Blocks.size() - PendingBlocks.size();
  auto Body = wire::CreateBlocks(Pending, static_cast<uint32_t>(First),
                                 Pending.CreateVector(PendingBlocks));
  wire::FinishSizePrefixedMessageBuffer(
      Pending, wire::CreateMessage(Pending, wire::Body::Blocks, Body.Union()));
  PendingBlocks.clear();
  Send({Pending.Release(), std::exchange(PendingCounts, {})});
}

} // namespace mcad::qemu
