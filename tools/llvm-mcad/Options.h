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

#include "Report/Format.h"
#include "Session/Session.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace mcad {

enum class BrokerKind { Asm, Raw, Trace, Plugin };

struct ReportRequest {
  ReportFormat How = ReportFormat::Text;
  std::string Path; ///< "-" is standard output.
};

struct Options {
  SessionRequest Session;
  BrokerKind Broker = BrokerKind::Asm;
  std::string Input; ///< "-" is standard input.
  std::string PluginPath;
  std::vector<std::string> PluginArguments; ///< "-name=value" each.
  std::vector<ReportRequest> Reports;       ///< At least one.
  TextOptions Text;                         ///< Of text reports.
  bool WantMemoryAccesses = true;
  unsigned Iterations = 1;
};

/// Parses the command line. -help and -version print and exit, as does a word
/// that is no option, as LLVM's tools do; all else that is wrong is an error.
llvm::Expected<Options> parseOptions(int Argc, char **Argv);

} // namespace mcad

#endif // MCAD_TOOLS_LLVM_MCAD_OPTIONS_H
