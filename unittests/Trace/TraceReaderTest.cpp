//===- TraceReaderTest.cpp - messages as a trace --------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Traces.h"
#include <set>

using namespace llvm;
using namespace mcad;
using namespace mcad::test;

namespace {

/// Hello, two blocks of 2 and 3 instructions, one stream.
const std::string Begin = R"(hello protocol=3 arch="arm"
block 0 address=0x1000 set=thumb sizes=2,4 bytes=000102030405
  block 1 address=0x2000 set=arm sizes=4,4,4 bytes=000102030405060708090a0b
stream 0 vcpu=0
)";

using Batches = std::vector<std::pair<uint32_t, std::vector<uint64_t>>>;

TEST(TraceReaderTest, HandsOutWhatWasExecuted) {
  const std::vector<uint8_t> Bytes = frames(Begin + R"(run 0: 0 1 1
stream 1 vcpu=3
block 2 address=0x3000 sizes=1 bytes=90
run 1: 2
end 1
run 0: 2 0
totals reason=exit blocks=3 stream=0:5,11,0 stream=1:1,1,0
)");
  for (const size_t Piece : {SIZE_MAX, size_t(1), size_t(7)}) {
    const Outcome O = read(Bytes, {"test", false, {}, limit::Blocks}, Piece);
    EXPECT_EQ(O.Refusal, "");
    EXPECT_EQ(O.End.Problem, "");
    EXPECT_EQ(O.Batches, (Batches{{0, {0, 1, 1}}, {1, {2}}, {0, {2, 0}}}));
    EXPECT_EQ(O.Blocks.Addresses,
              (std::vector<uint64_t>{0x1000, 0x2000, 0x3000}));
    EXPECT_EQ(O.Blocks.Sets, (std::vector<InstructionSet>{
                                 InstructionSet::Thumb, InstructionSet::Arm,
                                 InstructionSet::Default}));
    ASSERT_TRUE(O.End.Totals.has_value());
    EXPECT_EQ(O.End.Totals->size(), 2u);
    EXPECT_EQ((*O.End.Totals)[0].Instructions, 11u);
    ASSERT_EQ(O.Arrived.size(), 2u);
    EXPECT_EQ(O.Arrived[0].Blocks, 5u);
    EXPECT_EQ(O.Arrived[0].Instructions, 11u);
    EXPECT_EQ(O.Arrived[1].Blocks, 1u);
  }
}

