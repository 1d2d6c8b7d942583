//===- mcad/Command.h - what a command of mcad is ------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A command of mcad: what it is called, what it does and how to say so. Help,
/// man pages and the shells' completions are made of these and of the options
/// that are registered with the command; nothing is said twice.
///
/// Each command is a constant in a file of its own.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TOOLS_MCAD_COMMAND_H
#define MCAD_TOOLS_MCAD_COMMAND_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/CommandLine.h"

namespace mcad {

struct Command {
  llvm::StringLiteral Name;
  llvm::StringLiteral Summary;  ///< Half a line, for lists of commands.
  llvm::StringLiteral Synopsis; ///< What stands behind the name.
  /// Whether a program and its arguments end the line.
  enum class Operands : uint8_t { OfItsOwn, Program } Takes;
  /// Words that may come first, with options of their own: "check dump".
  llvm::StringLiteral Words;
  llvm::StringLiteral Description; ///< Paragraphs, a blank line between them.
  /// Lines: a command line, or, further in, what the one before does.
  llvm::StringLiteral Examples;
  /// Lines: a status, a tab, and when it is that.
  llvm::StringLiteral ExitStatus;
  /// \p Words: the command's name and what stands behind it. The exit status.
  int (*Run)(llvm::ArrayRef<char *> Words);
};

extern const Command RunCommand, RecordCommand, AnalyzeCommand, SweepCommand,
    ReportCommand, DiffCommand, TraceCommand, ListCpusCommand,
    ListModelsCommand, DoctorCommand, CompletionCommand, ManCommand;

/// In the order in which they are listed.
llvm::ArrayRef<const Command *> commands();
/// Null if there is none of that name.
const Command *findCommand(llvm::StringRef Name);

/// What LLVM's command line library knows of \p C. Options are registered
/// before main, in any order, so that it is made when it is first asked for.
llvm::cl::SubCommand &subCommand(const Command &C);

/// Of mcad's own options, as against LLVM's.
llvm::cl::OptionCategory &optionCategory();

/// The options of \p S that its help lists, by name, without those of the
/// library's own such as -help.
std::vector<const llvm::cl::Option *> optionsOf(llvm::cl::SubCommand &S);

} // namespace mcad

#endif // MCAD_TOOLS_MCAD_COMMAND_H
