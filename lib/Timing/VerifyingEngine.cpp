//===- Timing/VerifyingEngine.cpp - two engines side by side -------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Timing/VerifyingEngine.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;

namespace mcad {

/// The counters in which \p Expected and \p Got differ, each with both values.
static std::string difference(const TimingCounters &Expected,
                              const TimingCounters &Got) {
  std::string Text;
  auto compare = [&](const Twine &Name, uint64_t E, uint64_t G) {
    if (E != G)
      Text += formatv("{0}{1} {2} and {3}", Text.empty() ? "" : ", ",
                      Name.str(), E, G);
  };
  auto compareRows = [&](StringRef Name, ArrayRef<uint64_t> E,
                         ArrayRef<uint64_t> G) {
    for (size_t I = 0; I < std::max(E.size(), G.size()); ++I)
      compare(Name + "[" + Twine(I) + "]", I < E.size() ? E[I] : 0,
              I < G.size() ? G[I] : 0);
  };
  compare("cycles", Expected.Cycles, Got.Cycles);
  compare("instructions", Expected.Instructions, Got.Instructions);
  compare("micro-ops", Expected.MicroOps, Got.MicroOps);
  compare("unseen instructions", Expected.UnseenInstructions,
          Got.UnseenInstructions);
  compare("unseen micro-ops", Expected.UnseenMicroOps, Got.UnseenMicroOps);
  compare("unplaced cycles", Expected.UnplacedCycles, Got.UnplacedCycles);
  compareRows("unit cycles", Expected.UnitCycles, Got.UnitCycles);
  compareRows("unseen kind cycles", Expected.UnseenKindCycles,
              Got.UnseenKindCycles);
  for (unsigned Why = 0; Why != NumCauses; ++Why)
    compare(Twine("lost cycles (") + causeName(Cause(Why)) + ")",
            Expected.LostCycles[Why], Got.LostCycles[Why]);
  return Text;
}

Error VerifyingEngine::both(function_ref<Error(TimingEngine &)> Do) {
  Error Refused = Do(*Reference);
  return joinErrors(std::move(Refused), Do(*Tested));
}

Error VerifyingEngine::consume(const Batch &B, const BatchFacts &Facts) {
  ArrayRef<InstructionFacts> Rows = Facts.Rows;
  ArrayRef<AccountSwitch> Switches = Facts.Switches;
  BatchFacts Slice;
  uint32_t At = 0;
  const auto take = [&](AccountSwitch S) {
    S.At -= At;
    Slice.Switches.push_back(S);
  };
  const uint16_t *Start = B.Units.begin();
  while (Start != B.Units.end()) {
    // One execution, with the facts that are its own.
    const uint16_t *End = Start + event::length(*Start);
    while (End != B.Units.end() && event::isAccess(*End))
      End += event::length(*End);
    const CodeBlock &Block = P.block(event::blockId(Start));
    Slice.clear();
    while (!Rows.empty() && Rows.front().At < At + Block.NumInstructions) {
      InstructionFacts F = Rows.front();
      F.At -= At;
      F.FirstWait = Slice.Waits.size();
      append_range(Slice.Waits, Facts.waits(Rows.front()));
      Slice.Rows.push_back(F);
      Rows = Rows.drop_front();
    }
    for (; !Switches.empty() && Switches[0].At < At + Block.NumInstructions;
         Switches = Switches.drop_front())
      take(Switches[0]);
    const Batch One{B.Stream, ArrayRef(Start, End)};
    if (Error E =
            both([&](auto &Engine) { return Engine.consume(One, Slice); }))
      return E;
    Instructions += Block.NumInstructions;
    if (Reference->cycles() != Tested->cycles())
      return cyclesDiffer(Block);
    At += Block.NumInstructions;
    Start = End;
  }
  // What is behind the last instruction.
  if (!Switches.empty()) {
    Slice.clear();
    for (const AccountSwitch &S : Switches)
      take(S);
    const Batch None{B.Stream, {}};
    if (Error E =
            both([&](auto &Engine) { return Engine.consume(None, Slice); }))
      return E;
  }
  return compareAll("at");
}

/// That the engines differ at the place \p Where in \p Text; \p Hint: what to
/// do beside reporting it.
static Error differ(const Twine &Where, StringRef Text, StringRef Hint = "") {
  return createStringError("-verify-engine: the engines differ " + Where +
                           ": " + Text +
                           ", by the reference and by the fast engine: a bug "
                           "of MCAD's: please report it with the trace "
                           "(-record)" +
                           Hint);
}

Error VerifyingEngine::cyclesDiffer(const CodeBlock &Behind) const {
  std::string Text = difference(Reference->counters(), Tested->counters());
  if (std::string Times = timesDifference(); !Times.empty())
    Text += "; " + Times;
  const uint64_t First = Instructions - Behind.NumInstructions;
  return differ(
      formatv("at instruction {0} of the thread, behind the block at {1:x}",
              Instructions, Behind.Address)
          .str(),
      Text,
      formatv("; -timeline={0},{1} compares how each instruction went through "
              "the core there",
              First - std::min(First, InstructionsBefore), Instructions - 1)
          .str());
}

Error VerifyingEngine::restart() {
  if (Error E = both([](TimingEngine &Engine) { return Engine.restart(); }))
    return E;
  return compareAll("at the restart behind");
}

Error VerifyingEngine::finish() {
  if (Error E = both([](TimingEngine &Engine) { return Engine.finish(); }))
    return E;
  return compareAll("at the end, behind");
}

std::string VerifyingEngine::timesDifference() const {
  const ArrayRef<InstructionTimes> Expected = Reference->watched();
  const ArrayRef<InstructionTimes> Got = Tested->watched();
  if (Expected.size() != Got.size())
    return formatv("rows of the timeline {0} and {1}", Expected.size(),
                   Got.size());
  auto cycle = [](uint64_t Cycle) {
    return Cycle == InstructionTimes::Never ? std::string("never")
                                            : std::to_string(Cycle);
  };
  auto text = [&](const InstructionTimes &I) -> std::string {
    return formatv("{0}, {1}, {2}, {3}, {4}", cycle(I.Dispatched),
                   cycle(I.Ready), cycle(I.Issued), cycle(I.Executed),
                   cycle(I.Retired));
  };
  for (size_t I = 0; I != Expected.size(); ++I)
    if (Expected[I] != Got[I])
      return formatv("cycles in which instruction {0} of the thread was "
                     "dispatched, ready, issued, executed, retired ({1}) and "
                     "({2})",
                     Watched.From + I, text(Expected[I]), text(Got[I]));
  return "";
}

Error VerifyingEngine::compareAll(StringRef Where) {
  std::string Text = difference(Reference->counters(), Tested->counters());
  auto compareRows = [&](ArrayRef<CausedCycles> Expected,
                         ArrayRef<CausedCycles> Got, auto Name) {
    for (size_t I = 0; Text.empty() && I != Expected.size(); ++I)
      for (unsigned Why = 0; Why != NumCauses; ++Why)
        if (I >= Got.size() || Expected[I][Why] != Got[I][Why])
          Text = formatv("cycles of {0} ({1}) {2} and {3}", Name(I),
                         causeName(Cause(Why)), Expected[I][Why],
                         I < Got.size() ? Got[I][Why] : 0);
  };
  compareRows(Reference->cyclesByInstruction(), Tested->cyclesByInstruction(),
              [&](size_t I) -> std::string {
                return formatv("the instruction at {0:x}",
                               P.instruction(InstructionId(I)).Address);
              });
  compareRows(
      Reference->cyclesByAccount(), Tested->cyclesByAccount(),
      [](size_t I) -> std::string { return formatv("account {0}", I); });
  const ArrayRef<RegionEntries> Entries = Reference->entriesByRegion();
  for (size_t I = 0; Text.empty() && I != Entries.size(); ++I)
    if (I >= Tested->entriesByRegion().size() ||
        Entries[I] != Tested->entriesByRegion()[I])
      Text = formatv("the cycles of the entries of region {0}", I);
  if (Text.empty())
    Text = timesDifference();
  if (Text.empty())
    return Error::success();
  return differ(
      Where + " instruction " + Twine(Instructions) + " of the thread", Text);
}

} // namespace mcad
