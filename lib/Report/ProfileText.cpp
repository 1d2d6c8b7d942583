//===- Report/ProfileText.cpp - a profile's rows for people ---------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/ProfileText.h"
#include "Report/Printable.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace mcad {

std::string perExecution(uint64_t Cycles, uint64_t Executions) {
  return Executions
             ? formatv("{0:F2}", double(Cycles) / double(Executions)).str()
             : "-";
}

std::string mainCauseName(const CausedCycles &Cycles) {
  const std::optional<Cause> Main = mainCause(Cycles);
  return Main ? causeName(*Main).str() : "-";
}

std::string functionText(const Profile &P, uint32_t Function) {
  std::string Text = shortened(functionName(P, Function), NameColumns);
  const StringRef Image = sys::path::filename(imagePath(P, Function));
  return Image.empty() ? Text : Text + " (" + shortened(Image, 24) + ")";
}

} // namespace mcad
