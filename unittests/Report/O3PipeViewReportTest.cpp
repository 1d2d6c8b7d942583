//===- O3PipeViewReportTest.cpp - timelines for Konata --------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/O3PipeViewReport.h"
#include "SmallReport.h"
#include "TextOf.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace mcad::test;

namespace mcad {
namespace {

std::string printed(const Report &R) { return textOf(printO3PipeView, R); }

TEST(O3PipeViewReportTest, HasTheStagesOfEachInstruction) {
  EXPECT_EQ(printed(smallReport()),
            R"~(O3PipeView:fetch:1000:0x00001000:0:1:pushq %rbp
O3PipeView:decode:1000
O3PipeView:rename:1000
O3PipeView:dispatch:1000
O3PipeView:issue:2000
O3PipeView:complete:3000
O3PipeView:retire:4000:store:0
O3PipeView:fetch:1000:0x00001001:0:2:callq 0x1010
O3PipeView:decode:1000
O3PipeView:rename:1000
O3PipeView:dispatch:1000
O3PipeView:issue:2000
O3PipeView:complete:3000
O3PipeView:retire:4000:store:0
O3PipeView:fetch:2000:0x00001010:0:3:leal (%rdi,%rdi), %eax
O3PipeView:decode:2000
O3PipeView:rename:2000
O3PipeView:dispatch:2000
O3PipeView:issue:3000
O3PipeView:complete:4000
O3PipeView:retire:5000:store:0
O3PipeView:fetch:2000:0x00001013:0:4:idivl %esi
O3PipeView:decode:2000
O3PipeView:rename:2000
O3PipeView:dispatch:2000
O3PipeView:issue:5000
O3PipeView:complete:12000
O3PipeView:retire:13000:store:0
O3PipeView:fetch:3000:0x00001015:0:5:retq
O3PipeView:decode:3000
O3PipeView:rename:3000
O3PipeView:dispatch:3000
O3PipeView:issue:5000
O3PipeView:complete:6000
O3PipeView:retire:13000:store:0
)~");
}

TEST(O3PipeViewReportTest, NamesWhatHasNoInstruction) {
  Report R = smallReport();
  R.Traces[0].Attribution->Timeline.resize(1);
  R.Traces[0].Attribution->Timeline[0].Instruction = NoIndex;
  EXPECT_TRUE(
      StringRef(printed(R))
          .starts_with("O3PipeView:fetch:1000:0x00000000:0:1:[unknown]\n"));
}

} // namespace
} // namespace mcad
