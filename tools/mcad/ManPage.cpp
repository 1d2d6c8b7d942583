//===- mcad/ManPage.cpp - man pages --------------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ManPage.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace mcad {

namespace {

/// \p Text, so that nothing in it is taken for a request or a ligature.
std::string plain(StringRef Text) {
  std::string Result;
  for (char C : Text)
    switch (C) {
    case '\\':
      Result += "\\e";
      break;
    case '-':
      Result += "\\-";
      break;
    case '\'':
      Result += "\\(aq";
      break;
    case '`':
      Result += "\\(ga";
      break;
    case '~':
      Result += "\\(ti";
      break;
    case '^':
      Result += "\\(ha";
      break;
    default:
      Result += C;
    }
  // A dot at a line's head would be a request.
  return StringRef(Result).starts_with(".") ? "\\&" + Result : Result;
}

SmallVector<StringRef, 16> lines(StringRef Text) {
  SmallVector<StringRef, 16> Lines;
  Text.split(Lines, '\n', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  return Lines;
}

void heading(raw_ostream &OS, StringRef Name) { OS << ".SH " << Name << '\n'; }

void paragraphs(raw_ostream &OS, StringRef Text) {
  SmallVector<StringRef, 8> Paragraphs;
  Text.split(Paragraphs, "\n\n");
  for (StringRef Each : Paragraphs)
    OS << (Each.data() == Text.data() ? "" : ".PP\n") << plain(Each) << '\n';
}

void option(raw_ostream &OS, const cl::Option &O) {
  OS << ".TP\n\\fB" << (O.ArgStr.size() == 1 ? "\\-" : "\\-\\-")
     << plain(O.ArgStr) << "\\fR";
  if (O.getValueExpectedFlag() == cl::ValueRequired)
    OS << (O.ArgStr.size() == 1 ? " " : "=") << "\\fI"
       << plain(O.ValueStr.empty() ? "value" : O.ValueStr) << "\\fR";
  StringRef Help = O.HelpStr;
  Help.consume_back(":");
  OS << '\n' << plain(Help) << '\n';
}

void options(raw_ostream &OS, cl::SubCommand &Sub) {
  for (const cl::Option *O : optionsOf(Sub))
    option(OS, *O);
}

void examples(raw_ostream &OS, StringRef Text) {
  heading(OS, "EXAMPLES");
  for (StringRef Line : lines(Text))
    if (Line.starts_with(" "))
      OS << ".RS\n" << plain(Line.ltrim()) << "\n.RE\n";
    else
      OS << ".PP\n\\fB" << plain(Line) << "\\fR\n";
}

void title(raw_ostream &OS, StringRef Name) {
  OS << ".TH " << Name << " 1 \"\" \"MCAD " MCAD_VERSION "\" \"MCAD Manual\"\n";
}

} // namespace

void printMainManPage(raw_ostream &OS) {
  title(OS, "MCAD");
  heading(OS, "NAME");
  OS << "mcad \\- timing analysis of compiled programs\n";
  heading(OS, "SYNOPSIS");
  OS << "\\fBmcad\\fR \\fIcommand\\fR [\\fIoptions\\fR]\n";
  heading(OS, "DESCRIPTION");
  OS << "How many cycles does this program cost on that CPU, and where? mcad "
        "runs a compiled program under QEMU and simulates what it executes, "
        "instruction by instruction, on LLVM\\(aqs scheduling model of the "
        "CPU. It needs no source, no such CPU and no recompilation.\n";
  heading(OS, "COMMANDS");
  for (const Command *C : commands())
    OS << ".TP\n\\fBmcad\\-" << plain(C->Name) << "\\fR(1)\n"
       << plain(C->Summary) << '\n';
  heading(OS, "OPTIONS");
  OS << ".TP\n\\fB\\-\\-help\\fR\nPrint the help; behind a command, its "
        "help.\n"
        ".TP\n\\fB\\-\\-version\\fR\nPrint the version.\n";
  heading(OS, "SEE ALSO");
  OS << "\\fBllvm\\-mca\\fR(1), \\fBqemu\\-user\\fR(1)\n";
}

void printManPage(const Command &C, raw_ostream &OS) {
  title(OS, "MCAD\\-" + StringRef(C.Name).upper());
  heading(OS, "NAME");
  OS << "mcad\\-" << plain(C.Name) << " \\- " << plain(C.Summary) << '\n';
  heading(OS, "SYNOPSIS");
  OS << "\\fBmcad " << plain(C.Name) << "\\fR " << plain(C.Synopsis) << '\n';
  heading(OS, "DESCRIPTION");
  paragraphs(OS, C.Description);
  heading(OS, "OPTIONS");
  options(OS, subCommand(C));
  OS << ".TP\n\\fB\\-\\-help\\fR\nPrint the help.\n";
  for (cl::SubCommand *Sub : cl::getRegisteredSubcommands())
    if (!Sub->getName().empty() &&
        is_contained(split(C.Words, ' '), Sub->getName())) {
      OS << ".SS " << plain(C.Name) << " " << Sub->getName() << '\n'
         << plain(Sub->getDescription()) << ".\n";
      options(OS, *Sub);
    }
  examples(OS, C.Examples);
  heading(OS, "EXIT STATUS");
  for (StringRef Line : lines(C.ExitStatus)) {
    const auto [Status, When] = Line.split('\t');
    OS << ".TP\n" << plain(Status) << '\n' << plain(When) << '\n';
  }
  heading(OS, "SEE ALSO");
  OS << "\\fBmcad\\fR(1)\n";
}

} // namespace mcad
