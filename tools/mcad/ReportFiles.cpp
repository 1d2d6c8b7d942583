//===- mcad/ReportFiles.cpp - reports in files ----------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ReportFiles.h"
#include "Report/JsonReader.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;

namespace mcad {

Expected<Report> readReport(const std::string &Path) {
  ErrorOr<std::unique_ptr<MemoryBuffer>> Text =
      MemoryBuffer::getFileOrSTDIN(Path);
  if (!Text)
    return createStringError(Path +
                             ": cannot be read: " + Text.getError().message());
  return readJson((*Text)->getBuffer(),
                  Path == "-" ? StringRef("standard input") : Path);
}

} // namespace mcad
