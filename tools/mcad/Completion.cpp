//===- mcad/Completion.cpp - scripts that complete words -----------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Completion.h"
#include "Command.h"
#include "llvm/ADT/StringExtras.h"
#include <algorithm>

using namespace llvm;

namespace mcad {

namespace {

/// What may be given to an option.
enum class Takes : uint8_t { Nothing, Choice, Cpu, File, Folder, Anything };

Takes takes(const cl::Option &O) {
  if (O.getValueExpectedFlag() != cl::ValueRequired)
    return Takes::Nothing;
  const StringRef Value = O.ValueStr;
  if (Value.starts_with("cpu"))
    return Takes::Cpu;
  if (Value.starts_with("file") || Value == "path")
    return Takes::File;
  if (Value == "folder")
    return Takes::Folder;
  return Value.contains('|') ? Takes::Choice : Takes::Anything;
}

/// "a b" of "a|b".
std::string choices(const cl::Option &O) {
  std::string Words = O.ValueStr.str();
  std::replace(Words.begin(), Words.end(), '|', ' ');
  return Words;
}

/// -o is one letter and takes its value as the next word; all others are
/// written with two dashes, and with a value behind =.
bool isLetter(const cl::Option &O) { return O.ArgStr.size() == 1; }

std::string spelling(const cl::Option &O) {
  if (isLetter(O))
    return "-" + O.ArgStr.str();
  return "--" + O.ArgStr.str() + (takes(O) == Takes::Nothing ? "" : "=");
}

std::string names() {
  std::string Names;
  for (const Command *C : commands())
    Names += (Names.empty() ? "" : " ") + C->Name.str();
  return Names;
}

/// Within single quotes of a shell.
std::string quoted(StringRef Text) {
  std::string Result = "'";
  for (char C : Text)
    Result += C == '\'' ? std::string("'\\''") : std::string(1, C);
  return Result + "'";
}

/// A sentence of help, short enough for a list.
StringRef brief(const cl::Option &O) {
  return O.HelpStr.split(" (default").first.split(';').first;
}

} // namespace

void printBashCompletion(raw_ostream &OS) {
  OS << R"(# bash completion of mcad: source <(mcad completion bash)
_mcad() {
  local words cword cur prev command i
  # Not bash's own, which are taken apart at each =.
  read -ra words <<< "${COMP_LINE:0:COMP_POINT}"
  [[ ${COMP_LINE:COMP_POINT-1:1} == ' ' ]] && words+=("")
  cword=$((${#words[@]} - 1))
  cur=${words[cword]} prev=${words[cword - 1]} command=${words[1]-}
  COMPREPLY=()
  if ((cword == 1)); then
    COMPREPLY=($(compgen -W ")"
     << names() << R"(" -- "$cur"))
    return
  fi
  # Behind -- is a program with words of its own.
  for ((i = 2; i < cword; ++i)); do
    if [[ ${words[i]} == -- ]]; then
      ((i == cword - 1)) && COMPREPLY=($(compgen -c -- "$cur"))
      COMPREPLY+=($(compgen -f -- "$cur"))
      return
    fi
  done
  local option=${cur%%=*} value=${cur#*=} head=
  if [[ $cur != *=* ]]; then
    option=$prev value=$cur
  elif [[ $COMP_WORDBREAKS != *=* ]]; then
    head=$option=
  fi
  case $command:$option in
)";
  for (const Command *C : commands())
    for (const cl::Option *O : optionsOf(subCommand(*C))) {
      std::string From;
      switch (takes(*O)) {
      case Takes::Choice:
        From = "-W " + quoted(choices(*O));
        break;
      case Takes::Cpu:
        From = "-W \"$(mcad list-cpus --names 2>/dev/null)\"";
        break;
      case Takes::File:
        From = "-f";
        break;
      case Takes::Folder:
        From = "-d";
        break;
      case Takes::Anything:
      case Takes::Nothing:
        continue;
      }
      OS << "    " << C->Name << ":-" << O->ArgStr << " | " << C->Name << ":--"
         << O->ArgStr << ")\n";
      // Behind the last comma of a list.
      if (O->ValueStr.ends_with(",..."))
        OS << "      [[ $value == *,* ]] && head+=${value%,*}, "
              "value=${value##*,}\n";
      OS << "      COMPREPLY=($(compgen -P \"$head\" " << From
         << " -- \"$value\"))\n"
            "      return\n"
            "      ;;\n";
    }
  OS << "  esac\n"
        "  case $command in\n";
  for (const Command *C : commands()) {
    OS << "    " << C->Name << ")\n      COMPREPLY=($(compgen -W '" << C->Words;
    for (const cl::Option *O : optionsOf(subCommand(*C)))
      OS << ' ' << spelling(*O);
    OS << " --help' -- \"$cur\"))\n      ;;\n";
  }
  OS << R"(  esac
  [[ ${COMPREPLY[0]-} == *= ]] && compopt -o nospace
  [[ $cur != -* ]] && COMPREPLY+=($(compgen -f -- "$cur"))
}
complete -o filenames -F _mcad mcad
)";
}

void printZshCompletion(raw_ostream &OS) {
  // In _arguments, a colon ends a part and brackets enclose what is said.
  const auto plain = [](StringRef Text) {
    std::string Result;
    for (char C : Text)
      Result += StringRef(":[]").contains(C) ? std::string("\\") + C
                                             : std::string(1, C);
    return Result;
  };
  OS << "#compdef mcad\n"
        "# zsh completion of mcad: mcad completion zsh > ~/.zfunc/_mcad\n"
        "_mcad_cpus() {\n"
        "  local -a cpus=(${(f)\"$(mcad list-cpus --names 2>/dev/null)\"})\n"
        "  _values -s , cpu $cpus\n"
        "}\n"
        "_mcad() {\n"
        "  local -a commands=(\n";
  for (const Command *C : commands())
    OS << "    " << quoted(C->Name.str() + ":" + C->Summary.str()) << '\n';
  OS << "  )\n"
        "  if ((CURRENT == 2)); then\n"
        "    _describe command commands\n"
        "    return\n"
        "  fi\n"
        "  local command=$words[2]\n"
        "  shift words\n"
        "  ((CURRENT--))\n"
        "  case $command in\n";
  for (const Command *C : commands()) {
    OS << "    " << C->Name << ")\n      _arguments -S \\\n";
    for (const cl::Option *O : optionsOf(subCommand(*C))) {
      std::string Spec = spelling(*O) + "[" + plain(brief(*O)) + "]";
      const std::string What = plain(O->ValueStr);
      switch (takes(*O)) {
      case Takes::Nothing:
        break;
      case Takes::Choice:
        Spec += ":" + What + ":(" + choices(*O) + ")";
        break;
      case Takes::Cpu:
        Spec += ":" + What + ":_mcad_cpus";
        break;
      case Takes::File:
        Spec += ":" + What + ":_files";
        break;
      case Takes::Folder:
        Spec += ":" + What + ":_files -/";
        break;
      case Takes::Anything:
        Spec += ":" + What + ": ";
        break;
      }
      OS << "        " << quoted(Spec) << " \\\n";
    }
    OS << "        '--help[Print the help]' \\\n";
    if (!C->Words.empty())
      OS << "        '1:word:(" << C->Words << ")' \\\n";
    OS << "        '*:file:_files'\n      ;;\n";
  }
  OS << "  esac\n"
        "}\n"
        "_mcad \"$@\"\n";
}

void printFishCompletion(raw_ostream &OS) {
  OS << "# fish completion of mcad: mcad completion fish > "
        "~/.config/fish/completions/mcad.fish\n";
  for (const Command *C : commands())
    OS << "complete -c mcad -n __fish_use_subcommand -f -a " << C->Name
       << " -d " << quoted(C->Summary) << '\n';
  for (const Command *C : commands()) {
    const std::string Head =
        "complete -c mcad -n '__fish_seen_subcommand_from " + C->Name.str() +
        "'";
    if (!C->Words.empty())
      OS << Head << " -f -a '" << C->Words << "'\n";
    for (const cl::Option *O : optionsOf(subCommand(*C))) {
      OS << Head << (isLetter(*O) ? " -s " : " -l ") << O->ArgStr;
      switch (takes(*O)) {
      case Takes::Nothing:
        break;
      case Takes::Choice:
        OS << " -x -a " << quoted(choices(*O));
        break;
      case Takes::Cpu:
        OS << " -x -a '(mcad list-cpus --names 2>/dev/null)'";
        break;
      case Takes::File:
      case Takes::Folder:
        OS << " -r -F";
        break;
      case Takes::Anything:
        OS << " -x";
        break;
      }
      OS << " -d " << quoted(brief(*O)) << '\n';
    }
    OS << Head << " -l help -d 'Print the help'\n";
  }
}

} // namespace mcad
