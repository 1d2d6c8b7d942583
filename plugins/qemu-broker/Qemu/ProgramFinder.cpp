//===- Qemu/ProgramFinder.cpp - which program this is ---------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Finds what ProgramFinder.h describes.
///
//===----------------------------------------------------------------------===//
#include "ProgramFinder.h"
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

namespace mcad::qemu {

static void place(MainProgram &Program, const GuestElf &Elf,
                  GuestAddr CodeStart) {
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

static std::string textOf(const char *Path) {
  std::ifstream File(Path, std::ios::binary);
  return {std::istreambuf_iterator<char>(File), {}};
}

static std::string resolvedPath(const std::string &Path) {
  char *Resolved = realpath(Path.c_str(), nullptr);
  std::string Result = Resolved ? Resolved : "";
  std::free(Resolved);
  return Result;
}

MainProgram findProgram(const Host &Qemu, const qemu_plugin_insn *Instruction) {
  if (Qemu.Functions.PathToBinary && Qemu.Functions.StartCode &&
      Qemu.Functions.EndCode) {
    MainProgram Program;
    const char *Path = Qemu.Functions.PathToBinary();
    if (!Path)
      return Program;
    Program.Path = Path;
    std::free(const_cast<char *>(Path));
    const GuestAddr Start = Qemu.Functions.StartCode();
    if (std::optional<GuestElf> Elf = GuestElf::read(Program.Path);
        Elf && Start != 0)
      place(Program, *Elf, Start);
    else {
      // Not readable as ELF any more; QEMU still knows where the code is.
      Program.CodeStart = Start;
      Program.CodeEnd = Qemu.Functions.EndCode();
    }
    return Program;
  }

  const auto HostAddress =
      reinterpret_cast<uintptr_t>(qemu_plugin_insn_haddr(Instruction));
  if (HostAddress == 0)
    return {};
  std::vector<std::string> Arguments;
  std::istringstream CommandLine(textOf("/proc/self/cmdline"));
  for (std::string Argument; std::getline(CommandLine, Argument, '\0');)
    Arguments.push_back(Argument);
  return findMapped(Arguments, textOf("/proc/self/maps"),
                    HostAddress - qemu_plugin_insn_vaddr(Instruction),
                    GuestElf::read, resolvedPath);
}

} // namespace mcad::qemu
