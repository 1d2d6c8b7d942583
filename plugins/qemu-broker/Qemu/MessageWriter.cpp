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
  return Reply->memory_accesses() ? Encoding::Events : Encoding::BlockIds;
}

static size_t wordBytes(Encoding How) {
  return How == Encoding::Events ? sizeof(uint64_t) : sizeof(uint32_t);
}

ExecutedHead::ExecutedHead(StreamId Stream, Encoding How) : How(How) {
  // Built around a payload of one word: more whole words at the end of a
  // message move nothing before them. (Of none, the alignment would be lost.)
  FlatBufferBuilder B;
  Offset<flatbuffers::Vector<uint32_t>> Ids;
  Offset<flatbuffers::Vector<uint64_t>> Words;
  if (How == Encoding::Events)
    Words = B.CreateVector(std::vector<uint64_t>(1));
  else
    Ids = B.CreateVector(std::vector<uint32_t>(1));
  MessageBytes Message =
      finish(B, wire::CreateExecuted(B, index(Stream), Ids, Words));
  Bytes.assign(Message.data(), Message.data() + Message.size());
  Bytes.resize(Bytes.size() - wordBytes(How));
}

std::span<const uint8_t> ExecutedHead::forPayload(size_t PayloadBytes) {
  const size_t Word = wordBytes(How);
  assert(PayloadBytes % Word == 0);
  const auto Size =
      static_cast<uint32_t>(Bytes.size() - sizeof(uint32_t) + PayloadBytes);
  const auto Length = static_cast<uint32_t>(PayloadBytes / Word);
  std::memcpy(Bytes.data(), &Size, sizeof(Size));
  std::memcpy(Bytes.data() + Bytes.size() - sizeof(Length), &Length,
              sizeof(Length));
  return Bytes;
}

} // namespace mcad::qemu
