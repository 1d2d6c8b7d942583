//===- Symbols/ElfCode.h - an ELF file's sections, symbols, relocations ---===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What naming code needs of an ELF file, of either width and byte order as
/// plain values. Read with LLVM's ELFFile, each of whose answers may be an
/// error; its ObjectFile is easier to ask, but ends the process at some damaged
/// tables. Views point into the file's buffer.
///
/// A damaged part is as one that is not there: what can be read, names.
///
/// Tested by unittests/Symbols/ObjectFunctionsTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_SYMBOLS_ELFCODE_H
#define MCAD_SYMBOLS_ELFCODE_H

#include "mcad/Event.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Object/ObjectFile.h"
#include <optional>
#include <vector>

namespace mcad {

/// All addresses are the file's own.
struct ElfSection {
  llvm::StringRef Name;
  uint32_t Type = 0;              ///< SHT_*
  GuestAddr Address = 0, End = 0; ///< Half-open; Address < End.
  uint64_t FileOffset = 0;        ///< Of its first byte.
  uint64_t EntryBytes = 0;
  llvm::ArrayRef<uint8_t> Contents; ///< Empty where the file has none.
  bool IsExecutable = false;

  bool contains(GuestAddr A) const { return A >= Address && A < End; }
};

struct ElfSymbol {
  llvm::StringRef Name;
  GuestAddr Address = 0; ///< Without ARM's bit for Thumb.
  uint64_t SizeBytes = 0;
  uint8_t Binding = 0; ///< STB_*
  uint8_t Type = 0;    ///< STT_*
};

/// A relocation of the dynamic linker's.
struct ElfRelocation {
  GuestAddr Address = 0;  ///< What it fills.
  llvm::StringRef Symbol; ///< Empty if it has none.
  std::optional<int64_t> Addend;
};

struct ElfCode {
  uint16_t Machine = 0; ///< EM_*
  bool Is64Bit = false, IsLittleEndian = false;
  /// Those that are loaded, by address.
  std::vector<ElfSection> Sections;
  /// All with a name, an address and a section; of .symtab, or if there is
  /// none, of .dynsym.
  std::vector<ElfSymbol> Symbols;
  bool HasSymtab = false;
  std::vector<ElfRelocation> Relocations;

  /// The executable section that \p Address lies in; null if in none.
  const ElfSection *executableAt(GuestAddr Address) const;

  /// Empty if \p File is not ELF.
  static ElfCode read(const llvm::object::ObjectFile &File);
};

} // namespace mcad

#endif // MCAD_SYMBOLS_ELFCODE_H
