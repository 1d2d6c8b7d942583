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

/// Chunks that may wait in the queue.
static constexpr unsigned MostChunksQueued = 8;

/// Chunks in the queue for which the sender's thread is woken: a wake-up takes
/// the guest's thread some 20 µs on a virtual machine. Half the queue keeps
/// both threads busy.
static constexpr unsigned ChunksToWakeFor = MostChunksQueued / 2;

/// Room behind a chunk's mark for the accesses of its last block: 512
/// instructions of 16 accesses each.
static constexpr size_t SlackBytes = 512 * 16 * sizeof(uint64_t);

void Stream::handOver() { Owner.handOver(*this); }

uint64_t Stream::appendAccessSlowly(uint64_t Tag, GuestAddr Address) {
  if (Next.load(std::memory_order_relaxed) >= Last)
    Owner.grow(*this);
  const auto Upper = static_cast<uint32_t>(Address >> 32);
  const unsigned Half = event::halfFor(Upper, High, OldestHigh);
  Tag &= ~uint64_t(event::HighBit);
  Tag |= uint64_t(Half) << event::HighShift;
  if (High[Half] == Upper) {
    appendAccess(Tag, Address);
    return Tag;
  }
  High[Half] = Upper;
  OldestHigh = !Half;
  ++WideAccesses;
  char *At = Next.load(std::memory_order_relaxed);
  const auto First = static_cast<uint16_t>(Tag | event::WideBit);
  std::memcpy(At, &First, sizeof(First));
  std::memcpy(At + sizeof(First), &Address, sizeof(Address));
  Next.store(At + sizeof(First) + sizeof(Address), std::memory_order_release);
  return Tag;
}

//===-- The vCPUs' side ---------------------------------------------------===//

Stream &Sender::startStream(unsigned Vcpu) {
  if (!isTracing()) {
    auto *Unsent = new Stream(*this, StreamId{});
    goRound(*Unsent);
    return *Unsent;
  }
  std::lock_guard Lock(Mutex);
  auto *New = new Stream(*this, static_cast<StreamId>(StreamsStarted++));
  New->install(emptyChunk(), 0);
  Live.push_back(New);
  Item Start;
  Start.Starts = New->Id;
  Start.Message.Message = streamStartMessage(New->Id, Vcpu, How);
  push(std::move(Start));
  return *New;
}

void Sender::endStream(Stream &Ended) {
  if (isTracing())
    sendDefinitions();
  std::unique_lock Lock(Mutex);
  if (waitForRoom(Lock)) {
    if (Ended.size())
      pushCurrent(Ended);
    Item End;
    End.Message.Message = streamEndMessage(Ended.Id);
    push(std::move(End));
  }
  // While finishing, its memory is in the queue and the process about to end.
  if (Now == State::Finishing)
    return;
  std::erase(Live, &Ended);
  delete &Ended;
}

void Sender::sendImages(std::span<const MappedImage> Found) {
  Item Images;
  Images.Message.Message = imagesMessage(Found);
  std::lock_guard Lock(Mutex);
  push(std::move(Images));
}

void Sender::pushDefinitions(Definitions New) {
  std::lock_guard Lock(Mutex);
  Item Define;
  Define.Message = std::move(New);
  push(std::move(Define));
}

void Sender::sendDefinitions() {
  Blocks.flush([this](Definitions New) { pushDefinitions(std::move(New)); });
}

void Sender::sendAllDefinitions() {
  Blocks.resend([this](Definitions All) { pushDefinitions(std::move(All)); });
}

void Sender::handOver(Stream &From) {
  if (!isTracing())
    return goRound(From);
  // Whatever the chunk names was defined before it was executed.
  sendDefinitions();
  std::unique_lock Lock(Mutex);
  if (!waitForRoom(Lock))
    return goRound(From);
  pushCurrent(From);
  From.install(emptyChunk(), 0);
}

