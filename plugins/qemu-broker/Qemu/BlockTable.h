//===- Qemu/BlockTable.h - the blocks of the guest's code, each once ------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Gives translated blocks their ids and collects the definitions that are
/// still to be sent.
///
/// QEMU translates the same code again and again: after a flush of its cache,
/// or when a page was written to. A block with the same address, bytes and
/// state is the same block and keeps its id, so the table is bounded by the
/// guest's code, not by the number of translations. Where a file was unmapped,
/// what comes next is another block even if it looks the same: it may be
/// another file's.
///
/// Ids are dense in the order of definition, on the wire too: definitions leave
/// through flush only, in order, under the table's lock.
///
/// Tested by unittests/Relay/BlockTableTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_QEMU_BLOCKTABLE_H
#define MCAD_QEMU_BLOCKTABLE_H

#include "AccessSite.h"
#include "MessageWriter.h"
#include "ThumbState.h"
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace mcad::qemu {

/// A block as QEMU translated it.
struct TranslatedBlock {
  GuestAddr Address = 0;
  wire::InstructionSet Set = wire::InstructionSet::Default;
  bool InMainCode = true;
  /// The last instruction may be shorter than its size says.
  bool OpenEnd = false;
  std::vector<uint8_t> Sizes; ///< Bytes of each instruction; never empty.
  std::vector<uint8_t> Bytes; ///< All instructions, back to back.
  std::string Disassembly;    ///< Of the first instruction, if Ambiguous.
};

/// Definitions on their way out.
struct Definitions {
  MessageBytes Message;
  std::vector<uint16_t> InstructionCounts; ///< Of the blocks, in order.
};

class BlockTable {
public:
  enum class Sites : uint8_t { None, PerInstruction };
  enum class Exits : uint8_t { None, Recorded };

  /// \p Access: whether blocks carry sites for memory callbacks. \p Direct:
  /// whether their exits are kept, to tell ARM from Thumb.
  BlockTable(Sites Access, Exits Direct) : Access(Access), Direct(Direct) {}

  struct Defined {
    BlockId Id;
    AccessSite *FirstSite; ///< One per instruction, or null. The table's.
  };

  /// The id of \p Block, defining it if it is new. Any thread.
  Defined define(const TranslatedBlock &Block);

  /// The blocks defined in [\p Start, \p End) are not translated again: what is
  /// defined there from here on is new. Their ids and sites stay. Any thread.
  void forget(GuestAddr Start, GuestAddr End);

  DirectExits exits(BlockId Id) const;

  /// Hands what was defined since the last call to \p Send, under the table's
  /// lock; does not call it if there is nothing. Any thread.
  void flush(const std::function<void(Definitions)> &Send);

  /// Whether definitions wait that should not wait for the next chunk.
  bool wantsFlush() const;

  /// Hands the definitions of all blocks there are to \p Send, as flush does,
  /// for an analyser that has seen none: ids and sites stay as they are.
  void resend(const std::function<void(Definitions)> &Send);

  /// Around a fork, so that the child finds the table whole and free.
  void lockForFork() { Mutex.lock(); }
  void unlockAfterFork() { Mutex.unlock(); }

private:
  struct Known {
    const std::string *Content; ///< The key in Ids, or in Forgotten.
    // What is said about it.
    bool InMainCode;
    std::string Disassembly;
    std::unique_ptr<AccessSite[]> Sites;
    DirectExits Exits;
  };

  const Sites Access;
  const Exits Direct;
  mutable std::mutex Mutex; ///< Guards all below.
  using IdMap = std::unordered_map<std::string, uint32_t>;
  IdMap Ids; ///< By content.
  std::vector<IdMap::node_type> Forgotten;
  std::vector<Known> Blocks; ///< By id.
  size_t NumFlushed = 0;     ///< The first so many blocks.
  flatbuffers::FlatBufferBuilder Pending;
  std::vector<flatbuffers::Offset<wire::Block>> PendingBlocks;
  std::vector<uint16_t> PendingCounts;

  void addPending(const Known &Block);
  void flushPending(const std::function<void(Definitions)> &Send);
};

} // namespace mcad::qemu

#endif // MCAD_QEMU_BLOCKTABLE_H
