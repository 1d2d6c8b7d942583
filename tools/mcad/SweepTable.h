//===- mcad/SweepTable.h - the table of a sweep --------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// One row per CPU, as text, JSON or CSV.
///
/// Tested by test/FrontEnd/sweep.test.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TOOLS_MCAD_SWEEPTABLE_H
#define MCAD_TOOLS_MCAD_SWEEPTABLE_H

#include "Report/Report.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace mcad {

enum class SweepFormat : uint8_t { Text, Json, Csv };

/// \p Name: as the user gave it; empty: by the extension of the file \p Path.
llvm::Expected<SweepFormat> sweepFormat(llvm::StringRef Name,
                                        llvm::StringRef Path);

struct SweepRow {
  std::string Cpu;
  uint64_t Instructions = 0, Cycles = 0;
  double Seconds = 0; ///< Of the simulation.
  bool IsComplete = false;
};

/// The sum over the traces of \p R.
SweepRow sweepRow(const Report &R);

/// Relative cycles are those of the first row.
void writeSweep(SweepFormat How, llvm::ArrayRef<SweepRow> Rows,
                llvm::raw_ostream &OS);

} // namespace mcad

#endif // MCAD_TOOLS_MCAD_SWEEPTABLE_H
