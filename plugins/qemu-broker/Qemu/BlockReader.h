//===- Qemu/BlockReader.h - a translated block, mended --------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Reads a block out of QEMU's translation, and mends what QEMU 7.2 gets wrong:
/// an instruction that crosses a page arrives truncated there. Its true length
/// is the distance to the next instruction, its bytes are in the guest's
/// memory. The last instruction of a block has no next one: an x86 one that may
/// be truncated is sent with as many bytes as an instruction can have, and the
/// decoder decides (OpenEnd).
///
/// Tested by test/Guests through the relay: a real QEMU is needed.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_QEMU_BLOCKREADER_H
#define MCAD_QEMU_BLOCKREADER_H

#include "BlockTable.h"
#include "QemuPlugin.h"
#include <string_view>

namespace mcad::qemu {

class BlockReader {
public:
  enum class Family : uint8_t { Other, X86, Arm };

private:
  const Host &Qemu;
  const Family Guest;

  void appendInstruction(TranslatedBlock &Block, const qemu_plugin_insn *Insn,
                         const qemu_plugin_insn *Next) const;

public:
  /// \p GuestArch: as QEMU names its target.
  BlockReader(const Host &Qemu, std::string_view GuestArch);

  Family family() const { return Guest; }

  /// The block's address, sizes and bytes; for Family::Arm, the caller decides
  /// on the state.
  TranslatedBlock read(const qemu_plugin_tb *Block) const;
};

} // namespace mcad::qemu

#endif // MCAD_QEMU_BLOCKREADER_H
