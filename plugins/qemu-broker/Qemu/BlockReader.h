//===- Qemu/BlockReader.h - a translated block, mended --------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Reads a block out of QEMU's translation, and mends what QEMU 7.2 shows
/// wrongly at the end of a page:
///
///   - x86: an instruction that would cross the page, and is not the block's
///     first, ends the block before it; yet the plugin is shown the bytes that
///     were read of it, as the last instruction. It is not executed: dropped.
///   - Thumb: QEMU looks at the halfword behind the last instruction, to see
///     whether the next would cross, and shows it as part of the last one. Cut
///     off once the state is known; while it is not, the block has an open end.
///   - RISC-V: QEMU translates on behind `wfi`, but leaves the block there,
///     always, and goes on with a new one. What stands behind it is dropped.
///
/// Where an instruction's length differs from the distance to the next one, the
/// distance holds and the bytes come from the guest's memory.
///
/// Tested through real guests (test/): a real QEMU is needed.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_QEMU_BLOCKREADER_H
#define MCAD_QEMU_BLOCKREADER_H

#include "BlockTable.h"
#include "QemuPlugin.h"
#include "X86Code.h"
#include <string_view>

namespace mcad::qemu {

class BlockReader {
public:
  enum class Family : uint8_t { Other, X86, Arm, RiscV };

  /// \p GuestArch: as QEMU names its target.
  BlockReader(const Host &Qemu, std::string_view GuestArch);

  Family family() const { return Guest; }

  /// The block's address, sizes and bytes. It may have fewer instructions than
  /// \p Block. For Family::Arm the state is the caller's to find.
  TranslatedBlock read(const qemu_plugin_tb *Block) const;

  /// Of the last instruction of \p Block, which is not empty.
  LastAccess lastAccess(const TranslatedBlock &Block) const;

private:
  const Host &Qemu;
  const Family Guest;
  const X86Mode Mode;

  /// The longest instruction of x86, and of any other target of QEMU's.
  static constexpr size_t LongestInstruction = 15;
  struct Instruction {
    uint8_t Bytes[LongestInstruction];
    size_t Size = 0;
  };

  Instruction readOne(const qemu_plugin_insn *Insn,
                      const qemu_plugin_insn *Next) const;
  bool isCutOff(const qemu_plugin_insn *Insn) const;
};

} // namespace mcad::qemu

#endif // MCAD_QEMU_BLOCKREADER_H
