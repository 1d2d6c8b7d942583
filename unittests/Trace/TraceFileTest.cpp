//===- TraceFileTest.cpp - recorded traces --------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Trace/TraceFile.h"
#include "Trace/TraceBroker.h"
#include "Traces.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace mcad;
using namespace mcad::test;

namespace {

const std::string Text = R"(hello protocol=3 arch="arm"
block 0 address=0x1000 set=thumb sizes=2,4 bytes=000102030405
stream 0 vcpu=0
run 0: 0 0 0 0 0 0 0 0
run 0: 0 l4@0x1000/1
end 0
totals reason=exit blocks=1 stream=0:9,18,1
)";

/// A folder of its own for each test, with `path` in it.
class TraceFileTest : public testing::Test {
protected:
  SmallString<128> Folder;
  std::string Path;

  void SetUp() override {
    ASSERT_FALSE(sys::fs::createUniqueDirectory("mcad-trace", Folder));
    Path = (Folder + "/t.mcad").str();
  }
  void TearDown() override { sys::fs::remove_directories(Folder); }

  void write(StringRef Bytes) {
    std::error_code Code;
    raw_fd_ostream OS(Path, Code);
    ASSERT_FALSE(Code);
    OS << Bytes;
  }
  std::string bytes(StringRef From) {
    auto Buffer = MemoryBuffer::getFile(From);
    return Buffer ? (*Buffer)->getBuffer().str() : "none";
  }
  /// Records \p Said; what went wrong.
  std::string record(StringRef Said, StringRef To) {
    auto Writer = TraceFileWriter::create(To);
    if (!Writer)
      return toString(Writer.takeError());
    if (Error E = assembleTrace(Said, "test", **Writer))
      return toString(std::move(E));
    return toString((*Writer)->finish());
  }
  std::string record() { return record(Text, Path); }
  /// The file's messages as text, then how they end.
  std::string dump(StringRef From) {
    auto Source = TraceFileSource::create(From);
    if (!Source)
      return toString(Source.takeError());
    MessageReader Messages(std::move(*Source));
    std::string Dumped;
    raw_string_ostream OS(Dumped);
    Error E = dumpTrace(Messages, OS);
    return E ? Dumped + toString(std::move(E)) : Dumped;
  }
  std::string dump() { return dump(Path); }
  bool exists(const Twine &Name) { return sys::fs::exists(Name); }
};

/// As dumpTrace prints it.
std::string canonical(StringRef Said) { return dumped(frames(Said)); }

TEST_F(TraceFileTest, WhatIsWrittenIsRead) {
  EXPECT_EQ(record(), "");
  EXPECT_EQ(dump(), canonical(Text));
  EXPECT_FALSE(exists(Path + ".part"));
}

TEST_F(TraceFileTest, ADumpAssemblesToTheSameFile) {
  EXPECT_EQ(record(), "");
  const std::string Other = Path + "2";
  EXPECT_EQ(record(dump(), Other), "");
  EXPECT_EQ(bytes(Path), bytes(Other));
}

// More than the reader's, the writer's and zstd's buffers and flushes hold.
TEST_F(TraceFileTest, LargeTracesArrive) {
  auto Writer = TraceFileWriter::create(Path);
  ASSERT_TRUE(static_cast<bool>(Writer));
  std::vector<uint16_t> Units(1200000);
  uint64_t Random = 1;
  const int NumMessages = 5;
  for (int I = 0; I != NumMessages; ++I) {
    for (uint16_t &Unit : Units) {
      Random = Random * 6364136223846793005u + 1442695040888963407u;
      Unit = static_cast<uint16_t>(Random >> 48);
    }
    const Frame Bytes =
        encode(message::Executed{static_cast<uint32_t>(I), Units});
    ASSERT_EQ(toString((*Writer)->record(
                  ArrayRef(Bytes).drop_front(FramePrefixBytes))),
              "");
  }
  ASSERT_EQ(toString((*Writer)->finish()), "");
  auto Source = TraceFileSource::create(Path);
  ASSERT_TRUE(static_cast<bool>(Source));
  MessageReader Messages(std::move(*Source));
  Random = 1;
  for (int I = 0; I != NumMessages; ++I) {
    auto Bytes = Messages.next();
    ASSERT_TRUE(Bytes && *Bytes);
    auto Message = verifyFrame(**Bytes);
    ASSERT_TRUE(static_cast<bool>(Message));
    const auto *Events = (*Message)->body_as_Executed()->units();
    ASSERT_EQ(Events->size(), Units.size());
    size_t NumWrong = 0;
    for (const uint16_t Unit : *Events) {
      Random = Random * 6364136223846793005u + 1442695040888963407u;
      NumWrong += Unit != Random >> 48;
    }
    EXPECT_EQ(NumWrong, 0u);
  }
  auto End = Messages.next();
  EXPECT_TRUE(End && !*End);
}

