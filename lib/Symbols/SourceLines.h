//===- Symbols/SourceLines.h - source lines of one ELF file ---------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// From an address to a source line, with the calls that were inlined there,
/// out of the file's DWARF. Reading that takes long for large files, so that it
/// happens at the first question, and only for the parts that are asked for.
///
/// LLVM's reader ends the process at some damaged debug information. A file is
/// only one of many, and its lines are less than a report, so the reader runs
/// where a crash can be caught (CrashRecoveryContext); what it had allocated is
/// lost, and the file has no lines from then on.
///
/// Tested by unittests/Symbols/SymbolTableTest.cpp and SourceLinesTest.cpp, and
/// fuzz/SourceLinesFuzzer.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_SYMBOLS_SOURCELINES_H
#define MCAD_SYMBOLS_SOURCELINES_H

#include "mcad/Event.h"
#include "llvm/DebugInfo/DWARF/DWARFContext.h"
#include <string>
#include <vector>

namespace mcad {

/// A place in the source, and the function that it was written in.
struct SourceFrame {
  std::string Function; ///< Demangled; empty if unknown.
  std::string File;     ///< As the compiler was given it, absolute; or empty.
  uint32_t Line = 0;    ///< From 1; 0 is unknown.
  uint32_t Column = 0;  ///< From 1; 0 is unknown.
};

/// A range of code: half-open; Start < End.
struct CodeSpan {
  GuestAddr Start = 0, End = 0;
};

/// Whether a user who says \p Wanted means \p Path: all of it, or its end
/// behind a slash.
inline bool isCalled(llvm::StringRef Path, llvm::StringRef Wanted) {
  return Path.consume_back(Wanted) && (Path.empty() || Path.ends_with("/"));
}

class SourceLines {
public:
  /// \p File has the DWARF, if there is any, and outlives this.
  explicit SourceLines(const llvm::object::ObjectFile &File) : File(File) {}

  /// The frames at \p Address, as the file numbers addresses: the innermost
  /// first, the last is the function that the others were inlined into. Empty
  /// where there is no debug information.
  std::vector<SourceFrame> at(GuestAddr Address);

  /// The code of lines \p First to \p Last, both included, of all source files
  /// that are called \p File. As the file numbers addresses; by address, may
  /// overlap.
  std::vector<CodeSpan> spansOf(llvm::StringRef File, uint32_t First,
                                uint32_t Last);

  /// The debug information is damaged: nothing is found any more.
  bool hasFailed() const { return HasFailed; }

private:
  const llvm::object::ObjectFile &File;
  bool HasFailed = false;
  std::unique_ptr<llvm::DWARFContext> Dwarf; ///< From the first question on.

  /// Whether \p Ask, which may damage what is in Dwarf, came to its end.
  bool ask(llvm::function_ref<void()> Ask);
  std::vector<SourceFrame> read(GuestAddr Address);
  std::vector<CodeSpan> readSpans(llvm::StringRef File, uint32_t First,
                                  uint32_t Last);
};

} // namespace mcad

#endif // MCAD_SYMBOLS_SOURCELINES_H
