//===- Qemu/MessageWriter.h - the relay's messages as bytes ---------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The messages of Serialization/mcad.fbs that a relay sends, as bytes with
/// their size prefix.
///
/// Executed carries nearly all of a trace, so its payload is never copied:
/// FlatBuffers are written back to front, and a vector that is created first
/// ends the message, but for padding. ExecutedFrame holds all that comes before
/// and after it, the connection sends the parts as one.
///
/// Tested by unittests/Relay/MessageWriterTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_QEMU_MESSAGEWRITER_H
#define MCAD_QEMU_MESSAGEWRITER_H

#include "Options.h"
#include "mcad/Event.h"
#include "mcad/Protocol.h"
#include "mcad_generated.h"
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace mcad::qemu {

/// The version of the wire that this relay speaks: mcad.fbs as it is.
inline constexpr uint32_t ProtocolVersion =
    static_cast<uint32_t>(Protocol::Current);

/// What is written down of an execution, as mcad/Event.h says.
enum class Encoding : uint8_t { Blocks, BlocksAndAccesses };

/// A finished message with its size prefix.
using MessageBytes = flatbuffers::DetachedBuffer;

/// The main executable and the code it brought, for Hello. Empty and zero mean
/// unknown.
struct MainProgram {
  std::string Path;
  std::vector<uint8_t> BuildId;
  uint64_t LoadBias = 0;
  GuestAddr CodeStart = 0, CodeEnd = 0; ///< Half-open.
  GuestAddr Entry = 0;

  bool isKnown() const { return CodeStart < CodeEnd; }
  bool contains(GuestAddr Address) const {
    return Address >= CodeStart && Address < CodeEnd;
  }
};

/// A range of a file that holds code of the guest's, for Images.
struct MappedImage {
  GuestAddr Start = 0, End = 0; ///< Half-open.
  uint64_t FileOffset = 0;      ///< Of the byte at Start.
  std::string Path;
  std::vector<uint8_t> BuildId;
  uint64_t LoadBias = 0;
};

/// Who speaks, for Hello.
struct Speaker {
  std::string GuestArch; ///< As QEMU names its target.
  bool SystemMode = false;
  int QemuApi = 0;
};

/// \p Secret: the bytes of the user's token.
MessageBytes tokenMessage(std::string_view Secret);
MessageBytes helloMessage(const Speaker &Who, const MainProgram &Program,
                          const Options &Given);
MessageBytes imagesMessage(std::span<const MappedImage> Images);
MessageBytes streamStartMessage(StreamId Stream, uint32_t Vcpu, Encoding How);
MessageBytes streamEndMessage(StreamId Stream);
MessageBytes totalsMessage(wire::EndReason Reason, uint32_t BlocksDefined,
                           std::span<const wire::StreamTotals> Streams);

/// What the analyser answered to Hello, or why the guest may not be traced.
OrProblem<Encoding> readReply(std::span<const uint8_t> Message);

/// All of one stream's Executed messages but their payload. Of what precedes
/// the payload only the two lengths change from message to message.
class ExecutedFrame {
  std::vector<uint8_t> Head;

public:
  explicit ExecutedFrame(StreamId Stream);

  /// What to send before and after a payload.
  struct Parts {
    std::span<const uint8_t> Before, After;
  };
  /// For a payload of \p PayloadBytes, a multiple of 2.
  /// Valid until the next call.
  Parts around(size_t PayloadBytes);
};

} // namespace mcad::qemu

#endif // MCAD_QEMU_MESSAGEWRITER_H
