//===- mcad/Recording.cpp - a program that runs, into a trace file -------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Recording.h"
#include "LiveLine.h"
#include "Session/RecordTrace.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace mcad {

Expected<bool> record(TracedGuest &Guest, StringRef Path, StringRef Name,
                      bool IsQuiet) {
  Progress Now;
  std::unique_ptr<LiveLine> Live = LiveLine::create(Now, "mcad", IsQuiet);
  Expected<std::unique_ptr<TraceSource>> Trace = Guest.broker().nextTrace();
  if (!Trace)
    return Trace.takeError();
  if (!*Trace)
    return false;
  Expected<Recorded> Result = recordTrace(**Trace, Path, &Now);
  Live.reset();
  if (!Result)
    return Result.takeError();
  if (!Result->Problem.empty())
    WithColor::error() << Path
                       << ": the trace is not complete: " << Result->Problem
                       << '\n';
  else if (!IsQuiet)
    errs() << Name << ": " << Result->Sum.Instructions << " instructions in "
           << Result->Sum.Blocks << " blocks, " << Result->Sum.Accesses
           << " memory accesses, complete\n";
  return Result->Problem.empty();
}

} // namespace mcad
