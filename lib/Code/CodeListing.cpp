//===- Code/CodeListing.cpp - the disassembly of a program's code --------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Code/CodeListing.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"

using namespace llvm;

namespace mcad {

static StringRef setName(DecodeMode Mode) {
  switch (Mode) {
  case DecodeMode::Default:
    return "";
  case DecodeMode::Arm:
    return " (ARM)";
  case DecodeMode::Thumb:
    return " (Thumb)";
  }
  return "";
}

void printCode(const Program &P, unsigned AssemblerDialect, raw_ostream &OS) {
  const Target &T = P.target();
  std::unique_ptr<MCInstPrinter> Printer = T.createPrinter(AssemblerDialect);
  Printer->setPrintBranchImmAsAddress(true);
  Printer->setPrintImmHex(true);
  for (uint32_t Id = 0; Id != P.numBlocks(); ++Id) {
    const CodeBlock &Block = P.block(BlockId(Id));
    OS << "block " << Id << " at 0x" << utohexstr(Block.Address, true)
       << setName(Block.Mode) << ":\n";
    for (const CodeInstruction &I : P.instructions(Block)) {
      OS << format("%8llx: ", (unsigned long long)I.Address)
         << left_justify(toHex(P.bytes(I), /*LowerCase=*/true), 16) << ' ';
      if (I.Decoded)
        Printer->printInst(&I.Inst, I.Address, "", T.decodeSti(Block.Mode), OS);
      else
        OS << "\t<not decoded>";
      OS << '\n';
    }
  }
}

} // namespace mcad
