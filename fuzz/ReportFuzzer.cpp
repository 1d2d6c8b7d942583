//===- ReportFuzzer.cpp - any text as a report ----------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Any text is a report or is refused by its name, in one line. A report that
/// is taken can be written and read again to the same text, and rendered in
/// every format.
///
//===----------------------------------------------------------------------===//

#include "Report/Format.h"
#include "Report/JsonReader.h"
#include "Report/JsonReport.h"
#include "Require.h"

using namespace llvm;
using namespace mcad;

static std::string printed(const Report &R) {
  std::string Text;
  raw_string_ostream OS(Text);
  printJson(R, OS);
  return Text;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  const StringRef Text(reinterpret_cast<const char *>(Data), Size);
  Expected<Report> R = readJson(Text, "fuzz");
  if (!R) {
    const std::string Why = toString(R.takeError());
    require(StringRef(Why).starts_with("fuzz: ") &&
            !StringRef(Why).contains('\n'));
    return 0;
  }
  const std::string Once = printed(*R);
  Expected<Report> Again = readJson(Once, "again");
  require(bool(Again));
  require(printed(*Again) == Once);
  TextOptions Options;
  Options.AnnotateHottest = true;
  for (unsigned I = 0; I <= unsigned(ReportFormat::O3PipeView); ++I) {
    std::string Rendered;
    raw_string_ostream OS(Rendered);
    // A report may lack what a format shows.
    consumeError(printReport(ReportFormat(I), *R, OS, Options));
  }
  return 0;
}
