//===- Qemu/Sender.cpp - the thread that writes to the analyser -----------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Queues, sends and counts, as Sender.h describes.
///
//===----------------------------------------------------------------------===//
#include "Sender.h"
#include <algorithm>
#include <csignal>

namespace mcad::qemu {

static std::span<const uint8_t> bytesOf(const MessageBytes &Message) {
  return {Message.data(), Message.size()};
}

/// Chunks that may wait in the queue: two keep both threads busy, a few more
/// even out a hiccup of the receiver.
static constexpr unsigned MostChunksQueued = 6;

/// Room behind a chunk's mark for the accesses of its last block: 512
/// instructions of 16 accesses each.
static constexpr size_t SlackBytes = 512 * 16 * sizeof(uint64_t);

char *Stream::handOver() { return Owner.handOver(*this); }
char *Stream::grow() { return Owner.grow(*this); }

//===-- The vCPUs' side ---------------------------------------------------===//

Stream &Sender::startStream(unsigned Vcpu) {
  if (!isTracing()) {
    auto *Unsent = new Stream(*this, StreamId{});
    goRound(*Unsent);
    return *Unsent;
  }
  std::lock_guard Lock(Mutex);
  auto *New = new Stream(*this, static_cast<StreamId>(StreamsStarted++));
  New->install(emptyChunk());
  Live.push_back(New);
  Item Start;
  Start.Starts = New->Id;
  Start.Message.Message = streamStartMessage(New->Id, Vcpu);
  push(std::move(Start));
  return *New;
}

void Sender::endStream(Stream &Ended) {
  if (isTracing()) {
    sendDefinitions();
    std::unique_lock Lock(Mutex);
    if (waitForRoom(Lock)) {
      if (Ended.size())
        push(takeChunk(Ended));
      Item End;
      End.Message.Message = streamEndMessage(Ended.Id);
      push(std::move(End));
      std::erase(Live, &Ended);
      delete &Ended;
      return;
    }
  }
  // While finishing, its memory is in the queue and the process about to end.
  if (Now == State::Stopped)
    delete &Ended;
}

void Sender::sendDefinitions() {
  Blocks.flush([this](Definitions New) {
    std::lock_guard Lock(Mutex);
    Item Define;
    Define.Message = std::move(New);
    push(std::move(Define));
  });
}

char *Sender::handOver(Stream &From) {
  if (!isTracing())
    return goRound(From);
  // Whatever the chunk names was defined before it was executed.
  sendDefinitions();
  std::unique_lock Lock(Mutex);
  if (!waitForRoom(Lock))
    return goRound(From);
  push(takeChunk(From));
  From.install(emptyChunk());
  return From.begin();
}

char *Sender::grow(Stream &From) {
  if (!isTracing())
    return goRound(From);
  // Under the lock, because finish may be taking the chunk.
  std::lock_guard Lock(Mutex);
  if (!isTracing())
    return goRound(From);
  const size_t Used = From.size();
  Chunk Larger = Chunk::ofSize(2 * From.Current.Capacity);
  std::memcpy(Larger.Memory.get(), From.begin(), Used);
  From.install(std::move(Larger));
  From.Next.store(From.begin() + Used, std::memory_order_release);
  return From.begin() + Used;
}

char *Sender::goRound(Stream &From) {
  if (!From.GoesRound) {
    // What it had may be in the queue, and is then no longer its own to reuse.
    From.install(Chunk::ofSize(ChunkBytes + SlackBytes));
    From.GoesRound = true;
  }
  From.Next.store(From.begin(), std::memory_order_release);
  return From.begin();
}

/// False if tracing stopped meanwhile.
bool Sender::waitForRoom(std::unique_lock<std::mutex> &Lock) {
  HasRoom.wait(
      Lock, [this] { return ChunksQueued < MostChunksQueued || !isTracing(); });
  return isTracing();
}

Chunk Sender::emptyChunk() {
  if (Free.empty())
    return Chunk::ofSize(ChunkBytes + SlackBytes);
  // The last one used: it is the warmest in the caches.
  Chunk Warm = std::move(Free.back());
  Free.pop_back();
  return Warm;
}

Sender::Item Sender::takeChunk(Stream &From) {
  Item Work;
  Work.Executes = From.Id;
  Work.PayloadBytes = From.size();
  Work.Payload = std::move(From.Current);
  return Work;
}

void Sender::push(Item What) {
  if (Now == State::Stopped)
    return;
  if (What.Executes)
    ++ChunksQueued;
  Queue.push_back(std::move(What));
  HasWork.notify_one();
}

void Sender::finish(wire::EndReason Reason) {
  if (!isTracing())
    return;
  std::vector<Item> Rest;
  {
    std::lock_guard Lock(Mutex);
    if (!isTracing())
      return;
    // What a stream appends from here on lands behind what is taken.
    for (Stream *Running : Live)
      if (Running->size())
        Rest.push_back(takeChunk(*Running));
    // Last, because from then on streams go round without the lock.
    Now = State::Finishing;
  }
  HasRoom.notify_all();
  sendDefinitions();
  {
    std::lock_guard Lock(Mutex);
    for (Item &Each : Rest)
      push(std::move(Each));
    Last = Reason;
    HasWork.notify_one();
  }
  Thread.join();
}

void Sender::abandon() {
  Now = State::Stopped;
  Peer.close();
}

//===-- The sender's thread -----------------------------------------------===//

Sender::Sender(Connection Peer, Encoding How, BlockTable &Blocks,
               LossHandler OnLoss)
    : How(How), Blocks(Blocks), OnLoss(std::move(OnLoss)),
      Peer(std::move(Peer)) {
  // A signal for the guest must not arrive here: QEMU's handler expects to run
  // on a thread that has a vCPU.
  sigset_t All, Before;
  sigfillset(&All);
  pthread_sigmask(SIG_SETMASK, &All, &Before);
  Thread = std::thread([this] { run(); });
  pthread_sigmask(SIG_SETMASK, &Before, nullptr);
}

Sender::~Sender() {
  finish(wire::EndReason::Detach);
  if (Thread.joinable())
    Thread.join();
  if (Now == State::Finishing)
    for (Stream *Each : Live)
      delete Each;
}

void Sender::run() {
  std::unique_lock Lock(Mutex);
  for (;;) {
    HasWork.wait(Lock, [this] { return !Queue.empty() || Last; });
    if (Queue.empty())
      break;
    Item Work = std::move(Queue.front());
    Queue.pop_front();
    Lock.unlock();
    const std::error_code Error = send(Work);
    Lock.lock();
    if (Error)
      return stop(Error);
    if (!Work.Executes)
      continue;
    --ChunksQueued;
    HasRoom.notify_all();
    if (Now == State::Finishing)
      // A vCPU may still append to it; the process ends anyway.
      static_cast<void>(Work.Payload.Memory.release());
    else if (Free.size() < MostChunksQueued)
      Free.push_back(std::move(Work.Payload));
  }
  std::vector<wire::StreamTotals> Totals;
  for (uint32_t I = 0; I != Sent.size(); ++I)
    Totals.emplace_back(I, Sent[I].Blocks, Sent[I].Instructions,
                        Sent[I].Accesses);
  const auto Defined = static_cast<uint32_t>(InstructionCounts.size());
  if (std::error_code Error =
          Peer.send(bytesOf(totalsMessage(*Last, Defined, Totals))))
    return stop(Error);
  Peer.finish();
}

/// Under the lock: the peer is gone.
void Sender::stop(std::error_code Why) {
  // While finishing, vCPUs may still append to what is queued.
  if (Now == State::Tracing)
    Queue.clear();
  Now = State::Stopped;
  HasRoom.notify_all();
  OnLoss({"the analyser went away: " + Why.message() +
          ": its trace is incomplete, the guest goes on untraced"});
}

std::error_code Sender::send(Item &Work) {
  if (Work.Executes) {
    const uint32_t Stream = index(*Work.Executes);
    const std::span Payload(
        reinterpret_cast<const uint8_t *>(Work.Payload.Memory.get()),
        Work.PayloadBytes);
    count(Sent[Stream], Payload);
    return Peer.send(Heads[Stream].forPayload(Payload.size()), Payload);
  }
  if (Work.Starts) {
    Heads.emplace_back(*Work.Starts, How);
    Sent.emplace_back();
  }
  InstructionCounts.insert(InstructionCounts.end(),
                           Work.Message.InstructionCounts.begin(),
                           Work.Message.InstructionCounts.end());
  return Peer.send(bytesOf(Work.Message.Message));
}

void Sender::count(Counts &Of, std::span<const uint8_t> Payload) const {
  if (How == Encoding::BlockIds) {
    const size_t Blocks = Payload.size() / sizeof(uint32_t);
    Of.Blocks += Blocks;
    for (size_t I = 0; I != Blocks; ++I) {
      uint32_t Id;
      std::memcpy(&Id, &Payload[I * sizeof(Id)], sizeof(Id));
      Of.Instructions += InstructionCounts[Id];
    }
    return;
  }
  const size_t Words = Payload.size() / sizeof(uint64_t);
  for (size_t I = 0; I != Words; ++I) {
    uint64_t Word;
    std::memcpy(&Word, &Payload[I * sizeof(Word)], sizeof(Word));
    // Blocks and accesses alternate without a pattern: no branch on which.
    const uint64_t IsBlock = event::isBlock(Word);
    Of.Blocks += IsBlock;
    Of.Accesses += 1 - IsBlock;
    const uint64_t Id = IsBlock ? index(event::blockId(Word)) : 0;
    Of.Instructions += IsBlock * InstructionCounts[Id];
    if (!IsBlock && event::isWide(Word))
      ++I;
  }
}

} // namespace mcad::qemu
