//===- ObjectFunctionsTest.cpp - the functions of one ELF file ------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Symbols/ObjectFunctions.h"
#include "ElfFiles.h"
#include "LeavesBehind.h"
#include "Symbols/SourceLines.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/BinaryFormat/ELF.h"
#include <cstring>
#include <map>
#include <random>

using namespace llvm;
using namespace mcad::test;

namespace mcad {
namespace {

constexpr StringRef Source = R"(
#include <stdio.h>
#include <string.h>
__attribute__((noinline)) static int local(int A) {
  printf("%d\n", A);
  return A * 3;
}
__attribute__((noinline)) int global(int A) { return local(A) + 1; }
__attribute__((weak, noinline)) int weak(int A) { return local(A) + 2; }
int main(int Count, char **Words) {
  char Copy[64] = {0};
  strncpy(Copy, Words[0], sizeof(Copy) - 1);
  puts(Copy);
  return global(Count) + weak(Count);
}
)";

/// A file's functions, with the file.
struct Named {
  OpenedElf File;
  ObjectFunctions Functions;
  std::map<std::string, ObjectFunction> ByName;

  Named(const std::string &Path, const Arch &A)
      : File(openElf(Path)), Functions(*File.getBinary(), nullptr, A.target()) {
    for (uint32_t I = 0; I != Functions.size(); ++I)
      ByName[Functions[I].name()] = Functions[I];
  }

