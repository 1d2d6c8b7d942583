//===- SymbolTableTest.cpp - names for a trace's code ---------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Symbols/SymbolTable.h"
#include "ElfFiles.h"
#include "LeavesBehind.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Object/BuildID.h"
#include <random>

using namespace llvm;
using namespace mcad::test;

namespace mcad {
namespace {

constexpr StringRef Source = R"(namespace shapes {
volatile int Sink;
inline __attribute__((always_inline)) void innermost(int A) {
  Sink = A;
}
inline __attribute__((always_inline)) void middle(int A) {
  innermost(A + 1);
}
__attribute__((noinline)) int area(int A) {
  middle(A);
  return 2 * A;
}
}
int main(int Count, char **) { return shapes::area(Count); }
)";

/// The functions and the build-id of a file, as others find them.
struct Facts {
  std::map<std::string, GuestAddr> Addresses;
  std::vector<uint8_t> BuildId;

  explicit Facts(const std::string &Path) {
    const OpenedElf File = openElf(Path);
    const object::BuildIDRef Id = object::getBuildID(File.getBinary());
    BuildId.assign(Id.begin(), Id.end());
    for (const object::SymbolRef &Symbol : File.getBinary()->symbols())
      if (Expected<StringRef> Name = Symbol.getName())
        Addresses[Name->str()] = cantFail(Symbol.getAddress());
      else
        consumeError(Name.takeError());
  }
};

constexpr uint64_t Bias = 0x4000000000;

class SymbolTableTest : public testing::Test {
protected:
  Folder In;
  Program Code{X86.target()};
  TraceDescription About;
  SymbolOptions Options;

  SymbolTableTest() { Options.DebugPrefix = In / "debug"; }

  void SetUp() override {
    if (!X86.isThere())
      GTEST_SKIP() << X86.tool("gcc") << " is not installed";
  }

  std::string build(StringRef Name, const std::vector<std::string> &More = {}) {
    std::vector<std::string> Flags = {"-O1", "-g"};
    Flags.insert(Flags.end(), More.begin(), More.end());
    return test::build(In, X86, Source, Name, Flags, ".cpp");
  }

  /// All of the file, mapped at Bias.
  static Image imageOf(const std::string &Path, uint64_t At = Bias) {
    Image Mapped;
    Mapped.Start = At;
    Mapped.End = At + 0x10000;
    Mapped.Path = Path;
    Mapped.BuildId = Facts(Path).BuildId;
    Mapped.LoadBias = At;
    return Mapped;
  }
};

constexpr char Area[] = "_ZN6shapes4areaEi";

TEST_F(SymbolTableTest, AFunctionAndItsLines) {
  const std::string Path = build("program");
  const GuestAddr Start = Facts(Path).Addresses.at(Area);
  Code.defineImage(imageOf(Path));
  SymbolTable Symbols(Code, About, Options);
  const FunctionId Id = Symbols.functionAt(Bias + Start + 3);
  const Function &F = Symbols.function(Id);
  EXPECT_EQ(F.Is, Function::Kind::Symbol);
  EXPECT_EQ(F.Name, Area);
  EXPECT_EQ(F.DemangledName, "shapes::area(int)");
  EXPECT_EQ(F.Address, Bias + Start);
  EXPECT_GT(F.SizeBytes, 4u);
  EXPECT_EQ(F.InImage, ImageId(0));
  EXPECT_EQ(Symbols.functionAt(Bias + Start), Id);
  EXPECT_EQ(Symbols.functionAt(Bias + Start + F.SizeBytes - 1), Id);
  EXPECT_EQ(Symbols.numFunctions(), 1u);
  EXPECT_TRUE(Symbols.problems().empty());

  // Somewhere in it is the store, inlined twice.
  std::vector<SourceFrame> Deepest;
  for (uint64_t I = 0; I != F.SizeBytes; ++I) {
    std::vector<SourceFrame> Frames = Symbols.lines(Bias + Start + I);
    if (Frames.size() > Deepest.size())
      Deepest = std::move(Frames);
  }
  ASSERT_EQ(Deepest.size(), 3u);
  EXPECT_EQ(Deepest[0].Function, "shapes::innermost(int)");
  EXPECT_EQ(Deepest[0].Line, 4u);
  EXPECT_EQ(Deepest[1].Function, "shapes::middle(int)");
  EXPECT_EQ(Deepest[1].Line, 7u);
  EXPECT_EQ(Deepest[2].Function, "shapes::area(int)");
  EXPECT_EQ(Deepest[2].Line, 10u);
  for (const SourceFrame &Frame : Deepest) {
    EXPECT_EQ(Frame.File, Path + ".cpp");
    EXPECT_GT(Frame.Column, 0u);
  }
  // What the linker wrote has no source.
  const GuestAddr Plt = Facts(Path).Addresses.at("_init");
  EXPECT_TRUE(Symbols.lines(Bias + Plt).empty());
}

