//===- mcad/ReportFiles.cpp - reports in files ----------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ReportFiles.h"
#include "Report/JsonReader.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/ToolOutputFile.h"

using namespace llvm;

namespace mcad {

Error parseCommand(cl::SubCommand &Command, int NumArgs, char **Args,
                   StringRef Overview) {
  // LLVM's parser finds the command by the first word behind the program's.
  std::vector<const char *> Words(Args, Args + NumArgs);
  Words.insert(Words.begin(), "mcad");
  cl::SetVersionPrinter(
      [](raw_ostream &OS) { OS << "mcad " MCAD_VERSION "\n"; });
  std::string Refusal;
  raw_string_ostream Refused(Refusal);
  if (cl::ParseCommandLineOptions(static_cast<int>(Words.size()), Words.data(),
                                  Overview, &Refused))
    return Error::success();
  // LLVM's text names the program first, and may have a line for each.
  StringRef Line = StringRef(Refusal).split('\n').first;
  Line.consume_front("mcad: ");
  Line.consume_front("mcad " + Command.getName().str() + ": ");
  return createStringError("mcad " + Command.getName() + ": " + Line);
}

Expected<Report> readReport(const std::string &Path) {
  ErrorOr<std::unique_ptr<MemoryBuffer>> Text =
      MemoryBuffer::getFileOrSTDIN(Path);
  if (!Text)
    return createStringError(Path +
                             ": cannot be read: " + Text.getError().message());
  return readJson((*Text)->getBuffer(),
                  Path == "-" ? StringRef("standard input") : Path);
}

Error writeFile(const std::string &Path,
                function_ref<Error(raw_ostream &)> Write) {
  std::error_code Code;
  ToolOutputFile File(Path, Code, sys::fs::OF_Text);
  auto refuse = [&](std::error_code Why) {
    return createStringError(Path + ": cannot be written: " + Why.message());
  };
  if (Code)
    return refuse(Code);
  if (Error E = Write(File.os()))
    return E;
  File.os().flush();
  if (File.os().has_error()) {
    Code = File.os().error();
    File.os().clear_error();
    return refuse(Code);
  }
  File.keep();
  return Error::success();
}

} // namespace mcad