  std::string at(GuestAddr Address) const {
    const std::optional<uint32_t> Index = Functions.at(Address);
    return Index ? Functions[*Index].name() : "";
  }
};

/// Each address of each executable section is in one function.
void expectWhole(const Named &N) {
  const ElfCode Code = ElfCode::read(*N.File.getBinary());
  for (const ElfSection &Section : Code.Sections) {
    if (!Section.IsExecutable)
      continue;
    for (GuestAddr A = Section.Address; A != Section.End; ++A) {
      const std::optional<uint32_t> Index = N.Functions.at(A);
      ASSERT_TRUE(Index) << utohexstr(A);
      const ObjectFunction &F = N.Functions[*Index];
      EXPECT_LE(F.Address, A) << F.name();
      EXPECT_LT(A, F.Address + F.SizeBytes) << F.name();
    }
    if (!Code.executableAt(Section.End)) {
      EXPECT_FALSE(N.Functions.at(Section.End));
    }
  }
}

class EveryArch : public testing::TestWithParam<Arch> {};

TEST_P(EveryArch, FunctionsAndStubsHaveTheirNames) {
  const Arch &A = GetParam();
  if (!A.isThere())
    GTEST_SKIP() << A.tool("gcc") << " is not installed";
  const Folder In;
  const Named N(build(In, A, Source, "program", {"-O1"}), A);
  expectWhole(N);
  for (const char *Name : {"main", "local", "global", "weak", "_start"}) {
    ASSERT_TRUE(N.ByName.count(Name)) << Name;
    const ObjectFunction &F = N.ByName.at(Name);
    EXPECT_EQ(F.Says, ObjectFunction::NameOf::Symbol);
    if (A.target().triple().isARM()) {
      EXPECT_EQ(F.Address & 1, 0u) << Name;
    }
    EXPECT_GT(F.SizeBytes, 7u) << Name;
    EXPECT_EQ(N.at(F.Address), Name);
    EXPECT_EQ(N.at(F.Address + F.SizeBytes - 1), Name);
  }
  for (const char *Name : {"puts@plt", "strncpy@plt", "printf@plt"})
    EXPECT_TRUE(N.ByName.count(Name)) << Name;
  for (const auto &[Name, Function] : N.ByName) {
    EXPECT_FALSE(StringRef(Name).starts_with("$")) << Name;
    EXPECT_FALSE(StringRef(Name).starts_with(".L")) << Name;
  }
}

TEST_P(EveryArch, AStubIsWhereTheProgramCalls) {
  const Arch &A = GetParam();
  if (!A.isThere())
    GTEST_SKIP() << A.tool("gcc") << " is not installed";
  const Folder In;
  // GNU's objdump knows for itself which stub is whose.
  const std::string Path = build(In, A, Source, "program", {"-O1"});
  const Named N(Path, A);
  const std::string Text = In / "text";
  const std::string Objdump =
      cantFail(errorOrToExpected(sys::findProgramByName(A.tool("objdump"))));
  const std::optional<StringRef> Redirects[] = {std::nullopt, StringRef(Text),
                                                std::nullopt};
  ASSERT_EQ(sys::ExecuteAndWait(Objdump,
                                {Objdump, "-d", "--no-show-raw-insn", Path},
                                std::nullopt, Redirects),
            0);
  auto Listing = MemoryBuffer::getFile(Text);
  ASSERT_TRUE(bool(Listing));
  // "0000000000001030 <puts@plt>:", or with ppc64le's "NN.plt_call.puts@@...".
  unsigned Found = 0;
  for (StringRef Line : split((*Listing)->getBuffer(), '\n')) {
    auto [Digits, Name] = Line.split(" <");
    if (!Name.consume_back(">:"))
      continue;
    if (const StringRef Callee = calleeOfPowerStub(Name); !Callee.empty())
      Name = Callee;
    // On ppc64le it says so of what the first call of each goes through.
    else if (!Name.consume_back("@plt") || A.target().triple().isPPC64())
      continue;
    Name = Name.split('@').first;
    GuestAddr Address = 0;
    ASSERT_FALSE(Digits.getAsInteger(16, Address)) << Line.str();
    EXPECT_EQ(N.at(Address), (Name + "@plt").str());
    ++Found;
  }
  EXPECT_GE(Found, 3u);
}

TEST_P(EveryArch, AStrippedFilesFunctionsBeginWhereTheyUnwind) {
  const Arch &A = GetParam();
  if (!A.isThere())
    GTEST_SKIP() << A.tool("gcc") << " is not installed";
  const Folder In;
  const std::vector<std::string> Flags = {"-O1", "-shared", "-fPIC",
                                          "-fasynchronous-unwind-tables",
                                          "-fno-optimize-sibling-calls"};
  const Named Whole(build(In, A, Source, "whole", Flags), A);
  std::vector<std::string> Strip = Flags;
  Strip.push_back("-s");
  const Named N(build(In, A, Source, "stripped", Strip), A);
  expectWhole(N);
  const ObjectFunction &Local = Whole.ByName.at("local");
  // .dynsym keeps the others.
  EXPECT_EQ(N.at(Whole.ByName.at("global").Address), "global");
  EXPECT_FALSE(N.ByName.count("local"));
  const std::optional<uint32_t> Index = N.Functions.at(Local.Address + 2);
  ASSERT_TRUE(Index);
  const ObjectFunction &Found = N.Functions[*Index];
  EXPECT_EQ(Found.Says, ObjectFunction::NameOf::Section);
  EXPECT_EQ(Found.Address, Local.Address);
  EXPECT_TRUE(StringRef(Found.name()).starts_with(".text+0x")) << Found.name();
  EXPECT_EQ(N.at(Found.Address + Found.SizeBytes - 1), Found.name());
}

std::string nameOf(const testing::TestParamInfo<Arch> &Info) {
  std::string Name = Info.param.Triple;
  if (Info.param.Flag == StringRef("-mthumb"))
    Name += "Thumb";
  erase_if(Name, [](char C) { return !isAlnum(C); });
  return Name;
}

INSTANTIATE_TEST_SUITE_P(ObjectFunctions, EveryArch,
                         testing::Values(X86, I386, AArch64, Arm, Thumb, RiscV,
                                         Power),
                         nameOf);

TEST(ObjectFunctionsTest, AStaticProgramsStubsAreNamedByTheirResolvers) {
  for (const Arch &A : {X86, AArch64}) {
    if (!A.isThere())
      GTEST_SKIP() << A.tool("gcc") << " is not installed";
    const Folder In;
    const Named N(build(In, A,
                        "static int one(void) { return 1; }\n"
                        "static void *pick(void) { return one; }\n"
                        "int both(void) __attribute__((ifunc(\"pick\")));\n"
                        "int main(void) { return both(); }\n",
                        "program", {"-O1", "-static"}),
                  A);
    ASSERT_TRUE(N.ByName.count("both@plt")) << A.Triple;
    EXPECT_EQ(N.ByName.at("both@plt").Says, ObjectFunction::NameOf::Callee);
  }
}

// Which of several names, and whose an address is: x86, as its assembler has
// one byte per nop.
TEST(ObjectFunctionsTest, TheRulesForNames) {
  if (!X86.isThere())
    GTEST_SKIP() << X86.tool("gcc") << " is not installed";
  const Folder In;
  const Named N(build(In, X86, R"(
  .text
  .skip 3, 0x90           # 0 to 2: of no function
  .type aLocal, @function
  .type bGlobal, @function
  .type cWeak, @function
  .globl bGlobal, aNoType, bGlobalAsWell
  .weak cWeak
aLocal: aNoType: bGlobalAsWell: bGlobal: cWeak:
  .skip 4, 0x90           # 3 to 6
label:                    # inside a function: the function's
  .skip 4, 0x90           # 7 to 10
  .size bGlobal, 8
  .skip 2, 0x90           # 11 and 12: behind it
written:                  # by hand, without type and size
  .skip 4, 0x90           # 13 to 16
  .type outer, @function
outer:
  .skip 2, 0x90           # 17 and 18
  .type inner, @function
inner:
  .skip 2, 0x90           # 19 and 20
  .size inner, 2
  .skip 2, 0x90           # 21 and 22: outer's again
  .size outer, 6
  .type tooLong, @function
tooLong:
  .skip 1, 0x90
  .size tooLong, 1000
  .section .other, "ax", @progbits
first:
  .skip 2, 0x90
  .section .note.GNU-stack, "", @progbits
)",
                      "rules", {"-nostdlib", "-shared"}, ".s"),
                X86);
  expectWhole(N);
  const GuestAddr Text = N.ByName.at("bGlobal").Address - 3;
  const char *Expected[] = {
      ".text+0x0", ".text+0x0", ".text+0x0", // nobody's
      "bGlobal",   "bGlobal",   "bGlobal",   "bGlobal",   "bGlobal", "bGlobal",
      "bGlobal",   "bGlobal",   ".text+0xb", ".text+0xb", "written", "written",
      "written",   "written",   "outer",     "outer",     "inner",   "inner",
      "outer",     "outer",     "tooLong"};
  for (size_t I = 0; I != std::size(Expected); ++I)
    EXPECT_EQ(N.at(Text + I), Expected[I]) << I;
  EXPECT_EQ(N.ByName.at("tooLong").SizeBytes, 1u);
  EXPECT_FALSE(N.ByName.count("label"));
  EXPECT_EQ(N.ByName.at("outer").SizeBytes, 6u);
  EXPECT_EQ(N.ByName.at("first").SizeBytes, 2u);
}

