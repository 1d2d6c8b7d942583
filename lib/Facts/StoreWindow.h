//===- Facts/StoreWindow.h - which stores a load reads from -------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Remembers of each byte of memory the instruction that stored it last, for as
/// long as that one may still be in flight, and tells for a load which of them
/// it reads from. By real addresses and sizes, byte by byte.
///
/// A hash table by granule of 8 bytes, open addressing. A granule has MaxProbes
/// places, of which a new one takes the one stored to longest ago; nothing is
/// ever moved. What goes is out of flight already, unless a program stores to
/// some thousand places within MaxInFlight instructions.
///
/// Tested by unittests/Facts/StoreWindowTest.cpp, against a map of bytes.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_FACTS_STOREWINDOW_H
#define MCAD_FACTS_STOREWINDOW_H

#include "Facts/Facts.h"
#include "mcad/Event.h"
#include "llvm/ADT/SmallVector.h"
#include <array>

namespace mcad {

class StoreWindow {
public:
  StoreWindow() : Table(Entries) {}

  /// Instruction \p Now, numbered from 1, stores.
  void store(GuestAddr Address, uint32_t SizeBytes, uint64_t Now) {
    forEachPiece(Address, SizeBytes,
                 [&](uint64_t Granule, unsigned First, unsigned End) {
                   Entry &E = place(Granule);
                   for (unsigned Byte = First; Byte != End; ++Byte)
                     E.Writers[Byte] = Now;
                   E.Newest = Now;
                 });
  }

  /// The stores that a load reads from.
  struct Sources {
    /// Ordinals of the instructions, each once, in no order.
    llvm::SmallVector<uint64_t, 4> Writers;
    /// One of them holds all of the load's bytes.
    bool IsCovered = true;
  };
  /// Instruction \p Now loads. Its own stores do not count.
  Sources load(GuestAddr Address, uint32_t SizeBytes, uint64_t Now) const {
    Sources Result;
    bool OtherBytes = false;
    forEachPiece(Address, SizeBytes,
                 [&](uint64_t Granule, unsigned First, unsigned End) {
                   const Entry *E = find(Granule, Now);
                   if (!E) {
                     OtherBytes = true;
                     return;
                   }
                   for (unsigned Byte = First; Byte != End; ++Byte) {
                     const uint64_t Writer = E->Writers[Byte];
                     if (Writer == Now || !isInFlight(Writer, Now))
                       OtherBytes = true;
                     else if (Result.Writers.empty() ||
                              Result.Writers.back() != Writer)
                       addOnce(Result.Writers, Writer);
                   }
                 });
    Result.IsCovered = Result.Writers.size() == 1 && !OtherBytes;
    return Result;
  }

private:
  static constexpr unsigned EntryBits = 12;
  static constexpr unsigned Entries = 1u << EntryBits;
  static constexpr unsigned MaxProbes = 8;

  struct Entry {
    uint64_t Granule = ~uint64_t(0);
    uint64_t Newest = 0; ///< 0: never used.
    std::array<uint64_t, 8> Writers = {};
  };

  static bool isInFlight(uint64_t Writer, uint64_t Now) {
    return Writer && Now - Writer <= MaxInFlight;
  }

  static void addOnce(llvm::SmallVectorImpl<uint64_t> &Writers, uint64_t New) {
    for (uint64_t Writer : Writers)
      if (Writer == New)
        return;
    Writers.push_back(New);
  }

  /// Calls \p Visit(Granule, FirstByte, EndByte) for each granule touched.
  template <typename Visitor>
  static void forEachPiece(GuestAddr Address, uint32_t SizeBytes,
                           Visitor Visit) {
    while (SizeBytes) {
      const unsigned First = Address & 7;
      const unsigned Bytes = SizeBytes < 8 - First ? SizeBytes : 8 - First;
      Visit(Address >> 3, First, First + Bytes);
      Address += Bytes;
      SizeBytes -= Bytes;
    }
  }

  /// Fibonacci hashing (Knuth, vol. 3, section 6.4): a stretch of memory does
  /// not fill a stretch of the table.
  static size_t home(uint64_t Granule) {
    return Granule * 0x9e3779b97f4a7c15 >> (64 - EntryBits);
  }

  const Entry *find(uint64_t Granule, uint64_t Now) const {
    for (unsigned Probe = 0; Probe != MaxProbes; ++Probe) {
      const Entry &E = Table[(home(Granule) + Probe) & (Entries - 1)];
      if (E.Granule == Granule)
        return isInFlight(E.Newest, Now) ? &E : nullptr;
      if (!E.Newest)
        return nullptr;
    }
    return nullptr;
  }

  /// The entry of \p Granule, made if need be.
  Entry &place(uint64_t Granule) {
    Entry *Free = nullptr;
    for (unsigned Probe = 0; Probe != MaxProbes; ++Probe) {
      Entry &E = Table[(home(Granule) + Probe) & (Entries - 1)];
      if (E.Granule == Granule)
        return E;
      if (!Free || E.Newest < Free->Newest)
        Free = &E;
      if (!E.Newest)
        break;
    }
    *Free = {};
    Free->Granule = Granule;
    return *Free;
  }

  std::vector<Entry> Table;
};

} // namespace mcad

#endif // MCAD_FACTS_STOREWINDOW_H
