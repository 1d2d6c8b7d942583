//===- Session/RecordTrace.h - a trace into a file -----------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Records a trace without looking into it: its messages go to a file as they
/// come, and are counted on the way, so that it is known whether all came that
/// the sender sent.
///
/// Tested by test/FrontEnd/record.test.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_SESSION_RECORDTRACE_H
#define MCAD_SESSION_RECORDTRACE_H

#include "Analysis/Progress.h"
#include "mcad/Broker.h"
#include <vector>

namespace mcad {

struct Recorded {
  std::vector<StreamTotals> Streams; ///< What came, by StreamId.
  StreamTotals Sum;                  ///< Of them.
  /// Why the trace is not whole; empty if it is.
  std::string Problem;
};

/// Reads \p Source to its end into the trace file at \p Path, which is there
/// even if the trace is not whole. \p Live: is told how far it is; null: nobody
/// is.
llvm::Expected<Recorded> recordTrace(TraceSource &Source, llvm::StringRef Path,
                                     Progress *Live);

} // namespace mcad

#endif // MCAD_SESSION_RECORDTRACE_H
