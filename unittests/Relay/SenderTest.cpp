//===- unittests/Relay/SenderTest.cpp - streams through the sender --------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What goes in comes out: all of it, in order, counted; and every way to end.
///
//===----------------------------------------------------------------------===//
#include "Sender.h"
#include <gtest/gtest.h>
#include <random>
#include <sys/socket.h>
#include <unistd.h>

using namespace mcad;
using namespace mcad::qemu;

namespace {

/// Reads the peer's end of a socket pair on a thread of its own, message by
/// message.
class Peer {
  int Ends[2];
  std::thread Reader;
  std::vector<std::vector<uint8_t>> Raw;

  bool read(void *To, size_t Size) {
    return recv(Ends[1], To, Size, MSG_WAITALL) == static_cast<ssize_t>(Size);
  }

public:
  Peer() { EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, Ends), 0); }
  ~Peer() {
    if (Reader.joinable())
      Reader.join();
    close(Ends[1]);
  }

  Connection relaysEnd() { return Connection(Ends[0]); }
  void hangUp() { shutdown(Ends[1], SHUT_RDWR); }

  /// \p Pause: before each message.
  void start(std::chrono::microseconds Pause = {}) {
    Reader = std::thread([this, Pause] {
      uint32_t Size;
      while (read(&Size, sizeof(Size))) {
        std::this_thread::sleep_for(Pause);
        std::vector<uint8_t> Message(sizeof(Size) + Size);
        std::memcpy(Message.data(), &Size, sizeof(Size));
        if (!read(Message.data() + sizeof(Size), Size))
          break;
        Raw.push_back(std::move(Message));
      }
    });
  }

  /// All messages, once the relay has finished. Verified.
  std::vector<const wire::Message *> messages() {
    Reader.join();
    std::vector<const wire::Message *> All;
    for (const auto &Each : Raw) {
      flatbuffers::Verifier Check(Each.data(), Each.size(), 64, 10'000'000);
      EXPECT_TRUE(wire::VerifySizePrefixedMessageBuffer(Check));
      All.push_back(wire::GetSizePrefixedMessage(Each.data()));
    }
    return All;
  }
};

TranslatedBlock blockAt(GuestAddr Address, size_t Instructions) {
  TranslatedBlock Block;
  Block.Address = Address;
  Block.Sizes.assign(Instructions, 1);
  Block.Bytes.assign(Instructions, 0x90);
  return Block;
}

/// Executes \p Block as the relay does, its id in the form that it has.
template <Encoding How> void execute(Stream &On, ExecutedBlock Block) {
  using IdForm = Stream::IdForm;
  const auto Append = [&] {
    return event::isShort(Block.id())
               ? On.appendBlock<IdForm::Short, How>(Block)
               : On.appendBlock<IdForm::Long, How>(Block);
  };
  if (!Append()) {
    On.handOver();
    ASSERT_TRUE(Append());
  }
}

constexpr auto BlocksOnly = Encoding::Blocks;
constexpr auto WithAccesses = Encoding::BlocksAndAccesses;

void access(Stream &On, uint64_t Tag, GuestAddr Address) {
  Tag |= event::AccessBit;
  if (!On.appendAccess(Tag, Address))
    On.appendAccessSlowly(Tag, Address);
}

/// The block ids of a run.
std::vector<uint32_t> idsOf(const wire::Executed &Run) {
  std::vector<uint32_t> Ids;
  const uint16_t *Unit = Run.units()->data();
  const uint16_t *End = Unit + Run.units()->size();
  for (; Unit != End; Unit += event::length(*Unit))
    Ids.push_back(index(event::blockId(Unit)));
  return Ids;
}

void noLoss(const Problem &Loss) { ADD_FAILURE() << Loss.Text; }

} // namespace

