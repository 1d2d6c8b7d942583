//===- mcad/Trace/Wire.h - the messages of the wire -----------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What both ends of the wire and every trace file agree on beyond the schema
/// (Serialization/mcad.fbs): protocol versions, limits, when a message is sound
/// enough to be read, and how to build each message.
///
/// A message travels as a frame: its size in 4 little-endian bytes, then the
/// FlatBuffer. Alignment counts from the frame's first byte, so a frame that
/// lies at an address divisible by eight is read in place.
///
/// Nothing may look into a frame before verifyFrame() has passed it. What it
/// passes can be read without running out of the frame, at the right alignment;
/// whether it makes sense is TraceReader's affair.
///
/// Tested by unittests/Trace/WireTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TRACE_WIRE_H
#define MCAD_TRACE_WIRE_H

#include "mcad/Protocol.h"
#include "mcad_generated.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <string>
#include <vector>

namespace mcad {

/// What a receiver accepts at most. A sender stays below; whoever exceeds one
/// is refused by name.
namespace limit {
/// Bytes of a message without its size prefix.
inline constexpr uint32_t MessageBytes = 64u << 20;
/// Bytes of Token and of Hello, which come before anything is known of a peer.
inline constexpr uint32_t HelloBytes = 1u << 20;
/// Blocks a trace may define: bounds the receiver's tables.
inline constexpr uint32_t Blocks = 16u << 20;
/// Blocks one message may define: bounds the time of verification.
inline constexpr uint32_t BlocksPerMessage = 1u << 20;
/// Instructions of a trace's blocks, all together, for each block that it may
/// define.
inline constexpr uint32_t InstructionsPerBlock = 32;
/// Images a trace may define.
inline constexpr uint32_t Images = 65536;
/// Bytes of their paths, all together.
inline constexpr uint32_t PathBytes = 64u << 20;
/// Streams a trace may start.
inline constexpr uint32_t Streams = 65536;
/// Bytes of any one string.
inline constexpr uint32_t StringBytes = 64u << 10;
/// Bytes of a build-id.
inline constexpr uint32_t BuildIdBytes = 256;
/// Strings in Hello.options.
inline constexpr uint32_t Options = 256;
} // namespace limit

/// Bytes of the size prefix of a frame.
inline constexpr size_t FramePrefixBytes = sizeof(flatbuffers::uoffset_t);

/// A message with its size prefix, as it travels.
using Frame = std::vector<uint8_t>;

/// Whether \p Bytes, a whole frame, is a message of the schema that can be read
/// in place: offsets inside, strings terminated, vectors aligned, a body of a
/// known kind. The message, or why not.
llvm::Expected<const wire::Message *>
verifyFrame(llvm::ArrayRef<uint8_t> Bytes);

/// The content of messages as plain values, to build frames from.
namespace message {

struct Hello {
  uint32_t Protocol = static_cast<uint32_t>(Protocol::Current);
  std::string GuestArch;
  bool SystemMode = false;
  std::string Relay;
  uint32_t QemuApi = 0;
  std::string BinaryPath;
  std::vector<uint8_t> BuildId;
  uint64_t LoadBias = 0;
  uint64_t CodeStart = 0, CodeEnd = 0;
  uint64_t Entry = 0;
  uint32_t ProcessId = 0, ParentProcessId = 0;
  wire::Scope Scope = wire::Scope::WholeProcess;
  std::vector<std::string> Options;
};

struct Token {
  std::vector<uint8_t> Secret;
};

struct Reply {
  uint32_t Protocol = static_cast<uint32_t>(Protocol::Current);
  bool Accepted = true;
  std::string Reason;
  bool MemoryAccesses = false;
};

struct Block {
  uint64_t Address = 0;
  wire::InstructionSet Set = wire::InstructionSet::Default;
  bool MainCode = true;
  std::vector<uint8_t> Sizes;
  std::vector<uint8_t> Bytes;
  bool OpenEnd = false;
  std::string Disassembly;
};

struct Blocks {
  uint32_t First = 0;
  std::vector<Block> Defined;
};

struct Image {
  uint64_t Start = 0, End = 0;
  uint64_t FileOffset = 0;
  std::string Path;
  std::vector<uint8_t> BuildId;
  uint64_t LoadBias = 0;
};

struct Images {
  std::vector<Image> Defined;
};

struct StreamStart {
  uint32_t Stream = 0;
  uint32_t Vcpu = 0;
  bool MemoryAccesses = false;
};

struct Executed {
  uint32_t Stream = 0;
  std::vector<uint16_t> Units;
};

struct StreamEnd {
  uint32_t Stream = 0;
};

struct Totals {
  wire::EndReason Reason = wire::EndReason::Exit;
  uint32_t BlocksDefined = 0;
  std::vector<wire::StreamTotals> Streams;
};

} // namespace message

Frame encode(const message::Hello &M);
Frame encode(const message::Reply &M);
Frame encode(const message::Blocks &M);
Frame encode(const message::Images &M);
Frame encode(const message::Token &M);
Frame encode(const message::StreamStart &M);
Frame encode(const message::Executed &M);
Frame encode(const message::StreamEnd &M);
Frame encode(const message::Totals &M);

} // namespace mcad

#endif // MCAD_TRACE_WIRE_H
