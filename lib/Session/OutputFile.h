//===- Session/OutputFile.h - a file that is written ---------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// An output file; closing it tells whether all of it was written.
///
/// Tested by test/EndToEnd/refusals.test.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_SESSION_OUTPUTFILE_H
#define MCAD_SESSION_OUTPUTFILE_H

#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/ToolOutputFile.h"
#include <string>

namespace mcad {

class OutputFile {
  std::string Path;
  std::error_code EC;
  llvm::ToolOutputFile File;

public:
  /// "-" is standard output. What was written of a file that is never closed
  /// is removed.
  explicit OutputFile(const std::string &Path)
      : Path(Path), File(Path, EC, llvm::sys::fs::OF_Text) {}

  llvm::Error open() const {
    return EC ? llvm::createStringError(EC, Path + ": " + EC.message())
              : llvm::Error::success();
  }
  llvm::raw_ostream &os() { return File.os(); }
  llvm::Error close() {
    File.os().flush();
    if (File.os().has_error()) {
      const std::error_code WriteError = File.os().error();
      File.os().clear_error();
      return llvm::createStringError(WriteError,
                                     Path + ": " + WriteError.message());
    }
    File.keep();
    return llvm::Error::success();
  }
};

} // namespace mcad

#endif // MCAD_SESSION_OUTPUTFILE_H
