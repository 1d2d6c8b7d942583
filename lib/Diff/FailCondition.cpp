//===- Diff/FailCondition.cpp - when a difference is a failure ------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Diff/FailCondition.h"
#include "llvm/Support/FormatVariadic.h"
#include <cmath>

using namespace llvm;

namespace mcad {

Expected<FailCondition> parseFailCondition(StringRef Text) {
  auto refuse = [&] {
    return createStringError("--fail-if=" + Text +
                             ": regression>N%, cycles>N or function:NAME>N% "
                             "is wanted");
  };
  // A name may have a > itself.
  auto [What, Limit] = Text.rsplit('>');
  FailCondition C;
  C.Text = Text.str();
  if (What == "cycles" && Text.contains('>')) {
    C.What = FailCondition::Kind::Cycles;
    if (Limit.getAsInteger(10, C.Cycles))
      return refuse();
    return C;
  }
  if (What.consume_front("function:")) {
    C.What = FailCondition::Kind::Function;
    C.Function = What.str();
    if (C.Function.empty())
      return refuse();
  } else if (What != "regression") {
    return refuse();
  }
  if (!Limit.consume_back("%") || Limit.getAsDouble(C.Percent) ||
      !std::isfinite(C.Percent) || C.Percent < 0)
    return refuse();
  return C;
}

/// Whether \p C grew by more than \p Percent, and the sentence.
static std::optional<std::string> grewBeyond(const FailCondition &Condition,
                                             const Twine &What,
                                             const CountChange &C) {
  if (C.percent() <= Condition.Percent)
    return std::nullopt;
  const std::string By = std::isinf(C.percent())
                             ? std::string("from nothing")
                             : formatv("by {0:F2} %", C.percent()).str();
  return (Condition.Text + ": " + What + " grew " + By + ", from " +
          Twine(C.Before) + " to " + Twine(C.After))
      .str();
}

Expected<std::optional<std::string>> failure(const FailCondition &C,
                                             const Difference &D) {
  switch (C.What) {
  case FailCondition::Kind::Regression:
    return grewBeyond(C, "cycles", D.Cycles);
  case FailCondition::Kind::Cycles:
    if (D.Cycles.After <= C.Cycles)
      return std::nullopt;
    return C.Text + ": there are " + std::to_string(D.Cycles.After) + " cycles";
  case FailCondition::Kind::Function:
    break;
  }
  if (!D.HasProfiles)
    return createStringError("--fail-if=" + C.Text +
                             ": not both reports say whose the cycles are: "
                             "give those of programs that were timed");
  CountChange Sum;
  bool IsKnown = false;
  for (const FunctionChange &F : D.Functions)
    if (F.Name == C.Function || F.LinkName == C.Function ||
        StringRef(F.Name).split('(').first == C.Function) {
      IsKnown = true;
      Sum.Before += F.cycles().Before;
      Sum.After += F.cycles().After;
    }
  if (!IsKnown)
    return createStringError("--fail-if=" + C.Text + ": no function " +
                             C.Function +
                             " ran: 'mcad report' lists those that did");
  return grewBeyond(C, "the cycles of " + C.Function, Sum);
}

} // namespace mcad
