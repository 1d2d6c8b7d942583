//===- SourceLines.cpp - source lines of one ELF file ---------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Symbols/SourceLines.h"
#include "Symbols/SilentDwarf.h"
#include "llvm/Demangle/Demangle.h"

using namespace llvm;
using namespace mcad;

SourceLines::SourceLines(const object::ObjectFile &File)
    : Dwarf(silentDwarf(File)) {}

std::vector<SourceFrame> SourceLines::at(GuestAddr Address) {
  const DILineInfoSpecifier Wanted(
      DILineInfoSpecifier::FileLineInfoKind::AbsoluteFilePath,
      DINameKind::LinkageName);
  const DIInliningInfo Found = Dwarf->getInliningInfoForAddress(
      {Address, object::SectionedAddress::UndefSection}, Wanted);
  // LLVM's word for what it does not know.
  const auto known = [](const std::string &Text) {
    return Text == DILineInfo::BadString ? std::string() : Text;
  };
  std::vector<SourceFrame> Frames;
  for (uint32_t I = 0; I != Found.getNumberOfFrames(); ++I) {
    const DILineInfo &Frame = Found.getFrame(I);
    if (!Frame)
      continue;
    Frames.push_back({demangle(known(Frame.FunctionName)),
                      known(Frame.FileName), Frame.Line, Frame.Column});
  }
  return Frames;
}
