//===- SequenceRun.h - a sequence through an engine -----------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A Sequence (RandomCode.h) fed to an engine, what two engines count
/// differently, and a listing of it for people. DifferentialTest and
/// fuzz/EngineFuzzer use it.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_UNITTESTS_TIMING_SEQUENCERUN_H
#define MCAD_UNITTESTS_TIMING_SEQUENCERUN_H

#include "RandomCode.h"

namespace mcad::test {

/// Defines the sequence's blocks; empty ones are not executed.
std::vector<BlockId> define(const Sequence &S, Program &P);

enum class Batches : bool { One, AsCut };

/// All executions of \p S, whose blocks are \p Ids.
llvm::Error feed(TimingEngine &Engine, const Sequence &S,
                 llvm::ArrayRef<BlockId> Ids, Batches Cut);

/// Every counter of both, those that differ marked; "" if none does.
std::string difference(const TimingEngine &A, const TimingEngine &B);

/// Options, code, executions and facts.
std::string listing(const Sequence &S);

/// The sizes that can be overridden, by llvm-mca's names.
inline constexpr struct {
  const char *Option;
  unsigned PipelineOverrides::*Of;
} Sizes[] = {{"-dispatch", &PipelineOverrides::DispatchWidth},
             {"-register-file-size", &PipelineOverrides::RegisterFileSize},
             {"-lqueue", &PipelineOverrides::LoadQueueSize},
             {"-squeue", &PipelineOverrides::StoreQueueSize}};

} // namespace mcad::test

#endif // MCAD_UNITTESTS_TIMING_SEQUENCERUN_H
