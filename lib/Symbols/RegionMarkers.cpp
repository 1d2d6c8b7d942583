//===- Symbols/RegionMarkers.cpp - what mcad/mcad.h leaves ----------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Symbols/RegionMarkers.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/DataExtractor.h"
#include "llvm/Support/MathExtras.h"

using namespace llvm;

namespace mcad {

std::vector<RegionMarker> readMarkers(const ElfCode &Code) {
  std::vector<RegionMarker> Markers;
  for (const ElfSection &Section : Code.Sections) {
    if (Section.Type != ELF::SHT_NOTE || Section.Name != ".note.mcad")
      continue;
    DataExtractor Data(Section.Contents, Code.IsLittleEndian,
                       Code.Is64Bit ? 8 : 4);
    // ELF's notes, of 4 bytes' alignment: sizes of name and content, type,
    // name, content. The content: where the marker is, from here; its region.
    DataExtractor::Cursor At(0);
    while (At && At.tell() < Section.Contents.size()) {
      const uint64_t NameSize = Data.getU32(At), Size = Data.getU32(At);
      const uint32_t Type = Data.getU32(At);
      const StringRef Owner = Data.getBytes(At, NameSize);
      Data.skip(At, alignTo(NameSize, 4) - NameSize);
      const GuestAddr Here = Section.Address + At.tell();
      StringRef Content = Data.getBytes(At, Size);
      if (!At)
        break;
      At.seek(
          std::min<uint64_t>(alignTo(At.tell(), 4), Section.Contents.size()));
      if (Owner != StringRef("MCAD", 5) || (Type != 1 && Type != 2) ||
          Size < 5 || Content.back() != 0)
        continue;
      DataExtractor::Cursor In(0);
      const auto Distance = static_cast<int32_t>(
          DataExtractor(Content, Code.IsLittleEndian, 4).getU32(In));
      consumeError(In.takeError());
      GuestAddr Address = Here + static_cast<int64_t>(Distance);
      if (!Code.Is64Bit)
        Address = static_cast<uint32_t>(Address);
      const StringRef Region = Content.drop_front(4).split('\0').first;
      Markers.push_back({Region.str(), Address, Type == 1});
    }
    consumeError(At.takeError());
  }
  return Markers;
}

} // namespace mcad
