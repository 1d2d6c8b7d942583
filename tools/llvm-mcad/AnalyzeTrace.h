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
/// Runs one trace through tally, facts and timing engines. Each stream has an
/// engine of its own: threads of the guest never share a pipeline.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TOOLS_LLVM_MCAD_ANALYZETRACE_H
#define MCAD_TOOLS_LLVM_MCAD_ANALYZETRACE_H

#include "Report/Report.h"
#include "Timing/Fast/FastEngine.h"
#include "mcad/Broker.h"

namespace mcad {

enum class EngineKind { Fast, LLVM, None };

/// As the user names it.
llvm::StringRef engineName(EngineKind Kind);

/// How a trace is looked at.
struct Analysis {
  EngineKind Engine = EngineKind::Fast;
  PipelineOverrides Overrides;
  /// What is around the core; null: nothing. Of no account for listings.
  const MachineModel *Surroundings = nullptr;
  /// Disassembly, if not null.
  llvm::raw_ostream *CodeOutput = nullptr;
  Memoization Memory; ///< Of the fast engine.
  /// Simulates with the reference as well, and compares; not for
  /// EngineKind::None.
  bool VerifiesEngine = false;
  /// What the fast engine says of itself, if not null.
  llvm::raw_ostream *EngineStats = nullptr;
};

/// Reads \p Source to its end. What goes wrong on the way is in the report;
/// never fails.
TraceReport analyzeTrace(TraceSource &Source, const Target &T, Lowering &Model,
                         const Analysis &How);

} // namespace mcad

#endif // MCAD_TOOLS_LLVM_MCAD_ANALYZETRACE_H
