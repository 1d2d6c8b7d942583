//===- AnalyzeTraceTest.cpp - one trace, to its report -------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Analysis/AnalyzeTrace.h"
#include "../Target/MakeTarget.h"
#include "../Trace/Traces.h"
#include "Facts/ModelFile.h"
#include "Report/BuildReport.h"
#include "Report/JsonReport.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include <random>

using namespace llvm;
using namespace mcad::test;

namespace mcad {
namespace {

/// A trace as text: blocks are defined all along, and several streams execute
/// them, in turns.
class RandomTrace {
  /// Instructions of x86-64, and whether each loads or stores.
  struct Instruction {
    const char *Hex;
    char Access; ///< 'l', 's' or none.
  };
  static constexpr Instruction Body[] = {{"90", 0},        // nop
                                         {"4801d8", 0},    // addq %rbx, %rax
                                         {"480fafc3", 0},  // imulq %rbx, %rax
                                         {"48f7f3", 0},    // divq %rbx
                                         {"f20f58c1", 0},  // addsd %xmm1, %xmm0
                                         {"488b07", 'l'},  // movq (%rdi), %rax
                                         {"480307", 'l'},  // addq (%rdi), %rax
                                         {"488907", 's'}}; // movq %rax, (%rdi)
  static constexpr Instruction Ends[] = {
      {"7502", 0}, {"eb10", 0}, {"c3", 'l'}, {"e800000000", 's'}};

  std::mt19937 Random;
  /// Of each block, the accesses of its instructions.
  std::vector<std::string> Blocks;
  struct {
    uint64_t Executions = 0, Instructions = 0, Accesses = 0;
  } Totals[3];
  std::string Text = "hello protocol=3 arch=\"x86_64\" entry=0x401000\n";

  unsigned below(unsigned End) { return Random() % End; }

  void define() {
    std::string Sizes, Bytes, Accesses;
    auto add = [&](const Instruction &I) {
      const StringRef Hex = I.Hex;
      Sizes += (Sizes.empty() ? "" : ",") + std::to_string(Hex.size() / 2);
      Bytes += Hex;
      Accesses += I.Access;
    };
    for (unsigned Left = below(8); Left; --Left)
      add(Body[below(std::size(Body))]);
    add(Ends[below(std::size(Ends))]);
    Text += formatv("block {0} address={1:x} sizes={2} bytes={3}\n",
                    Blocks.size(), 0x400000 + below(64) * 0x200, Sizes, Bytes);
    Blocks.push_back(Accesses);
  }

  void execute(unsigned Stream, unsigned Block) {
    ++Totals[Stream].Executions;
    Totals[Stream].Instructions += Blocks[Block].size();
    Text += " " + std::to_string(Block);
    for (auto [I, Access] : enumerate(Blocks[Block])) {
      if (!Access)
        continue;
      ++Totals[Stream].Accesses;
      // On the stack, or in one of many lines.
      Text += formatv(" w{0}8@{1:x}/{2}", Access,
                      below(2) ? 0x7fff00000000 + below(64) * 8
                               : 0x500000 + below(1 << 20),
                      I);
    }
  }

public:
  explicit RandomTrace(unsigned Seed) : Random(Seed) {}

  enum class StreamEnds : bool { Unsaid, Said };