TEST_F(SymbolTableTest, WhereThereIsNoFile) {
  SymbolTable Symbols(Code, About, Options);
  const Function &F = Symbols.function(Symbols.functionAt(0x1234));
  EXPECT_EQ(F.Is, Function::Kind::Unknown);
  EXPECT_EQ(F.Name, "[anonymous]");
  EXPECT_EQ(F.InImage, std::nullopt);
  EXPECT_EQ(Symbols.functionAt(~0ull), Symbols.functionAt(0));
  EXPECT_EQ(Symbols.numFunctions(), 1u);
  EXPECT_TRUE(Symbols.lines(0x1234).empty());
}

TEST_F(SymbolTableTest, TheMainExecutableWithoutImages) {
  const std::string Path = build("program");
  About.BinaryPath = Path;
  About.LoadBias = Bias;
  About.CodeStart = Bias + 0x1000;
  About.CodeEnd = Bias + 0x2000;
  About.BuildId = Facts(Path).BuildId;
  SymbolTable Symbols(Code, About, Options);
  const GuestAddr Main = Bias + Facts(Path).Addresses.at("main");
  EXPECT_EQ(Symbols.function(Symbols.functionAt(Main)).Name, "main");
  EXPECT_EQ(Symbols.function(Symbols.functionAt(Main)).InImage, std::nullopt);
  EXPECT_EQ(Symbols.function(Symbols.functionAt(Bias + 0x2000)).Is,
            Function::Kind::Unknown);
}

TEST_F(SymbolTableTest, ImagesMayComeLater) {
  const std::string Path = build("program");
  SymbolTable Symbols(Code, About, Options);
  const GuestAddr Main = Bias + Facts(Path).Addresses.at("main");
  EXPECT_EQ(Symbols.function(Symbols.functionAt(Main)).Is,
            Function::Kind::Unknown);
  Code.defineImage(imageOf(Path));
  EXPECT_EQ(Symbols.function(Symbols.functionAt(Main)).Name, "main");
}

TEST_F(SymbolTableTest, TheLaterImageHoldsWhereTheyOverlap) {
  const std::string None = In / "libnone.so", Other = In / "libother.so";
  Code.defineImage({0x1000, 0x9000, 0x100, None, {}, 0});
  Code.defineImage({0x3000, 0x4000, 0, Other, {}, 0});
  Code.defineImage({0x8000, 0xa000, 0x7000, Other, {}, 0});
  Code.defineImage({0x2000, 0x2000, 0, Other, {}, 0}); // Empty.
  SymbolTable Symbols(Code, About, Options);
  const auto name = [&](GuestAddr A) {
    return Symbols.function(Symbols.functionAt(A)).Name;
  };
  EXPECT_EQ(name(0xfff), "[anonymous]");
  EXPECT_EQ(name(0x1000), "libnone.so+0x100");
  EXPECT_EQ(name(0x2fff), "libnone.so+0x100");
  EXPECT_EQ(name(0x3000), "libother.so+0x0");
  EXPECT_EQ(name(0x3fff), "libother.so+0x0");
  EXPECT_EQ(name(0x4000), "libnone.so+0x3100");
  EXPECT_EQ(name(0x7fff), "libnone.so+0x3100");
  EXPECT_EQ(name(0x8000), "libother.so+0x7000");
  EXPECT_EQ(name(0x9fff), "libother.so+0x7000");
  EXPECT_EQ(name(0xa000), "[anonymous]");
  EXPECT_EQ(Symbols.function(Symbols.functionAt(0x4000)).InImage, ImageId(0));
  // One line for each file.
  EXPECT_EQ(Symbols.problems().size(), 2u);
}

