//===- unittests/Relay/MessageWriterTest.cpp - the relay's messages -------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Every message verifies and reads back; the split one equals the whole one.
///
//===----------------------------------------------------------------------===//
#include "MessageWriter.h"
#include <cstring>
#include <gtest/gtest.h>
#include <numeric>
#include <unistd.h>

using namespace mcad;
using namespace mcad::qemu;

/// \p Bytes live as long as the result is used.
static const wire::Message *verified(std::span<const uint8_t> Bytes) {
  flatbuffers::Verifier Check(Bytes.data(), Bytes.size());
  if (!wire::VerifySizePrefixedMessageBuffer(Check))
    return nullptr;
  uint32_t Size;
  std::memcpy(&Size, Bytes.data(), sizeof(Size));
  if (Size + sizeof(Size) != Bytes.size())
    return nullptr;
  return wire::GetSizePrefixedMessage(Bytes.data());
}

static std::span<const uint8_t> bytesOf(const MessageBytes &Message) {
  return {Message.data(), Message.size()};
}

static std::vector<uint8_t> joined(ExecutedFrame &Frame,
                                   const std::vector<uint16_t> &Payload) {
  const size_t Bytes = Payload.size() * sizeof(uint16_t);
  const auto [Before, After] = Frame.around(Bytes);
  std::vector<uint8_t> Message(Before.begin(), Before.end());
  const auto *Data = reinterpret_cast<const uint8_t *>(Payload.data());
  Message.insert(Message.end(), Data, Data + Bytes);
  Message.insert(Message.end(), After.begin(), After.end());
  return Message;
}

TEST(ExecutedFrame, ReadsBackAtEveryLength) {
  for (uint32_t Stream : {0u, 1u, 70000u}) {
    ExecutedFrame Frame(StreamId{Stream});
    for (size_t Length : {1, 2, 3, 4, 5, 1000, 262143, 262144}) {
      std::vector<uint16_t> Units(Length);
      std::iota(Units.begin(), Units.end(), 7);
      std::vector<uint8_t> Message = joined(Frame, Units);
      const wire::Message *Read = verified(Message);
      ASSERT_NE(Read, nullptr) << Stream << ' ' << Length;
      const wire::Executed *Executed = Read->body_as_Executed();
      ASSERT_NE(Executed, nullptr);
      EXPECT_EQ(Executed->stream(), Stream);
      ASSERT_EQ(Executed->units()->size(), Length);
      EXPECT_TRUE(
          std::equal(Units.begin(), Units.end(), Executed->units()->begin()));
    }
  }
}

/// Executed in one piece.
static std::vector<uint8_t> whole(uint32_t Stream,
                                  const std::vector<uint16_t> &Payload) {
  flatbuffers::FlatBufferBuilder B;
  auto Vector = B.CreateVector(Payload);
  wire::FinishSizePrefixedMessageBuffer(
      B, wire::CreateMessage(B, wire::Body::Executed,
                             wire::CreateExecuted(B, Stream, Vector).Union()));
  return {B.GetBufferPointer(), B.GetBufferPointer() + B.GetSize()};
}

TEST(ExecutedFrame, IsWhatFlatBuffersWritesInOnePiece) {
  std::vector<uint16_t> Units;
  ExecutedFrame Frame(StreamId{2});
  for (uint16_t I = 1; I != 20; ++I) {
    Units.push_back(I);
    EXPECT_EQ(joined(Frame, Units), whole(2, Units)) << I;
  }
}

TEST(MessageWriter, Hello) {
  Options Given;
  Given.OnlyMainCode = true;
  Given.Given = {"-addr=x", "-only-main-code"};
  MainProgram Program;
  Program.Path = "/bin/guest";
  Program.BuildId = {1, 2, 3};
  Program.LoadBias = 0x1000;
  Program.CodeStart = 0x2000;
  Program.CodeEnd = 0x3000;
  Program.Entry = 0x2010;
  MessageBytes Bytes = helloMessage({"arm", false, 4}, Program, Given);
  const wire::Message *Read = verified(bytesOf(Bytes));
  ASSERT_NE(Read, nullptr);
  const wire::Hello *Hello = Read->body_as_Hello();
  ASSERT_NE(Hello, nullptr);
  EXPECT_EQ(Hello->protocol(), ProtocolVersion);
  EXPECT_EQ(Hello->guest_arch()->str(), "arm");
  EXPECT_EQ(Hello->qemu_api(), 4u);
  EXPECT_EQ(Hello->binary_path()->str(), "/bin/guest");
  EXPECT_EQ(Hello->build_id()->size(), 3u);
  EXPECT_EQ(Hello->load_bias(), 0x1000u);
  EXPECT_EQ(Hello->code_start(), 0x2000u);
  EXPECT_EQ(Hello->code_end(), 0x3000u);
  EXPECT_EQ(Hello->entry(), 0x2010u);
  EXPECT_EQ(Hello->process_id(), static_cast<uint32_t>(getpid()));
  EXPECT_EQ(Hello->scope(), wire::Scope::MainCode);
  ASSERT_EQ(Hello->options()->size(), 2u);
  EXPECT_EQ(Hello->options()->Get(1)->str(), "-only-main-code");
}

