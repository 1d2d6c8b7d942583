//===- RawBrokerTest.cpp - instruction bytes, as text and as they are -----===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Broker/RawBroker.h"
#include "Listings.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace mcad::test;

namespace mcad {
namespace {

const Target &x86() { return target("x86_64-linux-gnu", "skylake"); }
const Target &arm64() { return target("aarch64-linux-gnu", "cortex-a57"); }

using Bytes = std::optional<std::vector<uint8_t>>;

Bytes bytes(std::initializer_list<uint8_t> List) {
  return std::vector<uint8_t>(List);
}

Listing list(const Target &T, StringRef Contents, unsigned Iterations = 1) {
  std::unique_ptr<Broker> B = cantFail(createRawBroker(
      T, *MemoryBuffer::getMemBufferCopy(Contents, "in.hex"), Iterations));
  std::vector<Listing> All = read(T, *B);
  EXPECT_EQ(All.size(), 1u);
  return All.front();
}

using Texts = std::vector<std::string>;

//===--- hexadecimal ------------------------------------------------------===//

TEST(RawBrokerTest, ReadsHexadecimalWithSpacesCommasAndPrefixes) {
  EXPECT_EQ(parseHexBytes("90c3"), bytes({0x90, 0xc3}));
  EXPECT_EQ(parseHexBytes("90 C3"), bytes({0x90, 0xc3}));
  EXPECT_EQ(parseHexBytes("0x90, 0Xc3"), bytes({0x90, 0xc3}));
  EXPECT_EQ(parseHexBytes("0x90,0xc3,\r\n\t4801d8\n"),
            bytes({0x90, 0xc3, 0x48, 0x01, 0xd8}));
  EXPECT_EQ(parseHexBytes(""), bytes({}));
}

TEST(RawBrokerTest, ReadsCommentsInHexadecimal) {
  EXPECT_EQ(parseHexBytes("# a nop and a return\n90 # nop\nc3#ret"),
            bytes({0x90, 0xc3}));
}

TEST(RawBrokerTest, TakesForHexadecimalOnlyWhatIsWhollyIt) {
  EXPECT_EQ(parseHexBytes("90 c"), std::nullopt);
  EXPECT_EQ(parseHexBytes("9 0"), std::nullopt);
  EXPECT_EQ(parseHexBytes("90 xy"), std::nullopt);
  EXPECT_EQ(parseHexBytes("90;c3"), std::nullopt);
  EXPECT_EQ(parseHexBytes(StringRef("90\0c3", 5)), std::nullopt);
}

//===--- listings ---------------------------------------------------------===//

TEST(RawBrokerTest, ListsTheInstructionsOfHexadecimalText) {
  const Listing L = list(x86(), "90 4801d8 c3\n");
  EXPECT_EQ(L.Instructions, (Texts{"nop", "addq %rbx, %rax", "retq"}));
  EXPECT_EQ(L.BlockLengths, std::vector<uint32_t>{3});
  EXPECT_EQ(L.Description.Name, "in.hex");
  EXPECT_TRUE(L.Description.IsListing);
  EXPECT_FALSE(L.Description.Region.has_value());
  EXPECT_FALSE(L.End.Totals.has_value());
}

TEST(RawBrokerTest, ListsTheInstructionsOfBinaryBytes) {
  EXPECT_EQ(list(x86(), StringRef("\x90\x48\x01\xd8\xc3", 5)).Instructions,
            (Texts{"nop", "addq %rbx, %rax", "retq"}));
}

TEST(RawBrokerTest, TakesAnOddNumberOfDigitsForBinary) {
  // 'P' is 0x50, push %rax; the digits 1 and 2 are 31 32, xorl.
  EXPECT_EQ(list(x86(), "PP").Instructions,
            (Texts{"pushq %rax", "pushq %rax"}));
  EXPECT_EQ(list(x86(), "123").Instructions, (Texts{"xorl %esi, (%rdx)", "?"}));
}

TEST(RawBrokerTest, KeepsBytesThatDoNotDecode) {
  EXPECT_EQ(list(x86(), "90 06 06 c3").Instructions,
            (Texts{"nop", "?", "?", "retq"}));
  EXPECT_EQ(list(arm64(), "1f2003d5 ffffffff c0035fd6").Instructions,
            (Texts{"nop", "?", "ret"}));
}

TEST(RawBrokerTest, KeepsBytesThatAreTooFewForAnInstruction) {
  EXPECT_EQ(list(arm64(), "1f2003d5 c003").Instructions, (Texts{"nop", "?"}));
}

TEST(RawBrokerTest, DecodesAnX86PrefixWithItsInstruction) {
  EXPECT_EQ(list(x86(), "f0 83 00 01 c3").Instructions,
            (Texts{"lock  addl $1, (%rax)", "retq"}));
}

TEST(RawBrokerTest, MakesSeveralBlocksOfMoreThan512Instructions) {
  const Listing L = list(x86(), std::string(2500, '\x90'), /*Iterations=*/3);
  EXPECT_EQ(L.BlockLengths, (std::vector<uint32_t>{512, 512, 512, 512, 452}));
  EXPECT_EQ(L.Executed, (std::vector<uint32_t>{0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0,
                                               1, 2, 3, 4}));
  EXPECT_EQ(L.Description.ListingIterations, 3u);
}

TEST(RawBrokerTest, RefusesAFileWithoutBytes) {
  for (const char *Empty : {"", " \n", "# nothing\n"})
    EXPECT_EQ(refusal(createRawBroker(
                  x86(), *MemoryBuffer::getMemBuffer(Empty, "in.hex"), 1)),
              "in.hex: no instruction bytes found");
}

} // namespace
} // namespace mcad