TEST_F(TraceFileTest, AnUnfinishedRecordingIsRecognisableAndReadable) {
  {
    auto Writer = TraceFileWriter::create(Path);
    ASSERT_TRUE(static_cast<bool>(Writer));
    ASSERT_EQ(toString(assembleTrace("end 0", "test", **Writer)), "");
    // What a flush has passed is there after a crash.
    const Frame Large =
        encode(message::Executed{0, std::vector<uint16_t>(2400000, 7)});
    ASSERT_EQ(toString((*Writer)->record(
                  ArrayRef(Large).drop_front(FramePrefixBytes))),
              "");
    ASSERT_EQ(toString(assembleTrace("end 7", "test", **Writer)), "");
  }
  EXPECT_FALSE(exists(Path));
  const std::string Read = dump(Path + ".part");
  EXPECT_TRUE(StringRef(Read).starts_with("end 0\nrun 0: 7 7"));
  EXPECT_TRUE(StringRef(Read).ends_with(
      " 7\n" + Path +
      ".part: truncated: its recording was not finished, or "
      "the copy not completed"))
      << StringRef(Read).take_back(200).str();
}

TEST_F(TraceFileTest, WhatIsNoTraceIsRefused) {
  EXPECT_EQ(dump(), Path + ": cannot be opened: No such file or directory");
  write("");
  EXPECT_EQ(dump(), Path + ": not a trace: the file is empty");
  write("hello protocol=3\n");
  EXPECT_EQ(dump(), Path + ": not a trace: it does not begin as one: give a "
                           "file that -record or 'mcad trace assemble' wrote");
  write("\x7f");
  EXPECT_EQ(dump(), Path + ": not a trace: it does not begin as one: give a "
                           "file that -record or 'mcad trace assemble' wrote");
  write(StringRef("\x89MCAD\r\n\x1a\x02\0\0\0", 12));
  EXPECT_EQ(dump(), Path + ": trace file version 2, this MCAD reads version 1: "
                           "read it with the MCAD that wrote it, or record it "
                           "anew");
}

TEST_F(TraceFileTest, ACutAnywhereIsCalledTruncated) {
  ASSERT_EQ(record(), "");
  const std::string Whole = bytes(Path);
  for (size_t Size = 1; Size != Whole.size(); ++Size) {
    write(StringRef(Whole).take_front(Size));
    const std::string Read = dump();
    EXPECT_NE(Read.find(Path + ": truncated: "), std::string::npos) << Read;
  }
}

TEST_F(TraceFileTest, DamageIsFound) {
  ASSERT_EQ(record(), "");
  const std::string Whole = bytes(Path), Good = dump();
  size_t NumFound = 0;
  for (size_t Position = 8; Position != Whole.size(); ++Position)
    for (const uint8_t Bit : {0x01, 0x10, 0x80}) {
      std::string Damaged = Whole;
      Damaged[Position] ^= Bit;
      write(Damaged);
      const std::string Read = dump();
      // Some bits say the same in another way; none may say another trace.
      if (Read == Good)
        continue;
      ++NumFound;
      EXPECT_TRUE(StringRef(Read).contains(Path + ": corrupt: ") ||
                  StringRef(Read).contains(Path + ": truncated: ") ||
                  StringRef(Read).contains(Path + ": trace file version ") ||
                  StringRef(Read).contains("a message of "))
          << Position << ": " << Read;
    }
  EXPECT_GT(NumFound, 2 * Whole.size());
  write(Whole + "x");
  EXPECT_EQ(dump(), Good + Path + ": corrupt: bytes follow its end");
}

TEST_F(TraceFileTest, DamageBehindTheLastWordIsFound) {
  ASSERT_EQ(record(), "");
  // Byte by byte, so that all messages have come before the file's end has.
  const auto problem = [](StringRef Bytes) {
    auto File = TraceFileSource::create(
        std::make_unique<MemorySource>(arrayRefFromStringRef(Bytes), 1), "f");
    TraceReaderOptions Options;
    Options.AreFile = true;
    auto Reader = cantFail(TraceReader::create(
        std::make_unique<MessageReader>(cantFail(std::move(File))), Options));
    BlockCollector Blocks;
    Batch Next;
    while (cantFail(Reader->next(Next, Blocks)))
      ;
    return Reader->end().Problem;
  };
  std::string Bytes = bytes(Path);
  EXPECT_EQ(problem(Bytes), "");
  EXPECT_NE(problem(Bytes + "x").find("bytes follow its end"),
            std::string::npos);
  EXPECT_NE(problem(StringRef(Bytes).drop_back()).find("f: truncated"),
            std::string::npos);
  Bytes.back() ^= 1; // Of the checksum.
  EXPECT_NE(problem(Bytes).find("f: corrupt"), std::string::npos);
}

