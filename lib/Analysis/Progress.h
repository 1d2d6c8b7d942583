//===- Analysis/Progress.h - how far an analysis is ----------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What whoever waits for an analysis may look at while it runs, from any
/// thread. Grows once per batch; each number has one writer, the thread of its
/// stage, so that nothing is locked. The numbers are of slightly different
/// moments.
///
/// Tested by unittests/Analysis/AnalyzeTraceTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_ANALYSIS_PROGRESS_H
#define MCAD_ANALYSIS_PROGRESS_H

#include <atomic>
#include <cstdint>

namespace mcad {

class Progress {
public:
  class Count {
    std::atomic<uint64_t> Value{0};

  public:
    /// Any thread.
    void add(uint64_t More) {
      Value.fetch_add(More, std::memory_order_relaxed);
    }
    uint64_t get() const { return Value.load(std::memory_order_relaxed); }
  };

  Count Arrived;   ///< Instructions that were received and counted.
  Count Simulated; ///< Of them, instructions that an engine was given.
  Count Cycles;    ///< Simulated, summed over streams.
};

} // namespace mcad

#endif // MCAD_ANALYSIS_PROGRESS_H
