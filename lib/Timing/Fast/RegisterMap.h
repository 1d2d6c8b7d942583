//===- Timing/Fast/RegisterMap.h - who writes which register -------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The last write of every slot, the physical registers in use, and the
/// eliminated moves: the state of mca::RegisterFile.
///
/// Tested by unittests/Timing/DifferentialTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TIMING_FAST_REGISTERMAP_H
#define MCAD_TIMING_FAST_REGISTERMAP_H

#include "Timing/Fast/Archive.h"
#include "Timing/Fast/Compiler.h"
#include "Timing/Fast/FactsInFlight.h"
#include "llvm/ADT/BitVector.h"

namespace mcad::fast {

/// The last write of a slot.
struct Writer {
  static constexpr Sequence None = ~Sequence(0);
  static constexpr Sequence Done = None - 1;

  /// Of the instruction, if that is in flight; Done: of one that is not, whose
  /// write back is in Cycle.
  Sequence Number = None;
  uint64_t Cycle = 0;
  uint16_t Definition = 0; ///< If it is in flight.
  uint16_t Resource = 0;   ///< If it is Done: for read-advances.

  bool operator==(const Writer &Other) const {
    return Number == Other.Number && Definition == Other.Definition;
  }
  bool isSame(const Writer &Other) const {
    return *this == Other && Cycle == Other.Cycle && Resource == Other.Resource;
  }
};

class RegisterMap {
public:
  explicit RegisterMap(const CoreModel &Model)
      : Model(Model), Whole(Model.numFamilies()), Writers(Model.numSlots()),
        IsActive(Model.numFamilies()), IsSplit(Model.numFamilies()),
        Aliases(Model.EliminatesMoves ? Model.numSlots() : 0),
        Zeros(Model.TracksZeros ? Model.Renaming.size() : 0),
        Used(Model.Files.size()), Eliminated(Model.Files.size()) {}

  const Writer &operator[](Slot S) const {
    const Family F = Model.family(S);
    return IsSplit[F] ? Writers[S] : Whole[F];
  }

  /// Calls \p Visit for each different writer that \p R reads.
  template <typename Visitor>
  void forEachWriter(const Read &R, Visitor Visit) const {
    unsigned Register = R.Register;
    std::optional<Family> OneFamily = R.OneFamily;
    if (!Aliases.empty())
      if (const uint16_t Alias = Aliases[Model.slot(Register)]) {
        Register = Alias;
        OneFamily = Model.familyOfRead(Alias);
      }
    if (OneFamily && !IsSplit[*OneFamily]) [[likely]]
      return Visit(Whole[*OneFamily]);
    forEachWriterOf(Register, Visit);
  }

  void write(const CompiledInstruction &C, Sequence Number) {
    for (const FamilyWrite &W : C.WholeWrites) {
      Whole[W.To] = {Number, 0, W.Definition, 0};
      IsSplit[W.To] = false;
      IsActive.set(W.To);
    }
    C.PartWrites.forEach([&](const SlotWrite &W) {
      const Family F = Model.family(W.To);
      split(F);
      Writers[W.To] = {Number, 0, W.Definition, 0};
      IsActive.set(F);
    });
    if (!Aliases.empty()) {
      for (const FamilyWrite &W : C.WholeWrites)
        for (Slot S : Model.slots(W.To))
          Aliases[S] = 0;
      for (const SlotWrite &W : C.PartWrites)
        Aliases[W.To] = 0;
    }
    C.Zeros.forEach([&](const ZeroWrite &Z) { Zeros[Z.Register] = Z.IsZero; });
  }

  /// Instruction \p Number is no longer in flight: its writes, which \p T
  /// describes, were there in \p Cycle.
  void retire(Sequence Number, const InstructionTiming &T, uint64_t Cycle) {
    if (!T.IsReadLate)
      return;
    for (unsigned F : IsActive.set_bits())
      forEachOf(F, [&](Writer &W) {
        if (W.Number == Number)
          W = {Writer::Done, Cycle, 0,
               T.Definitions[W.Definition].WriteResource};
      });
  }