TEST(ObjectFunctionsTest, NamesOfPowerStubs) {
  EXPECT_EQ(calleeOfPowerStub("00000050.plt_call.memcpy@@GLIBC_2.17"),
            "memcpy");
  EXPECT_EQ(calleeOfPowerStub("0000001b.plt_call_notoc.puts+0"), "puts");
  EXPECT_EQ(calleeOfPowerStub("00000a1f.long_branch.far"), "far");
  for (const char *Name :
       {"", "memcpy", "00000050.plt_call", "00000050.plt_",
        "0000005.plt_call.x", "plt_call.x", "00000050.other.x"})
    EXPECT_EQ(calleeOfPowerStub(Name), "") << Name;
}

/// \p Whole with a few bytes changed, and sometimes its end lost.
std::string damaged(StringRef Whole, std::mt19937 &Random) {
  std::string Bytes = Whole.str();
  if (Random() % 8 == 0)
    Bytes.resize(1 + Random() % (Bytes.size() - 1));
  const size_t Size = Bytes.size();
  for (unsigned I = 0, E = 1 + Random() % 16; I != E; ++I) {
    // Most of what can go wrong is in the tables at both ends.
    const size_t Near = Random() % std::min<size_t>(Size, 2048);
    const size_t Places[] = {Near, Size - 1 - Near, Random() % Size};
    Bytes[Places[Random() % 3]] = static_cast<char>(Random());
  }
  return Bytes;
}

