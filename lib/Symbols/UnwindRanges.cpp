//===- UnwindRanges.cpp - functions of files without symbols --------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Symbols/UnwindRanges.h"
#include "Symbols/GuardedReading.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/DebugInfo/DWARF/DWARFDataExtractor.h"
#include "llvm/DebugInfo/DWARF/DWARFDebugFrame.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;
using namespace mcad;

namespace {

/// By itself: LLVM's DWARFContext would unpack all compressed sections of the
/// file first, and a damaged one says that it takes any amount of memory.
void readEhFrame(const ElfCode &Code, const ElfSection &Section,
                 std::vector<CodeRange> &Ranges) {
  // Architectures differ in instructions that are not looked at here.
  auto Frames = std::make_unique<DWARFDebugFrame>(
      Triple::UnknownArch, /*IsEH=*/true, Section.Address);
  bool IsWhole = false;
  const bool IsRead = readGuarded([&] {
    Error E = Frames->parse(DWARFDataExtractor(
        Section.Contents, Code.IsLittleEndian, Code.Is64Bit ? 8 : 4));
    IsWhole = !E;
    consumeError(std::move(E));
  });
  if (!IsRead)
    static_cast<void>(Frames.release());
  if (!IsWhole)
    return;
  for (const dwarf::FrameEntry &Entry : *Frames)
    if (const auto *Function = dyn_cast<dwarf::FDE>(&Entry)) {
      const GuestAddr Start = Function->getInitialLocation();
      const GuestAddr End = Start + Function->getAddressRange();
      if (Start < End)
        Ranges.push_back({Start, End});
    }
}

/// Each entry is two words: how far it is to the function, as 31 bits; and how
/// to unwind it. A function reaches to the next entry's.
void readExidx(const ElfCode &Code, const ElfSection &Table,
               std::vector<CodeRange> &Ranges) {
  constexpr size_t EntryBytes = 8;
  std::vector<GuestAddr> Starts;
  for (size_t At = 0; At + EntryBytes <= Table.Contents.size();
       At += EntryBytes) {
    const uint32_t Word = support::endian::read32le(Table.Contents.data() + At);
    Starts.push_back(static_cast<uint32_t>(
        Table.Address + At + SignExtend64<31>(Word & 0x7fffffff)));
  }
  sort(Starts);
  for (size_t I = 0; I != Starts.size(); ++I) {
    const ElfSection *In = Code.executableAt(Starts[I]);
    if (!In)
      continue;
    const GuestAddr End =
        I + 1 != Starts.size() ? std::min(Starts[I + 1], In->End) : In->End;
    if (Starts[I] < End)
      Ranges.push_back({Starts[I], End});
  }
}

} // namespace

std::vector<CodeRange> mcad::unwindRanges(const ElfCode &Code) {
  std::vector<CodeRange> Ranges;
  for (const ElfSection &Section : Code.Sections) {
    if (Section.Name == ".eh_frame")
      readEhFrame(Code, Section, Ranges);
    if (Section.Type == ELF::SHT_ARM_EXIDX && Code.Machine == ELF::EM_ARM &&
        Code.IsLittleEndian)
      readExidx(Code, Section, Ranges);
  }
  sort(Ranges, [](const CodeRange &A, const CodeRange &B) {
    return std::pair(A.Address, A.End) < std::pair(B.Address, B.End);
  });
  // Of what overlaps, the first stays.
  std::vector<CodeRange> Disjoint;
  for (const CodeRange &Range : Ranges)
    if (Disjoint.empty() || Range.Address >= Disjoint.back().End)
      Disjoint.push_back(Range);
  return Disjoint;
}
