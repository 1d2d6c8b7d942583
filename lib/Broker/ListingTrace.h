//===- Broker/ListingTrace.h - a list of instructions as a trace ---------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The trace of brokers whose input is a list of instructions rather than a run
/// of a program: one block, executed a number of times.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_BROKER_LISTINGTRACE_H
#define MCAD_BROKER_LISTINGTRACE_H

#include "mcad/Broker.h"
#include <algorithm>

namespace mcad {

class ListingTrace final : public TraceSource {
public:
  ListingTrace(TraceDescription Description,
               std::vector<llvm::MCInst> Instructions,
               std::vector<llvm::MCInst> Before)
      : Description(std::move(Description)),
        Instructions(std::move(Instructions)), Before(std::move(Before)),
        Left(this->Description.ListingIterations) {}

  const TraceDescription &description() const override { return Description; }

  llvm::Expected<bool> next(Batch &Next, BlockSink &Sink) override {
    if (Once.empty()) {
      llvm::Expected<BlockId> Id =
          Sink.define(/*Address=*/0, Instructions, Before);
      if (!Id)
        return Id.takeError();
      ExecutionWriter(Once).block(*Id);
    }
    if (!Left)
      return false;
    --Left;
    Next = {StreamId(0), Once};
    return true;
  }

  const TraceEnd &end() const override { return End; }

private:
  TraceDescription Description;
  std::vector<llvm::MCInst> Instructions;
  std::vector<llvm::MCInst> Before; ///< See BlockSink::define.
  uint64_t Left;                    ///< Iterations still to be executed.
  llvm::SmallVector<uint16_t> Once; ///< The run of one iteration.
  TraceEnd End;
};

} // namespace mcad

#endif // MCAD_BROKER_LISTINGTRACE_H
