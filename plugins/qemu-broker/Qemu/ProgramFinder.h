//===- Qemu/ProgramFinder.h - which program this is -----------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Finds the main executable and where its code lies: from QEMU where it says
/// so, else from the process: the file on QEMU's command line that is mapped
/// into the guest (QEMU 10.0's user mode lacks the functions to ask).
///
/// Tested by unittests/Relay/ProgramFinderTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_QEMU_PROGRAMFINDER_H
#define MCAD_QEMU_PROGRAMFINDER_H

#include "GuestElf.h"
#include "MessageWriter.h"
#include "QemuPlugin.h"
#include <functional>

namespace mcad::qemu {

/// Asks QEMU or the process. Call it at the first translation or later, with
/// an instruction of it. Unknown in system mode.
MainProgram findProgram(const Host &Qemu, const qemu_plugin_insn *Instruction);

/// The second way: the first of \p Arguments whose file is in \p Maps (the text
/// of /proc/self/maps). \p GuestBase is the host address of the guest's 0;
/// \p ReadElf reads the file at a path, \p Resolve makes a path absolute.
MainProgram findMapped(
    const std::vector<std::string> &Arguments, const std::string &Maps,
    uint64_t GuestBase,
    const std::function<std::optional<GuestElf>(const std::string &)> &ReadElf,
    const std::function<std::string(const std::string &)> &Resolve);

} // namespace mcad::qemu

#endif // MCAD_QEMU_PROGRAMFINDER_H
