//===- Analysis/BoundedQueue.h - from one thread to another --------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A queue of at most so many elements: who is too fast waits. For elements
/// that are worth a lock each, as a batch of executions is; what the sender did
/// before push() has happened before the receiver's pop().
///
/// Allocates nothing after it is made.
///
/// Any thread. Tested by unittests/Analysis/BoundedQueueTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_ANALYSIS_BOUNDEDQUEUE_H
#define MCAD_ANALYSIS_BOUNDEDQUEUE_H

#include <cassert>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <vector>

namespace mcad {

template <typename T> class BoundedQueue {
  std::mutex Lock; ///< Of all below.
  std::condition_variable HasRoom, HasElement;
  std::vector<T> Ring;
  size_t First = 0, Count = 0;
  bool IsClosed = false;

public:
  explicit BoundedQueue(size_t Capacity) : Ring(Capacity) {
    assert(Capacity && "nothing would ever pass");
  }

  /// Waits for room. Not after close().
  void push(T Element) {
    std::unique_lock<std::mutex> Held(Lock);
    assert(!IsClosed);
    HasRoom.wait(Held, [this] { return Count != Ring.size(); });
    Ring[(First + Count) % Ring.size()] = std::move(Element);
    ++Count;
    Held.unlock();
    HasElement.notify_one();
  }

  /// The oldest element; waits for one. None if it was closed, and all that
  /// was pushed before has been taken.
  std::optional<T> pop() {
    std::unique_lock<std::mutex> Held(Lock);
    HasElement.wait(Held, [this] { return Count || IsClosed; });
    if (!Count)
      return std::nullopt;
    std::optional<T> Element = std::move(Ring[First]);
    First = (First + 1) % Ring.size();
    --Count;
    Held.unlock();
    HasRoom.notify_one();
    return Element;
  }

  /// Nothing more comes.
  void close() {
    {
      const std::lock_guard<std::mutex> Held(Lock);
      IsClosed = true;
    }
    HasElement.notify_all();
  }
};

} // namespace mcad

#endif // MCAD_ANALYSIS_BOUNDEDQUEUE_H
