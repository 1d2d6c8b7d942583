//===- Symbols/SymbolFile.h - one file that code comes from ---------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// An ELF file with its separate debug file, opened and checked against the
/// build-id that the trace names.
///
/// Tested by unittests/Symbols/SymbolTableTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_SYMBOLS_SYMBOLFILE_H
#define MCAD_SYMBOLS_SYMBOLFILE_H

#include "Symbols/ObjectFunctions.h"
#include "Symbols/SourceLines.h"
#include "mcad/Broker.h"
#include "llvm/Object/Binary.h"

namespace mcad {

class SymbolFile {
public:
  /// Opens \p Path and, under \p DebugPrefix, the debug file of its build-id.
  /// \p BuildId is what the file must have; empty takes any. An error says what
  /// is wrong and what to do. \p T decodes.
  static llvm::Expected<std::unique_ptr<SymbolFile>>
  open(const std::string &Path, llvm::ArrayRef<uint8_t> BuildId,
       const std::string &DebugPrefix, const Target &T);

  /// The images of a file that lies in the guest's memory \p LoadBias away from
  /// its own addresses, modulo 2^64: one for each executable section. For code
  /// of which no trace says where it comes from.
  static llvm::Expected<std::vector<Image>> images(const std::string &Path,
                                                   uint64_t LoadBias);

  const ObjectFunctions &functions() const { return Functions; }

  /// See SourceLines. The first question opens the debug information.
  std::vector<SourceFrame> lines(GuestAddr Address);
  std::vector<CodeSpan> spansOf(llvm::StringRef SourceFile, uint32_t First,
                                uint32_t Last);
  bool linesHaveFailed() const { return Lines && Lines->hasFailed(); }

private:
  using Opened = llvm::object::OwningBinary<llvm::object::ObjectFile>;
  Opened File;
  Opened Debug; ///< May hold none.
  ObjectFunctions Functions;
  std::optional<SourceLines> Lines;

  SourceLines &sourceLines();
  SymbolFile(Opened File, Opened Debug, const Target &T);
};

} // namespace mcad

#endif // MCAD_SYMBOLS_SYMBOLFILE_H
