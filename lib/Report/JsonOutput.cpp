//===- Report/JsonOutput.cpp - JSON that a terminal may show --------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/JsonOutput.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Format.h"

using namespace llvm;

namespace mcad {

/// The first byte in UTF-8 of U+0080 to U+00BF.
static constexpr char Lead = '\xc2';

void JsonOutput::write_impl(const char *Data, size_t Size) {
  StringRef Rest(Data, Size);
  while (!Rest.empty()) {
    if (std::exchange(HoldsLead, false)) {
      const auto Second = static_cast<unsigned char>(Rest.front());
      if (Second >= 0x80 && Second < 0xa0) {
        OS << format("\\u%04x", Second);
        Rest = Rest.drop_front();
        continue;
      }
      OS << Lead;
    }
    const size_t Plain = std::min(Rest.find_first_of("\x7f\xc2"), Rest.size());
    OS << Rest.take_front(Plain);
    Rest = Rest.drop_front(Plain);
    if (Rest.empty())
      return;
    HoldsLead = Rest.front() == Lead;
    if (!HoldsLead)
      OS << "\\u007f";
    Rest = Rest.drop_front();
  }
}

JsonOutput::~JsonOutput() {
  flush();
  if (HoldsLead)
    OS << Lead;
}

} // namespace mcad