  /// Whether there are physical registers for the writes of \p C.
  bool hasRoom(const CompiledInstruction &C) const {
    return C.Needs.empty() ||
           llvm::none_of(C.Needs, [&](const PhysicalRegisters &R) {
             return Model.Files[R.File].Size < Used[R.File] + R.Count;
           });
  }
  void hold(const InstructionTiming &T) {
    T.Holds.forEach(
        [&](const PhysicalRegisters &R) { Used[R.File] += R.Count; });
  }
  void giveBack(const InstructionTiming &T) {
    T.Holds.forEach(
        [&](const PhysicalRegisters &R) { Used[R.File] -= R.Count; });
  }

  void startCycle() {
    if (!HasEliminated)
      return;
    std::fill(Eliminated.begin(), Eliminated.end(), 0);
    HasEliminated = false;
  }

  /// Makes the destination of a move another name of its source, if the model
  /// does that now.
  bool tryEliminate(const CompiledInstruction &C) {
    const PhysicalRegisterFile &File = Model.Files[C.MovesFile];
    unsigned &Count = Eliminated[C.MovesFile];
    if (File.MaxMovesEliminated &&
        Count + C.Moves.size() > File.MaxMovesEliminated)
      return false;
    if (File.EliminatesOnlyZeros)
      for (const EliminablePair &Pair : C.Moves)
        if (!Zeros[Pair.From])
          return false;
    // Zero or not, by definition: the last pair is the first definition's.
    bool IsZero[2] = {};
    for (unsigned I = 0; I != C.Moves.size(); ++I) {
      const EliminablePair &Pair = C.Moves[I];
      if (!Zeros.empty())
        IsZero[C.Moves.size() - (I + 1)] = Zeros[Pair.From];
      unsigned Source = renamedAs(Pair.From);
      if (const uint16_t Alias = Aliases[Model.slot(Source)])
        Source = Alias;
      const unsigned Destination = renamedAs(Pair.To);
      for (Slot S : Model.readSlots(Destination))
        Aliases[S] = Source;
    }
    for (const ZeroWrite &Z : C.Zeros)
      Zeros[Z.Register] = IsZero[Z.Definition];
    Count += C.Moves.size();
    HasEliminated = true;
    return true;
  }

  /// Without the physical registers: after reading, hold() for all in flight.
  /// \p Canonical(Writer &) replaces a writer in flight by the one that is
  /// written for it: None if it cannot matter any more.
  template <typename Archive, typename Function>
  void transfer(Archive &A, Function Canonical) {
    if constexpr (Archive::IsReading) {
      for (unsigned F : IsActive.set_bits())
        clear(F);
      IsActive.reset();
      std::fill(Used.begin(), Used.end(), 0);
      unsigned Number = 0;
      for (A.number(Number); Number; A.number(Number)) {
        const unsigned F = (Number - 1) / 2;
        IsSplit[F] = (Number - 1) % 2;
        forEachOf(F, [&](Writer &W) { transfer(A, W); });
        IsActive.set(F);
      }
    } else {
      for (unsigned F : IsActive.set_bits()) {
        forEachOf(F, [&](Writer &W) {
          if (W.Number < Writer::Done)
            Canonical(W);
          if (W.Number == Writer::Done && isOver(W, A.Now))
            W = Writer();
        });
        join(F);
        if (!IsSplit[F] && Whole[F].Number == Writer::None) {
          IsActive.reset(F);
          continue;
        }
        A.number(2 * F + IsSplit[F] + 1);
        forEachOf(F, [&](Writer &W) { transfer(A, W); });
      }
      A.number(0);
    }
    if (!Aliases.empty())
      transferSparse(A, Aliases);
    if (!Zeros.empty())
      transferSparse(A, Zeros);
    A.number(HasEliminated);
    if (HasEliminated)
      for (unsigned &Count : Eliminated)
        A.number(Count);
    else
      std::fill(Eliminated.begin(), Eliminated.end(), 0);
  }

private:
  /// Seldom: of the slots of \p Register.
  template <typename Visitor>
  [[gnu::noinline]] void forEachWriterOf(unsigned Register,
                                         Visitor Visit) const {
    llvm::SmallVector<Writer, 8> Visited;
    for (Slot S : Model.readSlots(Register)) {
      const Writer &W = (*this)[S];
      if (llvm::is_contained(Visited, W))
        continue;
      if (W.Number != Writer::Done)
        Visited.push_back(W);
      Visit(W);
    }
  }