TEST_F(TraceFileTest, WhatCannotBeWrittenIsNamed) {
  const std::string Nowhere = (Folder + "/none/t.mcad").str();
  EXPECT_EQ(record(Text, Nowhere),
            Nowhere + ".part: cannot be written: No such file or directory");
  EXPECT_EQ(record(Text, "/dev/full"),
            "/dev/full: cannot be written: No space left on device: make room "
            "there, or record elsewhere");
}

TEST_F(TraceFileTest, DevicesAreWrittenAndNotReplaced) {
  EXPECT_EQ(record(Text, "/dev/null"), "");
  sys::fs::file_status Status;
  ASSERT_FALSE(sys::fs::status("/dev/null", Status));
  EXPECT_EQ(Status.type(), sys::fs::file_type::character_file);
  EXPECT_FALSE(exists("/dev/null.part"));
}

//===----------------------------------------------------------------------===//
// The broker
//===----------------------------------------------------------------------===//

TEST_F(TraceFileTest, TheBrokerYieldsTheTraceOnce) {
  ASSERT_EQ(record(), "");
  TraceBroker Broker(Path, "armv7-linux-gnueabihf");
  auto Trace = Broker.nextTrace();
  ASSERT_TRUE(static_cast<bool>(Trace)) << toString(Trace.takeError());
  EXPECT_EQ((*Trace)->description().Name, Path);
  EXPECT_EQ((*Trace)->description().GuestArch, "arm");
  EXPECT_FALSE((*Trace)->description().HasMemoryAccesses);
  BlockCollector Sink;
  Batch Next;
  EXPECT_TRUE(cantFail((*Trace)->next(Next, Sink)));
  EXPECT_FALSE(Next.IsLast);
  EXPECT_TRUE(cantFail((*Trace)->next(Next, Sink)));
  EXPECT_TRUE(cantFail((*Trace)->next(Next, Sink)));
  EXPECT_TRUE(Next.IsLast);
  EXPECT_FALSE(cantFail((*Trace)->next(Next, Sink)));
  EXPECT_EQ((*Trace)->end().Problem, "");
  auto Second = Broker.nextTrace();
  ASSERT_TRUE(static_cast<bool>(Second));
  EXPECT_EQ(*Second, nullptr);
}

TEST_F(TraceFileTest, TheBrokerKnowsWhetherThereAreAccesses) {
  ASSERT_EQ(
      record("hello protocol=3 arch=\"arm\"\n"
             "block 0 sizes=1 bytes=00\nstream 0 accesses=true\nrun 0: 0\n",
             Path),
      "");
  auto Trace = TraceBroker(Path).nextTrace();
  ASSERT_TRUE(static_cast<bool>(Trace));
  EXPECT_TRUE((*Trace)->description().HasMemoryAccesses);
}

TEST_F(TraceFileTest, TheBrokerRefusesAnotherGuest) {
  ASSERT_EQ(record(), "");
  auto Trace = TraceBroker(Path, "x86_64-linux-gnu").nextTrace();
  ASSERT_FALSE(static_cast<bool>(Trace));
  EXPECT_EQ(toString(Trace.takeError()),
            Path + ": guest architecture 'arm' is not the triple's "
                   "'x86_64-linux-gnu': give the -mtriple of the guest, or run "
                   "the program of that triple");
}

TEST_F(TraceFileTest, TheBrokerNamesTheFileThatItCannotRead) {
  auto Missing = TraceBroker(Path).nextTrace();
  ASSERT_FALSE(static_cast<bool>(Missing));
  EXPECT_EQ(toString(Missing.takeError()),
            Path + ": cannot be opened: No such file or directory");
  ASSERT_EQ(record("stream 0", Path), "");
  auto NoHello = TraceBroker(Path).nextTrace();
  ASSERT_FALSE(static_cast<bool>(NoHello));
  EXPECT_EQ(toString(NoHello.takeError()),
            Path + ": no Hello: the first message is a StreamStart");
}

} // namespace
