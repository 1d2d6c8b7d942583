//===- PltStubs.cpp - the stubs that call other files' functions ----------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Symbols/PltStubs.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/bit.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MathExtras.h"
#include <map>

using namespace llvm;

namespace mcad {

namespace {

/// A stub's address and that of the word that it reads.
struct Slot {
  GuestAddr Stub = 0, Word = 0;
};

uint32_t wordAt(const ElfSection &S, size_t At) {
  return support::endian::read32le(S.Contents.data() + At);
}

/// An instruction in front of the one that LLVM recognizes belongs to the stub:
/// a landing pad for indirect branches.
GuestAddr withLandingPad(const ElfSection &S, GuestAddr Address,
                         uint16_t Machine) {
  size_t At = Address - S.Address;
  if (Machine == ELF::EM_AARCH64) {
    constexpr uint32_t BtiC = 0xd503245f;
    return At >= 4 && wordAt(S, At - 4) == BtiC ? Address - 4 : Address;
  }
  constexpr uint8_t Bnd = 0xf2;
  if (At >= 1 && S.Contents[At - 1] == Bnd)
    --At;
  constexpr uint32_t Endbr64 = 0xfa1e0ff3, Endbr32 = 0xfb1e0ff3;
  if (At >= 4 && (wordAt(S, At - 4) == Endbr64 || wordAt(S, At - 4) == Endbr32))
    At -= 4;
  return S.Address + At;
}

void findWithLLVM(const ElfCode &Code, const ElfSection &S, const Target &T,
                  std::vector<Slot> &Slots) {
  const bool IsOurs = Code.Machine == ELF::EM_AARCH64 ? T.triple().isAArch64()
                      : Code.Machine == ELF::EM_X86_64
                          ? T.triple().getArch() == Triple::x86_64
                          : T.triple().getArch() == Triple::x86;
  if (!IsOurs || !T.mcia())
    return;
  // Position-independent i386 code adds the address of .got.plt.
  const auto GotPlt = find_if(
      Code.Sections, [](const ElfSection &G) { return G.Name == ".got.plt"; });
  for (auto [Address, Word] :
       T.mcia()->findPltEntries(S.Address, S.Contents, T.triple())) {
    constexpr uint64_t IsRelative = uint64_t(1) << 32;
    if (Code.Machine == ELF::EM_386 && Word & IsRelative) {
      if (GotPlt == Code.Sections.end())
        continue;
      Word = static_cast<uint32_t>(GotPlt->Address + Word);
    }
    if (S.contains(Address))
      Slots.push_back({withLandingPad(S, Address, Code.Machine), Word});
  }
}

/// add ip, pc, #a; add ip, ip, #b; ... ; ldr pc, [ip, #c]!, in ARM state, with
/// bx pc; nop before it for callers in Thumb state.
void findArm(const ElfSection &S, std::vector<Slot> &Slots) {
  const auto immediate = [](uint32_t Word) {
    return llvm::rotr(Word & 0xff, static_cast<int>(Word >> 8 & 0xf) * 2);
  };
  for (size_t At = 0; At + 12 <= S.Contents.size(); At += 4) {
    if ((wordAt(S, At) & 0xfffff000) != 0xe28fc000)
      continue;
    uint32_t Word = static_cast<uint32_t>(S.Address + At) + 8;
    Word += immediate(wordAt(S, At));
    for (size_t Next = At + 4; Next + 4 <= S.Contents.size(); Next += 4) {
      const uint32_t Insn = wordAt(S, Next);
      if ((Insn & 0xfffff000) == 0xe28cc000) {
        Word += immediate(Insn);
        continue;
      }
      if ((Insn & 0xfffff000) == 0xe5bcf000) {
        constexpr uint32_t BxPcNop = 0x46c04778;
        const bool HasThumb = At >= 4 && wordAt(S, At - 4) == BxPcNop;
        Slots.push_back(
            {S.Address + At - (HasThumb ? 4 : 0), Word + (Insn & 0xfff)});
        At = Next;
      }
      break;
    }
  }
}

/// auipc t3, a; l[wd] t3, b(t3); jalr t1, t3; nop.
void findRiscV(const ElfCode &Code, const ElfSection &S,
               std::vector<Slot> &Slots) {
  const uint32_t Load = Code.Is64Bit ? 0x000e3e03 : 0x000e2e03;
  for (size_t At = 0; At + 16 <= S.Contents.size(); At += 16) {
    const uint32_t Upper = wordAt(S, At), Lower = wordAt(S, At + 4);
    if ((Upper & 0xfff) != 0xe17 || (Lower & 0x000fffff) != Load)
      continue;
    GuestAddr Word = S.Address + At + SignExtend64<32>(Upper & 0xfffff000) +
                     SignExtend64<12>(Lower >> 20);
    if (!Code.Is64Bit)
      Word = static_cast<uint32_t>(Word);
    Slots.push_back({S.Address + At, Word});
  }
}

/// Not DenseMap: a damaged file has any address, its marks of no entry too.
using NamesByAddress = std::map<GuestAddr, StringRef>;

StringRef nameAt(const NamesByAddress &Names, GuestAddr Address) {
  const auto Found = Names.find(Address);
  return Found == Names.end() ? StringRef() : Found->second;
}

/// By the word that they read, whom stubs call.
NamesByAddress calleesOf(const ElfCode &Code) {
  // A static program's stubs read what a resolver returned, which a relocation
  // names by its address.
  NamesByAddress Resolvers;
  for (const ElfSymbol &Symbol : Code.Symbols)
    if (Symbol.Type == ELF::STT_GNU_IFUNC) {
      StringRef &Name = Resolvers[Symbol.Address];
      // As for functions: of several names the shortest, then the first.
      if (Name.empty() || std::pair(Symbol.Name.size(), Symbol.Name) <
                              std::pair(Name.size(), Name))
        Name = Symbol.Name;
    }
  NamesByAddress Callees;
  for (const ElfRelocation &Each : Code.Relocations) {
    StringRef Name = Each.Symbol;
    if (Name.empty() && Each.Addend)
      Name = nameAt(Resolvers, static_cast<GuestAddr>(*Each.Addend));
    // The first to say so stays: nobody relocates a word twice.
    if (!Name.empty())
      Callees.try_emplace(Each.Address, Name);
  }
  return Callees;
}

} // namespace

bool isPltSection(StringRef Name) {
  return Name == ".plt" || Name.starts_with(".plt.") || Name == ".iplt";
}

std::vector<PltStub> findPltStubs(const ElfCode &Code, const Target &T) {
  std::vector<PltStub> Stubs;
  NamesByAddress Callees;
  for (const ElfSection &S : Code.Sections) {
    if (!S.IsExecutable || !isPltSection(S.Name) || !Code.IsLittleEndian ||
        S.Contents.size() != S.End - S.Address)
      continue;
    std::vector<Slot> Slots;
    switch (Code.Machine) {
    case ELF::EM_X86_64:
    case ELF::EM_386:
    case ELF::EM_AARCH64:
      findWithLLVM(Code, S, T, Slots);
      break;
    case ELF::EM_ARM:
      findArm(S, Slots);
      break;
    case ELF::EM_RISCV:
      findRiscV(Code, S, Slots);
      break;
    default:
      break;
    }
    if (Slots.empty())
      continue;
    if (Callees.empty())
      Callees = calleesOf(Code);
    sort(Slots, [](const Slot &A, const Slot &B) { return A.Stub < B.Stub; });
    const auto callee = [&](const Slot &Each) {
      return nameAt(Callees, Each.Word);
    };
    // A stub reaches to the next; the last is as long as the shortest. The
    // section's head, which all have in common, may look like one, shorter.
    uint64_t Shortest =
        S.EntryBytes >= 8 && S.EntryBytes <= 64 ? S.EntryBytes : 16;
    for (size_t I = 1; I < Slots.size(); ++I)
      if (!callee(Slots[I - 1]).empty())
        Shortest = std::min(Shortest, Slots[I].Stub - Slots[I - 1].Stub);
    for (size_t I = 0; I != Slots.size(); ++I) {
      const GuestAddr End = I + 1 != Slots.size()
                                ? Slots[I + 1].Stub
                                : std::min(S.End, Slots[I].Stub + Shortest);
      if (!callee(Slots[I]).empty() && Slots[I].Stub < End)
        Stubs.push_back({Slots[I].Stub, End, callee(Slots[I])});
    }
  }
  sort(Stubs, [](const PltStub &A, const PltStub &B) {
    return A.Address < B.Address;
  });
  return Stubs;
}

StringRef calleeOfPowerStub(StringRef Name) {
  constexpr size_t Digits = 8;
  if (Name.size() <= Digits || !all_of(Name.take_front(Digits), isHexDigit))
    return {};
  Name = Name.drop_front(Digits);
  // plt_call, plt_call_r2save, plt_call_notoc, plt_branch, long_branch, ...
  if (!Name.consume_front(".plt_") && !Name.consume_front(".long_branch"))
    return {};
  return Name.split('.').second.take_until(
      [](char C) { return C == '@' || C == '+'; });
}

} // namespace mcad
