//===- llvm-mcad/AnalyzeTrace.h - one trace, from its first batch to its report
//===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Runs one trace through tally and timing engines. Each stream has an engine
/// of its own: threads of the guest never share a pipeline.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TOOLS_LLVM_MCAD_ANALYZETRACE_H
#define MCAD_TOOLS_LLVM_MCAD_ANALYZETRACE_H

#include "Report/Report.h"
#include "Timing/LLVMEngine.h"
#include "mcad/Broker.h"

namespace mcad {

/// Reads \p Source to its end. What goes wrong on the way is in the report;
/// never fails. \p CodeOutput, if not null, gets the disassembly of all blocks.
TraceReport analyzeTrace(TraceSource &Source, const Target &T, Lowering &Model,
                         const PipelineOverrides &Overrides,
                         llvm::raw_ostream *CodeOutput);

} // namespace mcad

#endif // MCAD_TOOLS_LLVM_MCAD_ANALYZETRACE_H
