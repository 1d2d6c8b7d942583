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
#include "HostMapping.h"
#include "MappedProgram.h"
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

namespace mcad::qemu {

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

static std::optional<uint64_t>
guestBaseAt(const qemu_plugin_insn *Instruction) {
  const auto HostAddress =
      reinterpret_cast<uintptr_t>(qemu_plugin_insn_haddr(Instruction));
  if (HostAddress == 0)
    return std::nullopt;
  return HostAddress - qemu_plugin_insn_vaddr(Instruction);
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

  const std::optional<uint64_t> GuestBase = guestBaseAt(Instruction);
  if (!GuestBase)
    return {};
  std::vector<std::string> Arguments;
  std::istringstream CommandLine(textOf("/proc/self/cmdline"));
  for (std::string Argument; std::getline(CommandLine, Argument, '\0');)
    Arguments.push_back(Argument);
  return findMapped(Arguments, ownMaps(), *GuestBase, GuestElf::read,
                    resolvedPath);
}

std::optional<uint64_t> findGuestBase(const qemu_plugin_insn *Instruction,
                                      const MainProgram &Program) {
  if (std::optional<uint64_t> Base = guestBaseAt(Instruction))
    return Base;
  const std::optional<GuestElf> Elf = GuestElf::read(Program.Path);
  return Elf ? guestBaseOf(Program, *Elf, resolvedPath(Program.Path), ownMaps())
             : std::nullopt;
}

} // namespace mcad::qemu