  /// Calls \p Visit for the one writer of a whole family, or for each slot's.
  template <typename Visitor> void forEachOf(Family F, Visitor Visit) {
    if (!IsSplit[F])
      return Visit(Whole[F]);
    for (Slot S : Model.slots(F))
      Visit(Writers[S]);
  }
  void clear(Family F) {
    Whole[F] = Writer();
    IsSplit[F] = false;
  }
  void split(Family F) {
    if (IsSplit[F])
      return;
    IsSplit[F] = true;
    for (Slot S : Model.slots(F))
      Writers[S] = Whole[F];
  }
  /// If all slots have the same writer, they need only one.
  void join(Family F) {
    if (!IsSplit[F])
      return;
    const Writer &First = Writers[Model.slots(F).front()];
    for (Slot S : Model.slots(F))
      if (!Writers[S].isSame(First))
        return;
    Whole[F] = First;
    IsSplit[F] = false;
  }
  /// Whether \p W, which is Done, matters to no read any more.
  bool isOver(const Writer &W, uint64_t Now) const {
    return W.Cycle <= Now && (!Model.isReadLate(W.Resource) ||
                              Now - W.Cycle >= Model.MaxLateRead);
  }
  template <typename Archive> static void transfer(Archive &A, Writer &W) {
    unsigned Kind = W.Number == Writer::None ? 2 : W.Number == Writer::Done;
    A.number(Kind);
    if (Kind == 2) {
      W = Writer();
    } else if (Kind == 1) {
      W.Number = Writer::Done;
      A.exactCycle(W.Cycle);
      A.number(W.Resource);
    } else {
      A.instruction(W.Number);
      A.number(W.Definition);
    }
  }
  /// Elements that are not 0, by index.
  template <typename Archive, typename List>
  static void transferSparse(Archive &A, List &L) {
    if constexpr (Archive::IsReading) {
      for (unsigned I = 0; I != L.size(); ++I)
        L[I] = 0;
      unsigned Number = 0;
      for (A.number(Number); Number; A.number(Number)) {
        unsigned Value = 0;
        A.number(Value);
        L[Number - 1] = Value;
      }
    } else {
      for (unsigned I = 0; I != L.size(); ++I)
        if (L[I]) {
          A.number(I + 1);
          A.number(unsigned(L[I]));
        }
      A.number(0);
    }
  }

  unsigned renamedAs(unsigned Register) const {
    const unsigned As = Model.Renaming[Register].RenamedAs;
    return As ? As : Register;
  }

  const CoreModel &Model;
  std::vector<Writer> Whole;        ///< By family, if it is not split.
  std::vector<Writer> Writers;      ///< By slot, if its family is.
  llvm::BitVector IsActive;         ///< By family: has a writer.
  std::vector<char> IsSplit;        ///< By family; a byte is read faster.
  std::vector<uint16_t> Aliases;    ///< By slot: a register, or 0.
  llvm::BitVector Zeros;            ///< By register.
  std::vector<unsigned> Used;       ///< By file: physical registers.
  std::vector<unsigned> Eliminated; ///< By file: moves, in the cycle at hand.
  bool HasEliminated = false;
};

} // namespace mcad::fast

#endif // MCAD_TIMING_FAST_REGISTERMAP_H
