//===- Report/BuildProfile.h - who pays for the cycles --------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Makes a Profile of what engines and attribution have counted.
///
/// Tested by unittests/Report/BuildProfileTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_REPORT_BUILDPROFILE_H
#define MCAD_REPORT_BUILDPROFILE_H

#include "Attribution/StreamAccounts.h"
#include "Attribution/Tally.h"
#include "Report/Profile.h"
#include "Symbols/SymbolTable.h"
#include <memory>

namespace mcad {

/// Of one stream, as its engine has them: TimingEngine's of the same names.
struct StreamCycles {
  llvm::ArrayRef<CausedCycles> ByAccount;
  llvm::ArrayRef<RegionEntries> ByRegion;
};

struct ProfileInputs {
  const Program &Code;
  const Tally &Counts;
  /// Its functions' numbers are those of the trees.
  SymbolTable &Names;
  unsigned AssemblerDialect;
  /// The accounts know them; null: none.
  const RegionMap *Regions;
  /// Both one per stream, indexed by StreamId.
  llvm::ArrayRef<std::unique_ptr<StreamAccounts>> Accounts;
  llvm::ArrayRef<StreamCycles> Cycles;
  /// TimingEngine::cyclesByInstruction of all streams together.
  llvm::ArrayRef<CausedCycles> ByInstruction;
};

Profile buildProfile(const ProfileInputs &In);

/// Fills what \p R says of the entries that were left: those of all streams,
/// \p ByStream.
void setEntries(RegionReport &R,
                llvm::ArrayRef<const RegionEntries *> ByStream);

} // namespace mcad

#endif // MCAD_REPORT_BUILDPROFILE_H
