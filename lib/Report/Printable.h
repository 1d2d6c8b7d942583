//===- Report/Printable.h - text and shares for people --------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What a peer or a file said, fit for a terminal and a column of a table.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_REPORT_PRINTABLE_H
#define MCAD_REPORT_PRINTABLE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <string>
#include <vector>

namespace mcad {

/// \p Text with nothing in it that a terminal would obey: all but ASCII's
/// printable characters as \xNN.
std::string printable(llvm::StringRef Text);

/// printable(), and at most \p Columns wide: "…" for what is left out, in the
/// middle.
std::string shortened(llvm::StringRef Text, size_t Columns);

/// shortened(), and spaces up to \p Columns.
std::string padded(llvm::StringRef Text, size_t Columns);

/// \p Part of \p Whole in per cent, "12.34 %"; "> 99.99 %" for almost all.
std::string share(uint64_t Part, uint64_t Whole);

/// The shares of \p Parts in thousandths, rounded so that they add up to
/// exactly 1000; zeros if all are.
std::vector<unsigned> thousandths(llvm::ArrayRef<uint64_t> Parts);

/// "12.3 %"
std::string percentOf(unsigned Thousandths);

} // namespace mcad

#endif // MCAD_REPORT_PRINTABLE_H
