//===- Diff/DiffText.cpp - a difference for people ------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Diff/DiffText.h"
#include "Report/CauseText.h"
#include "Report/Printable.h"
#include "Report/ProfileText.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include <cmath>

using namespace llvm;

namespace mcad {

/// "+12", "-5", "0"
static std::string signedText(const CountChange &C) {
  if (!C.isChanged())
    return "0";
  return (C.After > C.Before ? "+" : "-") + std::to_string(C.magnitude());
}

/// "+12.34 %"
static std::string percentText(double Percent) {
  if (std::isinf(Percent))
    return "new";
  return formatv("{0}{1:F2} %", Percent > 0 ? "+" : "", Percent).str();
}

/// "    before     after    change   per cent  "
static void printChange(const CountChange &C, raw_ostream &OS) {
  OS << format("%17llu %16llu %16s %12s  ", (unsigned long long)C.Before,
               (unsigned long long)C.After, signedText(C).c_str(),
               percentText(C.percent()).c_str());
}

static constexpr StringLiteral ChangeHeader =
    "           before            after           change     per cent  ";

static void printSide(StringRef Title, const ReportSide &S, raw_ostream &OS) {
  OS << left_justify(Title, 19)
     << (S.Program.empty() ? "(not known)" : shortened(S.Program, NameColumns))
     << " on " << printable(S.Cpu) << " (" << printable(S.Triple) << ")\n";
}

static void printTotals(const Difference &D, raw_ostream &OS) {
  OS << '\n' << ChangeHeader << '\n';
  printChange(D.Cycles, OS);
  OS << "cycles\n";
  printChange(D.Instructions, OS);
  OS << "instructions\n";
  printChange(D.MicroOps, OS);
  OS << "uOps\n";
  const double Change = D.IpcAfter - D.IpcBefore;
  OS << format(
      "%17.2f %16.2f %16s %12s  IPC\n", D.IpcBefore, D.IpcAfter,
      formatv("{0}{1:F2}", Change > 0 ? "+" : "", Change).str().c_str(),
      D.IpcBefore > 0 ? percentText(100 * Change / D.IpcBefore).c_str() : "-");
}

static void printCauses(const Difference &D, raw_ostream &OS) {
  const std::vector<uint32_t> Order =
      costliest(NumCauses, [&](uint32_t C) { return D.Causes[C].magnitude(); });
  if (Order.empty())
    return;
  OS << "\n\nCycles by cause:\n" << ChangeHeader << "cause\n";
  for (const uint32_t C : Order) {
    printChange(D.Causes[C], OS);
    OS << causeSentence(static_cast<Cause>(C)) << '\n';
  }
}

/// "f(int) (libc.so)"
static std::string nameOf(const FunctionChange &F) {
  std::string Text = shortened(F.Name, NameColumns);
  if (!F.Image.empty())
    Text += " (" + shortened(F.Image, 24) + ")";
  return Text;
}

/// What a cut table leaves out.
static void printRest(size_t NumRows, const CountChange &Rest, StringRef What,
                      raw_ostream &OS) {
  if (NumRows <= TopRows)
    return;
  printChange(Rest, OS);
  OS << '[' << NumRows - TopRows << " more " << What << "]\n";
}

static void printFunctions(const Difference &D, raw_ostream &OS) {
  size_t NumRows = 0;
  CountChange Rest;
  for (const FunctionChange &F : D.Functions) {
    if (!F.isChanged())
      continue;
    if (!NumRows++)
      OS << "\n\nFunctions that changed, by their own cycles:\n"
         << ChangeHeader << "function\n";
    const CountChange Cycles = F.cycles();
    if (NumRows > TopRows) {
      Rest.Before += Cycles.Before;
      Rest.After += Cycles.After;
      continue;
    }
    printChange(Cycles, OS);
    OS << nameOf(F);
    if (!F.Before)
      OS << ": appeared";
    else if (!F.After)
      OS << ": vanished";
    else if (F.Before->Calls != F.After->Calls)
      OS << ": " << F.Before->Calls << " calls before, " << F.After->Calls
         << " after";
    OS << '\n';
  }
  printRest(NumRows, Rest, "functions", OS);
}

static void printBlocks(const Difference &D, raw_ostream &OS) {
  if (D.Blocks.empty())
    return;
  OS << "\n\nBlocks that changed:\n"
     << ChangeHeader << "instructions  executions       block\n";
  CountChange Rest;
  for (size_t I = 0; I != D.Blocks.size(); ++I) {
    const BlockChange &B = D.Blocks[I];
    if (I >= TopRows) {
      Rest.Before += B.cycles().Before;
      Rest.After += B.cycles().After;
      continue;
    }
    printChange(B.cycles(), OS);
    const CountChange Executions = {B.Before ? B.Before->Executions : 0,
                                    B.After ? B.After->Executions : 0};
    const std::string Executed =
        Executions.isChanged()
            ? formatv("{0} > {1}", Executions.Before, Executions.After).str()
            : std::to_string(Executions.Before);
    OS << format("%12u  %-15s  ", B.NumInstructions, Executed.c_str());
    if (B.Before && B.After)
      OS << formatv("{0:x} > {1:x}", B.Before->Address, B.After->Address);
    else
      OS << formatv("{0:x}", (B.After ? B.After : B.Before)->Address);
    OS << " in " << nameOf(D.Functions[B.Function])
       << (!B.Before  ? ": appeared"
           : !B.After ? ": vanished"
                      : "")
       << '\n';
  }
  printRest(D.Blocks.size(), Rest, "blocks", OS);
}

//===--- code side by side ------------------------------------------------===//

static bool isQuiet(const CodeRow &Row) {
  return Row.IsSame && Row.Before->Cycles == Row.After->Cycles &&
         Row.Before->Executions == Row.After->Executions;
}

static void printCodeSide(const std::optional<CodeSide> &Side, bool IsLast,
                          raw_ostream &OS) {
  constexpr size_t TextColumns = 36;
  if (!Side) {
    if (!IsLast)
      OS << std::string(14 + TextColumns, ' ');
    return;
  }
  const StringRef Text = Side->Text.empty() ? StringRef("(undecoded)")
                                            : StringRef(Side->Text).ltrim();
  OS << format("%12llu  ", (unsigned long long)Side->Cycles)
     << (IsLast ? printable(Text) : padded(Text, TextColumns));
}

/// Changed rows, each with two that are not around it.
static void printCode(const Difference &D, const CodeChange &C,
                      raw_ostream &OS) {
  constexpr size_t Around = 2;
  const size_t Size = C.Rows.size();
  std::vector<bool> IsShown(Size);
  bool IsAny = false;
  for (size_t I = 0; I != Size; ++I) {
    if (isQuiet(C.Rows[I]))
      continue;
    IsAny = true;
    for (size_t J = I - std::min(I, Around); J <= I + Around && J < Size; ++J)
      IsShown[J] = true;
  }
  if (!IsAny)
    return;
  OS << "\n\nCode of " << nameOf(D.Functions[C.Function])
     << " (! is other code):\n"
     << "        cycles  before" << std::string(30, ' ')
     << "         cycles  after\n";
  for (size_t I = 0; I != Size; ++I) {
    if (!IsShown[I]) {
      size_t End = I;
      while (End != Size && !IsShown[End])
        ++End;
      OS << "                ... " << End - I << " the same\n";
      I = End - 1;
      continue;
    }
    OS << (C.Rows[I].IsSame ? "  " : "! ");
    printCodeSide(C.Rows[I].Before, !C.Rows[I].After, OS);
    if (C.Rows[I].After) {
      OS << " ";
      printCodeSide(C.Rows[I].After, /*IsLast=*/true, OS);
    }
    OS << '\n';
  }
}

void printDifferenceText(const Difference &D, raw_ostream &OS) {
  printSide("Before:", D.Before, OS);
  printSide("After:", D.After, OS);
  for (const std::string &Remark : D.Remarks)
    OS << "note: " << printable(Remark) << '\n';
  printTotals(D, OS);
  if (D.isEmpty()) {
    OS << (D.HasProfiles ? "\nNothing changed: no total, and no function.\n"
                         : "\nNothing changed in the totals.\n");
  } else if (D.HasProfiles) {
    printCauses(D, OS);
    printFunctions(D, OS);
    printBlocks(D, OS);
    for (const CodeChange &C : D.Code)
      printCode(D, C, OS);
  }
  if (!D.HasProfiles)
    OS << "\nNot both reports say whose the cycles are: functions are not "
          "compared\n";
}

} // namespace mcad
