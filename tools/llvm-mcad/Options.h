//===- llvm-mcad/Options.h - the command line of llvm-mcad ---------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// llvm-mcad's options, parsed by LLVM's command line library and handed on as
/// plain data: nothing below tools/ sees a global.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TOOLS_LLVM_MCAD_OPTIONS_H
#define MCAD_TOOLS_LLVM_MCAD_OPTIONS_H

#include "Analysis/AnalyzeTrace.h"
#include "Report/Format.h"
#include "Target/Target.h"
#include "llvm/Support/Error.h"
#include <optional>
#include <string>
#include <vector>

namespace mcad {

enum class BrokerKind { Asm, Raw, Trace, Plugin };

struct ReportRequest {
  ReportFormat How = ReportFormat::Text;
  std::string Path; ///< "-" is standard output.
};

struct Options {
  TargetRequest Target;
  BrokerKind Broker = BrokerKind::Asm;
  std::string Input; ///< "-" is standard input.
  std::string PluginPath;
  std::vector<std::string> PluginArguments; ///< "-name=value" each.
  std::vector<ReportRequest> Reports;       ///< At least one.
  TextOptions Text;                         ///< Of text reports.
  std::string RecordPath;                   ///< Empty: do not record.
  std::string CodePath;                     ///< Empty: no listing of the code.
  bool WantMemoryAccesses = true;
  EngineKind Engine = EngineKind::Fast;
  Memoization EngineMemory;
  bool EngineStats = false;
  bool VerifyEngine = false;
  bool IsIdeal = false;  ///< No caches, no branch prediction.
  std::string ModelPath; ///< Empty: the CPU's preset. "help": list them.
  /// Of the model, "key=value" each, taken apart.
  std::vector<std::pair<std::string, std::string>> ModelValues;
  unsigned Iterations = 1;
  PipelineOverrides Overrides;
  std::optional<unsigned> CallLatency;
};

/// Parses the command line. -help and -version print and exit, as does a word
/// that is no option, as LLVM's tools do; all else that is wrong is an error.
llvm::Expected<Options> parseOptions(int Argc, char **Argv);

} // namespace mcad

#endif // MCAD_TOOLS_LLVM_MCAD_OPTIONS_H
