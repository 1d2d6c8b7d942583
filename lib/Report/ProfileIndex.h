//===- Report/ProfileIndex.h - names and rows of a profile ----------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Names and places of a profile's rows, and which rows belong to a function:
/// what all renderers ask for.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_REPORT_PROFILEINDEX_H
#define MCAD_REPORT_PROFILEINDEX_H

#include "Report/Profile.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace mcad {

/// The demangled name, or that of the symbol table, or the address; "[unknown]"
/// for NoIndex.
std::string functionName(const Profile &P, uint32_t Function);

/// Of the file that has the function; empty if that is not known.
llvm::StringRef imagePath(const Profile &P, uint32_t Function);

/// The frames of an instruction's place; none if it is not known.
llvm::ArrayRef<SourcePlace::Frame> framesOf(const Profile &P,
                                            const InstructionReport &I);

/// The first at \p Address; null if none was executed there.
const InstructionReport *instructionAt(const Profile &P, GuestAddr Address);

/// The cause of most of the cycles, the first of several; none if all are 0.
std::optional<Cause> mainCause(const CausedCycles &Cycles);

/// Row indices by function. Refers to the profile.
class ProfileIndex {
  const Profile &P;
  /// One list per function, and one more for those of none.
  std::vector<std::vector<uint32_t>> Instructions, Calls;

public:
  explicit ProfileIndex(const Profile &P);

  /// The instructions of \p Function, by address; NoIndex: of those of none.
  llvm::ArrayRef<uint32_t> instructionsOf(uint32_t Function) const {
    return Instructions[slot(Function)];
  }
  /// The calls from it, by site.
  llvm::ArrayRef<uint32_t> callsFrom(uint32_t Function) const {
    return Calls[slot(Function)];
  }
  /// The source file of the function itself, not of what is inlined into it;
  /// empty if that is not known.
  llvm::StringRef fileOf(uint32_t Function) const;

private:
  size_t slot(uint32_t Function) const {
    return Function == NoIndex ? P.Functions.size() : Function;
  }
};

} // namespace mcad

#endif // MCAD_REPORT_PROFILEINDEX_H
