//===- Symbols/ObjectFunctions.h - the functions of one ELF file ----------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Divides the executable sections of a file into functions. The rules are in
/// docs/symbols.md.
///
/// Invariant: every address of every executable section belongs to exactly one
/// function, and which one depends on the file alone.
///
/// Tested by unittests/Symbols/ObjectFunctionsTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_SYMBOLS_OBJECTFUNCTIONS_H
#define MCAD_SYMBOLS_OBJECTFUNCTIONS_H

#include "Symbols/ElfCode.h"
#include "Symbols/PltStubs.h"
#include <string>

namespace mcad {

struct ObjectFunction {
  enum class NameOf : uint8_t {
    Symbol,  ///< Name is its own.
    Callee,  ///< A stub: Name is whom it calls.
    Section, ///< Name is the section's; Offset counts from there.
  };
  NameOf Says = NameOf::Symbol;
  llvm::StringRef Name;
  GuestAddr Address = 0;
  uint64_t SizeBytes = 0;
  uint64_t Offset = 0;

  /// "memcpy", "memcpy@plt", ".text+0x1234".
  std::string name() const;
};

class ObjectFunctions {
public:
  /// \p Debug holds the symbols of \p File if that was stripped of them; may be
  /// null. Both outlive the functions. \p T decodes.
  ObjectFunctions(const llvm::object::ObjectFile &File,
                  const llvm::object::ObjectFile *Debug, const Target &T);

  /// The function at \p Address, as the file numbers addresses; none outside
  /// its executable sections.
  std::optional<uint32_t> at(GuestAddr Address) const;

  /// The file's, without the debug file's.
  const ElfCode &code() const { return Code; }
  uint32_t size() const { return static_cast<uint32_t>(Functions.size()); }
  const ObjectFunction &operator[](uint32_t Index) const {
    return Functions[Index];
  }

private:
  /// A function may have several: others can lie within it.
  struct Range {
    GuestAddr Address, End;
    uint32_t Function;
  };

  ElfCode Code;
  std::vector<ObjectFunction> Functions;
  std::vector<Range> Ranges; ///< By address, disjoint.

  void addSymbols(llvm::ArrayRef<PltStub> Stubs);
  void layOut(const ElfSection &Section, llvm::ArrayRef<uint32_t> Starting);
  void fillGaps(llvm::ArrayRef<struct CodeRange> Unwind);
  void addGap(GuestAddr Address, GuestAddr End, const ElfSection &Section);
};

} // namespace mcad

#endif // MCAD_SYMBOLS_OBJECTFUNCTIONS_H
