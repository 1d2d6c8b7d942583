//===- SourceLines.cpp - source lines of one ELF file ---------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Symbols/SourceLines.h"
#include "Symbols/SilentDwarf.h"
#include "llvm/DebugInfo/DWARF/DWARFCompileUnit.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/Support/CrashRecoveryContext.h"

using namespace llvm;
using namespace mcad;

std::vector<SourceFrame> SourceLines::at(GuestAddr Address) {
  std::vector<SourceFrame> Frames;
  if (HasFailed)
    return Frames;
  CrashRecoveryContext::Enable();
  CrashRecoveryContext Guard;
  if (Guard.RunSafely([&] { Frames = read(Address); }))
    return Frames;
  HasFailed = true;
  // In whatever state it is, it is not to be touched again.
  static_cast<void>(Dwarf.release());
  return {};
}

std::vector<SourceFrame> SourceLines::read(GuestAddr Address) {
  if (!Dwarf)
    Dwarf = silentDwarf(File);
  // LLVM 19 takes it for granted that a unit's entries can be read.
  DWARFCompileUnit *Unit = Dwarf->getCompileUnitForCodeAddress(Address);
  if (!Unit || !Unit->getUnitDIE(/*ExtractUnitDIEOnly=*/false))
    return {};
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
