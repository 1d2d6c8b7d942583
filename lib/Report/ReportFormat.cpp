//===- Report/ReportFormat.cpp - the formats of a report -----------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/ReportFormat.h"
#include "Report/JsonReport.h"
#include "Report/TextReport.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace mcad {

namespace {

struct Format {
  ReportFormat Id;
  StringLiteral Name;
  StringLiteral Extension;
  void (*Write)(const Report &R, raw_ostream &OS);
};

/// In the order of ReportFormat.
constexpr Format Formats[] = {
    {ReportFormat::Text, "text", ".txt", printText},
    {ReportFormat::Json, "json", ".json", printJson},
};

} // namespace

std::optional<ReportFormat> reportFormat(StringRef Name) {
  for (const Format &F : Formats)
    if (F.Name == Name)
      return F.Id;
  return std::nullopt;
}

ReportFormat reportFormatOfFile(StringRef Path) {
  for (const Format &F : Formats)
    if (sys::path::extension(Path) == F.Extension)
      return F.Id;
  return ReportFormat::Text;
}

std::string reportFormatNames() {
  std::string Names;
  for (const Format &F : Formats) {
    if (&F != std::begin(Formats))
      Names += &F + 1 == std::end(Formats) ? " and " : ", ";
    Names += F.Name;
  }
  return Names;
}

void writeReport(ReportFormat Id, const Report &R, raw_ostream &OS) {
  Formats[static_cast<size_t>(Id)].Write(R, OS);
}

} // namespace mcad
