//===- TraceBroker.cpp - a trace file as a broker -------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Trace/TraceBroker.h"
#include "Trace/GuestArch.h"
#include "Trace/TraceFile.h"
#include "Trace/TraceReader.h"

using namespace llvm;
using namespace mcad;

Expected<std::unique_ptr<MessageReader>> mcad::openTraceFile(StringRef Path) {
  Expected<std::unique_ptr<TraceFileSource>> Source =
      TraceFileSource::create(Path);
  if (!Source)
    return Source.takeError();
  return std::make_unique<MessageReader>(std::move(*Source));
}

namespace {

/// Whether the first stream has memory accesses. What is damaged says no: the
/// reader proper finds and reports it.
Expected<bool> hasMemoryAccesses(StringRef Path) {
  Expected<std::unique_ptr<MessageReader>> Messages = openTraceFile(Path);
  if (!Messages)
    return Messages.takeError();
  while (true) {
    Expected<std::optional<ArrayRef<uint8_t>>> Bytes = (*Messages)->next();
    if (!Bytes) {
      consumeError(Bytes.takeError());
      return false;
    }
    if (!*Bytes)
      return false;
    Expected<const wire::Message *> Message = verifyFrame(**Bytes);
    if (!Message) {
      consumeError(Message.takeError());
      return false;
    }
    if (const wire::StreamStart *Start = (*Message)->body_as_StreamStart())
      return Start->memory_accesses();
  }
}

} // namespace

Expected<std::unique_ptr<TraceSource>> TraceBroker::nextTrace() {
  if (IsDone)
    return nullptr;
  IsDone = true;
  Expected<bool> HasMemoryAccesses = hasMemoryAccesses(Path);
  if (!HasMemoryAccesses)
    return HasMemoryAccesses.takeError();
  Expected<std::unique_ptr<MessageReader>> Messages = openTraceFile(Path);
  if (!Messages)
    return Messages.takeError();
  TraceReaderOptions Options;
  Options.Name = Path;
  Options.HasMemoryAccesses = *HasMemoryAccesses;
  Options.AreFile = true;
  Expected<std::unique_ptr<TraceReader>> Reader =
      TraceReader::create(std::move(*Messages), std::move(Options));
  if (!Reader)
    return Reader.takeError();
  if (Error E = checkGuestArch((*Reader)->description().GuestArch, Triple))
    return createStringError(Path + ": " + toString(std::move(E)));
  return std::move(*Reader);
}
