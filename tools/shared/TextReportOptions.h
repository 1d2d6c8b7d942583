//===- shared/TextReportOptions.h - what a text report shows --------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The options of the text report: the same in llvm-mcad and in those commands
/// of mcad that print reports.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TOOLS_SHARED_TEXTREPORTOPTIONS_H
#define MCAD_TOOLS_SHARED_TEXTREPORTOPTIONS_H

#include "Report/TextReport.h"
#include "llvm/Support/CommandLine.h"

namespace mcad {

class TextReportOptions {
  llvm::cl::SubCommandGroup Where;
  llvm::cl::OptionCategory &Category;

  llvm::cl::list<std::string> Annotate{
      "annotate", llvm::cl::value_desc("function"),
      llvm::cl::desc("Show the disassembly of this function in the text "
                     "report, with the cycles of each instruction; may be "
                     "given several times"),
      llvm::cl::cat(Category), llvm::cl::sub(Where)};
  llvm::cl::opt<bool> AnnotateHottest{
      "annotate-hottest",
      llvm::cl::desc("The same for the functions that cost most"),
      llvm::cl::cat(Category), llvm::cl::sub(Where)};

public:
  /// Registers them with the commands of \p Where.
  TextReportOptions(llvm::cl::SubCommandGroup Where,
                    llvm::cl::OptionCategory &Category)
      : Where(std::move(Where)), Category(Category) {}

  TextOptions options() const {
    TextOptions Options;
    Options.Annotate.assign(Annotate.begin(), Annotate.end());
    Options.AnnotateHottest = AnnotateHottest;
    return Options;
  }
};

} // namespace mcad

#endif // MCAD_TOOLS_SHARED_TEXTREPORTOPTIONS_H
