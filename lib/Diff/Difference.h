//===- Diff/Difference.h - what changed between two reports ---------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What changed between two reports: two builds, two CPUs, two inputs.
///
/// Functions are matched by their link name and the name of their file (the
/// main executables of both sides count as one file), then by link name alone
/// where that is unambiguous, then by content. Blocks of matched functions are
/// matched by content: the text of their instructions, in which addresses and
/// targets of branches, which move, do not count.
///
/// Invariant: cycles of all function changes add up to the difference of the
/// profiles' cycles.
///
/// Tested by unittests/Diff.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_DIFF_DIFFERENCE_H
#define MCAD_DIFF_DIFFERENCE_H

#include "Report/Report.h"

namespace mcad {

/// Two counts, and what the second is more than the first.
struct CountChange {
  uint64_t Before = 0, After = 0;

  bool isChanged() const { return Before != After; }
  /// As far as it fits.
  int64_t delta() const { return static_cast<int64_t>(After - Before); }
  uint64_t magnitude() const {
    return After > Before ? After - Before : Before - After;
  }
  /// Of Before, in per cent; infinite from 0 to something.
  double percent() const;
};

/// A function on one side.
struct FunctionSide {
  GuestAddr Address = 0;
  uint64_t Calls = 0, Instructions = 0, InclusiveCycles = 0;
  CausedCycles Self = {};
};

struct FunctionChange {
  std::string Name, LinkName;
  std::string Image; ///< Base name of its file; empty if unknown.
  /// None: it did not run there.
  std::optional<FunctionSide> Before, After;

  CountChange cycles() const {
    return {Before ? totalCycles(Before->Self) : 0,
            After ? totalCycles(After->Self) : 0};
  }
  /// Anything but addresses.
  bool isChanged() const;
};

struct BlockSide {
  GuestAddr Address = 0;
  uint64_t Executions = 0, Cycles = 0;
};

struct BlockChange {
  uint32_t Function = NoIndex; ///< Into Difference::Functions.
  uint32_t NumInstructions = 0;
  std::optional<BlockSide> Before, After; ///< None: it did not run there.

  CountChange cycles() const {
    return {Before ? Before->Cycles : 0, After ? After->Cycles : 0};
  }
};

/// An instruction on one side.
struct CodeSide {
  GuestAddr Address = 0;
  std::string Text;
  uint64_t Executions = 0, Cycles = 0;
};

/// One line of code side by side: the same instruction on both, or one that is
/// only on one, or two that took each other's place.
struct CodeRow {
  std::optional<CodeSide> Before, After;
  bool IsSame = false; ///< The same text but for addresses.
};

/// A function whose code changed, or whose instructions cost otherwise.
struct CodeChange {
  uint32_t Function = NoIndex; ///< Into Difference::Functions.
  std::vector<CodeRow> Rows;
};

/// What was compared.
struct ReportSide {
  std::string Program, Triple, Cpu, Features, Version, Engine, Model;
  bool IsComplete = true;
};

struct Difference {
  ReportSide Before, After;
  /// Why the two are not quite comparable, a sentence each.
  std::vector<std::string> Remarks;
  CountChange Cycles, Instructions, MicroOps;
  double IpcBefore = 0, IpcAfter = 0;
  /// Both reports say whose the cycles are; else all below is empty.
  bool HasProfiles = false;
  std::array<CountChange, NumCauses> Causes;
  /// All of them, those whose cycles changed most first.
  std::vector<FunctionChange> Functions;
  std::vector<BlockChange> Blocks; ///< Those that changed, likewise.
  std::vector<CodeChange> Code;    ///< Of the TopCode first of Functions.

  /// Neither total nor function changed.
  bool isEmpty() const;
};

/// Of how many functions at the most the code is compared.
inline constexpr size_t TopCode = 10;

/// All traces of a report count together.
Difference compare(const Report &Before, const Report &After);

} // namespace mcad

#endif // MCAD_DIFF_DIFFERENCE_H
