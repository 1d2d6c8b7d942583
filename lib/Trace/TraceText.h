//===- mcad/Trace/TraceText.h - traces as text ----------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Trace messages as text and back: for tests, fuzz corpora and bug reports.
/// dumpTrace(assembleTrace(Text)) is Text if Text came from dumpTrace, and a
/// trace file assembled from the dump of another is the same, byte for byte, if
/// that one's messages were built by Wire.h (the relay lays out the same fields
/// in its own order).
///
/// A message starts in the first column and goes on over all lines that start
/// with a space. `#` begins a comment. Numbers are decimal or 0x...; a key that
/// is left out is 0, false or empty; text in quotes escapes \\ \" \xNN.
///
///   hello protocol=3 arch="arm" system=true relay="..." qemu-api=1
///     binary="..." build-id=0a1b load-bias=0x0 code=0x10400-0x10800
///     entry=0x... pid=1 parent-pid=1 scope=main-code option="..." option="..."
///   image 0x10000-0x20000 offset=0x0 load-bias=0x0 path="..." build-id=0a1b
///     image ...                   in the same message, since it is indented
///   block 0 address=0x10400 set=thumb main=true sizes=2,4 bytes=0a1b...
///     open-end=true disassembly="..."
///     block 1 ...                 in the same message, since it is indented
///   stream 0 vcpu=0 accesses=true
///   run 0: 0 1 l4@0x1234/2 ws8@0x.../3 l4@0x.../0/1
///                                 Executed of stream 0: block 0; block 1, with
///                                 a load of 4 bytes by its instruction 2 and a
///                                 store, wide; a load with the second high
///                                 half; raw@0x... is any unit at all
///   end 0
///   totals reason=exit blocks=3 stream=0:executions,instructions,accesses
///   raw 0a1b...                   any message's bytes, without size prefix
///
/// Nothing is checked but the syntax: text can say traces that break every
/// Invariant. The dump says as raw what has no words: damaged messages, Reply,
/// Token, unknown enumerators, Executed without units.
///
/// Tested by unittests/Trace/TraceTextTest.cpp, fuzz/TraceTextFuzzer.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TRACE_TRACETEXT_H
#define MCAD_TRACE_TRACETEXT_H

#include "Trace/MessageReader.h"
#include "mcad/Broker.h"
#include "llvm/Support/raw_ostream.h"

namespace mcad {

/// Writes all messages; at the first cut in the frames, an error, after what
/// came before it has been written.
llvm::Error dumpTrace(MessageReader &Messages, llvm::raw_ostream &OS);

/// Hands \p Out the messages that \p Text says. An error says where:
/// "<Name>:<line>:<column>: ...", both from 1.
llvm::Error assembleTrace(llvm::StringRef Text, llvm::StringRef Name,
                          MessageRecorder &Out);

} // namespace mcad

#endif // MCAD_TRACE_TRACETEXT_H