TEST(MessageWriter, Images) {
  const MappedImage All[] = {{1, 2, 3, "/lib.so", {4, 5}, 6},
                             {7, 8, 9, "", {}, 10}};
  MessageBytes Bytes = imagesMessage(All);
  const wire::Message *Read = verified(bytesOf(Bytes));
  ASSERT_NE(Read, nullptr);
  const wire::Images *Images = Read->body_as_Images();
  ASSERT_NE(Images, nullptr);
  ASSERT_EQ(Images->images()->size(), 2u);
  const wire::Image *First = Images->images()->Get(0);
  EXPECT_EQ(First->start(), 1u);
  EXPECT_EQ(First->end(), 2u);
  EXPECT_EQ(First->file_offset(), 3u);
  EXPECT_EQ(First->path()->str(), "/lib.so");
  EXPECT_EQ(First->build_id()->size(), 2u);
  EXPECT_EQ(First->load_bias(), 6u);
  EXPECT_EQ(Images->images()->Get(1)->build_id(), nullptr);
}

TEST(MessageWriter, Totals) {
  const wire::StreamTotals Streams[] = {{0, 1, 2, 3}, {1, 4, 5, 6}};
  MessageBytes Bytes = totalsMessage(wire::EndReason::Exit, 8, Streams);
  const wire::Message *Read = verified(bytesOf(Bytes));
  ASSERT_NE(Read, nullptr);
  const wire::Totals *Totals = Read->body_as_Totals();
  EXPECT_EQ(Totals->blocks_defined(), 8u);
  ASSERT_EQ(Totals->streams()->size(), 2u);
  EXPECT_EQ(Totals->streams()->Get(1)->instructions(), 5u);
}

/// What an analyser answers.
static std::vector<uint8_t> reply(uint32_t Protocol, bool Accepted,
                                  const char *Reason, bool Accesses) {
  flatbuffers::FlatBufferBuilder B;
  auto Body = wire::CreateReplyDirect(B, Protocol, Accepted, Reason, Accesses);
  wire::FinishSizePrefixedMessageBuffer(
      B, wire::CreateMessage(B, wire::Body::Reply, Body.Union()));
  return {B.GetBufferPointer(), B.GetBufferPointer() + B.GetSize()};
}

TEST(Reply, SaysWhatIsWanted) {
  auto Blocks = readReply(reply(ProtocolVersion, true, nullptr, false));
  EXPECT_EQ(std::get<Encoding>(Blocks), Encoding::Blocks);
  auto Accesses = readReply(reply(ProtocolVersion, true, nullptr, true));
  EXPECT_EQ(std::get<Encoding>(Accesses), Encoding::BlocksAndAccesses);
}

TEST(Reply, RefusalsKeepTheAnalysersReason) {
  auto Refused = readReply(reply(99, false, "wrong architecture", false));
  EXPECT_EQ(std::get<Problem>(Refused).Text, "refused: wrong architecture");
  // It is shown on a terminal.
  auto Spoilt = readReply(reply(99, false, "\x1b[2J\nerror", false));
  EXPECT_EQ(std::get<Problem>(Spoilt).Text, "refused: ?[2J?error");
}

TEST(Reply, AnotherProtocolIsRefusedHere) {
  auto Other = readReply(reply(ProtocolVersion + 1, true, nullptr, false));
  EXPECT_NE(std::get<Problem>(Other).Text.find("version 3"), std::string::npos);
}

TEST(Reply, NonsenseIsNoReply) {
  EXPECT_TRUE(std::holds_alternative<Problem>(
      readReply(std::vector<uint8_t>(64, 0xaa))));
  MessageBytes Wrong = streamEndMessage(StreamId{0});
  EXPECT_EQ(std::get<Problem>(readReply(bytesOf(Wrong))).Text,
            "the answer is no reply");
  std::vector<uint8_t> Cut = reply(ProtocolVersion, true, nullptr, true);
  Cut.resize(Cut.size() - 4);
  EXPECT_TRUE(std::holds_alternative<Problem>(readReply(Cut)));
}
