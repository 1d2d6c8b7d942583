//===- Facts/TagePredictor.cpp - tagged geometric history ---------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Facts/TagePredictor.h"
#include "llvm/ADT/bit.h"
#include <algorithm>
#include <cassert>
#include <cmath>

namespace mcad {

TagePredictor::TagePredictor(const BranchPrediction &Branches)
    : Base(Branches.TableEntries), NumTables(Branches.TaggedTables),
      IndexBits(llvm::countr_zero(Branches.TaggedEntries)) {
  assert(NumTables && NumTables <= MaxTables &&
         Branches.HistoryBits < RingSize);
  const double Longest = Branches.HistoryBits;
  unsigned Previous = 0;
  for (unsigned I = 0; I != NumTables; ++I) {
    // From MinHistory to Longest in equal factors, each at least one longer.
    const double Share = NumTables == 1 ? 1 : double(I) / (NumTables - 1);
    const double Length = MinHistory * std::pow(Longest / MinHistory, Share);
    Table &T = Tables[I];
    T.Entries.resize(Branches.TaggedEntries);
    T.HistoryBits =
        std::max(static_cast<unsigned>(std::lround(Length)), Previous + 1);
    Previous = T.HistoryBits;
    auto fold = [&](Folded &F, unsigned Bits) {
      F.Bits = Bits;
      F.OutShift = T.HistoryBits % Bits;
    };
    fold(T.Index, std::max(IndexBits, 1u));
    fold(T.Tag, TagBits);
    fold(T.Tag2, TagBits - 1);
  }
}

bool TagePredictor::predictAndLearn(GuestAddr Pc, bool IsTaken) {
  const uint64_t Mixed = mixedPc(Pc);
  const uint32_t IndexMask = (1u << IndexBits) - 1;

  // 1. The two longest matches; NumTables stands for the base table.
  unsigned Provider = NumTables, Alternate = NumTables;
  for (unsigned I = NumTables; I-- != 0;) {
    const Table &T = Tables[I];
    const uint32_t PathBits =
        Path & ((1u << std::min(T.HistoryBits, 16u)) - 1);
    Indices[I] = (static_cast<uint32_t>(Mixed ^ Mixed >> (IndexBits - I % 4)) ^
                  T.Index.Value ^ PathBits ^ PathBits >> IndexBits) &
                 IndexMask;
    Tags[I] = static_cast<uint16_t>((Mixed ^ Mixed >> TagBits ^ T.Tag.Value ^
                                     T.Tag2.Value << 1) &
                                    ((1u << TagBits) - 1));
    if (T.Entries[Indices[I]].Tag != Tags[I])
      continue;
    if (Provider == NumTables)
      Provider = I;
    else if (Alternate == NumTables)
      Alternate = I;
  }

  // 2. The prediction.
  const bool BaseTaken = Base.predict(Mixed);
  const bool AlternateTaken =
      Alternate == NumTables
          ? BaseTaken
          : Tables[Alternate].Entries[Indices[Alternate]].Counter >= 0;
  bool ProviderTaken = BaseTaken, Predicted = BaseTaken;
  if (Provider != NumTables) {
    Entry &E = Tables[Provider].Entries[Indices[Provider]];
    ProviderTaken = E.Counter >= 0;
    const bool IsNew = !E.Useful && (E.Counter == 0 || E.Counter == -1);
    Predicted = IsNew && UseAlternate >= 0 ? AlternateTaken : ProviderTaken;

    // 3. Learning: the provider, whether new ones can be trusted, usefulness.
    if (IsNew && ProviderTaken != AlternateTaken) {
      if (AlternateTaken == IsTaken)
        UseAlternate = std::min(UseAlternate + 1, 7);
      else
        UseAlternate = std::max(UseAlternate - 1, -8);
    }
    if (ProviderTaken != AlternateTaken) {
      if (ProviderTaken == IsTaken)
        E.Useful = std::min(E.Useful + 1, 3);
      else
        E.Useful = std::max(E.Useful - 1, 0);
    }
    if (IsTaken)
      E.Counter = std::min(E.Counter + 1, 3);
    else
      E.Counter = std::max(E.Counter - 1, -4);
  } else {
    Base.learn(Mixed, IsTaken);
  }

  // 4. A wrong prediction that a new entry does not explain makes another one.
  if (Predicted != IsTaken && ProviderTaken != IsTaken &&
      Provider + 1 != NumTables)
    allocate(Provider == NumTables ? 0 : Provider + 1, IsTaken);

  if (--UntilAging == 0) {
    UntilAging = AgingPeriod;
    for (unsigned I = 0; I != NumTables; ++I)
      for (Entry &E : Tables[I].Entries)
        E.Useful &= ~AgingMask;
    AgingMask ^= 3;
  }
  learnHistory(Pc, IsTaken);
  return Predicted;
}

/// One entry in a table from \p From on that has a useless one; those with
/// shorter histories are twice as likely each. If there is none, all age.
void TagePredictor::allocate(unsigned From, bool IsTaken) {
  unsigned Chosen = NumTables;
  for (unsigned I = From; I != NumTables; ++I) {
    if (Tables[I].Entries[Indices[I]].Useful)
      continue;
    Chosen = I;
    if (random() & 1)
      break;
  }
  if (Chosen != NumTables) {
    Tables[Chosen].Entries[Indices[Chosen]] = {
        Tags[Chosen], static_cast<int8_t>(IsTaken ? 0 : -1), 0};
    return;
  }
  for (unsigned I = From; I != NumTables; ++I)
    --Tables[I].Entries[Indices[I]].Useful;
}

void TagePredictor::learnHistory(GuestAddr Pc, bool IsTaken) {
  Newest = (Newest + 1) % RingSize;
  History[Newest] = IsTaken;
  for (unsigned I = 0; I != NumTables; ++I) {
    Table &T = Tables[I];
    const uint32_t Out = History[(Newest - T.HistoryBits) % RingSize];
    T.Index.shift(IsTaken, Out);
    T.Tag.shift(IsTaken, Out);
    T.Tag2.shift(IsTaken, Out);
  }
  Path = (Path << 1 | static_cast<uint32_t>(mixedPc(Pc) & 1)) & 0xffff;
}

uint32_t TagePredictor::random() {
  RandomState ^= RandomState << 13;
  RandomState ^= RandomState >> 17;
  RandomState ^= RandomState << 5;
  return RandomState;
}

} // namespace mcad
