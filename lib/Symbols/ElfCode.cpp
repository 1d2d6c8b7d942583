//===- ElfCode.cpp - an ELF file's sections, symbols, relocations ---------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Symbols/ElfCode.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Object/ELFObjectFile.h"

using namespace llvm;
using namespace mcad;

namespace {

/// The value, or \p Otherwise in the place of what is damaged.
template <typename T> T orElse(Expected<T> Value, T Otherwise) {
  if (Value)
    return *Value;
  consumeError(Value.takeError());
  return Otherwise;
}

template <typename ELFT> class Reader {
  using Shdr = typename ELFT::Shdr;
  using Sym = typename ELFT::Sym;

  const object::ELFFile<ELFT> &File;
  ElfCode Code;
  ArrayRef<Shdr> Headers;

  StringRef stringsOf(const Shdr &Symbols) const {
    return orElse(File.getStringTableForSymtab(Symbols), StringRef());
  }

  static StringRef nameOf(const Sym &Symbol, StringRef Strings) {
    return orElse(Symbol.getName(Strings), StringRef());
  }

  ArrayRef<Sym> symbolsOf(const Shdr &Table) const {
    return orElse(File.symbols(&Table), ArrayRef<Sym>());
  }

  void readSection(const Shdr &Header) {
    const uint64_t Address = Header.sh_addr, Size = Header.sh_size;
    if (!(Header.sh_flags & ELF::SHF_ALLOC) || Size == 0 ||
        Address + Size < Address)
      return;
    ElfSection Section;
    Section.Name = orElse(File.getSectionName(Header), StringRef());
    Section.Type = Header.sh_type;
    Section.Address = Address;
    Section.End = Address + Size;
    Section.FileOffset = Header.sh_offset;
    Section.EntryBytes = Header.sh_entsize;
    if (Header.sh_type != ELF::SHT_NOBITS)
      Section.Contents =
          orElse(File.getSectionContents(Header), ArrayRef<uint8_t>());
    Section.IsExecutable = Header.sh_flags & ELF::SHF_EXECINSTR;
    Code.Sections.push_back(Section);
  }

  void readSymbols(const Shdr &Table) {
    const StringRef Strings = stringsOf(Table);
    for (const Sym &Symbol : symbolsOf(Table)) {
      if (Symbol.st_shndx == ELF::SHN_UNDEF ||
          Symbol.st_shndx == ELF::SHN_ABS || Symbol.st_shndx == ELF::SHN_COMMON)
        continue;
      ElfSymbol New;
      New.Name = nameOf(Symbol, Strings);
      New.Address = Symbol.st_value;
      New.SizeBytes = Symbol.st_size;
      New.Binding = Symbol.getBinding();
      New.Type = Symbol.getType();
      if (Code.Machine == ELF::EM_ARM &&
          (New.Type == ELF::STT_FUNC || New.Type == ELF::STT_GNU_IFUNC))
        New.Address &= ~GuestAddr(1);
      if (!New.Name.empty())
        Code.Symbols.push_back(New);
    }
  }

  template <typename Rel>
  void readRelocation(const Rel &Each, ArrayRef<Sym> Symbols, StringRef Strings,
                      std::optional<int64_t> Addend) {
    ElfRelocation New;
    New.Address = Each.r_offset;
    const uint32_t Index = Each.getSymbol(File.isMips64EL());
    if (Index != 0 && Index < Symbols.size())
      New.Symbol = nameOf(Symbols[Index], Strings);
    New.Addend = Addend;
    Code.Relocations.push_back(New);
  }

  void readRelocations(const Shdr &Table) {
    if (!(Table.sh_flags & ELF::SHF_ALLOC))
      return;
    ArrayRef<Sym> Symbols;
    StringRef Strings;
    if (Table.sh_link != 0 && Table.sh_link < Headers.size()) {
      Symbols = symbolsOf(Headers[Table.sh_link]);
      Strings = stringsOf(Headers[Table.sh_link]);
    }
    if (Table.sh_type == ELF::SHT_RELA)
      for (const auto &Each :
           orElse(File.relas(Table), ArrayRef<typename ELFT::Rela>()))
        readRelocation(Each, Symbols, Strings, Each.r_addend);
    else
      for (const auto &Each :
           orElse(File.rels(Table), ArrayRef<typename ELFT::Rel>()))
        readRelocation(Each, Symbols, Strings, std::nullopt);
  }

public:
  explicit Reader(const object::ELFFile<ELFT> &File)
      : File(File), Headers(orElse(File.sections(), ArrayRef<Shdr>())) {}

  ElfCode read() {
    Code.Machine = File.getHeader().e_machine;
    Code.Is64Bit = ELFT::Is64Bits;
    Code.IsLittleEndian = File.isLE();
    const Shdr *Static = nullptr, *Dynamic = nullptr;
    for (const Shdr &Header : Headers) {
      readSection(Header);
      if (Header.sh_type == ELF::SHT_SYMTAB)
        Static = &Header;
      else if (Header.sh_type == ELF::SHT_DYNSYM)
        Dynamic = &Header;
      else if (Header.sh_type == ELF::SHT_REL ||
               Header.sh_type == ELF::SHT_RELA)
        readRelocations(Header);
    }
    if (Static)
      readSymbols(*Static);
    Code.HasSymtab = !Code.Symbols.empty();
    if (!Code.HasSymtab && Dynamic)
      readSymbols(*Dynamic);
    stable_sort(Code.Sections, [](const ElfSection &A, const ElfSection &B) {
      return A.Address < B.Address;
    });
    return std::move(Code);
  }
};

template <typename ELFT>
std::optional<ElfCode> readAs(const object::ObjectFile &File) {
  if (const auto *Elf = dyn_cast<object::ELFObjectFile<ELFT>>(&File))
    return Reader<ELFT>(Elf->getELFFile()).read();
  return std::nullopt;
}

} // namespace

const ElfSection *ElfCode::executableAt(GuestAddr Address) const {
  // Few sections are executable; those of thread-local data overlap others.
  for (const ElfSection &Section : Sections)
    if (Section.IsExecutable && Section.contains(Address))
      return &Section;
  return nullptr;
}

ElfCode ElfCode::read(const object::ObjectFile &File) {
  if (auto Code = readAs<object::ELF64LE>(File))
    return std::move(*Code);
  if (auto Code = readAs<object::ELF32LE>(File))
    return std::move(*Code);
  if (auto Code = readAs<object::ELF64BE>(File))
    return std::move(*Code);
  if (auto Code = readAs<object::ELF32BE>(File))
    return std::move(*Code);
  return {};
}
