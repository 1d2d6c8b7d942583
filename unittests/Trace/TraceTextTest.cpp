//===- TraceTextTest.cpp - traces as text ---------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Traces.h"

using namespace llvm;
using namespace mcad;
using namespace mcad::test;

namespace {

/// One of everything, as dumpTrace writes it.
const char *Everything = R"(hello protocol=3
hello protocol=7 arch="a\"r\\m\x0a\xff" system=true relay="r" qemu-api=1 binary="/b c" build-id=00ff load-bias=0x1 code=0x2-0xffffffffffffffff entry=0x4 pid=5 parent-pid=4294967295 scope=main-code option="-x=y" option=""
image 0x0-0x0
image 0x400000-0xffffffffffffffff offset=0x1000 load-bias=0xfffffffffffff000 path="/a b\x0a" build-id=00ff
  image 0x1-0x2 path="c"
block 0 address=0x0
block 7 address=0x10400 set=thumb main=true sizes=2,4,255 bytes=0a1b open-end=true
  block 8 address=0xffffffffffffffff set=ambiguous disassembly="movs r0, #1"
  block 9 address=0x4 set=arm
stream 4294967295 vcpu=0
stream 0 vcpu=9
stream 9 vcpu=1 accesses=true
run 0:
run 3: 0 1 1 2 3 4 5 6
  7 8 16383 16384 1073741823 raw@0x4000 1 raw@0x7fff
run 1: 0 l1@0x0/0 ws128@0xffffffffffff8000/511 wl4@0x10/3 s2@0x8000/5 wl1@0x4000001234/1/1 s8@0x4000ffffff/2/1 raw@0xc000
  1 2
end 12
totals reason=exit blocks=0
totals reason=detach blocks=4294967295
  stream=0:18446744073709551615,2,3
  stream=9:4,5,6
raw 00112233
)";

TEST(TraceTextTest, TheTextOfATraceIsTheTrace) {
  const std::vector<uint8_t> Bytes = frames(Everything);
  EXPECT_EQ(dumped(Bytes), Everything);
  EXPECT_EQ(frames(dumped(Bytes)), Bytes);
}

TEST(TraceTextTest, WhatHasNoWordsIsRaw) {
  std::vector<Frame> Frames = {
      encode(message::Reply()), encode(message::Token{{1, 2}}),
      encode(message::Blocks()), encode(message::Images())};
  message::Hello Hello;
  Hello.Scope = static_cast<wire::Scope>(9);
  Frames.push_back(encode(Hello));
  message::Totals Totals;
  Totals.Reason = static_cast<wire::EndReason>(9);
  Frames.push_back(encode(Totals));
  message::Blocks Blocks;
  Blocks.Defined.resize(1);
  Blocks.Defined[0].Set = static_cast<wire::InstructionSet>(9);
  Frames.push_back(encode(Blocks));
  Blocks.Defined.assign(2, message::Block());
  Blocks.First = UINT32_MAX;
  Frames.push_back(encode(Blocks));
  for (const Frame &Bytes : Frames) {
    const std::string Text = dumped(Bytes);
    EXPECT_TRUE(StringRef(Text).starts_with("raw ")) << Text;
    EXPECT_EQ(frames(Text), Bytes);
  }
}

TEST(TraceTextTest, ACutIsAnErrorAfterWhatCameBefore) {
  std::vector<uint8_t> Bytes = frames("stream 0 vcpu=1\nend 0");
  Bytes.pop_back();
  EXPECT_TRUE(StringRef(dumped(Bytes))
                  .starts_with("stream 0 vcpu=1\nerror: cut off inside"));
}

TEST(TraceTextTest, SpaceCommentsAndDefaultsAreFree) {
  EXPECT_EQ(frames("\n# a trace\n\n   \nstream 0 vcpu=0 # the first\n\n"
                   "run 0:\n # these\n  1\r\n\t2\n\n\n  3\nend\t0"),
            frames("stream 0\nrun 0: 1 2 3\nend 0\n"));
  EXPECT_EQ(frames("block 0 address=16 main=false open-end=false set=default"),
            frames("block 0 address=0x10"));
  EXPECT_TRUE(frames("").empty());
}

