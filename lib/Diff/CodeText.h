//===- Diff/CodeText.h - instructions without addresses -------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The text of instructions without what differs though the code is the same:
/// addresses of code and data, targets of branches.
///
/// Disassembly is all that a report has. A number is taken for an address if it
/// lies where the profile's code lies, if it is an x86 displacement from the
/// instruction pointer, or if it is the target of a branch or of adr, adrp or
/// auipc. A number that merely looks like an address is taken for one: then two
/// instructions count as equal that differ in it.
///
/// Tested by unittests/Diff/CodeTextTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_DIFF_CODETEXT_H
#define MCAD_DIFF_CODETEXT_H

#include "Report/Profile.h"
#include "llvm/ADT/StringRef.h"

namespace mcad {

/// Where code lies: [Begin, End), in pages of 64 KiB around what ran.
class CodeRanges {
  std::vector<std::pair<GuestAddr, GuestAddr>> Ranges; ///< Sorted, disjoint.

public:
  explicit CodeRanges(const Profile &P);
  bool contains(GuestAddr Address) const;
};

/// \p Text with "@" for each address.
std::string textWithoutAddresses(llvm::StringRef Text, const CodeRanges &Code);

} // namespace mcad

#endif // MCAD_DIFF_CODETEXT_H
