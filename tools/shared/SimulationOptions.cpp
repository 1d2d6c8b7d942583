//===- shared/SimulationOptions.cpp - how to simulate, as options --------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SimulationOptions.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace mcad {

Error SimulationOptions::apply(SessionRequest &R) const {
  R.Target.Features.assign(Features.begin(), Features.end());
  R.Engine = Engine;
  R.EngineMemory = {EngineMemory != 0, size_t(EngineMemory) << 20};
  R.EngineStats = EngineStats ? &errs() : nullptr;
  R.VerifiesEngine = VerifyEngine;
  R.Attributes = Attribution;
  R.RegionsPath = Regions;
  if (VerifyEngine && Engine == EngineKind::None)
    return createStringError("-verify-engine: -engine=none has no engine to "
                             "verify: drop one of them");
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