  /// \p E: of each stream, behind the last that it executes.
  std::vector<uint8_t> frames(unsigned NumMessages,
                              StreamEnds E = StreamEnds::Unsaid) {
    for (unsigned Stream = 0; Stream != std::size(Totals); ++Stream)
      Text += formatv("stream {0} accesses=true\n", Stream);
    for (unsigned I = 0; I != NumMessages; ++I) {
      for (unsigned Left = I ? below(4) : 1; Left; --Left)
        define();
      const unsigned Stream = below(std::size(Totals));
      Text += formatv("run {0}:", Stream);
      for (unsigned Left = 1 + below(4); Left; --Left) {
        const unsigned Start = below(Blocks.size()), Length = 1 + below(3);
        for (unsigned Times = 1 + below(10); Times; --Times)
          for (unsigned At = 0; At != Length; ++At)
            execute(Stream, (Start + At) % Blocks.size());
      }
      Text += "\n";
    }
    for (unsigned Stream = 0;
         E == StreamEnds::Said && Stream != std::size(Totals); ++Stream) {
      const std::string Run = "\nrun " + std::to_string(Stream) + ":";
      const size_t Last = Text.find('\n', Text.rfind(Run) + 1);
      Text.insert(Last + 1, "end " + std::to_string(Stream) + "\n");
    }
    Text += formatv("totals reason=exit blocks={0}", Blocks.size());
    for (auto [Stream, T] : enumerate(Totals))
      Text += formatv(" stream={0}:{1},{2},{3}", Stream, T.Executions,
                      T.Instructions, T.Accesses);
    return test::frames(Text + "\n");
  }
};

enum class Fault {
  Error,     ///< It fails.
  EndsEarly, ///< It says that the stream at hand ends, and goes on.
};

/// Lets \p NumBatches of a trace through before \p What.
class FaultySource : public TraceSource {
  TraceSource &Whole;
  unsigned NumBatches;
  Fault What;

public:
  FaultySource(TraceSource &Whole, unsigned NumBatches, Fault What)
      : Whole(Whole), NumBatches(NumBatches), What(What) {}
  const TraceDescription &description() const override {
    return Whole.description();
  }
  Expected<bool> next(Batch &Next, BlockSink &Sink) override {
    const bool IsNow = !NumBatches--;
    if (IsNow && What == Fault::Error)
      return createStringError("the disk is full");
    Expected<bool> More = Whole.next(Next, Sink);
    Next.IsLast |= IsNow;
    return More;
  }
  const TraceEnd &end() const override { return Whole.end(); }
};

struct Case {
  const char *Name;
  EngineKind Engine;
  bool IsIdeal, VerifiesEngine;
};

class AnalyzeTraceTest : public testing::TestWithParam<Case> {
protected:
  const Target &T = target("x86_64-linux-gnu", "skylake");
  const ModelFile Around = presetFor("skylake");

  Analysis how(Threading Threads) const {
    Analysis How;
    How.Engine = GetParam().Engine;
    How.VerifiesEngine = GetParam().VerifiesEngine;
    How.Surroundings = GetParam().IsIdeal ? nullptr : &Around.Model;
    How.Threads = Threads;
    return How;
  }

  /// The report on \p Frames, of which \p NumBatches are read before \p What.
  TraceReport report(ArrayRef<uint8_t> Frames, const Analysis &How,
                     unsigned NumBatches = UINT_MAX,
                     Fault What = Fault::Error) const {
    // Small, so that the memory of a batch is soon used again.
    auto Messages = std::make_unique<MessageReader>(
        std::make_unique<MemorySource>(Frames), 2048);
    TraceReaderOptions Options;
    Options.Name = "random";
    Options.HasMemoryAccesses = true;
    auto Reader =
        cantFail(TraceReader::create(std::move(Messages), std::move(Options)));
    FaultySource Source(*Reader, NumBatches, What);
    Lowering Model(T, std::nullopt);
    return analyzeTrace(Source, T, Model, How);
  }

