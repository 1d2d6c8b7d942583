//===- Report/StackTree.cpp - call stacks without their call sites --------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/StackTree.h"
#include <map>
#include <tuple>

namespace mcad {

std::vector<StackNode> stackTree(const Profile &P) {
  std::vector<StackNode> Nodes;
  std::vector<uint32_t> NodeOfContext;
  // Parent, function, and of roots the stream.
  std::map<std::tuple<uint32_t, uint32_t, uint32_t>, uint32_t> Known;
  for (const ContextReport &C : P.Contexts) {
    const uint32_t Parent =
        C.Parent == NoIndex ? NoIndex : NodeOfContext[C.Parent];
    const uint32_t Stream = Parent == NoIndex ? C.Stream : Nodes[Parent].Stream;
    const auto [At, IsNew] =
        Known.try_emplace({Parent, C.Function, Stream}, Nodes.size());
    if (IsNew)
      Nodes.push_back({Parent, C.Function, Stream, 0});
    Nodes[At->second].Cycles += totalCycles(C.Self);
    NodeOfContext.push_back(At->second);
  }
  return Nodes;
}

} // namespace mcad
