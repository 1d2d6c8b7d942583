//===- Qemu/MappedProgram.cpp - where a guest's code lies -----------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Places what MappedProgram.h describes.
///
//===----------------------------------------------------------------------===//
#include "MappedProgram.h"
#include "HostMapping.h"

namespace mcad::qemu {

void place(MainProgram &Program, const GuestElf &Elf, GuestAddr CodeStart) {
  Program.BuildId = Elf.BuildId;
  Program.LoadBias = CodeStart - Elf.CodeStart;
  Program.CodeStart = CodeStart;
  Program.CodeEnd = CodeStart + (Elf.CodeEnd - Elf.CodeStart);
  Program.Entry = Elf.Entry + Program.LoadBias;
}

/// Where this process has the first byte of the code of the file at \p Path.
static std::optional<uint64_t> hostCodeStart(const GuestElf &Elf,
                                             const std::string &Path,
                                             const std::string &Maps) {
  for (const HostMapping &Each : parseMaps(Maps))
    if (Each.Path == Path && Elf.CodeOffset >= Each.Offset &&
        Elf.CodeOffset < Each.Offset + (Each.End - Each.Start))
      return Each.Start + (Elf.CodeOffset - Each.Offset);
  return std::nullopt;
}

MainProgram findMapped(
    const std::vector<std::string> &Arguments, const std::string &Maps,
    uint64_t GuestBase,
    const std::function<std::optional<GuestElf>(const std::string &)> &ReadElf,
    const std::function<std::string(const std::string &)> &Resolve) {
  MainProgram Program;
  for (size_t I = 1; I < Arguments.size(); ++I) {
    if (Arguments[I] == "-plugin" || Arguments[I] == "--plugin") {
      ++I; // A plugin is mapped too, and no guest.
      continue;
    }
    const std::string Path = Resolve(Arguments[I]);
    if (Path.empty() || Maps.find(Path) == std::string::npos)
      continue;
    const std::optional<GuestElf> Elf = ReadElf(Path);
    if (!Elf || Elf->CodeStart == Elf->CodeEnd)
      continue;
    if (std::optional<uint64_t> Code = hostCodeStart(*Elf, Path, Maps)) {
      Program.Path = Arguments[I];
      place(Program, *Elf, *Code - GuestBase);
      return Program;
    }
  }
  return Program;
}

std::optional<uint64_t> guestBaseOf(const MainProgram &Program,
                                    const GuestElf &Elf,
                                    const std::string &Path,
                                    const std::string &Maps) {
  if (!Program.isKnown())
    return std::nullopt;
  std::optional<uint64_t> Code = hostCodeStart(Elf, Path, Maps);
  return Code ? std::optional(*Code - Program.CodeStart) : std::nullopt;
}

} // namespace mcad::qemu