/// Under the lock, by the thread of \p From: queues what it holds, with its
/// memory and its own counts.
void Sender::pushCurrent(Stream &From) {
  Item Work = takeCurrent(From);
  const uint64_t Counted = std::exchange(From.Counted, 0);
  const uint64_t Long = std::exchange(From.LongBlocks, 0);
  const uint64_t Wide = std::exchange(From.WideAccesses, 0);
  From.High = {};
  if (How == Encoding::BlocksAndAccesses) {
    Counts &Held = Work.Contents.emplace();
    Held.Blocks = static_cast<uint32_t>(Counted);
    Held.Instructions = Counted >> 32;
    Held.Accesses =
        (Work.PayloadBytes / sizeof(uint16_t) - Held.Blocks - Long - 2 * Wide) /
        3;
  }
  push(std::move(Work));
}

void Sender::grow(Stream &From) {
  if (!isTracing())
    return goRound(From);
  // Under the lock, because finish may be taking the chunk.
  std::lock_guard Lock(Mutex);
  if (!isTracing())
    return goRound(From);
  const size_t Used = From.size();
  Chunk Larger = Chunk::ofSize(2 * From.Current.Capacity);
  std::memcpy(Larger.Memory.get(), From.begin(), Used);
  From.install(std::move(Larger), Used);
}

void Sender::goRound(Stream &From) {
  if (From.GoesRound) {
    From.Next.store(From.begin(), std::memory_order_release);
    return;
  }
  // What it had may be in the queue, and is then no longer its own to reuse.
  From.install(Chunk::ofSize(ChunkBytes + SlackBytes), 0);
  From.GoesRound = true;
}

/// False if tracing stopped meanwhile.
bool Sender::waitForRoom(std::unique_lock<std::mutex> &Lock) {
  HasRoom.wait(
      Lock, [this] { return ChunksQueued < MostChunksQueued || !isTracing(); });
  return isTracing();
}

/// Under the lock.
Chunk Sender::emptyChunk() {
  if (Free.empty())
    return Chunk::ofSize(ChunkBytes + SlackBytes);
  // The last one used: it is the warmest in the caches.
  Chunk Warm = std::move(Free.back());
  Free.pop_back();
  return Warm;
}

/// Under the lock: what \p From holds, with its memory. Its thread may be
/// appending to it just now, so its own counts cannot be relied on.
Sender::Item Sender::takeCurrent(Stream &From) {
  Item Work;
  Work.Executes = From.Id;
  Work.PayloadBytes = From.size();
  Work.Payload = std::move(From.Current);
  return Work;
}

void Sender::push(Item What) {
  if (Now == State::Stopped)
    return;
  ++NumPushed;
  if (What.Executes) {
    ++ChunksQueued;
    Standing.reset();
  } else if (What.Totals) {
    Standing = What.Totals;
  }
  Queue.push_back(std::move(What));
  if (ChunksQueued >= ChunksToWakeFor)
    HasWork.notify_one();
}

