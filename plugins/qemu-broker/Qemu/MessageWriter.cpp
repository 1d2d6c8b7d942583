//===- Qemu/MessageWriter.cpp - the relay's messages as bytes -------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Writes what MessageWriter.h describes.
///
//===----------------------------------------------------------------------===//
#include "MessageWriter.h"
#include <algorithm>
#include <cassert>
#include <cstring>
#include <unistd.h>

using flatbuffers::FlatBufferBuilder;
using flatbuffers::Offset;

namespace mcad::qemu {

template <typename T>
static MessageBytes finish(FlatBufferBuilder &Builder, Offset<T> Body) {
  wire::FinishSizePrefixedMessageBuffer(
      Builder, wire::CreateMessage(Builder, wire::BodyTraits<T>::enum_value,
                                   Body.Union()));
  return Builder.Release();
}

MessageBytes tokenMessage(std::string_view Secret) {
  FlatBufferBuilder B;
  return finish(
      B, wire::CreateToken(
             B, B.CreateVector(reinterpret_cast<const uint8_t *>(Secret.data()),
                               Secret.size())));
}

MessageBytes helloMessage(const Speaker &Who, const MainProgram &Program,
                          const Options &Given) {
  FlatBufferBuilder B;
  auto Arch = B.CreateString(Who.GuestArch);
  auto Relay = B.CreateString("libQemuRelay " MCAD_VERSION);
  auto Path = B.CreateString(Program.Path);
  auto BuildId = B.CreateVector(Program.BuildId);
  auto Arguments = B.CreateVectorOfStrings(Given.Given);
  return finish(
      B, wire::CreateHello(B, ProtocolVersion, Arch, Who.SystemMode, Relay,
                           static_cast<uint32_t>(Who.QemuApi), Path, BuildId,
                           Program.LoadBias, Program.CodeStart, Program.CodeEnd,
                           Program.Entry, static_cast<uint32_t>(getpid()),
                           static_cast<uint32_t>(getppid()),
                           Given.OnlyMainCode ? wire::Scope::MainCode
                                              : wire::Scope::WholeProcess,
                           Arguments));
}

MessageBytes imagesMessage(std::span<const MappedImage> Images) {
  FlatBufferBuilder B;
  std::vector<Offset<wire::Image>> All;
  for (const MappedImage &Image : Images) {
    auto Path = B.CreateString(Image.Path);
    Offset<flatbuffers::Vector<uint8_t>> BuildId;
    if (!Image.BuildId.empty())
      BuildId = B.CreateVector(Image.BuildId);
    All.push_back(wire::CreateImage(B, Image.Start, Image.End, Image.FileOffset,
                                    Path, BuildId, Image.LoadBias));
  }
  return finish(B, wire::CreateImages(B, B.CreateVector(All)));
}

MessageBytes streamStartMessage(StreamId Stream, uint32_t Vcpu, Encoding How) {
  FlatBufferBuilder B;
  return finish(B, wire::CreateStreamStart(B, index(Stream), Vcpu,
                                           How == Encoding::BlocksAndAccesses));
}

MessageBytes streamEndMessage(StreamId Stream) {
  FlatBufferBuilder B;
  return finish(B, wire::CreateStreamEnd(B, index(Stream)));
}

MessageBytes totalsMessage(wire::EndReason Reason, uint32_t BlocksDefined,
                           std::span<const wire::StreamTotals> Streams) {
  FlatBufferBuilder B;
  auto Vector = B.CreateVectorOfStructs(Streams.data(), Streams.size());
  return finish(B, wire::CreateTotals(B, Reason, BlocksDefined, Vector));
}

/// What a terminal may be shown of \p Text, which is anybody's.
static std::string printable(std::string Text) {
  constexpr size_t Longest = 4096;
  Text.resize(std::min(Text.size(), Longest));
  std::ranges::replace_if(Text, [](char C) { return C < ' ' || C > '~'; }, '?');
  return Text;
}

OrProblem<Encoding> readReply(std::span<const uint8_t> Message) {
  flatbuffers::Verifier Check(Message.data(), Message.size());
  if (!wire::VerifySizePrefixedMessageBuffer(Check))
    return Problem{"the answer is no message of llvm-mcad's"};
  const wire::Reply *Reply =
      wire::GetSizePrefixedMessage(Message.data())->body_as_Reply();
  if (!Reply)
    return Problem{"the answer is no reply"};
  // A refusal says why, whatever version it speaks.
  if (!Reply->accepted())
    return Problem{"refused: " + (Reply->reason() && Reply->reason()->size()
                                      ? printable(Reply->reason()->str())
                                      : std::string("no reason given"))};
  if (Reply->protocol() != ProtocolVersion)
    return Problem{"it speaks version " + std::to_string(Reply->protocol()) +
                   " of the protocol, this relay version " +
                   std::to_string(ProtocolVersion) +
                   ": take relay and llvm-mcad from the same build"};
  return Reply->memory_accesses() ? Encoding::BlocksAndAccesses
                                  : Encoding::Blocks;
}

/// What a payload is padded to: the alignment of the fields before it.
static constexpr size_t PaddedTo = sizeof(uint32_t);

ExecutedFrame::ExecutedFrame(StreamId Stream) {
  // Built around the smallest payload without padding: more of the like at the
  // end of a message move nothing before them.
  FlatBufferBuilder B;
  auto Units =
      B.CreateVector(std::vector<uint16_t>(PaddedTo / sizeof(uint16_t)));
  MessageBytes Message =
      finish(B, wire::CreateExecuted(B, index(Stream), Units));
  Head.assign(Message.data(), Message.data() + Message.size());
  Head.resize(Head.size() - PaddedTo);
}

ExecutedFrame::Parts ExecutedFrame::around(size_t PayloadBytes) {
  static constexpr uint8_t Zeros[PaddedTo] = {};
  assert(PayloadBytes % sizeof(uint16_t) == 0);
  const size_t Padding = -PayloadBytes % PaddedTo;
  const auto Size = static_cast<uint32_t>(Head.size() - sizeof(uint32_t) +
                                          PayloadBytes + Padding);
  const auto Length = static_cast<uint32_t>(PayloadBytes / sizeof(uint16_t));
  std::memcpy(Head.data(), &Size, sizeof(Size));
  std::memcpy(Head.data() + Head.size() - sizeof(Length), &Length,
              sizeof(Length));
  return {Head, std::span(Zeros).first(Padding)};
}

} // namespace mcad::qemu
