//===- Code/ThumbText.cpp - ARM or Thumb, decided by somebody else's disassembly
//===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Code/ThumbText.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/MC/MCInst.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace mcad {

/// The words and numbers of a disassembled instruction, in order, without what
/// disassemblers spell differently: case, punctuation, width suffixes.
static SmallVector<std::string, 16> tokens(StringRef Text) {
  SmallVector<std::string, 16> Result;
  std::string Token;
  auto finish = [&] {
    StringRef S = Token;
    if (!S.consume_back(".w"))
      S.consume_back(".n");
    if (!S.empty())
      Result.push_back(S.str());
    Token.clear();
  };
  for (char C : Text) {
    if (isAlnum(C) || C == '.' || C == '_')
      Token += toLower(C);
    else
      finish();
  }
  finish();
  return Result;
}

/// LLVM's text for \p Bytes decoded in \p Mode; empty if it does not decode.
static std::string llvmText(const Target &T, MCInstPrinter &Printer,
                            DecodeMode Mode, GuestAddr Address,
                            ArrayRef<uint8_t> Bytes) {
  std::unique_ptr<MCDisassembler> Disassembler = T.createDisassembler(Mode);
  MCInst Inst;
  uint64_t Size = 0;
  if (!Disassembler ||
      Disassembler->getInstruction(Inst, Size, Bytes, Address, nulls()) ==
          MCDisassembler::Fail ||
      Size != Bytes.size())
    return "";
  std::string Text;
  raw_string_ostream OS(Text);
  Printer.printInst(&Inst, Address, "", T.decodeSti(Mode), OS);
  return Text;
}

/// How well two texts agree: 0 unless the mnemonics do, then the number of
/// tokens that are equal at the same place.
static unsigned agreement(ArrayRef<std::string> A, ArrayRef<std::string> B) {
  if (A.empty() || B.empty() || A.front() != B.front())
    return 0;
  unsigned Equal = 0;
  for (size_t I = 0, E = std::min(A.size(), B.size()); I != E; ++I)
    Equal += A[I] == B[I];
  return Equal;
}

ThumbTextVerdict decideByText(const Target &T, MCInstPrinter &Printer,
                              GuestAddr Address, ArrayRef<uint8_t> Bytes,
                              StringRef Text) {
  const std::string Arm = llvmText(T, Printer, DecodeMode::Arm, Address, Bytes);
  const std::string Thumb =
      llvmText(T, Printer, DecodeMode::Thumb, Address, Bytes);
  const auto Theirs = tokens(Text);
  const unsigned ArmScore = agreement(tokens(Arm), Theirs);
  const unsigned ThumbScore = agreement(tokens(Thumb), Theirs);
  if (ArmScore != ThumbScore)
    return {ThumbScore > ArmScore ? DecodeMode::Thumb : DecodeMode::Arm, true};
  // Only one of them is an instruction at all.
  if (Arm.empty() != Thumb.empty())
    return {Arm.empty() ? DecodeMode::Thumb : DecodeMode::Arm, true};
  // Debian and most others compile 32-bit ARM to Thumb-2.
  return {DecodeMode::Thumb, false};
}

} // namespace mcad
