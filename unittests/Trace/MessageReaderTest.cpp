//===- MessageReaderTest.cpp - frames out of bytes ------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Traces.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace mcad;
using namespace mcad::test;

namespace {

/// A frame around \p Size bytes, each \p Fill.
std::vector<uint8_t> frame(uint32_t Size, uint8_t Fill) {
  FrameCollector Out;
  cantFail(Out.record(std::vector<uint8_t>(Size, Fill)));
  return Out.Bytes;
}

std::vector<uint8_t> operator+(std::vector<uint8_t> A, ArrayRef<uint8_t> B) {
  A.insert(A.end(), B.begin(), B.end());
  return A;
}

/// Each message as `size*fill`, then how the bytes ended.
std::string read(MessageReader &Messages) {
  std::string Seen;
  uint64_t Number = 0, Offset = 0;
  while (true) {
    auto Bytes = Messages.next();
    if (!Bytes)
      return Seen + toString(Bytes.takeError());
    EXPECT_EQ(Messages.messageNumber(), ++Number);
    EXPECT_EQ(Messages.byteOffset(), Offset);
    if (!*Bytes)
      return Seen + "end";
    Offset += (*Bytes)->size();
    EXPECT_EQ(reinterpret_cast<uintptr_t>((*Bytes)->data()) % 8, 0u);
    const ArrayRef<uint8_t> Message = (*Bytes)->drop_front(FramePrefixBytes);
    EXPECT_EQ(llvm::count(Message, Message[0]), Message.size());
    Seen +=
        std::to_string(Message.size()) + "*" + std::to_string(Message[0]) + " ";
  }
}

std::string read(ArrayRef<uint8_t> Bytes, size_t PieceBytes = SIZE_MAX) {
  return read(*messages(Bytes, PieceBytes));
}

TEST(MessageReaderTest, NoBytesAreNoMessages) { EXPECT_EQ(read({}), "end"); }

TEST(MessageReaderTest, AnyPiecesMakeTheSameMessages) {
  std::vector<uint8_t> Bytes;
  std::string Wanted;
  for (uint32_t Size = 1; Size != 40; ++Size) {
    Bytes = Bytes + frame(Size, Size);
    Wanted += std::to_string(Size) + "*" + std::to_string(Size) + " ";
  }
  for (const size_t Piece : {1, 2, 3, 4, 5, 7, 8, 13, 64, 1000})
    EXPECT_EQ(read(Bytes, Piece), Wanted + "end") << Piece;
  EXPECT_EQ(read(Bytes), Wanted + "end");
  for (const size_t BufferBytes : {8, 16, 24, 64}) {
    MessageReader Small(std::make_unique<MemorySource>(Bytes), BufferBytes);
    EXPECT_EQ(read(Small), Wanted + "end") << BufferBytes;
  }
}

// What follows a large frame is not read with it: only the first one moves.
TEST(MessageReaderTest, LargeFramesAreReadToTheirPlace) {
  constexpr uint32_t Large = MessageReader::LargeFrameBytes + 1;
  std::vector<uint8_t> Bytes = frame(3, 1);
  for (uint8_t Fill = 2; Fill != 6; ++Fill)
    Bytes = Bytes + frame(Large, Fill);
  Bytes = Bytes + frame(5, 6);
  const std::string Size = std::to_string(Large);
  const std::string Wanted =
      "3*1 " + Size + "*2 " + Size + "*3 " + Size + "*4 " + Size + "*5 5*6 end";
  for (const size_t Piece : {size_t(7), size_t(100'000), SIZE_MAX}) {
    EXPECT_EQ(read(Bytes, Piece), Wanted) << Piece;
    MessageReader Small(std::make_unique<MemorySource>(Bytes, Piece), 64);
    EXPECT_EQ(read(Small), Wanted) << Piece;
  }
}

// Larger than the buffer at first, after one of odd length, and small ones
// behind.
TEST(MessageReaderTest, TheBufferGrows) {
  const std::vector<uint8_t> Bytes = frame(3, 1) + frame(5 << 20, 2) +
                                     frame((1 << 20) - 4, 3) + frame(1, 4) +
                                     frame((1 << 20) + 1, 5) + frame(9, 6);
  const std::string Wanted = "3*1 5242880*2 1048572*3 1*4 1048577*5 9*6 end";
  EXPECT_EQ(read(Bytes), Wanted);
  EXPECT_EQ(read(Bytes, 65536), Wanted);
  EXPECT_EQ(read(Bytes, 65537), Wanted);
}

TEST(MessageReaderTest, SaysWhereTheBytesAreCut) {
  const std::vector<uint8_t> Bytes = frame(8, 7) + frame(6, 9);
  for (size_t Size = 12; Size != Bytes.size(); ++Size) {
    const size_t Rest = Size - 12;
    const std::string Wanted =
        Rest == 0 ? "end"
        : Rest < 4
            ? "cut off inside a message's size: " + std::to_string(Rest) +
                  " bytes of 4"
            : "cut off inside a message: " + std::to_string(Rest) +
                  " bytes of 10";
    EXPECT_EQ(read(ArrayRef(Bytes).take_front(Size)), "8*7 " + Wanted);
    EXPECT_EQ(read(ArrayRef(Bytes).take_front(Size), 1), "8*7 " + Wanted);
  }
}

TEST(MessageReaderTest, RefusesImpossibleSizes) {
  EXPECT_EQ(read(frame(4, 1) + frame(0, 0)), "4*1 a message of no bytes");
  EXPECT_EQ(read(std::vector<uint8_t>{1, 0, 0, 4, 1}),
            "a message of 67108865 bytes, more than the largest allowed of "
            "67108864");
  EXPECT_EQ(read(std::vector<uint8_t>{0xff, 0xff, 0xff, 0xff}),
            "a message of 4294967295 bytes, more than the largest allowed of "
            "67108864");
  EXPECT_EQ(read(std::vector<uint8_t>{0, 0, 0, 4, 1}),
            "cut off inside a message: 5 bytes of 67108868");
}

TEST(MessageReaderTest, KnowsWhetherMoreArrived) {
  const std::vector<uint8_t> Bytes = frame(5, 1) + frame(4, 2);
  auto Messages = messages(Bytes);
  ASSERT_TRUE(cantFail(Messages->next()).has_value());
  EXPECT_TRUE(Messages->hasMore());
  ASSERT_TRUE(cantFail(Messages->next()).has_value());
  EXPECT_FALSE(Messages->hasMore());
}

TEST(MessageReaderTest, ReadsFiles) {
  auto Missing = FileSource::create("/nonexistent/file");
  ASSERT_FALSE(static_cast<bool>(Missing));
  EXPECT_EQ(toString(Missing.takeError()),
            "/nonexistent/file: cannot be opened: No such file or directory");
  auto Folder = FileSource::create("/");
  ASSERT_TRUE(static_cast<bool>(Folder));
  MessageReader Messages(std::move(*Folder));
  EXPECT_EQ(read(Messages), "/: cannot be read: Is a directory");
}

} // namespace
