//===- ObjectFunctions.cpp - the functions of one ELF file ----------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Symbols/ObjectFunctions.h"
#include "Symbols/UnwindRanges.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/BinaryFormat/ELF.h"
#include <tuple>

using namespace llvm;

namespace mcad {

namespace {

bool isFunctionType(const ElfSymbol &S) {
  return S.Type == ELF::STT_FUNC || S.Type == ELF::STT_GNU_IFUNC;
}

/// Marks where code and data begin, and names nothing: $a, $t, $d, $x with what
/// follows a dot (AAELF32, AAELF64), on RISC-V with the extensions behind it.
bool isMappingSymbol(StringRef Name, uint16_t Machine) {
  if (Name.size() < 2 || Name[0] != '$')
    return false;
  const StringRef Rest = Name.drop_front(2);
  switch (Machine) {
  case ELF::EM_ARM:
    return StringRef("atd").contains(Name[1]) &&
           (Rest.empty() || Rest[0] == '.');
  case ELF::EM_AARCH64:
    return StringRef("xd").contains(Name[1]) &&
           (Rest.empty() || Rest[0] == '.');
  case ELF::EM_RISCV:
    return StringRef("xd").contains(Name[1]);
  default:
    return false;
  }
}

/// Whether \p S may name code: a function, or a label that somebody wrote.
bool namesCode(const ElfSymbol &S, uint16_t Machine) {
  if (isFunctionType(S))
    return true;
  // The assembler's own labels are kept by some linkers (RISC-V's, for
  // relaxation).
  return S.Type == ELF::STT_NOTYPE && !S.Name.starts_with(".L") &&
         !isMappingSymbol(S.Name, Machine);
}

/// Which of several symbols of one address gives the name: the least.
auto preference(const ElfSymbol &S) {
  const unsigned Binding = S.Binding == ELF::STB_LOCAL  ? 2
                           : S.Binding == ELF::STB_WEAK ? 1
                                                        : 0;
  return std::tuple(Binding, !isFunctionType(S), S.Name.size(), S.Name);
}

} // namespace

std::string ObjectFunction::name() const {
  switch (Says) {
  case NameOf::Symbol:
    return Name.str();
  case NameOf::Callee:
    return Name.str() + "@plt";
  case NameOf::Section:
    return Name.str() + "+0x" + utohexstr(Offset, /*LowerCase=*/true);
  }
  llvm_unreachable("not a name");
}

ObjectFunctions::ObjectFunctions(const object::ObjectFile &File,
                                 const object::ObjectFile *Debug,
                                 const Target &T)
    : Code(ElfCode::read(File)) {
  if (!Code.HasSymtab && Debug) {
    ElfCode Symbols = ElfCode::read(*Debug);
    if (Symbols.HasSymtab && Symbols.Machine == Code.Machine) {
      Code.Symbols = std::move(Symbols.Symbols);
      Code.HasSymtab = true;
    }
  }
  addSymbols(findPltStubs(Code, T));
  // With all symbols at hand, what is between them is padding.
  fillGaps(Code.HasSymtab ? std::vector<CodeRange>() : unwindRanges(Code));
}

/// Makes functions of the symbols and \p Stubs, and ranges of them.
void ObjectFunctions::addSymbols(ArrayRef<PltStub> Stubs) {
  std::vector<const ElfSymbol *> Named;
  for (const ElfSymbol &S : Code.Symbols)
    if (namesCode(S, Code.Machine) && Code.executableAt(S.Address))
      Named.push_back(&S);
  sort(Named, [](const ElfSymbol *A, const ElfSymbol *B) {
    return std::tuple(A->Address, preference(*A)) <
           std::tuple(B->Address, preference(*B));
  });

  // Up to where functions reach that began before: a label inside is theirs.
  GuestAddr Reached = 0;
  for (auto First = Named.begin(); First != Named.end();) {
    const auto Behind = std::find_if(First, Named.end(), [&](const auto *S) {
      return S->Address != (*First)->Address;
    });
    uint64_t SizeBytes = 0;
    bool HasFunction = false;
    for (const ElfSymbol *S : make_range(First, Behind)) {
      SizeBytes = std::max(SizeBytes, S->SizeBytes);
      HasFunction |= isFunctionType(*S);
    }
    const ElfSymbol &Best = **First;
    First = Behind;
    if (!HasFunction && Best.Address < Reached)
      continue;
    // No function leaves its section, whatever its size says.
    const GuestAddr SectionEnd = Code.executableAt(Best.Address)->End;
    SizeBytes = std::min(SizeBytes, SectionEnd - Best.Address);
    if (HasFunction)
      Reached = std::max(Reached, Best.Address + SizeBytes);
    ObjectFunction New;
    New.Name = Best.Name;
    if (Code.Machine == ELF::EM_PPC64)
      if (const StringRef Callee = calleeOfPowerStub(Best.Name);
          !Callee.empty()) {
        New.Says = ObjectFunction::NameOf::Callee;
        New.Name = Callee;
      }
    New.Address = Best.Address;
    New.SizeBytes = SizeBytes;
    Functions.push_back(New);
  }
  for (const PltStub &Stub : Stubs)
    Functions.push_back({ObjectFunction::NameOf::Callee, Stub.Callee,
                         Stub.Address, Stub.End - Stub.Address, 0});
  // A stub has no symbol, or if it has, the symbol's is the name.
  stable_sort(Functions, [](const ObjectFunction &A, const ObjectFunction &B) {
    return A.Address < B.Address;
  });
  Functions.erase(
      llvm::unique(Functions,
                   [](const ObjectFunction &A, const ObjectFunction &B) {
                     return A.Address == B.Address;
                   }),
      Functions.end());

  std::vector<uint32_t> Starting;
  const ElfSection *Section = nullptr;
  for (uint32_t I = 0; I != size(); ++I) {
    const ElfSection *In = Code.executableAt(Functions[I].Address);
    if (In != Section && Section)
      layOut(*Section, std::exchange(Starting, {}));
    Section = In;
    Starting.push_back(I);
  }
  if (Section)
    layOut(*Section, Starting);
}

/// The functions \p Starting in \p Section, by address: each reaches as far as
/// its size says, one without to the next; and where they overlap, the one that
/// began last holds.
void ObjectFunctions::layOut(const ElfSection &Section,
                             ArrayRef<uint32_t> Starting) {
  std::vector<uint32_t> Open;
  GuestAddr Next = Section.Address;
  const auto end = [&](uint32_t I) {
    return Functions[I].Address + Functions[I].SizeBytes;
  };
  const auto reach = [&](GuestAddr To, uint32_t Function) {
    if (Next < To)
      Ranges.push_back({Next, To, Function});
    Next = std::max(Next, To);
  };
  const auto closeUpTo = [&](GuestAddr To) {
    while (!Open.empty() && end(Open.back()) <= To) {
      reach(end(Open.back()), Open.back());
      Open.pop_back();
    }
    if (!Open.empty())
      reach(To, Open.back());
  };
  for (size_t I = 0; I != Starting.size(); ++I) {
    ObjectFunction &Function = Functions[Starting[I]];
    if (Function.SizeBytes == 0)
      Function.SizeBytes =
          (I + 1 != Starting.size() ? Functions[Starting[I + 1]].Address
                                    : Section.End) -
          Function.Address;
    closeUpTo(Function.Address);
    Next = Function.Address;
    Open.push_back(Starting[I]);
  }
  closeUpTo(Section.End);
}

/// What of the executable sections has no symbol, in the pieces that \p Unwind
/// tells apart.
void ObjectFunctions::fillGaps(ArrayRef<CodeRange> Unwind) {
  sort(Ranges,
       [](const Range &A, const Range &B) { return A.Address < B.Address; });
  const size_t NumNamed = Ranges.size();
  size_t NextNamed = 0;
  const auto *NextUnwind = Unwind.begin();
  GuestAddr Reached = 0;
  for (const ElfSection &Section : Code.Sections) {
    if (!Section.IsExecutable)
      continue;
    // Sections do not overlap, unless somebody lies: the first one holds.
    GuestAddr At = std::max(Reached, Section.Address);
    while (At < Section.End) {
      while (NextNamed != NumNamed && Ranges[NextNamed].End <= At)
        ++NextNamed;
      while (NextUnwind != Unwind.end() && NextUnwind->End <= At)
        ++NextUnwind;
      GuestAddr End = Section.End;
      if (NextNamed != NumNamed) {
        if (Ranges[NextNamed].Address <= At) {
          At = Ranges[NextNamed].End;
          continue;
        }
        End = std::min(End, Ranges[NextNamed].Address);
      }
      if (NextUnwind != Unwind.end())
        End = std::min(End, NextUnwind->Address > At ? NextUnwind->Address
                                                     : NextUnwind->End);
      addGap(At, End, Section);
      At = End;
    }
    Reached = std::max(Reached, Section.End);
  }
  sort(Ranges,
       [](const Range &A, const Range &B) { return A.Address < B.Address; });
}

void ObjectFunctions::addGap(GuestAddr Address, GuestAddr End,
                             const ElfSection &Section) {
  Ranges.push_back({Address, End, size()});
  Functions.push_back({ObjectFunction::NameOf::Section, Section.Name, Address,
                       End - Address, Address - Section.Address});
}

std::optional<uint32_t> ObjectFunctions::at(GuestAddr Address) const {
  auto Behind = std::upper_bound(
      Ranges.begin(), Ranges.end(), Address,
      [](GuestAddr A, const Range &R) { return A < R.Address; });
  if (Behind == Ranges.begin() || Address >= std::prev(Behind)->End)
    return std::nullopt;
  return std::prev(Behind)->Function;
}

} // namespace mcad
