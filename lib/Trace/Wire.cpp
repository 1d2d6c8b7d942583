//===- Wire.cpp - the messages of the wire --------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Trace/Wire.h"

using namespace llvm;
using namespace mcad;

// Vectors are read in place as native integers.
static_assert(FLATBUFFERS_LITTLEENDIAN, "MCAD runs on little-endian hosts");

namespace {

using Builder = flatbuffers::FlatBufferBuilder;

/// FlatBuffers' verifier holds vectors to the alignment of their size alone,
/// not of their elements.
template <typename T> bool isAligned(const flatbuffers::Vector<T> *Elements) {
  // Where there is no element, there is none to align.
  return !Elements || Elements->size() == 0 ||
         reinterpret_cast<uintptr_t>(Elements->Data()) % alignof(uint64_t) == 0;
}

/// An absent string and an empty one mean the same; absent is shorter.
flatbuffers::Offset<flatbuffers::String> text(Builder &B, StringRef Text) {
  return Text.empty() ? 0 : B.CreateString(Text.data(), Text.size());
}

template <typename T>
flatbuffers::Offset<flatbuffers::Vector<T>>
vector(Builder &B, const std::vector<T> &Elements) {
  return Elements.empty() ? 0 : B.CreateVector(Elements);
}

template <typename T>
Frame finish(Builder &B, wire::Body Kind, flatbuffers::Offset<T> Body) {
  wire::FinishSizePrefixedMessageBuffer(
      B, wire::CreateMessage(B, Kind, Body.Union()));
  return Frame(B.GetBufferPointer(), B.GetBufferPointer() + B.GetSize());
}

} // namespace

Expected<const wire::Message *> mcad::verifyFrame(ArrayRef<uint8_t> Bytes) {
  assert(reinterpret_cast<uintptr_t>(Bytes.data()) % alignof(uint64_t) == 0 &&
         "frames are read in place");
  flatbuffers::Verifier::Options Bounds;
  Bounds.max_depth = 8;
  // The message, its body, and a table per block.
  Bounds.max_tables = limit::BlocksPerMessage + 2;
  flatbuffers::Verifier Verifier(Bytes.data(), Bytes.size(), Bounds);
  if (Bytes.size() < FramePrefixBytes + 2 * sizeof(flatbuffers::uoffset_t) ||
      !wire::SizePrefixedMessageBufferHasIdentifier(Bytes.data()))
    return createStringError("it does not carry the identifier \"MCAD\"");
  if (!wire::VerifySizePrefixedMessageBuffer(Verifier))
    return createStringError("it is damaged or larger inside than allowed");

  const auto *Message = wire::GetSizePrefixedMessage(Bytes.data());
  if (Message->body_type() < wire::Body::Hello ||
      Message->body_type() > wire::Body::MAX || !Message->body())
    return createStringError(
        "its kind is unknown: " +
        std::to_string(static_cast<unsigned>(Message->body_type())));
  if (const auto *Totals = Message->body_as_Totals();
      Totals && !isAligned(Totals->streams()))
    return createStringError("its totals are not aligned to 8 bytes");
  return Message;
}

Frame mcad::encode(const message::Hello &M) {
  Builder B;
  const auto GuestArch = text(B, M.GuestArch), Relay = text(B, M.Relay),
             BinaryPath = text(B, M.BinaryPath);
  const auto BuildId = vector(B, M.BuildId);
  flatbuffers::Offset<
      flatbuffers::Vector<flatbuffers::Offset<flatbuffers::String>>>
      Options = 0;
  if (!M.Options.empty())
    Options = B.CreateVectorOfStrings(M.Options);
  return finish(B, wire::Body::Hello,
                wire::CreateHello(B, M.Protocol, GuestArch, M.SystemMode, Relay,
                                  M.QemuApi, BinaryPath, BuildId, M.LoadBias,
                                  M.CodeStart, M.CodeEnd, M.Entry, M.ProcessId,
                                  M.ParentProcessId, M.Scope, Options));
}

Frame mcad::encode(const message::Reply &M) {
  Builder B;
  const auto Reason = text(B, M.Reason);
  return finish(
      B, wire::Body::Reply,
      wire::CreateReply(B, M.Protocol, M.Accepted, Reason, M.MemoryAccesses));
}

Frame mcad::encode(const message::Blocks &M) {
  Builder B;
  std::vector<flatbuffers::Offset<wire::Block>> Defined;
  Defined.reserve(M.Defined.size());
  for (const message::Block &Block : M.Defined) {
    const auto Sizes = vector(B, Block.Sizes), Bytes = vector(B, Block.Bytes);
    const auto Disassembly = text(B, Block.Disassembly);
    Defined.push_back(wire::CreateBlock(B, Block.Address, Block.Set,
                                        Block.MainCode, Sizes, Bytes,
                                        Block.OpenEnd, Disassembly));
  }
  const auto All = B.CreateVector(Defined);
  return finish(B, wire::Body::Blocks, wire::CreateBlocks(B, M.First, All));
}

Frame mcad::encode(const message::Images &M) {
  Builder B;
  std::vector<flatbuffers::Offset<wire::Image>> Defined;
  Defined.reserve(M.Defined.size());
  for (const message::Image &Image : M.Defined) {
    const auto Path = text(B, Image.Path);
    const auto BuildId = vector(B, Image.BuildId);
    Defined.push_back(wire::CreateImage(B, Image.Start, Image.End,
                                        Image.FileOffset, Path, BuildId,
                                        Image.LoadBias));
  }
  const auto All = B.CreateVector(Defined);
  return finish(B, wire::Body::Images, wire::CreateImages(B, All));
}

Frame mcad::encode(const message::Token &M) {
  Builder B;
  const auto Secret = B.CreateVector(M.Secret);
  return finish(B, wire::Body::Token, wire::CreateToken(B, Secret));
}

Frame mcad::encode(const message::StreamStart &M) {
  Builder B;
  return finish(B, wire::Body::StreamStart,
                wire::CreateStreamStart(B, M.Stream, M.Vcpu, M.MemoryAccesses));
}

Frame mcad::encode(const message::Executed &M) {
  Builder B;
  const auto Units = B.CreateVector(M.Units);
  return finish(B, wire::Body::Executed,
                wire::CreateExecuted(B, M.Stream, Units));
}

Frame mcad::encode(const message::StreamEnd &M) {
  Builder B;
  return finish(B, wire::Body::StreamEnd, wire::CreateStreamEnd(B, M.Stream));
}

Frame mcad::encode(const message::Totals &M) {
  Builder B;
  const auto Streams = B.CreateVectorOfStructs(M.Streams);
  return finish(B, wire::Body::Totals,
                wire::CreateTotals(B, M.Reason, M.BlocksDefined, Streams));
}
