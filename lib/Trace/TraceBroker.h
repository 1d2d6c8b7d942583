//===- mcad/Trace/TraceBroker.h - a trace file as a broker ----------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The `trace` broker: replays one trace file.
///
/// The file's messages do not say up front whether accesses come with the
/// executions, since that was the analyser's choice at the recording. The
/// broker reads the file up to the first StreamStart to know, then reads it
/// anew.
///
/// Tested by unittests/Trace/TraceFileTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TRACE_TRACEBROKER_H
#define MCAD_TRACE_TRACEBROKER_H

#include "Trace/MessageReader.h"
#include "mcad/Broker.h"

namespace mcad {

/// The messages of the trace file at \p Path.
llvm::Expected<std::unique_ptr<MessageReader>>
openTraceFile(llvm::StringRef Path);

class TraceBroker : public Broker {
  std::string Path;
  std::string Triple;
  bool IsDone = false;

public:
  /// A trace whose guest \p Triple does not describe is refused; an empty one
  /// describes any.
  explicit TraceBroker(std::string Path, std::string Triple = "")
      : Path(std::move(Path)), Triple(std::move(Triple)) {}

  llvm::Expected<std::unique_ptr<TraceSource>> nextTrace() override;
};

} // namespace mcad

#endif // MCAD_TRACE_TRACEBROKER_H
