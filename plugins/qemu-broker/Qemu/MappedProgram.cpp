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
#include <cstdio>
#include <sstream>

namespace mcad::qemu {

void place(MainProgram &Program, const GuestElf &Elf, GuestAddr CodeStart) {
  Program.BuildId = Elf.BuildId;
  Program.LoadBias = CodeStart - Elf.CodeStart;
  Program.CodeStart = CodeStart;
  Program.CodeEnd = CodeStart + (Elf.CodeEnd - Elf.CodeStart);
  Program.Entry = Elf.Entry + Program.LoadBias;
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
    std::istringstream Lines(Maps);
    for (std::string Line; std::getline(Lines, Line);) {
      unsigned long long Start = 0, End = 0, Offset = 0;
      int PathAt = 0;
      if (std::sscanf(Line.c_str(), "%llx-%llx %*s %llx %*s %*s %n", &Start,
                      &End, &Offset, &PathAt) != 3 ||
          Line.substr(static_cast<size_t>(PathAt)) != Path)
        continue;
      if (Elf->CodeOffset < Offset || Elf->CodeOffset >= Offset + (End - Start))
        continue;
      Program.Path = Path;
      place(Program, *Elf, Start - GuestBase + (Elf->CodeOffset - Offset));
      return Program;
    }
  }
  return Program;
}

} // namespace mcad::qemu
