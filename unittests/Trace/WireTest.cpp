//===- WireTest.cpp - the messages of the wire ----------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Traces.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"

using namespace llvm;
using namespace mcad;

namespace {

std::string refusal(ArrayRef<uint8_t> Bytes) {
  // Verification is for frames at addresses divisible by eight.
  const std::vector<uint8_t> Aligned = Bytes.vec();
  Expected<const wire::Message *> Message = verifyFrame(Aligned);
  return Message ? "" : toString(Message.takeError());
}

TEST(WireTest, WhatIsBuiltIsSound) {
  message::Hello Hello;
  Hello.GuestArch = "arm";
  Hello.BuildId = {1, 2, 3};
  Hello.Options = {"-only-main-code", ""};
  EXPECT_EQ(refusal(encode(Hello)), "");
  message::Reply Reply;
  Reply.Reason = "no";
  EXPECT_EQ(refusal(encode(Reply)), "");
  EXPECT_EQ(refusal(encode(message::Blocks())), "");
  message::Blocks Blocks;
  Blocks.Defined.resize(3);
  Blocks.Defined[1].Sizes = {4};
  EXPECT_EQ(refusal(encode(Blocks)), "");
  EXPECT_EQ(refusal(encode(message::Images())), "");
  message::Images Images;
  Images.Defined.push_back({1, 2, 3, "/lib.so", {4}, 5});
  EXPECT_EQ(refusal(encode(Images)), "");
  EXPECT_EQ(refusal(encode(message::StreamStart{1, 2})), "");
  EXPECT_EQ(refusal(encode(message::Executed{0, {1, 2, 3}})), "");
  EXPECT_EQ(refusal(encode(message::StreamEnd{})), "");
  message::Totals Totals;
  Totals.Streams.push_back({0, 1, 2, 3});
  EXPECT_EQ(refusal(encode(Totals)), "");
}

TEST(WireTest, ValuesArriveAsTheyWereBuilt) {
  message::Reply Reply;
  Reply.Accepted = false;
  Reply.Reason = "no room";
  Reply.MemoryAccesses = true;
  const Frame Bytes = encode(Reply);
  Expected<const wire::Message *> Message = verifyFrame(Bytes);
  ASSERT_TRUE(static_cast<bool>(Message));
  const wire::Reply *Read = (*Message)->body_as_Reply();
  ASSERT_NE(Read, nullptr);
  EXPECT_EQ(Read->protocol(), static_cast<uint32_t>(Protocol::Current));
  EXPECT_FALSE(Read->accepted());
  EXPECT_TRUE(Read->memory_accesses());
  EXPECT_EQ(Read->reason()->str(), "no room");
}

TEST(WireTest, RefusesAnotherIdentifier) {
  Frame Bytes = encode(message::StreamStart{1, 2});
  Bytes[8] = 'X';
  EXPECT_EQ(refusal(Bytes), "it does not carry the identifier \"MCAD\"");
  EXPECT_EQ(refusal(ArrayRef(Bytes).take_front(5)),
            "it does not carry the identifier \"MCAD\"");
}

TEST(WireTest, RefusesAnOffsetOutOfTheFrame) {
  Frame Bytes = encode(message::StreamStart{1, 2});
  Bytes[4] = 0xf0;
  EXPECT_EQ(refusal(Bytes), "it is damaged or larger inside than allowed");
}

TEST(WireTest, RefusesASizeThatIsNotTheFrames) {
  Frame Bytes = encode(message::StreamStart{1, 2});
  Bytes[0] += 4;
  EXPECT_EQ(refusal(Bytes), "it is damaged or larger inside than allowed");
}

TEST(WireTest, RefusesMoreBlocksThanAMessageMayDefine) {
  // Every element of the vector may point to the same block: small on the
  // wire, long to verify.
  flatbuffers::FlatBufferBuilder B;
  const auto Block = wire::CreateBlock(B, 1);
  const std::vector<flatbuffers::Offset<wire::Block>> All(
      limit::BlocksPerMessage + 1, Block);
  const auto Blocks = wire::CreateBlocks(B, 0, B.CreateVector(All));
  wire::FinishSizePrefixedMessageBuffer(
      B, wire::CreateMessage(B, wire::Body::Blocks, Blocks.Union()));
  EXPECT_EQ(refusal(ArrayRef(B.GetBufferPointer(), B.GetSize())),
            "it is damaged or larger inside than allowed");
}

TEST(WireTest, RefusesUnknownKindsAndNone) {
  flatbuffers::FlatBufferBuilder B;
  const auto Body = wire::CreateStreamEnd(B, 0);
  wire::FinishSizePrefixedMessageBuffer(
      B, wire::CreateMessage(B, static_cast<wire::Body>(42), Body.Union()));
  EXPECT_EQ(refusal(ArrayRef(B.GetBufferPointer(), B.GetSize())),
            "its kind is unknown: 42");
  flatbuffers::FlatBufferBuilder None;
  wire::FinishSizePrefixedMessageBuffer(None, wire::CreateMessage(None));
  EXPECT_EQ(refusal(ArrayRef(None.GetBufferPointer(), None.GetSize())),
            "its kind is unknown: 0");
  flatbuffers::FlatBufferBuilder Empty;
  wire::FinishSizePrefixedMessageBuffer(
      Empty, wire::CreateMessage(Empty, wire::Body::Executed));
  EXPECT_EQ(refusal(ArrayRef(Empty.GetBufferPointer(), Empty.GetSize())),
            "its kind is unknown: 5");
}

// FlatBuffers' own verifier passes a vector of 64-bit elements at any address
// divisible by four.
TEST(WireTest, RefusesTotalsThatCannotBeReadInPlace) {
  message::Totals M;
  // Four bytes on, the first stream's number is the size of a vector of one.
  M.Streams.assign(2, {1, 0, 0, 0});
  Frame Bytes = encode(M);
  const auto *Totals = reinterpret_cast<const flatbuffers::Table *>(
      wire::GetSizePrefixedMessage(Bytes.data())->body());
  const size_t Offset =
      Totals->GetAddressOf(wire::Totals::VT_STREAMS) - Bytes.data();
  Bytes[Offset] += 4;
  EXPECT_EQ(refusal(Bytes), "its totals are not aligned to 8 bytes");
}

#ifdef FLATC_EXECUTABLE
TEST(WireTest, TheCheckedInHeaderIsWhatFlatcPrints) {
  SmallString<128> Folder;
  ASSERT_FALSE(sys::fs::createUniqueDirectory("mcad-wire", Folder));
  const std::string Schema = SERIALIZATION_DIR "/mcad.fbs";
  // The flags of Serialization/CMakeLists.txt.
  const StringRef Arguments[] = {FLATC_EXECUTABLE, "--cpp", "--scoped-enums",
                                 "--cpp-std",      "c++17", "-o",
                                 Folder,           Schema};
  std::string Problem;
  ASSERT_EQ(sys::ExecuteAndWait(FLATC_EXECUTABLE, Arguments, std::nullopt, {},
                                60, 0, &Problem),
            0)
      << Problem;
  auto Printed = MemoryBuffer::getFile(Folder + "/mcad_generated.h");
  auto CheckedIn = MemoryBuffer::getFile(SERIALIZATION_DIR "/mcad_generated.h");
  ASSERT_TRUE(Printed && CheckedIn);
  EXPECT_TRUE((*Printed)->getBuffer() == (*CheckedIn)->getBuffer())
      << "build the target regenerate-wire";
  sys::fs::remove_directories(Folder);
}
#endif

} // namespace
