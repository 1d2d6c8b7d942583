//===- Timing/Fast/Archive.h - a core's state, written and read ----------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Writes a core's state as a sequence of numbers, in canonical form, and reads
/// it back. Each part of a core has one function that does both,
///   template <typename Archive> void transfer(Archive &A);
/// so that what is written is what is read.
///
/// Cycles are written relative to the cycle at hand, instructions relative to
/// the oldest in flight. A number below 0xffff takes one unit of 16 bits, any
/// other five.
///
/// Tested by unittests/Timing/DifferentialTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TIMING_FAST_ARCHIVE_H
#define MCAD_TIMING_FAST_ARCHIVE_H

#include "Timing/Fast/Compiler.h"
#include "Timing/Fast/FactsInFlight.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Compiler.h"
#include <cassert>

namespace mcad::fast {

class StateWriter {
public:
  static constexpr bool IsReading = false;

  /// \p Now: the cycle at hand; \p Oldest: the oldest instruction in flight.
  StateWriter(llvm::SmallVectorImpl<uint16_t> &Units, const Compiler &Code,
              uint64_t Now, Sequence Oldest)
      : Code(Code), Now(Now), Oldest(Oldest), Units(Units) {
    Units.resize_for_overwrite(Units.capacity());
    Next = Units.begin();
    End = Units.end();
  }
  ~StateWriter() { Units.truncate(Next - Units.begin()); }
  StateWriter(const StateWriter &) = delete;
  StateWriter &operator=(const StateWriter &) = delete;

  template <typename Number> void number(const Number &N) {
    put(static_cast<uint64_t>(N));
  }
  /// A cycle, of which only matters whether and when it comes.
  void cycle(uint64_t &Cycle) { put(Cycle > Now ? Cycle - Now : 0); }
  /// A cycle; if it is past, it only matters whether that was \p Farthest or
  /// more cycles ago.
  void age(uint64_t &Cycle, uint64_t Farthest) {
    put(Cycle > Now ? Farthest + (Cycle - Now)
                    : std::min(Now - Cycle, Farthest));
  }
  /// A cycle, whenever it is.
  void exactCycle(uint64_t &Cycle) {
    put(Cycle >= Now ? (Cycle - Now) << 1 : (Now - Cycle) << 1 | 1);
  }
  void instruction(Sequence &N) { put(N - Oldest); }
  void timing(const InstructionTiming *&T) { put(T->Id); }
  void code(const CompiledInstruction *&C) { put(C ? C->Id + 1 : 0); }

  const Compiler &Code;
  const uint64_t Now;
  const Sequence Oldest;

private:
  LLVM_ATTRIBUTE_ALWAYS_INLINE void put(uint64_t N) {
    if (LLVM_UNLIKELY(End - Next < 5))
      grow();
    if (LLVM_LIKELY(N < 0xffff)) {
      *Next++ = N;
      return;
    }
    *Next++ = 0xffff;
    for (unsigned Shift = 0; Shift != 64; Shift += 16)
      *Next++ = N >> Shift;
  }
  void grow() {
    const size_t Size = Next - Units.begin();
    Units.resize_for_overwrite(2 * Units.size() + 1024);
    Next = Units.begin() + Size;
    End = Units.end();
  }

  llvm::SmallVectorImpl<uint16_t> &Units;
  uint16_t *Next, *End;
};

class StateReader {
public:
  static constexpr bool IsReading = true;

  StateReader(llvm::ArrayRef<uint16_t> Units, const Compiler &Code,
              uint64_t Now, Sequence Oldest)
      : Code(Code), Now(Now), Oldest(Oldest), Next(Units.begin()),
        End(Units.end()) {}

  template <typename Number> void number(Number &N) {
    N = static_cast<Number>(get());
  }
  void cycle(uint64_t &Cycle) { Cycle = Now + get(); }
  void age(uint64_t &Cycle, uint64_t Farthest) {
    const uint64_t N = get();
    Cycle = N > Farthest ? Now + (N - Farthest) : Now - N;
  }
  void exactCycle(uint64_t &Cycle) {
    const uint64_t N = get();
    Cycle = N & 1 ? Now - (N >> 1) : Now + (N >> 1);
  }
  void instruction(Sequence &N) { N = Oldest + get(); }
  void timing(const InstructionTiming *&T) { T = &Code.timing(get()); }
  void code(const CompiledInstruction *&C) {
    const uint64_t Id = get();
    C = Id ? &Code.compiled(Id - 1) : nullptr;
  }
  bool isAtEnd() const { return Next == End; }

  const Compiler &Code;
  const uint64_t Now;
  const Sequence Oldest;

private:
  uint64_t get() {
    assert(Next != End && "states are read as they were written");
    if (const uint16_t Unit = *Next++; Unit != 0xffff)
      return Unit;
    uint64_t N = 0;
    for (unsigned Shift = 0; Shift != 64; Shift += 16)
      N |= uint64_t(*Next++) << Shift;
    return N;
  }

  const uint16_t *Next, *End;
};

/// A list of anything, its length first.
template <typename Archive, typename List, typename Transfer>
void transferList(Archive &A, List &L, Transfer TransferElement) {
  size_t Size = L.size();
  A.number(Size);
  if constexpr (Archive::IsReading)
    L.resize(Size);
  for (auto &Element : L)
    TransferElement(Element);
}

} // namespace mcad::fast

#endif // MCAD_TIMING_FAST_ARCHIVE_H