// Whatever is wrong with a file, it is read to its end and no further.
TEST(ObjectFunctionsTest, DamagedFilesDoNoHarm) {
  const LeavesBehind Crashes;
  std::mt19937 Random(4711);
  for (const Arch &A : {X86, Arm}) {
    if (!A.isThere())
      GTEST_SKIP() << A.tool("gcc") << " is not installed";
    const Folder In;
    for (const char *Flag : {"-s", "-g"}) {
      auto Whole = MemoryBuffer::getFile(
          build(In, A, Source, "program", {"-O1", Flag, "-shared", "-fPIC"}));
      ASSERT_TRUE(bool(Whole));
      for (unsigned Round = 0; Round != 700; ++Round) {
        const std::string Bytes = damaged((*Whole)->getBuffer(), Random);
        auto File = object::ObjectFile::createELFObjectFile(
            MemoryBufferRef(Bytes, "damaged"));
        if (!File) {
          consumeError(File.takeError());
          continue;
        }
        const ObjectFunctions Functions(**File, nullptr, A.target());
        SourceLines Lines(**File);
        for (GuestAddr Address = 0; Address < 0x3000; Address += 64) {
          if (const std::optional<uint32_t> Index = Functions.at(Address)) {
            EXPECT_FALSE(Functions[*Index].name().empty());
          }
          Lines.at(Address);
        }
      }
    }
  }
}

// A section that says that it takes any amount of memory when it is unpacked.
TEST(ObjectFunctionsTest, NothingIsUnpacked) {
  if (!X86.isThere())
    GTEST_SKIP() << X86.tool("gcc") << " is not installed";
  const Folder In;
  auto Whole = MemoryBuffer::getFile(
      build(In, X86, Source, "program", {"-O1", "-s", "-shared", "-fPIC"}));
  ASSERT_TRUE(bool(Whole));
  std::string Bytes = (*Whole)->getBuffer().str();
  ASSERT_GE(claimCompressed(Bytes, 1ull << 60), 1u);
  auto File =
      object::ObjectFile::createELFObjectFile(MemoryBufferRef(Bytes, "packed"));
  ASSERT_TRUE(bool(File));
  const ObjectFunctions Functions(**File, nullptr, X86.target());
  EXPECT_GE(Functions.size(), 3u);
}

// Which DenseMap, for one, cannot hold.
TEST(ObjectFunctionsTest, AddressesMayBeTheLargest) {
  if (!X86.isThere())
    GTEST_SKIP() << X86.tool("gcc") << " is not installed";
  const Folder In;
  auto Whole = MemoryBuffer::getFile(
      build(In, X86, Source, "program", {"-O1", "-shared", "-fPIC"}));
  ASSERT_TRUE(bool(Whole));
  for (const uint64_t Largest : {~uint64_t(0), ~uint64_t(0) - 1}) {
    std::string Bytes = (*Whole)->getBuffer().str();
    auto &Header = *reinterpret_cast<ELF::Elf64_Ehdr *>(Bytes.data());
    auto *Sections =
        reinterpret_cast<ELF::Elf64_Shdr *>(Bytes.data() + Header.e_shoff);
    for (unsigned I = 0; I != Header.e_shnum; ++I) {
      if (Sections[I].sh_type != ELF::SHT_RELA)
        continue;
      auto *Relocations = reinterpret_cast<ELF::Elf64_Rela *>(
          Bytes.data() + Sections[I].sh_offset);
      for (size_t R = 0; R != Sections[I].sh_size / sizeof(*Relocations); ++R) {
        Relocations[R].r_addend = static_cast<int64_t>(Largest);
        if (R % 2)
          Relocations[R].r_offset = Largest;
      }
    }
    auto File = object::ObjectFile::createELFObjectFile(
        MemoryBufferRef(Bytes, "largest"));
    ASSERT_TRUE(bool(File));
    const ObjectFunctions Functions(**File, nullptr, X86.target());
    EXPECT_GE(Functions.size(), 3u);
  }
}

} // namespace
} // namespace mcad
