//===- TextOf.h - what a function prints ----------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef MCAD_UNITTESTS_REPORT_TEXTOF_H
#define MCAD_UNITTESTS_REPORT_TEXTOF_H

#include "llvm/Support/raw_ostream.h"
#include <string>

namespace mcad::test {

/// What \p Print writes of \p Values to the stream that it takes last.
template <typename Function, typename... Arguments>
std::string textOf(Function Print, const Arguments &...Values) {
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  Print(Values..., OS);
  return Text;
}

} // namespace mcad::test

#endif // MCAD_UNITTESTS_REPORT_TEXTOF_H
