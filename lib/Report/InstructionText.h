//===- Report/InstructionText.h - disassembly of one instruction --------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef MCAD_REPORT_INSTRUCTIONTEXT_H
#define MCAD_REPORT_INSTRUCTIONTEXT_H

#include "Code/Program.h"

namespace mcad {

/// \p Inst as \p Printer prints it, in one line as llvm-mca does.
inline std::string printInstruction(llvm::MCInstPrinter &Printer,
                                    const llvm::MCInst &Inst, GuestAddr Address,
                                    const llvm::MCSubtargetInfo &STI) {
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  Printer.printInst(&Inst, Address, "", STI, OS);
  // As llvm-mca prints it: one line, single-line white space as it comes.
  return llvm::StringRef(Text).ltrim("\t ").str();
}

/// The disassembly of \p I in \p Block; "" if its bytes do not decode.
inline std::string instructionText(llvm::MCInstPrinter &Printer,
                                   const Program &P, const CodeBlock &Block,
                                   const CodeInstruction &I) {
  if (!I.Decoded)
    return "";
  return printInstruction(Printer, I.Inst, I.Address,
                          P.target().decodeSti(Block.Mode));
}

} // namespace mcad

#endif // MCAD_REPORT_INSTRUCTIONTEXT_H