void Sender::finish(wire::EndReason Reason) {
  std::vector<Item> Rest;
  {
    std::unique_lock Lock(Mutex);
    // Whoever returns from here ends the process, with the thread.
    if (Now == State::Finishing)
      HasRoom.wait(Lock, [this] { return IsOver; });
    if (!isTracing())
      return;
    // What a stream appends from here on lands behind what is taken.
    for (Stream *Running : Live)
      if (Running->size())
        Rest.push_back(takeCurrent(*Running));
    // QEMU 10 says so too when a signal ends the guest.
    if (Rest.empty() && Standing && Reason == wire::EndReason::Exit)
      Reason = *Standing;
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

void Sender::checkpoint(Stream &From, wire::EndReason Reason) {
  if (!isTracing())
    return;
  sendDefinitions();
  std::unique_lock Lock(Mutex);
  if (!waitForRoom(Lock))
    return;
  if (From.size()) {
    pushCurrent(From);
    From.install(emptyChunk(), 0);
  }
  if (Live.size() == 1) {
    Item Totals;
    Totals.Totals = Reason;
    push(std::move(Totals));
  }
  HasWork.notify_one();
  // Not until the queue is empty: other threads may fill it for ever.
  HasRoom.wait(Lock, [this, Mine = NumPushed] {
    return NumSent >= Mine || !isTracing();
  });
}

void Sender::abandon() {
  Now = State::Stopped;
  Peer.close();
  for (Stream *Each : Live)
    Each->Full = Each->begin();
}

//===-- The sender's thread -----------------------------------------------===//

Sender::Sender(Connection Peer, Encoding How, BlockTable &Blocks,
               LossHandler OnLoss)
    : How(How), Blocks(Blocks), OnLoss(std::move(OnLoss)),
      Peer(std::move(Peer)) {
  // A signal for the guest must not arrive here: QEMU's handler expects to run
  // on a thread that has a vCPU.
  struct AllBlocked {
    sigset_t Before;
    AllBlocked() {
      sigset_t All;
      sigfillset(&All);
      pthread_sigmask(SIG_SETMASK, &All, &Before);
    }
    ~AllBlocked() { pthread_sigmask(SIG_SETMASK, &Before, nullptr); }
  } Here;
  Thread = std::thread([this] { run(); });
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
  sendAll(Lock);
  IsOver = true;
  HasRoom.notify_all();
}

/// Under the lock, but while it sends.
void Sender::sendAll(std::unique_lock<std::mutex> &Lock) {
  for (;;) {
    HasWork.wait(Lock, [this] { return !Queue.empty() || Last; });
    if (Queue.empty())
      break;
    Item Work = std::move(Queue.front());
    Queue.pop_front();
    Lock.unlock();
    const std::error_code Error = send(Work);
    Lock.lock();
    ++NumSent;
    if (Work.Executes)
      --ChunksQueued;
    HasRoom.notify_all();
    // While finishing, a vCPU may still append behind what was taken.
    if (Work.Executes &&
        (Now == State::Finishing || Free.size() < MostChunksQueued))
      Free.push_back(std::move(Work.Payload));
    if (Error)
      return stop(Error);
  }
  Lock.unlock();
  const std::error_code Error = sendTotals(*Last);
  Lock.lock();
  if (Error)
    return stop(Error);
  Peer.finish();
}

std::error_code Sender::sendTotals(wire::EndReason Reason) {
  std::vector<wire::StreamTotals> Totals;
  for (uint32_t I = 0; I != Sent.size(); ++I)
    Totals.emplace_back(I, Sent[I].Blocks, Sent[I].Instructions,
                        Sent[I].Accesses);
  const auto Defined = static_cast<uint32_t>(InstructionCounts.size());
  return Peer.send(bytesOf(totalsMessage(Reason, Defined, Totals)));
}

/// Under the lock: the peer is gone.
void Sender::stop(std::error_code Why) {
  // While finishing, vCPUs may still append to what is queued.
  if (Now == State::Tracing)
    Queue.clear();
  Now = State::Stopped;
  HasRoom.notify_all();
  OnLoss({"the analyser went away: " + Why.message() +
          ": its trace is incomplete"});
}

std::error_code Sender::send(Item &Work) {
  if (Work.Totals)
    return sendTotals(*Work.Totals);
  if (Work.Executes) {
    const uint32_t Stream = index(*Work.Executes);
    const char *Data = Work.Payload.Memory.get();
    const std::span Payload(reinterpret_cast<const uint8_t *>(Data),
                            Work.PayloadBytes);
    const std::span Units(reinterpret_cast<const uint16_t *>(Data),
                          Work.PayloadBytes / sizeof(uint16_t));
    Sent[Stream] += Work.Contents ? *Work.Contents : count(Units);
    const auto [Before, After] = Frames[Stream].around(Payload.size());
    return Peer.send(Before, Payload, After);
  }
  if (Work.Starts) {
    Frames.emplace_back(*Work.Starts);
    Sent.emplace_back();
  }
  InstructionCounts.insert(InstructionCounts.end(),
                           Work.Message.InstructionCounts.begin(),
                           Work.Message.InstructionCounts.end());
  return Peer.send(bytesOf(Work.Message.Message));
}

Counts Sender::count(std::span<const uint16_t> Units) const {
  Counts Found;
  for (size_t I = 0; I != Units.size(); I += event::length(Units[I])) {
    if (event::isAccess(Units[I])) {
      ++Found.Accesses;
      continue;
    }
    ++Found.Blocks;
    Found.Instructions += InstructionCounts[index(event::blockId(&Units[I]))];
  }
  return Found;
}

} // namespace mcad::qemu
