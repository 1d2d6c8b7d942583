//===- mcad/LiveLine.h - how far it is, on the terminal ------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A line on standard error that says four times a second how far an analysis
/// is, and goes away with its owner:
///
///   mcad: 61.4 M instructions, 48.2 M/s, 33.0 M cycles, IPC 1.86, 0.2 M behind
///
/// Behind are the instructions that have come from the guest and are not
/// simulated yet. There are never many: the guest waits where the analyser
/// cannot follow, so that the rate is that of both.
///
/// Tested by test/FrontEnd/live-line.test.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TOOLS_MCAD_LIVELINE_H
#define MCAD_TOOLS_MCAD_LIVELINE_H

#include "Analysis/Progress.h"
#include "llvm/ADT/StringRef.h"
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

namespace mcad {

class LiveLine {
  const Progress &Now;
  const std::string Label;
  const std::chrono::steady_clock::time_point Start;
  std::mutex Lock; ///< Of IsOver.
  std::condition_variable Wakes;
  bool IsOver = false;
  std::thread Printer;

  void print() const;

public:
  /// Null if standard error is no terminal, or \p IsQuiet. \p Label stands in
  /// front. \p Now must outlive it.
  static std::unique_ptr<LiveLine> create(const Progress &Now,
                                          llvm::StringRef Label, bool IsQuiet);

  LiveLine(const Progress &Now, llvm::StringRef Label);
  /// Removes the line.
  ~LiveLine();
  LiveLine(const LiveLine &) = delete;
  LiveLine &operator=(const LiveLine &) = delete;
};

/// The line's text, \p Seconds after the start.
std::string liveText(const Progress &Now, llvm::StringRef Label,
                     double Seconds);

} // namespace mcad

#endif // MCAD_TOOLS_MCAD_LIVELINE_H
