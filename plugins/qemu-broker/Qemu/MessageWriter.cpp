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

MessageBytes streamStartMessage(StreamId Stream, uint32_t Vcpu) {
  FlatBufferBuilder B;
  return finish(B, wire::CreateStreamStart(B, index(Stream), Vcpu));
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
                                      ? Reply->reason()->str()
                                      : std::string("no reason given"))};
  if (Reply->protocol() != ProtocolVersion)
    return Problem{"it speaks version " + std::to_string(Reply->protocol()) +
                   " of the protocol, this relay version " +
                   std::to_string(ProtocolVersion) +
                   ": take relay and llvm-mcad from the same build"};
  return Reply->memory_accesses() ? Encoding::Events : Encoding::Run;
}

static size_t unitBytes(Encoding How) {
  return How == Encoding::Events ? sizeof(uint64_t) : sizeof(uint16_t);
}

/// What a payload is padded to: the message's fields are aligned to as much.
static size_t paddedTo(Encoding How) {
  return How == Encoding::Events ? sizeof(uint64_t) : sizeof(uint32_t);
}

ExecutedFrame::ExecutedFrame(StreamId Stream, Encoding How) : How(How) {
  // Built around the smallest payload without padding: more of the like at the
  // end of a message move nothing before them. (Of none, the alignment would
  // be lost.)
  FlatBufferBuilder B;
  Offset<flatbuffers::Vector<uint16_t>> Units;
  Offset<flatbuffers::Vector<uint64_t>> Words;
  if (How == Encoding::Events)
    Words = B.CreateVector(std::vector<uint64_t>(1));
  else
    Units = B.CreateVector(std::vector<uint16_t>(2));
  MessageBytes Message =
      finish(B, wire::CreateExecuted(B, index(Stream), Units, Words));
  Head.assign(Message.data(), Message.data() + Message.size());
  Head.resize(Head.size() - paddedTo(How));
}

ExecutedFrame::Parts ExecutedFrame::around(size_t PayloadBytes) {
  static constexpr uint8_t Zeros[sizeof(uint64_t)] = {};
  assert(PayloadBytes % unitBytes(How) == 0);
  const size_t Padding = -PayloadBytes % paddedTo(How);
  const auto Size = static_cast<uint32_t>(Head.size() - sizeof(uint32_t) +
                                          PayloadBytes + Padding);
  const auto Length = static_cast<uint32_t>(PayloadBytes / unitBytes(How));
  std::memcpy(Head.data(), &Size, sizeof(Size));
  std::memcpy(Head.data() + Head.size() - sizeof(Length), &Length,
              sizeof(Length));
  return {Head, std::span(Zeros).first(Padding)};
}

} // namespace mcad::qemu