TEST_F(SymbolTableTest, ABlockIsInTheImageThatWasThereWhenItCame) {
  const std::string One = In / "libone.so", Other = In / "libother.so";
  Code.defineImage({0x1000, 0x9000, 0x100, One, {}, 0});
  Code.defineImage({0x1000, 0x9000, 0, "", {}, 0}); // Gone.
  Code.defineImage({0x2000, 0x4000, 0, Other, {}, 0});
  Code.defineImage({0x2000, 0x4000, 0, "", {}, 0});
  Code.defineImage({0x1000, 0x9000, 0x100, One, {}, 0}); // There again.
  SymbolTable Symbols(Code, About, Options);
  const auto name = [&](GuestAddr A, uint32_t NumImages) {
    return Symbols.function(Symbols.functionAt(A, NumImages)).Name;
  };
  const std::string Unknown = "[anonymous]";
  EXPECT_EQ(name(0x3000, 0), Unknown);
  EXPECT_EQ(name(0x3000, 1), "libone.so+0x100");
  EXPECT_EQ(name(0x3000, 2), Unknown);
  EXPECT_EQ(name(0x3000, 3), "libother.so+0x0");
  EXPECT_EQ(name(0x5000, 3), Unknown);
  EXPECT_EQ(name(0x3000, 4), Unknown);
  EXPECT_EQ(name(0x3000, 5), "libone.so+0x100");
  EXPECT_EQ(Symbols.functionAt(0x3000, 1), Symbols.functionAt(0x3000));
  // The main executable has always been there.
  About.BinaryPath = In / "program";
  About.CodeStart = 0x20000;
  About.CodeEnd = 0x21000;
  SymbolTable WithMain(Code, About, Options);
  EXPECT_NE(WithMain.functionAt(0x20000, 0), WithMain.functionAt(0x3000, 0));
}

TEST_F(SymbolTableTest, ANameOfAMillionLevelsIsLeftAsItIs) {
  const std::string Name = "_Z1f" + std::string(1'000'000, 'P') + "i";
  const std::string Path = test::build(
      In, X86,
      "void f() __asm__(\"" + Name + "\"); void f() {} int main() { f(); }",
      "deep", {"-O0"}, ".cpp");
  Code.defineImage(imageOf(Path));
  SymbolTable Symbols(Code, About, Options);
  const GuestAddr At = Bias + Facts(Path).Addresses.at(Name);
  EXPECT_TRUE(Symbols.function(Symbols.functionAt(At)).DemangledName == Name);
}