TEST(Sender, ImagesComeBeforeTheBlocksDefinedAfterThem) {
  Peer Analyser;
  Analyser.start();
  BlockTable Blocks(BlockTable::Sites::None, BlockTable::Exits::None);
  {
    Sender Out(Analyser.relaysEnd(), BlocksOnly, Blocks, noLoss);
    const MappedImage Image = {0x1000, 0x2000, 0, "/lib.so", {}, 0};
    Out.sendImages({&Image, 1});
    Blocks.define(blockAt(0x1000, 1));
    Out.finish(wire::EndReason::Exit);
  }
  const auto Messages = Analyser.messages();
  ASSERT_EQ(Messages.size(), 3u);
  const wire::Images *Images = Messages[0]->body_as_Images();
  ASSERT_NE(Images, nullptr);
  EXPECT_EQ(Images->images()->Get(0)->path()->str(), "/lib.so");
  EXPECT_NE(Messages[1]->body_as_Blocks(), nullptr);
}

TEST(Sender, RunsArriveInOrderAndCounted) {
  Peer Analyser;
  Analyser.start();
  BlockTable Blocks(BlockTable::Sites::None, BlockTable::Exits::None);
  const size_t Executions = 3 * ChunkBytes / sizeof(uint16_t) + 17;
  {
    Sender Out(Analyser.relaysEnd(), BlocksOnly, Blocks, noLoss);
    Stream &S = Out.startStream(4);
    for (size_t I = 0; I != Executions; ++I) {
      // A new block now and then, defined just before it is executed.
      const size_t Which = I / 100'000;
      const BlockId Id = Blocks.define(blockAt(Which, Which + 1)).Id;
      execute<BlocksOnly>(S, ExecutedBlock(Id, Which + 1));
    }
    Out.finish(wire::EndReason::Exit);
    EXPECT_FALSE(Out.isTracing());
  }
  size_t Defined = 0, Executed = 0, Messages = 0;
  uint64_t Instructions = 0;
  const wire::Totals *Totals = nullptr;
  for (const wire::Message *Each : Analyser.messages()) {
    ASSERT_EQ(Totals, nullptr) << "a message behind the totals";
    if (auto *Start = Each->body_as_StreamStart()) {
      EXPECT_EQ(Start->stream(), 0u);
      EXPECT_EQ(Start->vcpu(), 4u);
    } else if (auto *New = Each->body_as_Blocks()) {
      EXPECT_EQ(New->first(), Defined);
      Defined += New->blocks()->size();
    } else if (auto *Run = Each->body_as_Executed()) {
      ++Messages;
      for (uint32_t Id : idsOf(*Run)) {
        ASSERT_LT(Id, Defined) << "executed before it was defined";
        ASSERT_EQ(Id, Executed++ / 100'000);
        Instructions += Id + 1;
      }
    } else
      Totals = Each->body_as_Totals();
  }
  EXPECT_EQ(Executed, Executions);
  EXPECT_EQ(Messages, 4u);
  ASSERT_NE(Totals, nullptr);
  EXPECT_EQ(Totals->reason(), wire::EndReason::Exit);
  EXPECT_EQ(Totals->blocks_defined(), Defined);
  const wire::StreamTotals *Sent = Totals->streams()->Get(0);
  EXPECT_EQ(Sent->blocks(), Executions);
  EXPECT_EQ(Sent->instructions(), Instructions);
  EXPECT_EQ(Sent->accesses(), 0u);
}

TEST(Sender, WhatThePeerHasSeenAtACheckpointIsWhole) {
  for (const bool HasOthers : {false, true}) {
    Peer Analyser;
    Analyser.start();
    BlockTable Blocks(BlockTable::Sites::None, BlockTable::Exits::None);
    const ExecutedBlock Block(Blocks.define(blockAt(0, 3)).Id, 3);
    {
      Sender Out(Analyser.relaysEnd(), BlocksOnly, Blocks, noLoss);
      Stream &S = Out.startStream(0);
      if (HasOthers)
        execute<BlocksOnly>(Out.startStream(1), Block);
      execute<BlocksOnly>(S, Block);
      Out.checkpoint(S, wire::EndReason::Exec);
      execute<BlocksOnly>(S, Block);
      Out.finish(wire::EndReason::Exit);
    }
    std::vector<const wire::Totals *> Totals;
    size_t Executed = 0, ExecutedBefore = 0;
    for (const wire::Message *Each : Analyser.messages()) {
      if (auto *Run = Each->body_as_Executed())
        Executed += idsOf(*Run).size();
      if (auto *Said = Each->body_as_Totals()) {
        Totals.push_back(Said);
        if (Said->reason() == wire::EndReason::Exec)
          ExecutedBefore = Executed;
      }
    }
    // With others running, nobody knows what they hold.
    ASSERT_EQ(Totals.size(), HasOthers ? 1u : 2u);
    EXPECT_EQ(Totals.back()->reason(), wire::EndReason::Exit);
    EXPECT_EQ(Totals.back()->streams()->Get(0)->blocks(), 2u);
    if (HasOthers)
      continue;
    EXPECT_EQ(Totals[0]->reason(), wire::EndReason::Exec);
    EXPECT_EQ(ExecutedBefore, 1u);
    EXPECT_EQ(Totals[0]->streams()->Get(0)->instructions(), 3u);
  }
}

TEST(Sender, AnExitRightBehindACheckpointHasItsReason) {
  Peer Analyser;
  Analyser.start();
  BlockTable Blocks(BlockTable::Sites::None, BlockTable::Exits::None);
  const ExecutedBlock Block(Blocks.define(blockAt(0, 3)).Id, 3);
  {
    Sender Out(Analyser.relaysEnd(), BlocksOnly, Blocks, noLoss);
    Stream &S = Out.startStream(0);
    execute<BlocksOnly>(S, Block);
    Out.checkpoint(S, wire::EndReason::Signal);
    Blocks.define(blockAt(0x100, 1)); // Translated, and never executed.
    Out.finish(wire::EndReason::Exit);
  }
  const wire::Totals *Last = Analyser.messages().back()->body_as_Totals();
  ASSERT_NE(Last, nullptr);
  EXPECT_EQ(Last->reason(), wire::EndReason::Signal);
  EXPECT_EQ(Last->blocks_defined(), 2u);
  EXPECT_EQ(Last->streams()->Get(0)->blocks(), 1u);
}

TEST(Sender, ACheckpointDoesNotWaitForWhatOthersAdd) {
  Peer Analyser;
  Analyser.start(std::chrono::milliseconds(2));
  BlockTable Blocks(BlockTable::Sites::None, BlockTable::Exits::None);
  const ExecutedBlock Block(Blocks.define(blockAt(0, 3)).Id, 3);
  Sender Out(Analyser.relaysEnd(), BlocksOnly, Blocks, noLoss);
  Stream &S = Out.startStream(0);
  execute<BlocksOnly>(S, Block);
  std::atomic<bool> IsBack = false, HasGivenUp = false;
  std::thread Busy([&] {
    Stream &Other = Out.startStream(1);
    for (size_t I = 0; !IsBack; ++I) {
      execute<BlocksOnly>(Other, Block);
      if (I > 400 * ChunkBytes / sizeof(uint16_t))
        HasGivenUp = IsBack = true;
    }
  });
  Out.checkpoint(S, wire::EndReason::Exec);
  IsBack = true;
  Busy.join();
  EXPECT_FALSE(HasGivenUp);
  Out.finish(wire::EndReason::Exit);
}

TEST(Sender, NobodyReturnsFromTheEndBeforeAllIsSent) {
  Peer Analyser;
  BlockTable Blocks(BlockTable::Sites::None, BlockTable::Exits::None);
  const ExecutedBlock Block(Blocks.define(blockAt(0, 3)).Id, 3);
  Sender Out(Analyser.relaysEnd(), BlocksOnly, Blocks, noLoss);
  Stream &S = Out.startStream(0);
  // More than a socket holds.
  for (size_t I = 0; I != 4 * ChunkBytes / sizeof(uint16_t); ++I)
    execute<BlocksOnly>(S, Block);
  std::thread First([&] { Out.finish(wire::EndReason::Exit); });
  while (Out.isTracing())
    std::this_thread::yield();
  std::atomic<bool> IsBack = false;
  std::thread Second([&] {
    Out.finish(wire::EndReason::Exit);
    IsBack = true;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_FALSE(IsBack);
  Analyser.start();
  Second.join();
  First.join();
  EXPECT_NE(Analyser.messages().back()->body_as_Totals(), nullptr);
}

TEST(Sender, LongIdsArriveWholeAndCounted) {
  Peer Analyser;
  Analyser.start();
  BlockTable Blocks(BlockTable::Sites::None, BlockTable::Exits::None);
  // The last short ids and the first long ones, in chunks of odd lengths.
  constexpr uint32_t First = event::LongBit - 2;
  std::vector<uint32_t> Written;
  {
    Sender Out(Analyser.relaysEnd(), BlocksOnly, Blocks, noLoss);
    Stream &S = Out.startStream(0);
    for (uint32_t Id = 0; Id != First + 5; ++Id)
      ASSERT_EQ(index(Blocks.define(blockAt(Id, 3)).Id), Id);
    for (size_t I = 0; I != ChunkBytes; ++I) {
      const uint32_t Id = First + I % 5;
      const ExecutedBlock Block(BlockId{Id}, 3);
      execute<BlocksOnly>(S, Block);
      Written.push_back(Id);
    }
    Out.finish(wire::EndReason::Exit);
  }
  std::vector<uint32_t> Read;
  const wire::Totals *Totals = nullptr;
  for (const wire::Message *Each : Analyser.messages()) {
    if (auto *Run = Each->body_as_Executed()) {
      const std::vector<uint32_t> Ids = idsOf(*Run);
      Read.insert(Read.end(), Ids.begin(), Ids.end());
    }
    if (auto *End = Each->body_as_Totals())
      Totals = End;
  }
  EXPECT_TRUE(Read == Written);
  EXPECT_EQ(Totals->streams()->Get(0)->blocks(), Written.size());
  EXPECT_EQ(Totals->streams()->Get(0)->instructions(), 3 * Written.size());
}

TEST(Sender, AStreamKnowsWhoseSitesMayCall) {
  Peer Analyser;
  Analyser.start();
  BlockTable Blocks(BlockTable::Sites::PerInstruction, BlockTable::Exits::None);
  const BlockTable::Defined First = Blocks.define(blockAt(0, 2)),
                            Second = Blocks.define(blockAt(8, 2));
  Sender Out(Analyser.relaysEnd(), WithAccesses, Blocks, noLoss);
  Stream &S = Out.startStream(0);
  execute<WithAccesses>(S, ExecutedBlock(Second.Id, 2));
  EXPECT_TRUE(AccessSite::isOf(Second.FirstSite[1].known(), S.executing()));
  EXPECT_FALSE(AccessSite::isOf(First.FirstSite[1].known(), S.executing()));
  execute<WithAccesses>(S, ExecutedBlock(First.Id, 2));
  EXPECT_FALSE(AccessSite::isOf(Second.FirstSite[1].known(), S.executing()));
  EXPECT_TRUE(AccessSite::isOf(First.FirstSite[1].known(), S.executing()));
  Out.finish(wire::EndReason::Exit);
}

TEST(Sender, EventsStartWithABlockEvenIfOneBlockFillsAChunk) {
  Peer Analyser;
  Analyser.start();
  BlockTable Blocks(BlockTable::Sites::None, BlockTable::Exits::None);
  const ExecutedBlock Block(Blocks.define(blockAt(0, 3)).Id, 3);
  // Two stretches of 4 GiB take turns, now and then a third.
  const GuestAddr Heap = 0x4000000000, Stack = 0x7fff00000000,
                  Other = 0x0123456700000000;
  const auto AddressOf = [&](size_t I) {
    return (I % 1000 == 999 ? Other : I % 3 ? Heap : Stack) + I;
  };
  const size_t Accesses = 3 * ChunkBytes / sizeof(uint64_t);
  {
    Sender Out(Analyser.relaysEnd(), WithAccesses, Blocks, noLoss);
    Stream &S = Out.startStream(0);
    // One block with more accesses than a chunk has room for, then many blocks
    // with one access.
    execute<WithAccesses>(S, Block);
    for (size_t I = 0; I != Accesses; ++I)
      access(S, 2, AddressOf(I));
    for (size_t I = 0; I != Accesses; ++I) {
      execute<WithAccesses>(S, Block);
      access(S, event::StoreBit | 3u << event::SizeShift | 1, ~GuestAddr(0));
    }
    Out.finish(wire::EndReason::Exit);
  }
  size_t InBlock = 0, Executed = 0, All = 0;
  const wire::Totals *Totals = nullptr;
  for (const wire::Message *Each : Analyser.messages()) {
    if (auto *End = Each->body_as_Totals())
      Totals = End;
    auto *Run = Each->body_as_Executed();
    if (!Run)
      continue;
    const uint16_t *Unit = Run->units()->data();
    const uint16_t *End = Unit + Run->units()->size();
    ASSERT_FALSE(event::isAccess(*Unit));
    event::HighHalves High = {};
    for (; Unit != End; Unit += event::length(*Unit)) {
      if (!event::isAccess(*Unit)) {
        EXPECT_EQ(InBlock, Executed == 0 ? 0 : Executed == 1 ? Accesses : 1);
        ++Executed;
        InBlock = 0;
        continue;
      }
      uint32_t &Upper = High[*Unit >> event::HighShift & 1];
      if (event::isWide(*Unit))
        Upper = uint32_t(Unit[4]) << 16 | Unit[3];
      const GuestAddr Address =
          uint64_t(Upper) << 32 | uint32_t(Unit[2]) << 16 | Unit[1];
      const uint16_t Kind = *Unit & ~(event::WideBit | event::HighBit);
      if (Executed > 1) {
        ASSERT_EQ(Address, ~GuestAddr(0));
        ASSERT_EQ(Kind, event::AccessBit | event::StoreBit |
                            3u << event::SizeShift | 1u);
      } else {
        ASSERT_EQ(Address, AddressOf(InBlock));
        ASSERT_EQ(Kind, event::AccessBit | 2u);
      }
      ++InBlock;
      ++All;
    }
  }
  EXPECT_EQ(Executed, Accesses + 1);
  EXPECT_EQ(All, 2 * Accesses);
  const wire::StreamTotals *Sent = Totals->streams()->Get(0);
  EXPECT_EQ(Sent->blocks(), Accesses + 1);
  EXPECT_EQ(Sent->instructions(), 3 * (Accesses + 1));
  EXPECT_EQ(Sent->accesses(), 2 * Accesses);
}

TEST(Sender, StreamsOfThreadsAreApart) {
  Peer Analyser;
  Analyser.start();
  BlockTable Blocks(BlockTable::Sites::None, BlockTable::Exits::None);
  constexpr size_t Executions = ChunkBytes / sizeof(uint16_t) + 5;
  {
    Sender Out(Analyser.relaysEnd(), BlocksOnly, Blocks, noLoss);
    std::vector<std::thread> Threads;
    for (unsigned Vcpu = 0; Vcpu != 3; ++Vcpu)
      Threads.emplace_back([&, Vcpu] {
        Stream &S = Out.startStream(Vcpu);
        const BlockId Id = Blocks.define(blockAt(Vcpu, Vcpu + 1)).Id;
        for (size_t I = 0; I != Executions; ++I)
          execute<BlocksOnly>(S, ExecutedBlock(Id, Vcpu + 1));
        Out.endStream(S);
      });
    for (std::thread &Each : Threads)
      Each.join();
    Out.finish(wire::EndReason::Exit);
  }
  // By stream: the only block that it may name, and what is known of its life.
  std::vector<size_t> Executed;
  std::vector<uint32_t> Only;
  std::vector<bool> Ended;
  for (const wire::Message *Each : Analyser.messages()) {
    if (auto *Start = Each->body_as_StreamStart()) {
      EXPECT_EQ(Start->stream(), Executed.size());
      Executed.push_back(0);
      Only.push_back(~0u);
      Ended.push_back(false);
    } else if (auto *Run = Each->body_as_Executed()) {
      ASSERT_FALSE(Ended.at(Run->stream()));
      for (uint32_t Id : idsOf(*Run)) {
        uint32_t &Mine = Only[Run->stream()];
        if (Mine == ~0u)
          Mine = Id;
        ASSERT_EQ(Id, Mine);
        ++Executed[Run->stream()];
      }
    } else if (auto *End = Each->body_as_StreamEnd())
      Ended.at(End->stream()) = true;
  }
  EXPECT_EQ(Executed, std::vector<size_t>(3, Executions));
  EXPECT_EQ(Ended, std::vector<bool>(3, true));
}

namespace {

/// A block and how many accesses it made.
using Execution = std::pair<uint32_t, uint32_t>;

/// What one thread does, at random, and remembers of it.
void actAtRandom(Sender &Out, BlockTable &Blocks, unsigned Vcpu, uint32_t Seed,
                 std::vector<Execution> &Done) {
  std::mt19937 Random(Seed);
  const auto below = [&](uint32_t N) { return Random() % N; };
  Stream &S = Out.startStream(Vcpu);
  std::vector<ExecutedBlock> Known;
  bool HoldsSome = false;
  for (unsigned Step = 0; Step != 300; ++Step) {
    switch (below(16)) {
    case 0: {
      // Some of them are other threads' too.
      const size_t Instructions = 1 + below(5);
      const GuestAddr Address = Instructions << 20 | below(100);
      Known.emplace_back(Blocks.define(blockAt(Address, Instructions)).Id,
                         Instructions);
      break;
    }
    case 1:
      // As a full chunk would be; there are no empty ones.
      if (std::exchange(HoldsSome, false))
        S.handOver();
      break;
    case 2:
      std::this_thread::sleep_for(std::chrono::microseconds(below(200)));
      break;
    case 3:
      if (below(8) == 0) {
        Out.checkpoint(S, wire::EndReason::Signal);
        HoldsSome = false;
      }
      break;
    case 4:
      Out.sendDefinitions();
      break;
    default:
      for (uint32_t Times = Known.empty() ? 0 : below(2000); Times; --Times) {
        const ExecutedBlock Block = Known[below(Known.size())];
        execute<WithAccesses>(S, Block);
        const uint32_t Accesses = below(4);
        for (uint32_t I = 0; I != Accesses; ++I)
          access(S, 0, GuestAddr(below(4)) << 32 | I);
        Done.emplace_back(index(Block.id()), Accesses);
        HoldsSome = true;
      }
    }
  }
  if (below(2))
    Out.endStream(S);
}

/// What arrived of each vCPU.
std::vector<std::vector<Execution>>
executionsOf(const std::vector<const wire::Message *> &Messages, size_t Vcpus) {
  std::vector<std::vector<Execution>> Of(Vcpus);
  std::vector<unsigned> VcpuOf; // By stream.
  size_t Defined = 0;
  for (const wire::Message *Each : Messages) {
    if (auto *Blocks = Each->body_as_Blocks()) {
      EXPECT_EQ(Blocks->first(), Defined);
      Defined += Blocks->blocks()->size();
    } else if (auto *Start = Each->body_as_StreamStart()) {
      EXPECT_EQ(Start->stream(), VcpuOf.size());
      VcpuOf.push_back(Start->vcpu());
    } else if (auto *Run = Each->body_as_Executed()) {
      std::vector<Execution> &Done = Of.at(VcpuOf.at(Run->stream()));
      const uint16_t *Unit = Run->units()->data();
      const uint16_t *End = Unit + Run->units()->size();
      EXPECT_FALSE(event::isAccess(*Unit));
      for (; Unit != End; Unit += event::length(*Unit)) {
        if (event::isAccess(*Unit)) {
          ++Done.back().second;
          continue;
        }
        const uint32_t Id = index(event::blockId(Unit));
        EXPECT_LT(Id, Defined);
        Done.emplace_back(Id, 0);
      }
    }
  }
  return Of;
}

} // namespace

// For ThreadSanitizer above all.
TEST(Sender, WhateverThreadsDoAllArrivesInTheirOrder) {
  for (uint32_t Seed = 1; Seed != 13; ++Seed) {
    SCOPED_TRACE("seed " + std::to_string(Seed));
    std::mt19937 Random(Seed);
    Peer Analyser;
    Analyser.start(std::chrono::microseconds(Random() % 3 * 100));
    BlockTable Blocks(BlockTable::Sites::None, BlockTable::Exits::None);
    std::vector<std::vector<Execution>> Done(1 + Random() % 6);
    {
      Sender Out(Analyser.relaysEnd(), WithAccesses, Blocks, noLoss);
      std::vector<std::thread> Threads;
      for (unsigned Vcpu = 0; Vcpu != Done.size(); ++Vcpu)
        Threads.emplace_back([&, Vcpu, Start = uint32_t(Random())] {
          actAtRandom(Out, Blocks, Vcpu, Start, Done[Vcpu]);
        });
      for (std::thread &Each : Threads)
        Each.join();
      Out.finish(wire::EndReason::Exit);
    }
    const std::vector<const wire::Message *> Messages = Analyser.messages();
    ASSERT_TRUE(executionsOf(Messages, Done.size()) == Done);
    const wire::Totals *Totals = Messages.back()->body_as_Totals();
    ASSERT_NE(Totals, nullptr);
    uint64_t Executed = 0, Accesses = 0, SentBlocks = 0, SentAccesses = 0;
    for (const std::vector<Execution> &Of : Done)
      for (const Execution &Each : Of) {
        ++Executed;
        Accesses += Each.second;
      }
    for (const wire::StreamTotals *Of : *Totals->streams()) {
      SentBlocks += Of->blocks();
      SentAccesses += Of->accesses();
    }
    EXPECT_EQ(SentBlocks, Executed);
    EXPECT_EQ(SentAccesses, Accesses);
  }
}

TEST(Sender, APeerThatGoesAwayStopsTracingOnceAndHarmsNobody) {
  Peer Analyser;
  BlockTable Blocks(BlockTable::Sites::None, BlockTable::Exits::None);
  const ExecutedBlock Block(Blocks.define(blockAt(0, 1)).Id, 1);
  std::atomic<int> Losses{0};
  Sender Out(Analyser.relaysEnd(), WithAccesses, Blocks,
             [&](const Problem &) { ++Losses; });
  Stream &S = Out.startStream(0);
  Analyser.hangUp();
  // More than the queue would ever take: nobody may wait for ever.
  for (size_t I = 0; I != 20 * ChunkBytes / sizeof(uint64_t); ++I) {
    execute<WithAccesses>(S, Block);
    access(S, 0, 1);
  }
  EXPECT_FALSE(Out.isTracing());
  EXPECT_EQ(Losses, 1);
  Stream &Late = Out.startStream(1);
  for (size_t I = 0; I != ChunkBytes; ++I)
    execute<WithAccesses>(Late, Block);
  // Even an endless block does not grow any more.
  for (size_t I = 0; I != ChunkBytes; ++I)
    access(Late, 0, I % 2 ? 1 : 0x0123456789abcdef);
  Out.endStream(Late);
  Out.endStream(S);
  // As in a forked child: what has ended is not touched any more.
  Out.abandon();
  Out.finish(wire::EndReason::Exit);
  EXPECT_EQ(Losses, 1);
}

TEST(Sender, StreamsOutliveTheEndOfTracing) {
  Peer Analyser;
  Analyser.start();
  BlockTable Blocks(BlockTable::Sites::None, BlockTable::Exits::None);
  const ExecutedBlock Block(Blocks.define(blockAt(0, 2)).Id, 2);
  {
    Sender Out(Analyser.relaysEnd(), BlocksOnly, Blocks, noLoss);
    Stream &S = Out.startStream(0);
    execute<BlocksOnly>(S, Block);
    Out.finish(wire::EndReason::Exit);
    for (size_t I = 0; I != ChunkBytes; ++I)
      execute<BlocksOnly>(S, Block);
    Out.finish(wire::EndReason::Exit);
  }
  auto Messages = Analyser.messages();
  const wire::Totals *Totals = Messages.back()->body_as_Totals();
  ASSERT_NE(Totals, nullptr);
  EXPECT_EQ(Totals->streams()->Get(0)->instructions(), 2u);
}
