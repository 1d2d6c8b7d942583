//===- shared/SimulationOptions.cpp - how to simulate, as options --------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SimulationOptions.h"
#include "Symbols/SymbolFile.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace mcad {

/// \p Text is `[<stream>:]<from>,<to>`.
static Expected<TimelineRequest> parseTimeline(StringRef Text) {
  constexpr uint64_t MostRows = 100000;
  auto refuse = [&](const Twine &Why) {
    return createStringError("-timeline=" + Text + ": " + Why);
  };
  TimelineRequest T;
  uint64_t Last = 0;
  StringRef Rest = Text;
  bool IsRead = !Rest.contains(':') ||
                (!Rest.consumeInteger(10, T.Stream) && Rest.consume_front(":"));
  IsRead = IsRead && !Rest.consumeInteger(10, T.Numbers.From) &&
           Rest.consume_front(",") && !Rest.getAsInteger(10, Last) &&
           Last != ~uint64_t(0);
  if (!IsRead)
    return refuse("give it as <from>,<to> or <stream>:<from>,<to>, numbers of "
                  "executed instructions from 0");
  if (Last < T.Numbers.From)
    return refuse("it ends before it begins: give the smaller number first");
  if (Last - T.Numbers.From >= MostRows)
    return refuse("more than " + Twine(MostRows) +
                  " instructions: ask for a shorter stretch");
  T.Numbers.To = Last + 1;
  return T;
}

/// Adds the images of \p Text, which is `<file>` or `<file>@<bias>`.
static Error addImages(StringRef Text, std::vector<Image> &To) {
  StringRef Path = Text;
  uint64_t Bias = 0;
  const auto [Before, Behind] = Text.rsplit('@');
  if (!Behind.empty() && !Behind.getAsInteger(0, Bias))
    Path = Before;
  Expected<std::vector<Image>> Images = SymbolFile::images(Path.str(), Bias);
  if (!Images)
    return createStringError("-image=" + Text + ": " + Path + " " +
                             toString(Images.takeError()) +
                             ": give an ELF file as <file> or <file>@<bias>");
  append_range(To, *Images);
  return Error::success();
}

Error SimulationOptions::apply(SessionRequest &R) const {
  R.Target.Features.assign(Features.begin(), Features.end());
  R.Engine = Engine;
  R.EngineMemory.IsOn = EngineMemory != 0;
  R.EngineMemory.BudgetBytes = size_t(EngineMemory) << 20;
  R.EngineStats = EngineStats ? &errs() : nullptr;
  R.VerifiesEngine = VerifyEngine;
  R.Attributes = Attribution;
  for (StringRef Text : Images)
    if (Error E = addImages(Text, R.Images))
      return E;
  R.RegionsPath = Regions;
  R.TrimsToRegions = Mode == RegionMode::Trim;
  if (VerifyEngine && Engine == EngineKind::None)
    return createStringError("-verify-engine: -engine=none has no engine to "
                             "verify: drop one of them");
  if (Timeline.getNumOccurrences()) {
    Expected<TimelineRequest> T = parseTimeline(Timeline);
    if (!T)
      return T.takeError();
    if (Engine == EngineKind::None)
      return createStringError("-timeline: -engine=none simulates nothing that "
                               "it could show: drop one of them");
    if (!Attribution)
      return createStringError("-timeline: with -attribution=false there are "
                               "no instructions to show: drop one of them");
    R.Timeline = *T;
  }
  R.Around.IsIdeal = Ideal;
  R.Around.Path = ModelPath;
  for (StringRef Text : ModelValues) {
    const auto [Key, Value] = Text.split('=');
    if (!Text.contains('='))
      return createStringError("-set=" + Text + ": give it as key=value");
    R.Around.Values.emplace_back(Key, Value);
  }
  if (Ideal && (!R.Around.Path.empty() || !R.Around.Values.empty()))
    return createStringError("-ideal: there is no model then: drop it, or "
                             "-model and -set");
  return Error::success();
}

} // namespace mcad