  std::string json(const TraceReport &One) const {
    Report R = buildReport(T, engineName(GetParam().Engine));
    R.Traces.push_back(One);
    std::string Text;
    raw_string_ostream OS(Text);
    printJson(R, OS);
    return Text;
  }
};

TEST_P(AnalyzeTraceTest, NumbersDoNotDependOnThreads) {
  for (unsigned Seed = 1; Seed != 3; ++Seed) {
    const std::vector<uint8_t> Frames = RandomTrace(Seed).frames(80);
    const TraceReport Inline = report(Frames, how(Threading::Inline));
    for (const Loss &L : Inline.Losses)
      EXPECT_NE(L.How, Loss::Severity::Incomplete) << L.Sentence;
    const std::string Expected = json(Inline);
    for (int Run = 0; Run != 2; ++Run)
      ASSERT_EQ(json(report(Frames, how(Threading::PerStage))), Expected)
          << "seed " << Seed;
  }
}

TEST_P(AnalyzeTraceTest, WhatIsForgottenAtAStreamsEndIsNotMissed) {
  for (const Threading Threads : {Threading::Inline, Threading::PerStage}) {
    Analysis How = how(Threads);
    How.Timeline = {/*Stream=*/1, {100, 160}};
    EXPECT_EQ(
        json(report(RandomTrace(7).frames(60, RandomTrace::StreamEnds::Said),
                    How)),
        json(report(RandomTrace(7).frames(60), How)));
  }
}

TEST_P(AnalyzeTraceTest, ShowsTheStretchThatIsAskedFor) {
  const std::vector<uint8_t> Frames = RandomTrace(5).frames(80);
  Analysis How = how(Threading::PerStage);
  const TraceReport Without = report(Frames, How);
  How.Timeline = {/*Stream=*/1, {100, 160}};
  const TraceReport With = report(Frames, How);
  EXPECT_EQ(With.Total.Cycles, Without.Total.Cycles);
  EXPECT_EQ(With.Attribution.has_value(), How.Engine != EngineKind::None);
  if (!With.Attribution)
    return;
  EXPECT_TRUE(Without.Attribution->Timeline.empty());
  const std::vector<TimelineRow> &Rows = With.Attribution->Timeline;
  ASSERT_EQ(Rows.size(), 60u);
  for (size_t I = 0; I != Rows.size(); ++I) {
    EXPECT_EQ(Rows[I].Stream, 1u);
    EXPECT_EQ(Rows[I].Number, 100 + I);
    EXPECT_LT(Rows[I].Instruction, With.Attribution->Instructions.size());
    EXPECT_LT(Rows[I].Dispatched, Rows[I].Retired);
    EXPECT_LE(Rows[I ? I - 1 : 0].Retired, Rows[I].Retired);
  }
  // Stages that take turns say the same.
  How.Threads = Threading::Inline;
  EXPECT_EQ(json(report(Frames, How)), json(With));
  How.Timeline->Stream = 3;
  EXPECT_EQ(report(Frames, How).Attribution->Problems.back(),
            "timeline: there is no stream 3: 3 streams, from 0 on, executed "
            "anything");
}

TEST_P(AnalyzeTraceTest, WhatCameBeforeAnErrorIsReported) {
  const std::vector<uint8_t> Frames = RandomTrace(11).frames(40);
  const TraceReport Inline = report(Frames, how(Threading::Inline), 25);
  const std::string Expected = json(Inline);
  EXPECT_NE(Expected.find("the disk is full"), std::string::npos);
  EXPECT_EQ(json(report(Frames, how(Threading::PerStage), 25)), Expected);
}

TEST_P(AnalyzeTraceTest, NothingOfAStreamFollowsItsEnd) {
  // 20 batches, and one that is said to be its stream's last.
  const std::vector<uint8_t> Frames = RandomTrace(11).frames(40);
  for (const Threading Threads : {Threading::Inline, Threading::PerStage}) {
    const TraceReport R = report(Frames, how(Threads), 20, Fault::EndsEarly);
    EXPECT_FALSE(R.isComplete());
    EXPECT_NE(json(R).find("goes on behind its end"), std::string::npos);
    EXPECT_GE(R.Executed, report(Frames, how(Threads), 21).Executed);
    EXPECT_LT(R.Executed, report(Frames, how(Threads)).Executed);
  }
}

TEST_P(AnalyzeTraceTest, ProgressEndsWhereTheReportDoes) {
  for (const Threading Threads : {Threading::Inline, Threading::PerStage}) {
    Progress Now;
    Analysis How = how(Threads);
    How.Live = &Now;
    const TraceReport R = report(RandomTrace(3).frames(40), How);
    const bool IsTimed = How.Engine != EngineKind::None;
    EXPECT_GT(Now.Arrived.get(), 0u);
    EXPECT_EQ(Now.Arrived.get(), R.Executed - R.RepeatIterations);
    EXPECT_EQ(Now.Simulated.get(), IsTimed ? Now.Arrived.get() : 0u);
    // What is in flight at the end is not in it yet.
    EXPECT_LE(Now.Cycles.get(), R.Total.Cycles);
    EXPECT_GE(Now.Cycles.get() * 10, IsTimed ? R.Total.Cycles * 8 : 0u);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Engines, AnalyzeTraceTest,
    testing::Values(Case{"none", EngineKind::None, true, false},
                    Case{"noneWithCaches", EngineKind::None, false, false},
                    Case{"fast", EngineKind::Fast, true, false},
                    Case{"fastWithCaches", EngineKind::Fast, false, false},
                    Case{"llvm", EngineKind::LLVM, false, false},
                    Case{"both", EngineKind::Fast, false, true}),
    [](const auto &Info) { return Info.param.Name; });

} // namespace
} // namespace mcad
