//===- Qemu/ProgramFinder.h - which program this is -----------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Finds the main executable, where its code lies, and where the guest's memory
/// does: from QEMU where it says
/// so, else from the process: the file on QEMU's command line that is mapped
/// into the guest (QEMU 10.0's user mode lacks the functions to ask).
///
/// Tested by unittests/Relay/MappedProgramTest.cpp, as far as it needs no QEMU.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_QEMU_PROGRAMFINDER_H
#define MCAD_QEMU_PROGRAMFINDER_H

#include "MessageWriter.h"
#include "QemuPlugin.h"
#include <optional>

namespace mcad::qemu {

/// Asks QEMU or the process. Call it at the first translation or later, with
/// an instruction of it. Unknown in system mode.
MainProgram findProgram(const Host &Qemu, const qemu_plugin_insn *Instruction);

/// The host address of the guest's 0, in user mode constant for life: from
/// \p Instruction, or else from where \p Program lies. None if neither tells.
std::optional<uint64_t> findGuestBase(const qemu_plugin_insn *Instruction,
                                      const MainProgram &Program);

} // namespace mcad::qemu

#endif // MCAD_QEMU_PROGRAMFINDER_H
