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
      IndexBits(llvm::countr_zero(Branches.TaggedEntries)),
      IndexMask(Branches.TaggedEntries - 1),
      Entries(size_t(NumTables) << IndexBits) {
  assert(NumTables && NumTables <= MaxTables &&
         Branches.HistoryBits < 64 * MaxWords);
  const double Longest = Branches.HistoryBits;
  unsigned Bits = 0;
  for (unsigned I = 0; I != NumTables; ++I) {
    // From MinHistory to Longest in equal factors, each at least one longer.
    const double Share = NumTables == 1 ? 1 : double(I) / (NumTables - 1);
    const double Exact = MinHistory * std::pow(Longest / MinHistory, Share);
    Bits = std::max(static_cast<unsigned>(std::lround(Exact)), Bits + 1);
    Lengths[I] = {lowBits(Bits % 64), Bits / 64};
  }
  HistoryWords = Bits / 64 + 1;
}

//===--- one entry
//---------------------------------------------------------===//

TagePredictor::Transition TagePredictor::transition(State Before,
                                                    bool AlternateTaken,
                                                    bool IsTaken,
                                                    bool TrustsAlternate) {
  Transition Result;
  const bool Taken = Before.Counter >= 0;
  const bool IsNew =
      !Before.Useful && (Before.Counter == 0 || Before.Counter == -1);
  Result.Predicted = IsNew && TrustsAlternate ? AlternateTaken : Taken;
  // A wrong prediction that this entry does not explain wants another one.
  Result.Allocates = Result.Predicted != IsTaken && Taken != IsTaken;
  State After = Before;
  if (Taken != AlternateTaken) {
    if (IsNew)
      Result.Trust = AlternateTaken == IsTaken ? 1 : -1;
    After.Useful = step(Before.Useful, Taken == IsTaken, 0, 3);
  }
  After.Counter = step(Before.Counter, IsTaken, -4, 3);
  Result.Packed = After.packed();
  return Result;
}

std::array<TagePredictor::Transition, TagePredictor::NumTransitions>
TagePredictor::makeTransitions() {
  std::array<Transition, NumTransitions> All;
  for (unsigned I = 0; I != NumTransitions; ++I)
    All[I] = transition(State::unpacked(I % AlternateBit), I & AlternateBit,
                        I & TakenBit, I & TrustBit);
  return All;
}

//===--- one branch
//--------------------------------------------------------===//

/// Both halves of a product, which depend on every bit of \p Value.
static uint64_t mix(uint64_t Value) {
  __extension__ using Wide = unsigned __int128;
  const Wide Product = Wide(Value) * 0x9e3779b97f4a7c15;
  return static_cast<uint64_t>(Product) ^ static_cast<uint64_t>(Product >> 64);
}

uint32_t TagePredictor::lookUp(uint64_t MixedPc) {
  // Members are read once: what is written below might be them, for all that
  // the compiler knows.
  const unsigned Count = NumTables;
  const uint32_t Mask = IndexMask;
  uint64_t Prefix = mix(MixedPc); ///< Of the address and the first words.
  unsigned Word = 0;              ///< Those that are in it.
  const Entry *Table = Entries.data();
  uint32_t Matches = 0;
  for (unsigned I = 0; I != Count; ++I) {
    const Length L = Lengths[I];
    while (Word != L.Words)
      Prefix = mix(Prefix ^ History[Word++]);
    const uint64_t Hash = mix(Prefix ^ (History[Word] & L.LastMask));
    Hashes[I] = Hash;
    Matches |= uint32_t(Table[Hash & Mask].Tag == Hash >> (64 - TagBits)) << I;
    Table += Mask + 1;
  }
  return Matches;
}

bool TagePredictor::predictAndLearn(GuestAddr Pc, bool IsTaken) {
  const uint64_t Mixed = mixedPc(Pc);
  const uint32_t Matches = lookUp(Mixed);
  const bool BaseTaken = Base.predict(Mixed);
  bool Predicted = BaseTaken, Allocates = BaseTaken != IsTaken;
  unsigned Longer = 0; ///< The first table with a longer history.
  if (Matches) {
    const unsigned Provider = llvm::bit_width(Matches) - 1;
    const uint32_t Others = Matches & ~(1u << Provider);
    // Where there is no other match this reads some entry, and does not use it.
    const uint8_t Other =
        Entries[index(llvm::bit_width(Others | 1) - 1)].Packed;
    const bool AlternateTaken =
        select(Others != 0, (Other & 4) != 0, BaseTaken);
    Entry &E = Entries[index(Provider)];
    const Transition &T =
        Transitions[E.Packed | AlternateTaken * AlternateBit |
                    IsTaken * TakenBit | (TrustInAlternate >= 0) * TrustBit];
    E.Packed = T.Packed;
    TrustInAlternate = std::clamp(TrustInAlternate + T.Trust, -8, 7);
    Predicted = T.Predicted;
    Allocates = T.Allocates;
    Longer = Provider + 1;
  } else {
    Base.learn(Mixed, IsTaken);
  }
  if (Allocates && Longer != NumTables)
    allocate(Longer, IsTaken);
  if (--UntilAging == 0)
    age();

  uint64_t In = IsTaken;
  for (unsigned Word = 0; Word != HistoryWords; ++Word) {
    const uint64_t Out = History[Word] >> 63;
    History[Word] = History[Word] << 1 | In;
    In = Out;
    // Keeps the loop from being vectorized: a load of two words that were
    // stored one by one a moment ago waits until both are in the cache.
    __asm__("" : "+r"(In));
  }
  return Predicted;
}

void TagePredictor::age() {
  UntilAging = AgingPeriod;
  for (Entry &E : Entries) {
    State S = State::unpacked(E.Packed);
    S.Useful &= ~(1 << AgingBit);
    E.Packed = S.packed();
  }
  AgingBit ^= 1;
}

/// One entry in a table from \p From on that has a useless one; those with
/// shorter histories are twice as likely each. If there is none, all age.
void TagePredictor::allocate(unsigned From, bool IsTaken) {
  unsigned Chosen = NumTables;
  for (unsigned I = From; I != NumTables; ++I) {
    if (State::unpacked(Entries[index(I)].Packed).Useful)
      continue;
    Chosen = I;
    if (random() & 1)
      break;
  }
  if (Chosen != NumTables) {
    const State New = {IsTaken ? 0 : -1, 0};
    Entries[index(Chosen)] = {tag(Chosen), New.packed()};
    return;
  }
  for (unsigned I = From; I != NumTables; ++I) {
    Entry &E = Entries[index(I)];
    State S = State::unpacked(E.Packed);
    --S.Useful;
    E.Packed = S.packed();
  }
}

uint32_t TagePredictor::random() {
  RandomState ^= RandomState << 13;
  RandomState ^= RandomState >> 17;
  RandomState ^= RandomState << 5;
  return RandomState;
}

} // namespace mcad
