//===- Report/StackTree.h - call stacks without their call sites ----------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The calling contexts of a profile by functions alone: contexts that differ
/// only in the place of a call are one node. What flame graphs show.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_REPORT_STACKTREE_H
#define MCAD_REPORT_STACKTREE_H

#include "Report/Profile.h"

namespace mcad {

struct StackNode {
  uint32_t Parent = NoIndex; ///< NoIndex: a stream begins here.
  uint32_t Function = NoIndex;
  uint32_t Stream = 0;
  uint64_t Cycles = 0; ///< Without those of what it called.
};

/// Parents before children, else in the order of the contexts.
std::vector<StackNode> stackTree(const Profile &P);

} // namespace mcad

#endif // MCAD_REPORT_STACKTREE_H
