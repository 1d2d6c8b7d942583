//===- mcad/HelpPage.cpp - the help of a command -------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "HelpPage.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace mcad {

static constexpr size_t Columns = 79;

/// One paragraph, in lines of Columns.
static void paragraph(StringRef Text) {
  size_t At = 0;
  while (!Text.empty()) {
    const auto [Word, Rest] = Text.split(' ');
    if (At && At + 1 + Word.size() > Columns) {
      outs() << '\n';
      At = 0;
    } else if (At) {
      outs() << ' ';
      ++At;
    }
    outs() << Word;
    At += Word.size();
    Text = Rest;
  }
  outs() << '\n';
}

static SmallVector<StringRef, 16> split(StringRef Text, StringRef At) {
  SmallVector<StringRef, 16> Parts;
  Text.split(Parts, At);
  return Parts;
}

void printHelpPage(const Command &C) {
  outs() << "OVERVIEW: " << C.Summary << "\n\nUSAGE: mcad " << C.Name
         << (C.Synopsis.empty() ? "" : " ") << C.Synopsis << "\n\n";
  for (StringRef Each : split(C.Description, "\n\n")) {
    paragraph(Each);
    outs() << '\n';
  }

  const std::vector<const cl::Option *> Options = optionsOf(subCommand(C));
  // As the library counts: with the dash between an option and what it is.
  constexpr StringLiteral Help = "  --help", Dash = " - ";
  size_t Width = Help.size() + Dash.size();
  for (const cl::Option *O : Options)
    Width = std::max(Width, O->getOptionWidth());
  outs() << "OPTIONS:\n";
  for (const cl::Option *O : Options)
    O->printOptionInfo(Width);
  outs() << left_justify(Help, Width - Dash.size()) << Dash
         << "Print this\n\nEXAMPLES:\n";
  for (StringRef Line : split(C.Examples, "\n"))
    outs() << "  " << Line << '\n';
  outs() << "\nEXIT STATUS:\n";
  for (StringRef Line : split(C.ExitStatus, "\n")) {
    const auto [Status, When] = Line.split('\t');
    outs() << "  " << left_justify(Status, 15) << When << '\n';
  }
}

} // namespace mcad
