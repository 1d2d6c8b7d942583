//===- Report/Printable.cpp - text and shares for people ------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/Printable.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include <cmath>
#include <numeric>

using namespace llvm;

namespace mcad {

std::string printable(StringRef Text) {
  std::string Result;
  for (unsigned char C : Text) {
    if (isPrint(C))
      Result += C;
    else if (C == '\t')
      Result += ' ';
    else
      Result += formatv("\\x{0:x-2}", unsigned(C)).str();
  }
  return Result;
}

std::string shortened(StringRef Text, size_t Columns) {
  std::string Whole = printable(Text);
  if (Whole.size() <= Columns)
    return Whole;
  const size_t Kept = Columns ? Columns - 1 : 0;
  const size_t Behind = Kept / 2;
  return Whole.substr(0, Kept - Behind) + "…" +
         Whole.substr(Whole.size() - Behind);
}

std::string padded(StringRef Text, size_t Columns) {
  std::string Result = shortened(Text, Columns);
  // Only "…" has bytes that continue a character.
  const size_t Width = llvm::count_if(
      Result, [](unsigned char C) { return (C & 0xc0) != 0x80; });
  Result.append(Columns - std::min(Columns, Width), ' ');
  return Result;
}

std::string share(uint64_t Part, uint64_t Whole) {
  const double Percent = Whole ? 100.0 * double(Part) / double(Whole) : 0;
  // A share that is not all must not read as if it were.
  if (Part != Whole && Percent > 99.99)
    return "> 99.99 %";
  return formatv("{0:F2} %", Percent).str();
}

std::vector<unsigned> thousandths(ArrayRef<uint64_t> Parts) {
  std::vector<unsigned> Result(Parts.size());
  long double Whole = 0;
  for (const uint64_t Part : Parts)
    Whole += Part;
  if (Whole == 0)
    return Result;
  // Rounded down, then up where most was lost.
  std::vector<long double> Lost(Parts.size());
  unsigned Sum = 0;
  for (size_t I = 0; I != Parts.size(); ++I) {
    const long double Exact = 1000 * (Parts[I] / Whole);
    Result[I] = static_cast<unsigned>(std::floor(Exact));
    Lost[I] = Exact - Result[I];
    Sum += Result[I];
  }
  std::vector<size_t> Order(Parts.size());
  std::iota(Order.begin(), Order.end(), size_t(0));
  llvm::stable_sort(Order,
                    [&](size_t A, size_t B) { return Lost[A] > Lost[B]; });
  for (size_t I = 0; I != Order.size() && Sum < 1000; ++I, ++Sum)
    ++Result[Order[I]];
  return Result;
}

std::string percentOf(unsigned Thousandths) {
  return formatv("{0}.{1} %", Thousandths / 10, Thousandths % 10).str();
}

} // namespace mcad