TEST_F(SymbolTableTest, AtAnyMomentTheLatestImageHolds) {
  constexpr uint64_t Page = 0x1000, Pages = 16;
  constexpr uint32_t NumImages = 60;
  std::mt19937 Random(1);
  const auto below = [&](uint64_t Limit) { return Random() % Limit; };
  for (uint32_t I = 0; I != NumImages; ++I) {
    const GuestAddr Start = Page * below(Pages);
    const GuestAddr End = Start + Page * below(Pages / 2);
    const bool IsGone = below(3) == 0;
    const std::string Path = IsGone ? "" : "lib" + std::to_string(I) + ".so";
    Code.defineImage({Start, End, 0, Path, {}, 0});
  }
  SymbolTable Symbols(Code, About, Options);
  for (unsigned Question = 0; Question != 3000; ++Question) {
    const uint32_t Known = below(NumImages + 1);
    const uint64_t At = below(2 * Pages);
    // The instructions of a block lie close together.
    for (GuestAddr A = Page * At + Page - 8; A != Page * At + Page + 8;
         A += 4) {
      std::string Expected = "[anonymous]";
      for (uint32_t I = 0; I != Known; ++I)
        if (const Image &M = Code.image(ImageId(I)); M.Start <= A && A < M.End)
          Expected = M.Path.empty() ? "[anonymous]" : M.Path;
      const std::string Name =
          Symbols.function(Symbols.functionAt(A, Known)).Name;
      ASSERT_EQ(Name.substr(0, Name.find('+')), Expected)
          << Known << " images, at " << A;
    }
  }
}

TEST_F(SymbolTableTest, TheImagesOfAFileCoverItsCode) {
  const std::string Path = build("program");
  const Facts File(Path);
  const std::vector<Image> Images = cantFail(SymbolFile::images(Path, Bias));
  for (const Image &Mapped : Images) {
    EXPECT_EQ(Mapped.BuildId, File.BuildId);
    Code.defineImage(Mapped);
  }
  SymbolTable Symbols(Code, About, Options);
  for (const char *Name : {Area, "main", "_init", "_start"}) {
    const FunctionId Id = Symbols.functionAt(Bias + File.Addresses.at(Name));
    EXPECT_EQ(Symbols.function(Id).Name, Name);
  }
  // Data is none of it.
  const GuestAddr Sink = File.Addresses.at("_ZN6shapes4SinkE");
  EXPECT_EQ(Symbols.function(Symbols.functionAt(Bias + Sink)).Is,
            Function::Kind::Unknown);
  EXPECT_EQ(Symbols.problems().size(), 0u);
}

TEST_F(SymbolTableTest, AFileWithoutCodeHasNoImages) {
  EXPECT_EQ(toString(SymbolFile::images(In / "none", 0).takeError()),
            "cannot be read: No such file or directory");
  const std::string Object =
      test::build(In, X86, "int Data = 1;\n", "data.o", {"-c"}, ".c");
  EXPECT_EQ(toString(SymbolFile::images(Object, 0).takeError()),
            "has no section of code");
}

TEST_F(SymbolTableTest, AnyFileOfASystemIsItsMainExecutable) {
  Code.defineImage(imageOf(build("program")));
  for (const bool IsSystem : {false, true}) {
    About.SystemMode = IsSystem;
    SymbolTable Symbols(Code, About, Options);
    ASSERT_EQ(Symbols.numFiles(), 1u);
    EXPECT_EQ(Symbols.file(0).IsMain, IsSystem);
  }
}

TEST_F(SymbolTableTest, AFileThatIsNotThereAnyMore) {
  Code.defineImage({Bias, Bias + 0x1000, 0x234, In / "gone.so", {1, 2}, Bias});
  Code.defineImage({0x1000, 0x2000, 0x234, In / "gone.so", {1, 2}, 0x1000});
  SymbolTable Symbols(Code, About, Options);
  EXPECT_TRUE(Symbols.problems().empty());
  const Function &F = Symbols.function(Symbols.functionAt(Bias + 4));
  EXPECT_EQ(F.Is, Function::Kind::File);
  EXPECT_EQ(F.Name, "gone.so+0x234");
  EXPECT_EQ(F.Address, Bias);
  EXPECT_EQ(F.SizeBytes, 0x1000u);
  EXPECT_TRUE(Symbols.lines(Bias + 4).empty());
  Symbols.functionAt(0x1004);
  ASSERT_EQ(Symbols.problems().size(), 1u);
  EXPECT_EQ(
      Symbols.problems()[0],
      In / "gone.so" +
          ": cannot be read: No such file or directory: its code is named "
          "by offset: put the file that was traced there");
}

