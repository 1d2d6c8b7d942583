//===- DefineBlock.h - blocks from bytes ----------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef MCAD_UNITTESTS_CODE_DEFINEBLOCK_H
#define MCAD_UNITTESTS_CODE_DEFINEBLOCK_H

#include "Code/Program.h"
#include "mcad/Execution.h"

namespace mcad::test {

using Bytes = std::vector<uint8_t>;

/// A block of instructions with these bytes.
inline BlockId defineBlock(Program &P, GuestAddr Address,
                           const std::vector<Bytes> &Insts,
                           bool InMainCode = true) {
  Bytes Sizes, All;
  for (const Bytes &I : Insts) {
    Sizes.push_back(I.size());
    All.insert(All.end(), I.begin(), I.end());
  }
  BlockBytes Block;
  Block.Address = Address;
  Block.InMainCode = InMainCode;
  Block.Sizes = Sizes;
  Block.Bytes = All;
  return llvm::cantFail(P.define(Block));
}

/// A batch of these blocks, without accesses.
inline llvm::SmallVector<uint16_t> unitsOf(llvm::ArrayRef<BlockId> Blocks) {
  llvm::SmallVector<uint16_t> Units;
  ExecutionWriter Out(Units);
  for (const BlockId Id : Blocks)
    Out.block(Id);
  return Units;
}

} // namespace mcad::test

#endif // MCAD_UNITTESTS_CODE_DEFINEBLOCK_H
