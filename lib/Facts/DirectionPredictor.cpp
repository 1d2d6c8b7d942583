//===- Facts/DirectionPredictor.cpp - taken or not ----------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Facts/DirectionPredictor.h"
#include "Facts/TagePredictor.h"
#include "Facts/TwoBitCounters.h"

namespace mcad {

namespace {
class LastDirection final : public DirectionPredictor {
  std::vector<uint8_t> WasTaken;

public:
  explicit LastDirection(uint32_t Entries) : WasTaken(Entries) {}

  bool predictAndLearn(GuestAddr Pc, bool IsTaken) override {
    uint8_t &Entry = WasTaken[mixedPc(Pc) & (WasTaken.size() - 1)];
    const bool Predicted = Entry;
    Entry = IsTaken;
    return Predicted;
  }
};

/// J. E. Smith, "A study of branch prediction strategies", ISCA 1981,
/// strategy 7.
class Bimodal final : public DirectionPredictor {
  TwoBitCounters Counters;

public:
  explicit Bimodal(uint32_t Entries) : Counters(Entries) {}

  bool predictAndLearn(GuestAddr Pc, bool IsTaken) override {
    return Counters.predictAndLearn(mixedPc(Pc), IsTaken);
  }
};

/// S. McFarling, "Combining branch predictors", DEC WRL TN-36, 1993, section 7.
class Gshare final : public DirectionPredictor {
  TwoBitCounters Counters;
  const uint64_t HistoryMask;
  uint64_t History = 0;

public:
  Gshare(uint32_t Entries, uint32_t HistoryBits)
      : Counters(Entries), HistoryMask(lowBits(HistoryBits)) {}

  bool predictAndLearn(GuestAddr Pc, bool IsTaken) override {
    const bool Predicted =
        Counters.predictAndLearn(mixedPc(Pc) ^ History, IsTaken);
    History = (History << 1 | IsTaken) & HistoryMask;
    return Predicted;
  }
};
} // namespace

std::unique_ptr<DirectionPredictor>
createDirectionPredictor(const BranchPrediction &Branches) {
  switch (Branches.Kind) {
  case PredictorKind::None:
    break;
  case PredictorKind::LastDirection:
    return std::make_unique<LastDirection>(Branches.TableEntries);
  case PredictorKind::Bimodal:
    return std::make_unique<Bimodal>(Branches.TableEntries);
  case PredictorKind::Gshare:
    return std::make_unique<Gshare>(Branches.TableEntries,
                                    Branches.HistoryBits);
  case PredictorKind::Tage:
    return std::make_unique<TagePredictor>(Branches);
  }
  return nullptr;
}

} // namespace mcad