TEST(TraceTextTest, ErrorsSayWhere) {
  const std::pair<const char *, const char *> Wrong[] = {
      {"foo 1", "1:5: expected hello, image, block, stream, run, end, totals "
                "or raw before here"},
      {"stream 0\n  vcpu=0\n17",
       "3:1: expected hello, image, block, stream, run, "
       "end, totals or raw"},
      {"\n  end 0", "2:3: expected a message, in the first column"},
      {"end", "1:4: expected what the message says"},
      {"end x", "1:5: expected a number of at most 4294967295"},
      {"end 4294967296", "1:5: expected a number of at most 4294967295"},
      {"end 0x", "1:5: expected a number of at most 4294967295"},
      {"end 0 1", "1:7: expected the end of the message"},
      {"end 0\nend 0 1", "2:7: expected the end of the message"},
      {"stream 0 cpu=1", "1:14: expected the value of a known key, not of "
                         "'cpu'"},
      {"stream 0 vcpu 1", "1:14: expected '='"},
      {"stream 0 vcpu=1x", "1:15: expected a number of at most 4294967295"},
      {"stream 0vcpu=1", "1:8: expected a number of at most 4294967295"},
      {"hello arch=arm", "1:12: expected '\"'"},
      {"hello arch=\"arm", "1:16: expected '\"' before the line ends"},
      {"hello arch=\"a\\n\"", "1:15: expected \\\\, \\\" or \\xNN"},
      {"hello arch=\"a\"b", "1:15: expected a space"},
      {"hello system=yes", "1:17: expected true or false"},
      {"hello build-id=123", "1:19: expected two digits for each byte"},
      {"hello code=1", "1:13: expected '-'"},
      {"hello scope=all", "1:16: expected whole-process or main-code before "
                          "here"},
      {"hello protocol=3\n  block 0", "2:3: expected the end of the message"},
      {"block 0 sizes=256", "1:15: expected a number of at most 255"},
      {"block 0 set=mips", "1:17: expected default or arm or thumb or "
                           "ambiguous before here"},
      {"block 0\n  block 2", "2:10: expected the number 1 before here"},
      {"image 1", "1:8: expected '-'"},
      {"image 1-2x", "1:9: expected a number of at most 18446744073709551615"},
      {"image 1-2 size=3", "1:16: expected the value of a known key, not of "
                           "'size'"},
      {"image 1-2\n  block 0", "2:8: expected image before here"},
      {"image 1-2\n  image ", "2:9: expected the image's addresses"},
      {"run 0 1", "1:6: expected ':'"},
      {"run 0: 1,2", "1:9: expected a space"},
      {"run 0: 1073741824", "1:18: expected a block below 1073741824 before "
                            "here"},
      {"run 0: .", "1:8: expected a block, l, s, wl, ws or raw"},
      {"run 0: x1", "1:9: expected a block, l, s, wl, ws or raw before here"},
      {"run 0: l3@0/0", "1:10: expected a power of two from 1 to 128 "
                        "before here"},
      {"run 0: l256@0/0", "1:9: expected a number of at most 255"},
      {"run 0: l4@0x800000000000/0",
       "1:27: expected a wide access (wl, ws) for the address before here"},
      {"run 0: wl4@0x800000000000/0 l4@0x800000000000/0/1",
       "1:50: expected a wide access (wl, ws) for the address before here"},
      {"run 0: l4@0/0/2", "1:16: expected 0 or 1 before here"},
      {"run 0: l4@0/512", "1:16: expected an instruction below 512 "
                          "before here"},
      {"run 0: raw 1", "1:11: expected '@'"},
      {"totals stream=0:1,2", "1:20: expected ','"},
      {"totals reason=none",
       "1:19: expected exit or detach or exec or signal before here"},
      {"raw", "1:4: expected what the message says"},
      {"raw xy", "1:5: expected bytes in hexadecimal"},
  };
  for (const auto &[Text, Line] : Wrong) {
    FrameCollector Out;
    EXPECT_EQ(toString(assembleTrace(Text, "file", Out)),
              std::string("file:") + Line)
        << Text;
  }
}

TEST(TraceTextTest, MessagesBeforeAnErrorAreHandedOut) {
  FrameCollector Out;
  EXPECT_EQ(toString(assembleTrace("end 0\nend 1\nend", "file", Out)),
            "file:3:4: expected what the message says");
  EXPECT_EQ(Out.Bytes, frames("end 0\nend 1"));
}

} // namespace
