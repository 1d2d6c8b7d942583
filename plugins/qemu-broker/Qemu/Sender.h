//===- Qemu/Sender.h - the thread that writes to the analyser -------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Takes full chunks from the vCPUs and writes them to the connection from a
/// thread of its own, so that the guest goes on meanwhile: a gigabyte over
/// loopback TCP costs the writer 0.27 s of CPU (bench/relay.py's machine), as
/// much as executing it.
///
/// Concurrency: each stream is appended to by its vCPU's thread; all else goes
/// through one queue under one lock, taken once per chunk. The sender's thread
/// is woken for several chunks at once. The queue holds few of them: when it is
/// full the guest waits, which is the back-pressure of the connection handed
/// on. Nothing is ever dropped while tracing.
///
/// Order is the promise: a block's definition is queued before the first chunk
/// that names it, a stream's start before its chunks. What is sent was counted
/// as it was executed, for the Totals.
///
/// Tracing ends once, by finish (the guest's end), by the peer's going away, or
/// in a forked child by abandon.
///
/// Tested by unittests/Relay/SenderTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_QEMU_SENDER_H
#define MCAD_QEMU_SENDER_H

#include "BlockTable.h"
#include "Connection.h"
#include "Stream.h"
#include <condition_variable>
#include <deque>
#include <optional>
#include <thread>

namespace mcad::qemu {

class Sender {
public:
  /// Called at most once, from the sender's thread, if the peer goes away.
  using LossHandler = std::function<void(const Problem &)>;

  /// Starts the thread; throws std::system_error if there can be none.
  /// \p Blocks outlives the sender.
  Sender(Connection Peer, Encoding How, BlockTable &Blocks, LossHandler OnLoss);
  ~Sender();

  /// False for ever once tracing has stopped. Any thread.
  bool isTracing() const {
    return Now.load(std::memory_order_relaxed) == State::Tracing;
  }

  /// A stream for a vCPU; it is usable even after tracing stopped. The
  /// sender's, until endStream.
  Stream &startStream(unsigned Vcpu);
  /// Sends what \p Ended still holds, and its end. Called by the vCPU's thread,
  /// which does not use it afterwards.
  void endStream(Stream &Ended);

  /// Queues \p Found, ahead of all blocks defined from now on.
  void sendImages(std::span<const MappedImage> Found);

  /// Queues the definitions of blocks that nothing has been sent of yet; or of
  /// all there are, on a new connection, before anything is executed.
  void sendDefinitions();
  void sendAllDefinitions();

  /// Sends what all streams hold and the totals, and waits until it is gone.
  /// Other vCPUs may still run, and end the guest as well. An exit behind a
  /// checkpoint, with nothing executed between, is what that was made for.
  void finish(wire::EndReason Reason);

  /// Sends what \p From holds, and totals that hold only if nothing follows,
  /// and waits until all is gone: its thread is about to do what the process
  /// may not survive. Without totals if other streams run: what they hold is
  /// lost then. Called by the thread of \p From.
  void checkpoint(Stream &From, wire::EndReason Reason);

  /// Around a fork, so that the child finds the sender whole and free. Not to
  /// be locked by who holds another lock of the sender's.
  void lockForFork() { Mutex.lock(); }
  void unlockAfterFork() { Mutex.unlock(); }

  /// In a forked child, between the two: drops the connection without a word;
  /// it is the parent's. The next block of each stream takes the slow way. The
  /// sender cannot be destroyed: its thread is not in this process.
  void abandon();

private:
  friend class Stream;
  enum class State : uint8_t {
    Tracing,
    Finishing, ///< The guest ends; streams may be in the queue.
    Stopped,   ///< The peer is gone, or this is a forked child.
  };

  /// One thing to send: a message, or the payload of an Executed.
  struct Item {
    std::optional<StreamId> Starts; ///< Message starts this stream.
    Definitions Message;
    std::optional<StreamId> Executes;
    Chunk Payload;
    size_t PayloadBytes = 0;
    std::optional<Counts> Contents; ///< Else to be counted before it is sent.
    std::optional<wire::EndReason> Totals; ///< Of all that was sent before.
  };

  const Encoding How;
  BlockTable &Blocks;
  const LossHandler OnLoss;
  std::atomic<State> Now{State::Tracing};

  std::mutex Mutex; ///< Guards all up to the next paragraph.
  std::condition_variable HasWork, HasRoom;
  std::deque<Item> Queue;
  uint64_t NumPushed = 0, NumSent = 0; ///< Of the queue's items, in all.
  unsigned ChunksQueued = 0;
  std::vector<Chunk> Free;
  std::vector<Stream *> Live;
  uint32_t StreamsStarted = 0;
  /// Of the checkpoint since which nothing was executed, if there is one.
  std::optional<wire::EndReason> Standing;
  std::optional<wire::EndReason> Last; ///< Send totals once the queue is empty.
  bool IsOver = false;                 ///< The thread does nothing any more.

  // The sender thread's own.
  Connection Peer;
  std::vector<uint16_t> InstructionCounts; ///< By block id.
  std::vector<Counts> Sent;                ///< By stream id.
  std::vector<ExecutedFrame> Frames;       ///< By stream id.

  std::thread Thread;

  void run();
  void sendAll(std::unique_lock<std::mutex> &Lock);
  std::error_code send(Item &What);
  std::error_code sendTotals(wire::EndReason Reason);
  void stop(std::error_code Why);
  Counts count(std::span<const uint16_t> Units) const;
  void push(Item What); ///< Under the lock.
  void pushDefinitions(Definitions New);
  static Item takeCurrent(Stream &From);
  bool waitForRoom(std::unique_lock<std::mutex> &Lock);
  Chunk emptyChunk();
  void pushCurrent(Stream &From);
  void handOver(Stream &From);
  void grow(Stream &From);
  static void goRound(Stream &From);
};

} // namespace mcad::qemu

#endif // MCAD_QEMU_SENDER_H
