//===- ProgramWithRegions.h - functions, and regions among them -----------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef MCAD_UNITTESTS_ATTRIBUTION_PROGRAMWITHREGIONS_H
#define MCAD_UNITTESTS_ATTRIBUTION_PROGRAMWITHREGIONS_H

#include "../Code/X86Bytes.h"
#include "../Target/MakeTarget.h"
#include "Attribution/CallTree.h"
#include "Attribution/RegionMap.h"
#include <optional>

namespace mcad::test {

/// A program of functions that are 0x100 bytes long, from 0x1000 on, with its
/// regions by address.
struct ProgramWithRegions {
  Program P{target("x86_64-linux-gnu", "skylake")};
  TraceDescription Description = describe();
  SymbolTable Names{P, Description};
  std::vector<RegionRequest> Requests;
  std::optional<RegionMap> Map;

  static TraceDescription describe() {
    TraceDescription D;
    D.BinaryPath = "/none/program";
    D.CodeStart = 0x1000;
    D.CodeEnd = 0x9000;
    return D;
  }
  static CallTree::Function functionAt(const CodeBlock &Block) {
    return {uint32_t(Block.Address >> 8), Block.Address & ~0xffull};
  }
  void region(GuestAddr First, GuestAddr Last) {
    RegionRequest R;
    R.Is = RegionRequest::By::Address;
    R.Description = "region " + std::to_string(Requests.size());
    R.First = First;
    R.Last = Last;
    Requests.push_back(R);
  }
  /// Of all that are asked for when it is first wanted.
  RegionMap &map() {
    if (!Map)
      Map.emplace(P, Names, Requests);
    return *Map;
  }
  BlockId nops(GuestAddr Address, unsigned Count) {
    return defineBlock(P, Address, std::vector<Bytes>(Count, Nop));
  }
  BlockId call(GuestAddr From, GuestAddr To) {
    return defineBlock(P, From, {branch(0xe8, From, To)});
  }
  BlockId returns(GuestAddr Address) {
    return defineBlock(P, Address, {Return});
  }
};

} // namespace mcad::test

#endif // MCAD_UNITTESTS_ATTRIBUTION_PROGRAMWITHREGIONS_H
