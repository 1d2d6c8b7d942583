//===- mcad/CommandLine.cpp - reads the words of a command ---------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CommandLine.h"
#include "HelpPage.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace mcad {

int fail(Error E, int Status) {
  WithColor::error() << toString(std::move(E)) << '\n';
  return Status;
}

/// How many of \p Words, from the command's name on, are the command's own.
static size_t numOwnWords(const Command &C, ArrayRef<char *> Words) {
  const StringMap<cl::Option *> &Options =
      cl::getRegisteredOptions(subCommand(C));
  for (size_t I = 1; I < Words.size(); ++I) {
    StringRef Word = Words[I];
    if (Word == "--")
      return I;
    if (!Word.starts_with("-") || Word == "-") {
      if (C.Takes == Command::Operands::Program)
        return I;
      continue;
    }
    // The next word may be its value.
    const auto Option = Options.find(Word.ltrim('-'));
    if (Option != Options.end() &&
        Option->second->getValueExpectedFlag() == cl::ValueRequired)
      ++I;
  }
  return Words.size();
}

Expected<std::vector<std::string>> parseWords(const Command &C,
                                              ArrayRef<char *> Words) {
  // 1. What belongs to the program, which LLVM's library must not see: it
  //    would put the contents of files for words such as "@file".
  const size_t NumOwn = numOwnWords(C, Words);
  std::vector<const char *> Own = {"mcad"};
  append_range(Own, Words.take_front(NumOwn));
  ArrayRef<char *> Rest = Words.drop_front(NumOwn);
  if (!Rest.empty() && StringRef(Rest.front()) == "--")
    Rest = Rest.drop_front();

  // 2. Help, which LLVM's library would print with the usage in its midst.
  if (any_of(Own, [](StringRef Word) {
        return Word == "-help" || Word == "--help" || Word == "-h";
      })) {
    printHelpPage(C);
    outs().flush();
    std::exit(Success);
  }

  // 3. The options.
  cl::HideUnrelatedOptions(optionCategory(), subCommand(C));
  cl::SetVersionPrinter(
      [](raw_ostream &OS) { OS << "mcad " MCAD_VERSION "\n"; });
  std::string Refusal;
  raw_string_ostream Refused(Refusal);
  if (!cl::ParseCommandLineOptions(static_cast<int>(Own.size()), Own.data(), "",
                                   &Refused)) {
    // LLVM's text names the program first, points to its own help, and may
    // have a line for each.
    StringRef Line = StringRef(Refusal).split('\n').first;
    Line.consume_front("mcad: ");
    Line = Line.split("  Try: ").first.rtrim(" .");
    return createStringError(Line + ": see 'mcad " + C.Name + " --help'");
  }
  return std::vector<std::string>(Rest.begin(), Rest.end());
}

} // namespace mcad