TEST_F(SymbolTableTest, AFileThatIsAnotherNow) {
  const std::string Path = build("program");
  Image Mapped = imageOf(Path);
  const std::string Id = toHex(Mapped.BuildId, true);
  Mapped.BuildId = {0xab, 0xcd};
  Code.defineImage(Mapped);
  SymbolTable Symbols(Code, About, Options);
  EXPECT_EQ(Symbols.function(Symbols.functionAt(Bias)).Name, "program+0x0");
  ASSERT_EQ(Symbols.problems().size(), 1u);
  EXPECT_EQ(Symbols.problems()[0],
            Path + ": has the build-id " + Id +
                ", the trace's file has abcd: its code is named by offset: put "
                "the file that was traced there");
}

TEST_F(SymbolTableTest, WhatIsNoElfFile) {
  const std::pair<std::string, const char *> Files[] = {
      {In.write("text", "#!/bin/sh\n"), "is no ELF file"},
      {In.write("short", StringRef("\x7f"
                                   "ELF\2\1\1",
                                   7)),
       "is damaged ("},
      {In.write("empty", ""), "is no ELF file"},
      {In.path(), "is no regular file"},
      {"/dev/zero", "is no regular file"}};
  GuestAddr At = 0x1000;
  for (const auto &[Path, Wrong] : Files) {
    Code.defineImage({At, At + 0x1000, 0, Path, {}, At});
    SymbolTable Symbols(Code, About, Options);
    EXPECT_EQ(Symbols.function(Symbols.functionAt(At)).Is,
              Function::Kind::File);
    ASSERT_EQ(Symbols.problems().size(), 1u);
    EXPECT_TRUE(StringRef(Symbols.problems()[0])
                    .starts_with(Path + ": " + std::string(Wrong)))
        << Symbols.problems()[0];
    At += 0x1000;
  }
}

TEST_F(SymbolTableTest, ASeparateDebugFileHasTheNamesAndLines) {
  const std::string Path = build("program");
  const Facts Known(Path);
  const std::string Digits = toHex(Known.BuildId, /*LowerCase=*/true);
  const std::string DebugFolder =
      In / ("debug/.build-id/" + Digits.substr(0, 2));
  ASSERT_FALSE(sys::fs::create_directories(DebugFolder));
  const std::string DebugPath = DebugFolder + "/" + Digits.substr(2) + ".debug";
  run({X86.tool("objcopy"), "--only-keep-debug", Path, DebugPath});
  run({X86.tool("strip"), Path});
  Code.defineImage(imageOf(Path));
  const GuestAddr Start = Bias + Known.Addresses.at(Area);
  {
    SymbolTable Symbols(Code, About, Options);
    EXPECT_EQ(Symbols.function(Symbols.functionAt(Start)).Name, Area);
    ASSERT_FALSE(Symbols.lines(Start).empty());
    EXPECT_EQ(Symbols.lines(Start).back().Function, "shapes::area(int)");
  }
  {
    SymbolOptions Elsewhere;
    Elsewhere.DebugPrefix = In / "elsewhere";
    SymbolTable Symbols(Code, About, Elsewhere);
    const Function &F = Symbols.function(Symbols.functionAt(Start));
    EXPECT_EQ(F.Is, Function::Kind::Section);
    EXPECT_EQ(F.Address, Start);
    EXPECT_TRUE(Symbols.lines(Start).empty());
  }
  // Another program's, under this name.
  const std::string Other =
      test::build(In, X86, "int main() { return 1; }", "other", {"-g"}, ".cpp");
  run({X86.tool("objcopy"), "--only-keep-debug", Other, DebugPath});
  SymbolTable Symbols(Code, About, Options);
  EXPECT_EQ(Symbols.function(Symbols.functionAt(Start)).Is,
            Function::Kind::Section);
  EXPECT_TRUE(Symbols.lines(Start).empty());
}