TEST(TraceReaderTest, HandsOutAccesses) {
  const Outcome O = read(frames(Begin + R"(
run 0: 0 l4@0x1234/1 ws8@0xff00000000008000/0 1 1 ws1@0xffffffffffffffff/2/1
totals reason=detach blocks=2 stream=0:3,8,3
)"));
  EXPECT_EQ(O.End.Problem, "");
  ASSERT_EQ(O.Batches.size(), 1u);
  EXPECT_EQ(O.Batches[0].second.size(), 16u);
  EXPECT_EQ(O.Arrived[0].Accesses, 3u);
  EXPECT_EQ(O.Arrived[0].Instructions, 8u);
}

TEST(TraceReaderTest, HandsOutImagesWhereTheyCome) {
  const Outcome O = read(frames(Begin + R"(
image 0x1000-0x2000 offset=0x3000 load-bias=0xffffffffffffe000 path="/a b" build-id=0a0b
  image 0x1800-0xffffffffffffffff
block 2 address=0x1000 sizes=1 bytes=90
image 0x5-0x6
totals reason=exit blocks=3 stream=0:0,0,0
)"));
  EXPECT_EQ(O.End.Problem, "");
  ASSERT_EQ(O.Blocks.Images.size(), 3u);
  EXPECT_EQ(O.Blocks.BlocksBefore, (std::vector<size_t>{2, 2, 3}));
  const Image &First = O.Blocks.Images[0];
  EXPECT_EQ(First.Start, 0x1000u);
  EXPECT_EQ(First.End, 0x2000u);
  EXPECT_EQ(First.FileOffset, 0x3000u);
  EXPECT_EQ(First.LoadBias, 0xffffffffffffe000u);
  EXPECT_EQ(First.Path, "/a b");
  EXPECT_EQ(First.BuildId, (std::vector<uint8_t>{0x0a, 0x0b}));
  EXPECT_EQ(O.Blocks.Images[1].Start, 0x1800u);
  EXPECT_EQ(O.Blocks.Images[1].Path, "");
}

TEST(TraceReaderTest, DescribesTheTrace) {
  const Outcome O = read(
      frames(R"(hello protocol=3 arch="arm" system=true relay="r 1" qemu-api=1
  binary="/bin/x" build-id=0a0b load-bias=0x1 code=0x2-0x3 entry=0x4 pid=5
  parent-pid=6 scope=main-code option="-a" option=""
totals reason=exit blocks=0)"),
      {"the name", true, {}, limit::Blocks});
  const TraceDescription &D = O.Description;
  EXPECT_EQ(D.Name, "the name");
  EXPECT_EQ(D.GuestArch, "arm");
  EXPECT_TRUE(D.SystemMode);
  EXPECT_EQ(D.Recorder, "r 1");
  EXPECT_EQ(D.BinaryPath, "/bin/x");
  EXPECT_EQ(D.BuildId, (std::vector<uint8_t>{0x0a, 0x0b}));
  EXPECT_EQ(D.LoadBias, 1u);
  EXPECT_EQ(D.CodeStart, 2u);
  EXPECT_EQ(D.CodeEnd, 3u);
  EXPECT_EQ(D.Entry, 4u);
  EXPECT_EQ(D.ProcessId, 5u);
  EXPECT_EQ(D.ParentProcessId, 6u);
  EXPECT_EQ(D.Scope, TraceScope::MainCode);
  EXPECT_EQ(D.RecorderOptions, (std::vector<std::string>{"-a", ""}));
  EXPECT_TRUE(D.HasMemoryAccesses);
  EXPECT_EQ(O.End.Problem, "");
  EXPECT_TRUE(O.End.Totals.has_value());
}

TEST(TraceReaderTest, TotalsSaidAheadHoldIfNothingFollows) {
  const std::string Ahead = Begin + R"(run 0: 0 1
totals reason=exec blocks=2 stream=0:2,5,0
)";
  Outcome O = read(frames(Ahead));
  EXPECT_EQ(O.End.Problem, "");
  EXPECT_EQ(O.End.How, Ending::Exec);
  EXPECT_EQ((*O.End.Totals)[0].Instructions, 5u);

  // The program went on, and ended with another word, or with none.
  O = read(frames(Ahead + R"(run 0: 1
totals reason=signal blocks=2 stream=0:3,8,0
run 0: 1
end 0
totals reason=exit blocks=2 stream=0:4,11,0
)"));
  EXPECT_EQ(O.End.Problem, "");
  EXPECT_EQ(O.End.How, Ending::Exit);
  EXPECT_EQ((*O.End.Totals)[0].Instructions, 11u);
  O = read(frames(Ahead + "run 0: 1\n"));
  EXPECT_EQ(O.End.How, Ending::Unsaid);
  EXPECT_FALSE(O.End.Totals.has_value());
  EXPECT_NE(O.End.Problem.find("it ends without"), std::string::npos);
}

//===----------------------------------------------------------------------===//
// Refused before it begins
//===----------------------------------------------------------------------===//

TEST(TraceReaderTest, RefusesWhatIsNoHello) {
  EXPECT_EQ(read({}).Refusal,
            "test: no Hello: it ends before the first message");
  EXPECT_EQ(read(std::vector<uint8_t>{1, 2}).Refusal,
            "test: no Hello: cut off inside a message's size: 2 bytes of 4");
  EXPECT_EQ(read(frames("raw 0102030405060708090a0b0c0d0e0f10")).Refusal,
            "test: no Hello: the first message is not one of MCAD's: it does "
            "not carry the identifier \"MCAD\"");
  EXPECT_EQ(read(frames("stream 0 vcpu=0")).Refusal,
            "test: no Hello: the first message is a StreamStart");
  // What a web browser would say to the port.
  const StringRef Browser = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
  EXPECT_EQ(read(ArrayRef(Browser.bytes_begin(), Browser.bytes_end())).Refusal,
            "test: no Hello: a message of 542393671 bytes, more than the "
            "largest allowed of 1048576");
}

TEST(TraceReaderTest, RefusesAnotherProtocol) {
  EXPECT_EQ(read(frames("hello protocol=1")).Refusal,
            "test: it speaks protocol 1, this MCAD speaks 3: use the relay and "
            "the analyser of one MCAD release");
  EXPECT_NE(read(frames("hello protocol=0")).Refusal, "");
}

TEST(TraceReaderTest, RefusesAHelloBeyondTheLimits) {
  message::Hello Good;
  Good.BinaryPath.assign(limit::StringBytes, 'x');
  Good.BuildId.assign(limit::BuildIdBytes, 1);
  Good.Options.assign(limit::Options, "-x");
  Good.Options[9] = Good.BinaryPath;
  EXPECT_EQ(read(encode(Good)).Refusal, "");
  auto Refusal = [&](auto Spoil) {
    message::Hello Bad = Good;
    Spoil(Bad);
    const std::string Line = read(encode(Bad)).Refusal;
    return StringRef(Line).rsplit(", but ").second.str();
  };
  EXPECT_EQ(Refusal([](auto &H) { H.BinaryPath += 'x'; }),
            "a string of Hello is longer");
  EXPECT_EQ(Refusal([](auto &H) { H.Relay = H.BinaryPath + "x"; }),
            "a string of Hello is longer");
  EXPECT_EQ(Refusal([](auto &H) { H.BuildId.push_back(1); }),
            "the build-id is longer");
  EXPECT_EQ(Refusal([](auto &H) { H.Options.push_back(""); }),
            "there are more options");
  EXPECT_EQ(Refusal([](auto &H) { H.Options[9] += 'x'; }),
            "an option is longer");
  message::Hello Bad;
  Bad.Scope = static_cast<wire::Scope>(7);
  EXPECT_EQ(read(encode(Bad)).Refusal,
            "test: refused Hello: its scope is unknown: 7");
  // It comes to be shown.
  for (const std::string &Arch :
       {std::string("\x1b]0;title"), std::string("x86 64"),
        std::string(65, 'x')}) {
    message::Hello Odd;
    Odd.GuestArch = Arch;
    EXPECT_EQ(read(encode(Odd)).Refusal,
              "test: refused Hello: its guest architecture is not of the form "
              "of a name")
        << Arch;
  }
}

//===----------------------------------------------------------------------===//
// Every invariant
//===----------------------------------------------------------------------===//

struct Breach {
  Invariant Rule;
  /// After Begin.
  const char *Text;
  /// What the line says after "but".
  const char *Found;
};

const Breach Breaches[] = {
    {Invariant::Soundness, "raw 00112233445566778899aabbccddeeff",
     "it does not carry the identifier \"MCAD\": message 4 at byte 292"},
    {Invariant::HelloOnce, "hello protocol=3", "another came: message 4"},
    {Invariant::BlockIdsDense, "block 3 sizes=1 bytes=00",
     "block 3 comes after 2 blocks: message 4"},
    {Invariant::BlockIdsDense, "block 1 sizes=1 bytes=00",
     "block 1 comes after 2 blocks: message 4"},
    {Invariant::BlockInstructions, "block 2", "block 2 has 0: message 4"},
    {Invariant::BlockInstructions, "block 2 sizes=2,0 bytes=0000",
     "block 2 has one of no bytes: message 4"},
    {Invariant::BlockBytes, "block 2 sizes=2,1 bytes=0000",
     "block 2 has 2 bytes for sizes of 3: message 4"},
    {Invariant::BlockBytes, "block 2 sizes=2 bytes=000000",
     "block 2 has 3 bytes for sizes of 2: message 4"},
    {Invariant::ImageRange, "image 0x10-0x10",
     "image 0 goes from 0x10 to 0x10: message 4"},
    {Invariant::ImageRange, "image 0x10-0x20\n  image 0x20-0x1f",
     "image 1 goes from 0x20 to 0x1f: message 4"},
    {Invariant::StreamIdsDense, "stream 2 vcpu=0",
     "stream 2 starts after 1 streams: message 4"},
    {Invariant::StreamIdsDense, "stream 0 vcpu=0",
     "stream 0 starts after 1 streams: message 4"},
    {Invariant::StreamRunning, "run 1: 0",
     "one that never started executes: message 4"},
    {Invariant::StreamRunning, "end 1",
     "one that never started ends: message 4"},
    {Invariant::StreamRunning, "end 0\nend 0",
     "one that has ended ends: message 5"},
    {Invariant::StreamRunning, "end 0\nrun 0: 1",
     "one that has ended executes: message 5"},
    {Invariant::ExecutedPresent, "run 0:", "one holds nothing: message 4"},
    {Invariant::BlockDefined, "run 0: 0 1 2",
     "unit 2 (0x2) names block 2 of 2: message 4"},
    {Invariant::BlockDefined, "run 0: 1073741823",
     "unit 0 (0x7fff) names block 1073741823 of 2: message 4"},
    {Invariant::EventsStartWithBlock, "run 0: l4@0x10/0",
     "unit 0 (0x8800) is an access: message 4"},
    {Invariant::EventWhole, "run 0: 0 1 raw@0x4000",
     "unit 2 (0x4000) starts an event of 2 units and there are 1: message 4"},
    {Invariant::EventWhole, "run 0: 0 raw@0x8000 raw@0x1",
     "unit 1 (0x8000) starts an event of 3 units and there are 2: message 4"},
    {Invariant::EventWhole, "run 0: 0 raw@0xc000 1 1 1",
     "unit 1 (0xc000) starts an event of 5 units and there are 4: message 4"},
    {Invariant::AccessInstruction, "run 0: 1 0 l4@0x10/1 l4@0x10/2",
     "unit 5 (0x8802) names instruction 2 of block 0, which has 2: message "
     "4 at byte 292, stream 0, instruction 3"},
    {Invariant::AccessInstruction, "run 0: 0 wl4@0xffffffff0000/2",
     "unit 1 (0xc802) names instruction 2 of block 0, which has 2: message 4"},
    {Invariant::TotalsPresent, "",
     "it ends without: the sender died, was killed or lost the connection: "
     "message 4"},
    {Invariant::TotalsPresent, "run 0: 0\nend 0", "it ends without"},
    {Invariant::TotalsLast, "totals blocks=2 stream=0:0,0,0\nend 0",
     "more came: message 5"},
    {Invariant::TotalsLast,
     "totals blocks=2 stream=0:0,0,0\ntotals blocks=2 stream=0:0,0,0",
     "more came: message 5"},
    {Invariant::TotalsStreams, "totals blocks=2",
     "it counts 0 streams and 1 started: message 4"},
    {Invariant::TotalsStreams, "totals blocks=2 stream=0:0,0,0 stream=1:0,0,0",
     "it counts 2 streams and 1 started: message 4"},
    {Invariant::TotalsStreams,
     "stream 1\ntotals blocks=2 stream=1:0,0,0 stream=0:0,0,0",
     "it counts 2 streams and 2 started, in another order: message 5"},
    {Invariant::TotalsBlocks, "totals blocks=3 stream=0:0,0,0",
     "it says 3 and 2 were: message 4"},
    {Invariant::TotalsCounts, "run 0: 0 1\ntotals blocks=2 stream=0:3,5,0",
     "it says 3, 5 and 0 where 2, 5 and 0 arrived: message 5 at byte 348, "
     "stream 0, instruction 5"},
    {Invariant::TotalsCounts, "run 0: 0 1\ntotals blocks=2 stream=0:2,6,0",
     "it says 2, 6 and 0 where"},
    {Invariant::TotalsCounts,
     "run 0: 0 l4@0x10/0\ntotals blocks=2 stream=0:1,2,0",
     "it says 1, 2 and 0 where 1, 2 and 1 arrived"},
};

void expectBreach(const Outcome &O, Invariant Rule, StringRef Found) {
  ASSERT_EQ(O.Refusal, "");
  ASSERT_FALSE(O.Violations.empty()) << Found.str();
  const Violation &V = O.Violations[0];
  EXPECT_EQ(sentence(V.Rule), sentence(Rule)) << V.str();
  EXPECT_EQ(V.str(), O.End.Problem);
  const std::string Wanted = sentence(Rule).str() + ", but " + Found.str();
  EXPECT_TRUE(StringRef(V.str()).starts_with(Wanted))
      << V.str() << "\nwanted: " << Wanted;
}

TEST(TraceReaderTest, EveryBreachEndsTheTrace) {
  for (const Breach &B : Breaches) {
    SCOPED_TRACE(B.Text);
    const Outcome O = read(frames(Begin + B.Text));
    expectBreach(O, B.Rule, B.Found);
    EXPECT_EQ(O.Violations.size(), 1u);
  }
}

TEST(TraceReaderTest, ACheckSaysTheSame) {
  for (const Breach &B : Breaches) {
    SCOPED_TRACE(B.Text);
    expectBreach(read(frames(Begin + B.Text),
                      {"test", false, AfterViolation::GoOn, limit::Blocks}),
                 B.Rule, B.Found);
  }
}

TEST(TraceReaderTest, ACheckGoesOn) {
  const Outcome O = read(frames(Begin + R"(
run 0: 7
run 0: 0
run 0: 0 l4@0x10/2
raw 00112233
stream 1 vcpu=1
run 1: 1
totals blocks=9 stream=0:1,2,0 stream=1:7,7,7
end 0
)"),
                         {"test", false, AfterViolation::GoOn, limit::Blocks});
  std::vector<Invariant> Rules;
  for (const Violation &V : O.Violations)
    Rules.push_back(V.Rule);
  EXPECT_EQ(Rules, (std::vector<Invariant>{
                       Invariant::BlockDefined, Invariant::AccessInstruction,
                       Invariant::Soundness, Invariant::TotalsBlocks,
                       Invariant::TotalsCounts, Invariant::TotalsLast}));
  EXPECT_EQ(O.Batches, (Batches{{0, {0}}, {1, {1}}}));
}

TEST(TraceReaderTest, WhatCameBeforeABreachStaysGood) {
  const Outcome O = read(frames(Begin + "run 0: 0 1\nrun 0: 1 2\nrun 0: 0"));
  EXPECT_EQ(O.Batches, (Batches{{0, {0, 1}}}));
  EXPECT_EQ(O.Arrived[0].Blocks, 2u);
  EXPECT_EQ(O.Arrived[0].Instructions, 5u);
  EXPECT_FALSE(O.End.Totals.has_value());
}

TEST(TraceReaderTest, ACutAnywhereEndsTheTraceCleanly) {
  const std::vector<uint8_t> Bytes =
      frames(Begin + "run 0: 0 1\nrun 0: 0 l4@0x10/1\ntotals blocks=2 "
                     "stream=0:3,7,1");
  EXPECT_EQ(read(Bytes).End.Problem, "");
  const size_t HelloBytes = frames("hello protocol=3 arch=\"arm\"").size();
  for (size_t Size = 0; Size != Bytes.size(); ++Size) {
    const Outcome O = read(ArrayRef(Bytes).take_front(Size));
    EXPECT_EQ(O.Refusal.empty(), Size >= HelloBytes) << Size;
    if (O.Refusal.empty()) {
      ASSERT_EQ(O.Violations.size(), 1u) << Size;
      EXPECT_TRUE(O.Violations[0].Rule == Invariant::Framing ||
                  O.Violations[0].Rule == Invariant::TotalsPresent);
    }
  }
}

// The remaining invariants need more than a line of text.

TEST(TraceReaderTest, BreachesThatTextCannotSay) {
  const std::vector<uint8_t> Start = frames(Begin);
  auto ReadAfterBegin = [&](ArrayRef<uint8_t> More,
                            uint32_t MaxBlocks = limit::Blocks) {
    std::vector<uint8_t> Bytes = Start;
    Bytes.insert(Bytes.end(), More.begin(), More.end());
    return read(Bytes, {"test", false, {}, MaxBlocks});
  };
  expectBreach(ReadAfterBegin({0, 0, 0, 0}), Invariant::Framing,
               "a message of no bytes: message 4 at byte 292");
  expectBreach(ReadAfterBegin(encode(message::Token())), Invariant::NoToken,
               "one came later: message 4");
  expectBreach(ReadAfterBegin(encode(message::Reply())), Invariant::NoReply,
               "one came: message 4");
  expectBreach(ReadAfterBegin(encode(message::Blocks{2, {}})),
               Invariant::BlocksPresent, "one defines none: message 4");

  message::Block Block;
  Block.Sizes.assign(event::MaxInstructions, 1);
  Block.Bytes.assign(event::MaxInstructions, 0x90);
  EXPECT_EQ(ReadAfterBegin(encode(message::Blocks{2, {Block}}))
                .Blocks.Addresses.size(),
            3u);
  Block.Sizes.push_back(1);
  Block.Bytes.push_back(0x90);
  expectBreach(ReadAfterBegin(encode(message::Blocks{2, {Block}})),
               Invariant::BlockInstructions, "block 2 has 513: message 4");
  Block.Sizes = Block.Bytes = {1};
  expectBreach(ReadAfterBegin(encode(message::Blocks{2, {Block, Block}}), 3),
               Invariant::BlockLimit, "2 come after 2 where 3 may: message 4");
  EXPECT_EQ(
      ReadAfterBegin(encode(message::Blocks{2, {Block}}), 3).Violations[0].Rule,
      Invariant::TotalsPresent);
  message::Block Long;
  Long.Sizes.assign(event::MaxInstructions, 1);
  Long.Bytes.assign(event::MaxInstructions, 0x90);
  expectBreach(ReadAfterBegin(encode(message::Blocks{2, {Long, Long}}), 4),
               Invariant::BlockLimit,
               "block 3 is one too many: there are 517 instructions before it");
  Block.Set = static_cast<wire::InstructionSet>(4);
  expectBreach(ReadAfterBegin(encode(message::Blocks{2, {Block}})),
               Invariant::BlockSet, "block 2 has number 4: message 4");
  Block.Set = wire::InstructionSet::Ambiguous;
  Block.Disassembly.assign(limit::StringBytes + 1, 'x');
  expectBreach(ReadAfterBegin(encode(message::Blocks{2, {Block}})),
               Invariant::StringLimit,
               "block 2 has a longer disassembly: message 4");

  expectBreach(ReadAfterBegin(encode(message::Images())),
               Invariant::ImagesPresent, "one defines none: message 4");
  message::Images Images;
  Images.Defined.assign(limit::Images, {1, 2, 3, "", {}, 4});
  Images.Defined[9].Path.assign(limit::StringBytes, 'x');
  Images.Defined[9].BuildId.assign(limit::BuildIdBytes, 1);
  EXPECT_EQ(ReadAfterBegin(encode(Images)).Blocks.Images.size(), limit::Images);
  std::vector<uint8_t> OneMore = encode(Images);
  const Frame Another = encode(message::Images{{{1, 2, 3, "", {}, 4}}});
  OneMore.insert(OneMore.end(), Another.begin(), Another.end());
  expectBreach(ReadAfterBegin(OneMore), Invariant::ImageLimit,
               "1 come after 65536: message 5");
  message::Images Half;
  Half.Defined.assign(513,
                      {1, 2, 3, std::string(limit::StringBytes, 'x'), {}, 4});
  std::vector<uint8_t> Two = encode(Half);
  Two.insert(Two.end(), Two.begin(), Two.begin() + ptrdiff_t(Two.size()));
  expectBreach(ReadAfterBegin(Two), Invariant::ImageLimit,
               "image 1024 has 65536 bytes of path after 67108864: message 5");
  Images.Defined[9].Path += 'x';
  expectBreach(ReadAfterBegin(encode(Images)), Invariant::StringLimit,
               "image 9 has a longer path: message 4");
  Images.Defined[8].BuildId.assign(limit::BuildIdBytes + 1, 1);
  expectBreach(ReadAfterBegin(encode(Images)), Invariant::StringLimit,
               "image 8 has a longer build-id: message 4");

  message::Totals Totals;
  Totals.Reason = static_cast<wire::EndReason>(4);
  Totals.BlocksDefined = 2;
  Totals.Streams = {{0, 0, 0, 0}};
  expectBreach(ReadAfterBegin(encode(Totals)), Invariant::TotalsReason,
               "it gives number 4: message 4");

  flatbuffers::FlatBufferBuilder B;
  const auto None = wire::CreateExecuted(B, 0);
  wire::FinishSizePrefixedMessageBuffer(
      B, wire::CreateMessage(B, wire::Body::Executed, None.Union()));
  expectBreach(ReadAfterBegin(ArrayRef(B.GetBufferPointer(), B.GetSize())),
               Invariant::ExecutedPresent, "one holds nothing: message 4");

  expectBreach(read(Start, {"test", false, {}, limit::Blocks}, SIZE_MAX, 1),
               Invariant::BlockAccepted,
               "block 1 is refused (not this one): message 2");

  std::vector<uint8_t> Many;
  for (uint32_t Stream = 1; Stream <= limit::Streams; ++Stream) {
    const Frame One = encode(message::StreamStart{Stream, 0});
    Many.insert(Many.end(), One.begin(), One.end());
  }
  const Outcome O = ReadAfterBegin(Many);
  EXPECT_EQ(O.Arrived.size(), limit::Streams);
  expectBreach(O, Invariant::StreamLimit, "one more starts: message 65539");
}

TEST(TraceReaderTest, EverySentenceIsItsOwn) {
  std::set<std::string> Sentences;
  for (unsigned Rule = 0; Rule != NumInvariants; ++Rule)
    Sentences.insert(sentence(static_cast<Invariant>(Rule)).str());
  EXPECT_EQ(Sentences.size(), NumInvariants);
}

//===----------------------------------------------------------------------===//
// The end, and recording
//===----------------------------------------------------------------------===//

/// A peer that says what it has to say and keeps the connection open.
class SilentSource : public MemorySource {
public:
  using MemorySource::MemorySource;
  Expected<size_t> read(MutableArrayRef<uint8_t> Into) override {
    Expected<size_t> Count = MemorySource::read(Into);
    EXPECT_TRUE(!Count || *Count != 0) << "waits for ever";
    return Count;
  }
};

TEST(TraceReaderTest, TotalsAreTheLastWord) {
  const std::vector<uint8_t> Bytes =
      frames(Begin + "totals blocks=2 stream=0:0,0,0");
  auto Reader = TraceReader::create(
      std::make_unique<MessageReader>(std::make_unique<SilentSource>(Bytes)),
      {});
  ASSERT_TRUE(static_cast<bool>(Reader));
  Batch Next;
  BlockCollector Sink;
  EXPECT_FALSE(cantFail((*Reader)->next(Next, Sink)));
  EXPECT_FALSE(cantFail((*Reader)->next(Next, Sink)));
  EXPECT_EQ((*Reader)->end().Problem, "");
}

TEST(TraceReaderTest, RecordsEveryMessageAsItCame) {
  const std::vector<uint8_t> Bytes =
      frames(Begin + "run 0: 0\nend 0\ntotals blocks=2 stream=0:1,2,0");
  auto Reader = TraceReader::create(messages(Bytes), {});
  ASSERT_TRUE(static_cast<bool>(Reader));
  FrameCollector Out;
  ASSERT_FALSE(static_cast<bool>((*Reader)->recordTo(Out)));
  Batch Next;
  BlockCollector Sink;
  while (cantFail((*Reader)->next(Next, Sink)))
    ;
  EXPECT_EQ(Out.Bytes, Bytes);
}

/// A disk that fills up after some messages.
class FullDisk : public MessageRecorder {
public:
  unsigned Room;
  explicit FullDisk(unsigned Room) : Room(Room) {}
  Error record(ArrayRef<uint8_t>) override {
    if (Room-- == 0)
      return createStringError("full");
    return Error::success();
  }
};

TEST(TraceReaderTest, ARecorderThatFailsIsAnErrorOfOurs) {
  const std::vector<uint8_t> Bytes = frames(Begin + "run 0: 0");
  for (unsigned Room = 0; Room != 4; ++Room) {
    auto Reader = TraceReader::create(messages(Bytes), {});
    ASSERT_TRUE(static_cast<bool>(Reader));
    FullDisk Disk(Room);
    Error First = (*Reader)->recordTo(Disk);
    EXPECT_EQ(static_cast<bool>(First), Room == 0);
    if (First) {
      consumeError(std::move(First));
      continue;
    }
    Batch Next;
    BlockCollector Sink;
    Expected<bool> HasNext = (*Reader)->next(Next, Sink);
    ASSERT_FALSE(static_cast<bool>(HasNext));
    EXPECT_EQ(toString(HasNext.takeError()), "full");
  }
}

} // namespace
