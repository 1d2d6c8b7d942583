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
/// Mostly all bytes of a granule that matter are of one instruction: that is 16
/// bytes of a table that a first-level cache nearly holds. The others' writers
/// are kept elsewhere, and seldom looked at.
///
/// Tested by unittests/Facts/StoreWindowTest.cpp, against a map of bytes.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_FACTS_STOREWINDOW_H
#define MCAD_FACTS_STOREWINDOW_H

#include "Facts/Facts.h"
#include "mcad/Event.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include <array>
#include <vector>

namespace mcad {

class StoreWindow {
public:
  StoreWindow() : Table(Entries), Older(Entries) {}

  /// Instruction \p Now, numbered from 1, stores.
  void store(GuestAddr Address, uint32_t SizeBytes, uint64_t Now) {
    forEachPiece(Address, SizeBytes, [&](uint64_t Granule, uint8_t Bytes) {
      noteStore(place(Granule), Bytes, Now);
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
    forEachPiece(Address, SizeBytes, [&](uint64_t Granule, uint8_t Bytes) {
      const Entry *E = find(Granule, Now);
      OtherBytes |= !E || !addWriters(*E, Bytes, Now, Result);
    });
    Result.IsCovered = Result.Writers.size() == 1 && !OtherBytes;
    return Result;
  }

private:
  static constexpr unsigned EntryBits = 12;
  static constexpr unsigned Entries = 1u << EntryBits;
  static constexpr unsigned MaxProbes = 8;

  struct Entry {
    uint64_t Granule : 61 = 0;
    /// Older has more, which may be in flight.
    uint64_t HasOlder : 1 = false;
    uint64_t Newest : 56 = 0; ///< 0: never used.
    uint64_t Bytes : 8 = 0;   ///< Those that Newest has stored; a bit each.
  };
  static_assert(sizeof(Entry) == 16);
  /// By byte: who stored it before Newest did, 0 for nobody.
  using Writers = std::array<uint64_t, 8>;

  static bool isInFlight(uint64_t Writer, uint64_t Now) {
    return Writer && Now - Writer <= MaxInFlight;
  }

  static void addOnce(llvm::SmallVectorImpl<uint64_t> &To, uint64_t New) {
    if (!llvm::is_contained(To, New))
      To.push_back(New);
  }

  Writers &olderOf(const Entry &E) { return Older[&E - Table.data()]; }
  const Writers &olderOf(const Entry &E) const {
    return Older[&E - Table.data()];
  }

  /// Instruction \p Now stores \p Bytes of the granule of \p E.
  void noteStore(Entry &E, uint8_t Bytes, uint64_t Now) {
    if (E.Newest == Now) {
      E.Bytes |= Bytes;
      return;
    }
    const bool HidesAll = Bytes == 0xff || (!E.HasOlder && !(E.Bytes & ~Bytes));
    if (HidesAll || !isInFlight(E.Newest, Now)) {
      E.HasOlder = false;
    } else {
      Writers &Others = olderOf(E);
      if (!E.HasOlder)
        Others = {};
      E.HasOlder = true;
      for (unsigned Byte = 0; Byte != 8; ++Byte)
        if (E.Bytes >> Byte & 1)
          Others[Byte] = E.Newest;
    }
    E.Bytes = Bytes;
    E.Newest = Now;
  }

  /// Adds who wrote \p Bytes of the granule of \p E, which is in flight.
  /// \returns whether that is all of them.
  bool addWriters(const Entry &E, uint8_t Bytes, uint64_t Now,
                  Sources &To) const {
    bool AreAll = true;
    auto add = [&](uint64_t Writer) {
      if (Writer != Now && isInFlight(Writer, Now))
        addOnce(To.Writers, Writer);
      else
        AreAll = false;
    };
    if (Bytes & E.Bytes)
      add(E.Newest);
    const uint8_t Others = Bytes & ~E.Bytes;
    if (Others && !E.HasOlder)
      return false;
    for (unsigned Byte = 0; Others >> Byte; ++Byte)
      if (Others >> Byte & 1)
        add(olderOf(E)[Byte]);
    return AreAll;
  }

  /// Calls \p Visit(Granule, Bytes) for each granule touched; a bit per byte.
  template <typename Visitor>
  static void forEachPiece(GuestAddr Address, uint32_t SizeBytes,
                           Visitor Visit) {
    while (SizeBytes) {
      const unsigned First = Address & 7;
      const unsigned Bytes = SizeBytes < 8 - First ? SizeBytes : 8 - First;
      Visit(Address >> 3, static_cast<uint8_t>(((1u << Bytes) - 1) << First));
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
  std::vector<Writers> Older; ///< By place in the table.
};

} // namespace mcad

#endif // MCAD_FACTS_STOREWINDOW_H
