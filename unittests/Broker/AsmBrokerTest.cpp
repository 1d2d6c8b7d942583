//===- AsmBrokerTest.cpp - assembly and its regions -----------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Broker/AsmBroker.h"
#include "Listings.h"
#include "llvm/ADT/StringExtras.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace mcad::test;

namespace mcad {
namespace {

const Target &arm64() { return target("aarch64-linux-gnu", "cortex-a57"); }

/// A broker for \p Text, and what it printed about single lines.
struct Made {
  std::string Diagnostics;
  Expected<std::unique_ptr<Broker>> Result;

  explicit Made(StringRef Text, unsigned Iterations = 1,
                const Target &T = arm64())
      : Result(make(Text, Iterations, T)) {}

private:
  Expected<std::unique_ptr<mcad::Broker>>
  make(StringRef Text, unsigned Iterations, const Target &T) {
    raw_string_ostream OS(Diagnostics);
    return createAsmBroker(T, MemoryBuffer::getMemBufferCopy(Text, "in.s"),
                           Iterations, OS);
  }
};

/// Each region as "name: instruction; instruction", "(none)" for the name of a
/// whole file.
std::vector<std::string> regions(StringRef Text) {
  Made M(Text);
  if (!M.Result)
    return {toString(M.Result.takeError())};
  EXPECT_EQ(M.Diagnostics, "");
  std::vector<std::string> Result;
  for (const Listing &L : read(arm64(), **M.Result))
    Result.push_back(L.Description.Region.value_or("(none)") + ": " +
                     join(L.Instructions, "; "));
  return Result;
}

using Regions = std::vector<std::string>;

/// What is printed about \p Text, which must be refused.
std::string diagnostics(StringRef Text) {
  testing::internal::CaptureStderr();
  Made M(Text);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_EQ(refusal(std::move(M.Result)),
            "in.s: it does not assemble for aarch64-unknown-linux-gnu: mend "
            "the lines named above");
  return M.Diagnostics;
}

std::string firstLine(StringRef Text) { return Text.split('\n').first.str(); }

//===--- regions ----------------------------------------------------------===//

TEST(AsmBrokerTest, TakesAFileWithoutMarkersWhole) {
  EXPECT_EQ(regions("nop\nret\n"), Regions{"(none): nop; ret"});
}

TEST(AsmBrokerTest, TakesAnEmptyCommentAtTheEndOfTheFile) {
  for (const char *Text : {"nop\n//", "nop //", "nop\n#", "nop\n/**/"})
    EXPECT_EQ(regions(Text), Regions{"(none): nop"}) << Text;
}

TEST(AsmBrokerTest, TakesAMarkedRegionOnly) {
  EXPECT_EQ(regions("nop\n"
                    "# LLVM-MCA-BEGIN loop\n"
                    "ret\n"
                    "# LLVM-MCA-END\n"
                    "nop\n"),
            Regions{"loop: ret"});
}

TEST(AsmBrokerTest, TakesARegionWithoutAName) {
  EXPECT_EQ(regions("nop\n# LLVM-MCA-BEGIN\nret\n# LLVM-MCA-END\nnop\n"),
            Regions{": ret"});
}

TEST(AsmBrokerTest, TakesRegionsInTheOrderOfTheirBegins) {
  EXPECT_EQ(regions("# LLVM-MCA-BEGIN b\n"
                    "nop\n"
                    "# LLVM-MCA-END b\n"
                    "# LLVM-MCA-BEGIN a\n"
                    "ret\n"
                    "# LLVM-MCA-END a\n"),
            (Regions{"b: nop", "a: ret"}));
}

TEST(AsmBrokerTest, LetsRegionsWithDifferentNamesOverlap) {
  EXPECT_EQ(regions("# LLVM-MCA-BEGIN a\n"
                    "nop\n"
                    "# LLVM-MCA-BEGIN b\n"
                    "ret\n"
                    "# LLVM-MCA-END a\n"
                    "add x0, x0, x1\n"
                    "# LLVM-MCA-END b\n"),
            (Regions{"a: nop; ret", "b: ret; add x0, x0, x1"}));
}

TEST(AsmBrokerTest, LetsARegionLieInAnother) {
  EXPECT_EQ(regions("# LLVM-MCA-BEGIN outer\n"
                    "nop\n"
                    "# LLVM-MCA-BEGIN inner\n"
                    "ret\n"
                    "# LLVM-MCA-END inner\n"
                    "nop\n"
                    "# LLVM-MCA-END outer\n"),
            (Regions{"outer: nop; ret; nop", "inner: ret"}));
}

TEST(AsmBrokerTest, LetsANameComeAgainOnceItsRegionHasEnded) {
  EXPECT_EQ(regions("# LLVM-MCA-BEGIN a\n"
                    "nop\n"
                    "# LLVM-MCA-END a\n"
                    "# LLVM-MCA-BEGIN a\n"
                    "ret\n"
                    "# LLVM-MCA-END a\n"),
            (Regions{"a: nop", "a: ret"}));
}

TEST(AsmBrokerTest, EndsTheOnlyOpenRegionAtAnEndWithoutAName) {
  EXPECT_EQ(regions("# LLVM-MCA-BEGIN a\nnop\n# LLVM-MCA-END\nret\n"),
            Regions{"a: nop"});
}

TEST(AsmBrokerTest, ReadsAnOpenRegionToTheEndOfTheFile) {
  EXPECT_EQ(regions("nop\n# LLVM-MCA-BEGIN a\nret\nnop\n"),
            Regions{"a: ret; nop"});
}

TEST(AsmBrokerTest, ReadsUpToAnEndWithoutABegin) {
  EXPECT_EQ(regions("nop\n# LLVM-MCA-END\nret\n"), Regions{": nop"});
}

TEST(AsmBrokerTest, SkipsAnEmptyRegion) {
  EXPECT_EQ(regions("# LLVM-MCA-BEGIN a\n"
                    "# LLVM-MCA-END a\n"
                    "# LLVM-MCA-BEGIN b\n"
                    "nop\n"
                    "# LLVM-MCA-END b\n"),
            Regions{"b: nop"});
}

TEST(AsmBrokerTest, HearsMarkersBehindAndBetweenInstructions) {
  EXPECT_EQ(regions("nop // LLVM-MCA-BEGIN a\n"
                    "ret ; nop // LLVM-MCA-END a\n"
                    "add x0, x0, x1\n"),
            Regions{"a: ret; nop"});
  EXPECT_EQ(regions("nop ; /* LLVM-MCA-BEGIN */ ret\n"), Regions{": ret"});
}

TEST(AsmBrokerTest, HearsMarkersInEveryCommentOfTheAssembler) {
  for (const char *Begin : {"#", "//", "/*"}) {
    SCOPED_TRACE(Begin);
    const std::string End = Begin == StringRef("/*") ? " */\n" : "\n";
    EXPECT_EQ(regions(std::string("nop\n") + Begin + " LLVM-MCA-BEGIN" + End +
                      "ret\n" + Begin + " LLVM-MCA-END" + End + "nop\n"),
              Regions{": ret"});
  }
}

TEST(AsmBrokerTest, TakesOtherCommentsForComments) {
  EXPECT_EQ(regions("nop // a region of LLVM-MCA-BEGIN\n"
                    "ret // llvm-mca-end\n"),
            Regions{"(none): nop; ret"});
}

TEST(AsmBrokerTest, KeepsWhatStandsInFrontOfARegion) {
  Made M("nop\n.align 2\nadd x0, x0, x1\n# LLVM-MCA-BEGIN a\nret\n"
         "# LLVM-MCA-END\nnop\n");
  const std::vector<Listing> L = read(arm64(), **M.Result);
  ASSERT_EQ(L.size(), 1u);
  EXPECT_EQ(L[0].Before, (std::vector<std::string>{"nop", "add x0, x0, x1"}));
}

//===--- regions that are refused -----------------------------------------===//

TEST(AsmBrokerTest, RefusesTwoOpenRegionsWithoutAName) {
  EXPECT_EQ(diagnostics("# LLVM-MCA-BEGIN\nnop\n# LLVM-MCA-BEGIN\nret\n"),
            "llvm-mcad: in.s:3:2: error: a region without a name is still open "
            "here: name one of the two\n"
            "# LLVM-MCA-BEGIN\n"
            " ^\n");
}

TEST(AsmBrokerTest, RefusesTwoOpenRegionsOfOneName) {
  const std::string Said =
      diagnostics("# LLVM-MCA-BEGIN a\nnop\n# LLVM-MCA-BEGIN a\nret\n");
  EXPECT_EQ(firstLine(Said),
            "llvm-mcad: in.s:3:2: error: a region named a is still open here: "
            "give this one another name");
}

TEST(AsmBrokerTest, RefusesTheEndOfARegionThatIsNotOpen) {
  const std::string Said =
      diagnostics("# LLVM-MCA-BEGIN a\nnop\n# LLVM-MCA-END b\nret\n");
  EXPECT_EQ(firstLine(Said),
            "llvm-mcad: in.s:3:2: error: no region named b is open here");
}

TEST(AsmBrokerTest, RefusesAnEndWithoutABegin) {
  const std::string Named = diagnostics("nop\n# LLVM-MCA-END a\n");
  EXPECT_EQ(firstLine(Named),
            "llvm-mcad: in.s:2:2: error: no region named a is open here");
  const std::string Second =
      diagnostics("# LLVM-MCA-BEGIN\nnop\n# LLVM-MCA-END\n# LLVM-MCA-END\n");
  EXPECT_EQ(firstLine(Second),
            "llvm-mcad: in.s:4:2: error: no region without a name is open "
            "here");
}

TEST(AsmBrokerTest, RefusesAnEndWithoutANameWhileSeveralAreOpen) {
  const std::string Said =
      diagnostics("# LLVM-MCA-BEGIN a\n# LLVM-MCA-BEGIN b\nnop\n"
                  "# LLVM-MCA-END\n");
  EXPECT_EQ(firstLine(Said),
            "llvm-mcad: in.s:4:2: error: no region without a name is open "
            "here");
}

//===--- assembly ---------------------------------------------------------===//

TEST(AsmBrokerTest, RefusesWhatDoesNotAssembleAndSaysWhere) {
  EXPECT_EQ(diagnostics("nop\nfrobnicate x0\nadd x0, x1\n"),
            "llvm-mcad: in.s:2:1: error: unrecognized instruction mnemonic\n"
            "frobnicate x0\n"
            "^\n"
            "llvm-mcad: in.s:3:1: error: too few operands for instruction\n"
            "add x0, x1\n"
            "^~~~~~~~~~\n");
}

TEST(AsmBrokerTest, RefusesAFileWithoutInstructions) {
  EXPECT_EQ(refusal(std::move(Made("").Result)),
            "in.s: no assembly instructions found");
  EXPECT_EQ(refusal(std::move(Made("// only words\n.globl f\nf:\n").Result)),
            "in.s: no assembly instructions found");
}

TEST(AsmBrokerTest, IgnoresDirectivesAndData) {
  EXPECT_EQ(regions(".text\n.globl f\n.type f, %function\nf:\n"
                    ".cfi_startproc\nnop\n.cfi_endproc\n"
                    ".data\n.word 17\n.asciz \"x\"\n.comm c, 4\n"
                    ".size f, .-f\n"),
            Regions{"(none): nop"});
}

TEST(AsmBrokerTest, ReadsBothDialectsOfX86) {
  const Target &X86 = target("x86_64-linux-gnu", "skylake");
  Made ATT("addq %rbx, %rax\n", 1, X86);
  Made Intel(".intel_syntax noprefix\nadd rax, rbx\nmov eax, 0ffh\n", 1, X86);
  const std::vector<Listing> A = read(X86, **ATT.Result);
  const std::vector<Listing> I = read(X86, **Intel.Result);
  EXPECT_EQ(A[0].Instructions[0], "addq %rbx, %rax");
  EXPECT_EQ(I[0].Instructions[0], "addq %rbx, %rax");
  EXPECT_EQ(I[0].Instructions[1], "movl $255, %eax");
  EXPECT_EQ(A[0].Description.AssemblerDialect, 0u);
  EXPECT_EQ(I[0].Description.AssemblerDialect, 1u);
}

TEST(AsmBrokerTest, ExecutesEachRegionAsOftenAsAsked) {
  for (unsigned Iterations : {1u, 3u, 1024u, 1025u, 5000u}) {
    Made M("# LLVM-MCA-BEGIN a\nnop\n# LLVM-MCA-END\n"
           "# LLVM-MCA-BEGIN b\nret\n# LLVM-MCA-END\n",
           Iterations);
    const std::vector<Listing> Listings = read(arm64(), **M.Result);
    ASSERT_EQ(Listings.size(), 2u);
    for (const Listing &L : Listings) {
      EXPECT_EQ(L.Executed, std::vector<uint32_t>(Iterations, 0));
      EXPECT_EQ(L.BlockLengths, std::vector<uint32_t>{1});
      EXPECT_EQ(L.Description.ListingIterations, Iterations);
      EXPECT_TRUE(L.Description.IsListing);
      EXPECT_EQ(L.Description.Name, "in.s");
      EXPECT_EQ(L.End.Problem, "");
      EXPECT_FALSE(L.End.Totals.has_value());
    }
  }
}

TEST(AsmBrokerTest, HasNoMessagesToRecord) {
  struct : MessageRecorder {
    Error record(ArrayRef<uint8_t>) override { return Error::success(); }
  } Recorder;
  Made M("nop\n");
  std::unique_ptr<TraceSource> Trace = cantFail((*M.Result)->nextTrace());
  EXPECT_EQ(toString(Trace->recordTo(Recorder)),
            "-record: this broker has no wire messages to record: record a "
            "trace from the QEMU broker");
}

} // namespace
} // namespace mcad
