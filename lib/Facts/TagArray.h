//===- Facts/TagArray.h - a set-associative array of tags ---------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What caches, TLBs and branch target buffers have in common: which keys are
/// in a set, and which of them a new one replaces. What belongs to a key lies
/// with the user, in arrays indexed by slot.
///
/// Empty ways are filled first, in order. LRU is exact, by the time of the last
/// use. Tree PLRU: log2(ways) bits on the path to a way are turned away from it
/// at each use, and the way that all bits point at is replaced. Random: a
/// xorshift generator (Marsaglia, "Xorshift RNGs", 2003), the same sequence for
/// the same seed.
///
/// Tested by unittests/Facts/TagArrayTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_FACTS_TAGARRAY_H
#define MCAD_FACTS_TAGARRAY_H

#include "Facts/MachineModel.h"
#include "llvm/ADT/bit.h"
#include <algorithm>
#include <cassert>
#include <cstdint>
#include <vector>

namespace mcad {

class TagArray {
public:
  /// Index of a place: below slots().
  using Slot = uint32_t;
  static constexpr Slot None = ~Slot(0);
  /// Never a key.
  static constexpr uint64_t NoKey = ~uint64_t(0);

  /// \p Entries places in sets of \p Ways, which make a power of two of sets;
  /// for Plru, Ways is a power of two of at most 64.
  TagArray(uint32_t Entries, uint32_t Ways, Replacement Policy, uint64_t Seed)
      : Ways(Ways), SetMask(Entries / Ways - 1),
        SetBits(llvm::countr_zero(Entries / Ways)), WordsPerSet((Ways + 7) / 8),
        Policy(Policy), Keys(Entries, NoKey),
        Prints(Entries / Ways * WordsPerSet), RandomState(Seed ? Seed : 1) {
    assert(llvm::has_single_bit(Entries / Ways) && Entries % Ways == 0);
    if (Policy == Replacement::Lru)
      LastUse.resize(Entries);
    if (Policy == Replacement::Plru)
      Trees.resize(Entries / Ways);
  }

  uint32_t slots() const { return Keys.size(); }
  uint64_t key(Slot S) const { return Keys[S]; }

  /// Where \p Key is, or None. Counts as a use of it.
  Slot find(uint64_t Key) {
    const Slot S = peek(Key);
    if (S != None)
      use(S);
    return S;
  }

  /// The same without being a use.
  Slot peek(uint64_t Key) const {
    const uint64_t Set = Key & SetMask;
    const uint64_t Wanted = LowBytes * print(Key);
    for (uint32_t Word = 0; Word != WordsPerSet; ++Word) {
      const uint64_t Differ = Prints[Set * WordsPerSet + Word] ^ Wanted;
      // Bit 7 of each byte that is zero (and of few that are not).
      uint64_t Same = (Differ - LowBytes) & ~Differ & LowBytes << 7;
      for (; Same; Same &= Same - 1) {
        const uint32_t Way = 8 * Word + llvm::countr_zero(Same) / 8;
        const Slot S = static_cast<uint32_t>(Set) * Ways + Way;
        if (Way < Ways && Keys[S] == Key)
          return S;
      }
    }
    return None;
  }

  struct Inserted {
    Slot Where;
    uint64_t Replaced; ///< The key that was there, or NoKey.
  };
  /// Puts in \p Key, which must not be in; that is its first use.
  Inserted insert(uint64_t Key) {
    assert(peek(Key) == None && "the key is in already");
    const Slot Where = victim(firstSlot(Key));
    const uint64_t Replaced = Keys[Where];
    Keys[Where] = Key;
    setPrint(Where, print(Key));
    use(Where);
    return {Where, Replaced};
  }

  void remove(Slot S) { Keys[S] = NoKey; }

private:
  static constexpr uint64_t LowBytes = 0x0101010101010101;

  /// A byte of \p Key that other keys of its set do not share as a rule.
  uint8_t print(uint64_t Key) const {
    return static_cast<uint8_t>((Key >> SetBits) * 0x9e3779b1 >> 16);
  }
  void setPrint(Slot S, uint8_t Print) {
    const uint32_t Way = S % Ways;
    uint64_t &Word = Prints[S / Ways * WordsPerSet + Way / 8];
    const unsigned Shift = Way % 8 * 8;
    Word = (Word & ~(uint64_t(0xff) << Shift)) | uint64_t(Print) << Shift;
  }

  Slot firstSlot(uint64_t Key) const {
    return static_cast<uint32_t>(Key & SetMask) * Ways;
  }

  void use(Slot S) {
    if (Policy == Replacement::Lru)
      LastUse[S] = ++Clock;
    else if (Policy == Replacement::Plru)
      turnAway(S);
  }

  Slot victim(Slot First) {
    for (Slot S = First; S != First + Ways; ++S)
      if (Keys[S] == NoKey)
        return S;
    switch (Policy) {
    case Replacement::Lru:
      return std::min_element(LastUse.begin() + First,
                              LastUse.begin() + First + Ways) -
             LastUse.begin();
    case Replacement::Plru:
      return First + pointedAt(Trees[First / Ways]);
    case Replacement::Random:
      return First + static_cast<uint32_t>(random() % Ways);
    }
    return First;
  }

  // The tree of a set is a heap: node 1 is the root, the children of N are 2 N
  // and 2 N + 1. A bit that is set points right.
  void turnAway(Slot S) {
    uint64_t &Tree = Trees[S / Ways];
    unsigned Node = S % Ways + Ways;
    while (Node > 1) {
      const bool IsRight = Node & 1;
      Node /= 2;
      if (IsRight)
        Tree &= ~(uint64_t(1) << Node);
      else
        Tree |= uint64_t(1) << Node;
    }
  }
  unsigned pointedAt(uint64_t Tree) const {
    unsigned Node = 1;
    while (Node < Ways)
      Node = 2 * Node + (Tree >> Node & 1);
    return Node - Ways;
  }

  uint64_t random() {
    RandomState ^= RandomState << 13;
    RandomState ^= RandomState >> 7;
    RandomState ^= RandomState << 17;
    return RandomState;
  }

  const uint32_t Ways;
  const uint64_t SetMask;
  const unsigned SetBits;
  const uint32_t WordsPerSet; ///< Of Prints.
  const Replacement Policy;
  std::vector<uint64_t> Keys;
  /// A byte of each key, eight ways in a word, to find the way without a branch
  /// for each: which one it is cannot be foretold.
  std::vector<uint64_t> Prints;
  std::vector<uint64_t> LastUse; ///< Of Lru, by slot: the clock then.
  uint64_t Clock = 0;
  std::vector<uint64_t> Trees; ///< Of Plru, by set.
  uint64_t RandomState;
};

} // namespace mcad

#endif // MCAD_FACTS_TAGARRAY_H
