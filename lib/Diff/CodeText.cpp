//===- Diff/CodeText.cpp - instructions without addresses -----------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Diff/CodeText.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace llvm;

namespace mcad {

static constexpr GuestAddr PageBytes = 65536;

CodeRanges::CodeRanges(const Profile &P) {
  std::vector<GuestAddr> Pages;
  for (const InstructionReport &I : P.Instructions)
    Pages.push_back(I.Address / PageBytes);
  llvm::sort(Pages);
  Pages.erase(llvm::unique(Pages), Pages.end());
  for (const GuestAddr Page : Pages) {
    const GuestAddr Begin = Page * PageBytes;
    if (!Ranges.empty() && Ranges.back().second == Begin)
      Ranges.back().second += PageBytes;
    else
      Ranges.push_back({Begin, Begin + PageBytes});
  }
}

bool CodeRanges::contains(GuestAddr Address) const {
  const auto Behind =
      llvm::upper_bound(Ranges, Address, [](GuestAddr A, const auto &Range) {
        return A < Range.first;
      });
  // A small number is hardly the address of code that was linked to 0.
  return Address >= PageBytes && Behind != Ranges.begin() &&
         Address < std::prev(Behind)->second;
}

/// Whether the last operand of \p Mnemonic, if it is a number, is a place.
static bool takesPlace(StringRef Mnemonic) {
  StringRef M = Mnemonic;
  // ARM's width, PowerPC's hints.
  for (StringRef Ending : {".w", ".n", "+", "-"})
    M.consume_back(Ending);
  if (M.starts_with("j") || M.starts_with("call") || M.starts_with("loop"))
    return true;
  if (StringSwitch<bool>(M)
          .Cases("adr", "adrp", "auipc", "xbegin", true)
          .Cases("cbz", "cbnz", "tbz", "tbnz", true)
          .Default(false))
    return true;
  // b, bl, blx; with a condition behind: b.eq, bne, blt, beqz, bgeu, bdnz.
  if (!M.consume_front("b"))
    return false;
  auto isCondition = [](StringRef C) {
    return StringSwitch<bool>(C)
        .Cases("", "eq", "ne", "cs", "hs", "cc", "lo", "mi", "pl", true)
        .Cases("vs", "vc", "hi", "ls", "ge", "lt", "gt", "le", "al", true)
        .Cases("eqz", "nez", "lez", "gez", "ltz", "gtz", true)
        .Cases("ltu", "geu", "gtu", "leu", "dnz", "dz", "ng", "nl", true)
        .Cases("so", "ns", "un", "nu", "c", "x", true)
        .Default(false);
  };
  StringRef Linked = M;
  if (isCondition(M) || (Linked.consume_front("l") && isCondition(Linked)))
    return true;
  return M.consume_front(".") && isCondition(M);
}

/// A number at the start of \p Text: how long, and its value.
struct Number {
  size_t Length = 0;
  uint64_t Value = 0;
};
static Number numberAt(StringRef Text) {
  StringRef Rest = Text;
  Rest.consume_front("-");
  if (Rest.empty() || !isDigit(Rest.front()))
    return {};
  uint64_t Value = 0;
  // By its prefix; too large for 64 bits is no address.
  if (Rest.consumeInteger(0, Value))
    return {};
  return {Text.size() - Rest.size(), Value};
}

std::string textWithoutAddresses(StringRef Text, const CodeRanges &Code) {
  const size_t MnemonicEnd = Text.find_first_of(" \t");
  const StringRef Mnemonic = Text.take_front(MnemonicEnd);
  // Where the last operand begins, if it is a place and a bare number.
  size_t Place = StringRef::npos;
  if (MnemonicEnd != StringRef::npos && takesPlace(Mnemonic)) {
    const size_t Before = Text.find_last_of(" \t,");
    StringRef Last = Text.drop_front(Before + 1);
    Place = Before + 1;
    for (StringRef Sign : {"#", "$", "."})
      if (Last.consume_front(Sign))
        Place += Sign.size();
    const Number N = numberAt(Last.drop_while([](char C) { return C == '+'; }));
    if (!N.Length || Last.contains('(') || Last.contains('['))
      Place = StringRef::npos;
    else if (Last.starts_with("+"))
      ++Place;
  }
  std::string Result = Text.take_front(MnemonicEnd).str();
  for (size_t I = Result.size(); I < Text.size();) {
    const bool BeginsWord = !isAlnum(Text[I - 1]) && Text[I - 1] != '_' &&
                            Text[I - 1] != '-' && Text[I - 1] != '%';
    const Number N = I && BeginsWord ? numberAt(Text.drop_front(I)) : Number();
    if (!N.Length) {
      Result += Text[I++];
      continue;
    }
    const StringRef Behind = Text.drop_front(I + N.Length);
    const bool IsRelative =
        Behind.starts_with("(%rip") || Behind.starts_with("(%eip");
    if (I == Place || IsRelative || Code.contains(N.Value))
      Result += '@';
    else
      Result += Text.substr(I, N.Length);
    I += N.Length;
  }
  return Result;
}

} // namespace mcad
