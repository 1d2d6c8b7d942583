//===- Report/JsonProfile.h - a profile as JSON ---------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The Profile's part of the JSON report: tables, each an object of "columns",
/// their names, and "rows", an array per row, on a line of its own. A profile
/// has a row for each instruction that ran; as objects they would take three
/// times the room, and a reader's tree a hundred times.
///
/// Causes are a flat array of names and cycles, those of zero left out:
/// ["issue", 12, "memory", 300]. NoIndex is null. The frames of a place are a
/// flat array, four numbers each: function and file (into "names"), line,
/// column. A bucket of a histogram is three: from, to, entries.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_REPORT_JSONPROFILE_H
#define MCAD_REPORT_JSONPROFILE_H

#include "Report/JsonFields.h"
#include "Report/Profile.h"
#include "llvm/Support/JSON.h"

namespace mcad {

/// The name of SurroundingsReport::LostCycles[C] in the JSON report.
inline llvm::StringRef lostCyclesName(Cause C) {
  return C == Cause::None ? "core" : causeName(C);
}

/// As the value of an attribute of \p J.
void writeProfile(const Profile &P, llvm::json::OStream &J);

/// What writeProfile() wrote. What is wrong goes to \p From's problem.
void readProfile(JsonField From, Profile &P);

} // namespace mcad

#endif // MCAD_REPORT_JSONPROFILE_H
