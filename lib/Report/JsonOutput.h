//===- Report/JsonOutput.h - JSON that a terminal may show ----------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// json::OStream escapes the control characters below U+0020 and no others
/// (RFC 8259, section 7, wants no more), but terminals obey U+0080 to U+009F
/// too (ECMA-48, section 5.3). Names of a guest's may hold them, and JSON is
/// written to the standard output.
///
///   JsonOutput Out(OS);
///   json::OStream J(Out, 2);
///
/// Tested by unittests/Report/JsonOutputTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_REPORT_JSONOUTPUT_H
#define MCAD_REPORT_JSONOUTPUT_H

#include "llvm/Support/raw_ostream.h"

namespace mcad {

/// Hands a JSON text in UTF-8 on, with U+007F to U+009F as escapes. The text
/// means the same: outside of strings it has none.
class JsonOutput final : public llvm::raw_ostream {
  llvm::raw_ostream &OS;
  bool HoldsLead =
      false; ///< The last byte began a character, perhaps of these.

  void write_impl(const char *Data, size_t Size) override;
  uint64_t current_pos() const override { return OS.tell(); }

public:
  /// \p OS lives longer.
  explicit JsonOutput(llvm::raw_ostream &OS) : OS(OS) {}
  /// Writes what is left.
  ~JsonOutput() override;
};

} // namespace mcad

#endif // MCAD_REPORT_JSONOUTPUT_H
