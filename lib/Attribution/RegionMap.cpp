//===- Attribution/RegionMap.cpp - where the regions of a trace are -------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Attribution/RegionMap.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace mcad {

RegionMap::RegionMap(const Program &Code, SymbolTable &Names,
                     ArrayRef<RegionRequest> Requests)
    : Code(Code), Names(Names), Requests(Requests), IsFound(Requests.size()) {
  for (const RegionRequest &R : Requests)
    Descriptions.push_back(R.Description);
}

void RegionMap::find(const RegionRequest &Request, uint32_t Region,
                     uint32_t File) {
  const SymbolTable::MappedFile In = Names.file(File);
  if (Request.File.empty() ? !In.IsMain : !isCalled(In.Path, Request.File))
    return;
  switch (Request.Is) {
  case RegionRequest::By::Symbol:
    for (CodeSpan Found : Names.symbolSpans(File, Request.Symbol)) {
      Found.Start += Request.Begin;
      Found.End += Request.End;
      if (Found.Start < Found.End)
        Spans.push_back({Region, Found});
    }
    break;
  case RegionRequest::By::Address:
    Spans.push_back(
        {Region, {Request.First + In.LoadBias, Request.Last + In.LoadBias}});
    break;
  case RegionRequest::By::Lines:
    for (const CodeSpan &Found : Names.lineSpans(
             File, Request.SourceFile, Request.FirstLine, Request.LastLine))
      Spans.push_back({Region, Found});
    break;
  }
  if (!Spans.empty() && Spans.back().Region == Region)
    IsFound[Region] = true;
}

void RegionMap::noteNewFiles() {
  for (const uint32_t N = Names.numFiles(); NumFiles != N; ++NumFiles) {
    for (uint32_t Region = 0; Region != Requests.size(); ++Region)
      find(Requests[Region], Region, NumFiles);
    for (const RegionMarker &M : Names.markers(NumFiles)) {
      const auto [Known, IsNew] = Marked.try_emplace(M.Region, numRegions());
      if (IsNew)
        Descriptions.push_back(M.Region);
      Marks.push_back({Known->second, M.Address, M.IsBegin});
    }
  }
}

void RegionMap::noteNewBlocks() {
  noteNewFiles();
  for (uint32_t Id = OfBlock.size(); Id != Code.numBlocks(); ++Id) {
    const CodeBlock &Block = Code.block(BlockId(Id));
    const ArrayRef<CodeInstruction> Insts = Code.instructions(Block);
    const uint32_t First = Touches.size(), Count = Insts.size();
    // A block's instructions lie one behind the other.
    const auto before = [&](GuestAddr Address) {
      return static_cast<uint32_t>(
          partition_point(
              Insts,
              [&](const CodeInstruction &I) { return I.Address < Address; }) -
          Insts.begin());
    };
    for (const Span &S : Spans) {
      const uint32_t From = before(S.Code.Start), To = before(S.Code.End);
      if (From != To)
        Touches.push_back({Touch::Kind::Inside, S.Region, From, To});
    }
    for (const Mark &M : Marks) {
      const uint32_t At = before(M.Address);
      if (At == Count || Insts[At].Address != M.Address)
        continue;
      Touches.push_back({M.IsBegin ? Touch::Kind::Begin : Touch::Kind::End,
                         M.Region, At, At + 1});
    }
    std::stable_sort(Touches.begin() + First, Touches.end(),
                     [](const Touch &A, const Touch &B) {
                       return std::pair(A.Region, A.From) <
                              std::pair(B.Region, B.From);
                     });
    OfBlock.emplace_back(First, Touches.size() - First);
  }
}

std::string RegionMap::problem(uint32_t Region) const {
  if (Region >= Requests.size() || IsFound[Region])
    return "";
  const RegionRequest &R = Requests[Region];
  const std::string File =
      R.File.empty() ? "the main executable" : "'" + R.File + "'";
  std::string What =
      R.Is == RegionRequest::By::Symbol  ? "no symbol '" + R.Symbol + "'"
      : R.Is == RegionRequest::By::Lines ? "no code of these lines"
                                         : "no code";
  return "region '" + R.Description + "': in " + File +
         " as it ran, there is " + What +
         (R.Is == RegionRequest::By::Lines
              ? ": compile with -g, name the file as the compiler was given it"
              : ": look for the name that `nm` prints, and name the file that "
                "has it");
}

} // namespace mcad