// Of the ways to damage a line table's head some kill LLVM 19's reader.
TEST_F(SymbolTableTest, DamagedDebugInformationCostsTheLinesOnly) {
  const LeavesBehind Crashes;
  const std::string Path = build("program");
  const GuestAddr Start = Bias + Facts(Path).Addresses.at(Area);
  const Image Mapped = imageOf(Path);
  const std::string Whole = (*MemoryBuffer::getFile(Path))->getBuffer().str();
  size_t Table = 0;
  {
    const OpenedElf File = openElf(Path);
    for (const object::SectionRef &Section : File.getBinary()->sections())
      if (cantFail(Section.getName()) == ".debug_line")
        Table = cantFail(Section.getContents()).data() -
                File.getBinary()->getData().data();
  }
  ASSERT_NE(Table, 0u);
  unsigned NumFailed = 0;
  for (size_t At = Table; At != Table + 64; ++At)
    for (const char Wrong : {'\0', '\x03', '\x0b', '\x1f', '\xff'}) {
      std::string Bytes = Whole;
      Bytes[At] = Wrong;
      In.write("program", Bytes);
      Program Again(X86.target());
      Again.defineImage(Mapped);
      SymbolTable Symbols(Again, About, Options);
      const bool HasLines = !Symbols.lines(Start).empty();
      EXPECT_EQ(Symbols.function(Symbols.functionAt(Start)).Name, Area);
      if (Symbols.problems().empty())
        continue;
      ++NumFailed;
      EXPECT_FALSE(HasLines);
      EXPECT_TRUE(Symbols.lines(Start).empty());
      ASSERT_EQ(Symbols.problems().size(), 1u);
      EXPECT_EQ(Symbols.problems()[0],
                Path + ": its debug information is damaged: its code has no "
                       "source lines: build it anew and trace again");
    }
  EXPECT_NE(NumFailed, 0u) << "this LLVM survives all of it: is the guard in "
                              "SourceLines.h still needed?";
}

TEST_F(SymbolTableTest, AStubIsNoFunctionOfTheFile) {
  const std::string Path = test::build(
      In, X86, "#include <stdio.h>\nint main(void) { return puts(\"x\"); }\n",
      "program", {"-O1"});
  Code.defineImage(imageOf(Path));
  SymbolTable Symbols(Code, About, Options);
  std::set<std::string> Stubs;
  for (GuestAddr At = 0; At != 0x2000; ++At) {
    const Function &F = Symbols.function(Symbols.functionAt(Bias + At));
    if (F.Is == Function::Kind::Plt)
      Stubs.insert(F.Name);
  }
  EXPECT_TRUE(Stubs.count("puts@plt"));
  EXPECT_TRUE(Stubs.count(".plt+0x0"));
}

TEST_F(SymbolTableTest, TheSameQuestionsHaveTheSameAnswers) {
  const std::string Path = build("program");
  Code.defineImage(imageOf(Path));
  Code.defineImage(imageOf(Path, 2 * Bias));
  std::vector<std::string> Answers[2];
  for (auto &Names : Answers) {
    SymbolTable Symbols(Code, About, Options);
    for (GuestAddr At = 0; At != 0x3000; ++At)
      for (const uint64_t B : {Bias, 2 * Bias}) {
        const FunctionId Id = Symbols.functionAt(B + At);
        Names.push_back(std::to_string(index(Id)) + " " +
                        Symbols.function(Id).Name);
      }
    // Loaded twice, it is two functions.
    const GuestAddr Main = Facts(Path).Addresses.at("main");
    EXPECT_NE(Symbols.functionAt(Bias + Main),
              Symbols.functionAt(2 * Bias + Main));
  }
  EXPECT_EQ(Answers[0], Answers[1]);
}

} // namespace
} // namespace mcad
