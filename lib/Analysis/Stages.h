//===- Analysis/Stages.h - work in stages, a thread for each -------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Moves items through stages, each of which sees all of them, in order. There
/// are a few items, made once and filled again and again: they go from stage to
/// stage and back, so that memory is bounded, the fast wait for the slow, and
/// nothing is allocated on the way but what an item itself grows by.
///
/// Invariant: what a stage sees does not depend on the threads. What only one
/// stage touches needs no lock, nor does what a stage is told in the item.
///
/// Tested by unittests/Analysis/StagesTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_ANALYSIS_STAGES_H
#define MCAD_ANALYSIS_STAGES_H

#include "Analysis/BoundedQueue.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include <ctime>
#include <deque>
#include <functional>
#include <thread>

namespace mcad {

enum class Threading : uint8_t {
  Inline,   ///< All on the caller's: one core, or too little to do.
  PerStage, ///< The first on the caller's, and one thread for each other.
};

/// CPU time that one stage takes.
class StageClock {
  double Sum = 0;

  /// Of the calling thread.
  static double now() {
    timespec Time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &Time);
    return Time.tv_sec + Time.tv_nsec * 1e-9;
  }

public:
  /// Runs \p Work and adds its time.
  template <typename Function> auto measure(Function Work) {
    struct Adder {
      double &Sum;
      const double Start = now();
      ~Adder() { Sum += now() - Start; }
    } Time{Sum};
    return Work();
  }
  double seconds() const { return Sum; }
};

/// Calls \p First with an item until it returns false; each item that it filled
/// goes through \p Rest. Returns the CPU seconds of the first stage and of each
/// of the rest.
template <typename Item>
llvm::SmallVector<double, 3>
runStages(llvm::function_ref<bool(Item &)> First,
          llvm::ArrayRef<std::function<void(Item &)>> Rest, Threading How) {
  std::vector<StageClock> Clocks(1 + Rest.size());
  auto first = [&](Item &I) {
    return Clocks[0].measure([&] { return First(I); });
  };
  auto rest = [&](size_t Stage, Item &I) {
    Clocks[1 + Stage].measure([&] { Rest[Stage](I); });
  };

  if (How == Threading::Inline || Rest.empty()) {
    Item Only;
    while (first(Only))
      for (size_t Stage = 0; Stage != Rest.size(); ++Stage)
        rest(Stage, Only);
  } else {
    // One at work and one waiting for each stage.
    std::vector<Item> Items(2 * (1 + Rest.size()));
    // What waits for each of the rest, and at the end what is free again. No
    // push ever waits: a queue has room for all.
    std::deque<BoundedQueue<Item *>> Queues;
    for (size_t Stage = 0; Stage != Rest.size() + 1; ++Stage)
      Queues.emplace_back(Items.size());
    BoundedQueue<Item *> &Free = Queues.back();
    for (Item &I : Items)
      Free.push(&I);

    std::vector<std::thread> Threads;
    for (size_t Stage = 0; Stage != Rest.size(); ++Stage)
      Threads.emplace_back([&, Stage] {
        while (const std::optional<Item *> I = Queues[Stage].pop()) {
          rest(Stage, **I);
          Queues[Stage + 1].push(*I);
        }
        Queues[Stage + 1].close();
      });
    for (Item *I = *Free.pop(); first(*I); I = *Free.pop())
      Queues.front().push(I);
    Queues.front().close();
    for (std::thread &Thread : Threads)
      Thread.join();
  }

  llvm::SmallVector<double, 3> Seconds;
  for (const StageClock &Clock : Clocks)
    Seconds.push_back(Clock.seconds());
  return Seconds;
}

} // namespace mcad

#endif // MCAD_ANALYSIS_STAGES_H
