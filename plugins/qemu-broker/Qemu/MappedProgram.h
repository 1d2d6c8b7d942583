//===- Qemu/MappedProgram.h - where a guest's code lies -------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Puts the facts of an executable's file together with where it was loaded.
///
/// Tested by unittests/Relay/MappedProgramTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_QEMU_MAPPEDPROGRAM_H
#define MCAD_QEMU_MAPPEDPROGRAM_H

#include "GuestElf.h"
#include "MessageWriter.h"
#include <functional>

namespace mcad::qemu {

/// Fills all of \p Program but its path: its code was loaded at \p CodeStart.
void place(MainProgram &Program, const GuestElf &Elf, GuestAddr CodeStart);

/// The first of QEMU's \p Arguments whose file is in \p Maps (the text
/// of /proc/self/maps); its path is as given, which is what a QEMU says that
/// tells it. \p GuestBase is the host address of the guest's 0;
/// \p ReadElf reads the file at a path, \p Resolve makes a path absolute.
MainProgram findMapped(
    const std::vector<std::string> &Arguments, const std::string &Maps,
    uint64_t GuestBase,
    const std::function<std::optional<GuestElf>(const std::string &)> &ReadElf,
    const std::function<std::string(const std::string &)> &Resolve);

/// The host address of the guest's 0, from where the file of \p Program, at
/// \p Path, lies in \p Maps: for a QEMU that does not tell where an instruction
/// is.
std::optional<uint64_t> guestBaseOf(const MainProgram &Program,
                                    const GuestElf &Elf,
                                    const std::string &Path,
                                    const std::string &Maps);

} // namespace mcad::qemu

#endif // MCAD_QEMU_MAPPEDPROGRAM_H
