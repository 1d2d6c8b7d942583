//===- Facts/DirectionPredictor.h - taken or not ------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Predictors of the direction of conditional branches. They are told the
/// outcome at once, in the program's order: the delay between prediction and
/// update in a real core, and what the wrong path does to the history, are not
/// modelled (docs/not-modelled.md).
///
/// Tested by unittests/Facts/DirectionPredictorTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_FACTS_DIRECTIONPREDICTOR_H
#define MCAD_FACTS_DIRECTIONPREDICTOR_H

#include "Facts/MachineModel.h"
#include "mcad/Event.h"
#include <memory>

namespace mcad {

class DirectionPredictor {
public:
  virtual ~DirectionPredictor() = default;

  /// The conditional branch at \p Pc was executed. Returns what was predicted
  /// before learning from it.
  virtual bool predictAndLearn(GuestAddr Pc, bool IsTaken) = 0;
};

/// The predictor that \p Branches describes, which passed checkModel(); null
/// for PredictorKind::None.
std::unique_ptr<DirectionPredictor>
createDirectionPredictor(const BranchPrediction &Branches);

} // namespace mcad

#endif // MCAD_FACTS_DIRECTIONPREDICTOR_H
