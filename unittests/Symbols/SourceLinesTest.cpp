//===- SourceLinesTest.cpp - source lines of one ELF file -----------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Files whose sections are compressed; all else of SourceLines is tested by
// SymbolTableTest.cpp.
//
//===----------------------------------------------------------------------===//

#include "Symbols/SourceLines.h"
#include "ElfFiles.h"

using namespace llvm;
using namespace mcad;
using namespace mcad::test;

namespace {

/// The bytes of a program with debug information.
std::string program(const Folder &In, const char *Option) {
  return (*MemoryBuffer::getFile(build(In, X86, "int main() { return 1; }",
                                       "program", {"-g", Option}, ".cpp")))
      ->getBuffer()
      .str();
}

struct Found {
  bool HasLines, HasFailed;
  bool operator==(const Found &) const = default;
};

Found linesOf(StringRef Bytes) {
  const auto File = cantFail(
      object::ObjectFile::createELFObjectFile(MemoryBufferRef(Bytes, "it")));
  SourceLines Lines(*File);
  bool HasLines = !Lines.spansOf("program.cpp", 1, 1).empty();
  return {HasLines, Lines.hasFailed()};
}

TEST(SourceLinesTest, CompressedSectionsAreRead) {
  if (!X86.isThere())
    GTEST_SKIP() << X86.tool("gcc") << " is not installed";
  const Folder In;
  EXPECT_EQ(linesOf(program(In, "-gz=none")), (Found{true, false}));
  EXPECT_EQ(linesOf(program(In, "-gz=zlib")), (Found{true, false}));
}

// Nobody's data is that small when it is compressed: LLVM would fill as much
// memory before it looks.
TEST(SourceLinesTest, WhatWouldTakeAnyAmountOfMemoryIsNotUnpacked) {
  if (!X86.isThere())
    GTEST_SKIP() << X86.tool("gcc") << " is not installed";
  const Folder In;
  std::string Bytes = program(In, "-gz=none");
  ASSERT_GE(claimCompressed(Bytes, uint64_t(64) << 20), 1u);
  EXPECT_EQ(linesOf(Bytes), (Found{false, true}));
}

} // namespace
