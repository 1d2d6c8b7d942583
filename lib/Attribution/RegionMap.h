//===- Attribution/RegionMap.h - where the regions of a trace are ---------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The regions of a trace: those that are asked for (RegionManifest.h), and
/// those that the program marks (mcad/mcad.h), found in the files that its code
/// comes from. Tells of each block of the program which regions it touches.
///
/// Used by all streams of a trace, from one thread. Tested by
/// unittests/Attribution/StreamAccountsTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_ATTRIBUTION_REGIONMAP_H
#define MCAD_ATTRIBUTION_REGIONMAP_H

#include "Attribution/RegionManifest.h"
#include "Symbols/SymbolTable.h"
#include "llvm/ADT/StringMap.h"

namespace mcad {

class RegionMap {
public:
  /// What a block has to do with a region; instructions by their index in it.
  struct Touch {
    enum class Kind : uint8_t {
      Inside, ///< Those from From on, and before To, belong to it.
      Begin,  ///< It begins with From; To is not used.
      End,    ///< It ends behind To - 1; From is not used.
    };
    Kind Is = Kind::Inside;
    uint32_t Region = 0;
    uint32_t From = 0, To = 0;
  };

  /// All outlive the map.
  RegionMap(const Program &Code, SymbolTable &Names,
            llvm::ArrayRef<RegionRequest> Requests);

  /// By region's number; grows, since files with markers may come.
  llvm::ArrayRef<std::string> descriptions() const { return Descriptions; }
  uint32_t numRegions() const {
    return static_cast<uint32_t>(Descriptions.size());
  }

  /// Of each block of the program so far. Valid until it is called again.
  void noteNewBlocks();
  /// By number of region, and by From for each.
  llvm::ArrayRef<Touch> touches(BlockId Block) const {
    const auto [First, Count] = OfBlock[index(Block)];
    return llvm::ArrayRef(Touches).slice(First, Count);
  }
  uint32_t numInstructions(BlockId Block) const {
    return Code.block(Block).NumInstructions;
  }

  /// Of a region that was asked for and is nowhere: what and where, and how to
  /// mend it. Of any other "". At the trace's end.
  std::string problem(uint32_t Region) const;

private:
  struct Span {
    uint32_t Region;
    CodeSpan Code;
  };
  struct Mark {
    uint32_t Region;
    GuestAddr Address;
    bool IsBegin;
  };

  void noteNewFiles();
  void find(const RegionRequest &Request, uint32_t Region, uint32_t File);

  const Program &Code;
  SymbolTable &Names;
  const llvm::ArrayRef<RegionRequest> Requests; ///< The first regions.
  std::vector<bool> IsFound;                    ///< By request.
  std::vector<std::string> Descriptions;
  llvm::StringMap<uint32_t> Marked; ///< Regions of markers, by name.
  std::vector<Span> Spans;
  std::vector<Mark> Marks;
  uint32_t NumFiles = 0; ///< That have been looked at.

  std::vector<Touch> Touches;
  std::vector<std::pair<uint32_t, uint32_t>> OfBlock; ///< First, and how many.
};

} // namespace mcad

#endif // MCAD_ATTRIBUTION_REGIONMAP_H
