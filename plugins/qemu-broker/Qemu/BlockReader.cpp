//===- Qemu/BlockReader.cpp - a translated block, mended ------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Reads what BlockReader.h describes.
///
//===----------------------------------------------------------------------===//
#include "BlockReader.h"
#include <algorithm>
#include <sys/uio.h>
#include <unistd.h>

namespace mcad::qemu {

/// The longest instruction of x86, and of any target that QEMU has.
static constexpr size_t LongestInstruction = 15;
/// The guests' smallest page, where QEMU 7.2 truncates.
static constexpr GuestAddr PageBytes = 4096;

BlockReader::BlockReader(const Host &Qemu, std::string_view GuestArch)
    : Qemu(Qemu),
      Guest(GuestArch == "i386" || GuestArch == "x86_64" ? Family::X86
            : GuestArch == "arm"                         ? Family::Arm
                                                         : Family::Other) {}

/// Copies from this process's memory, of which any part may be unmapped;
/// returns the bytes copied. The kernel does it, so nothing can fault.
static size_t copyMapped(const void *From, uint8_t *To, size_t Size) {
  size_t Done = 0;
  while (From && Done != Size) {
    const auto At = reinterpret_cast<uintptr_t>(From) + Done;
    // Page by page: a copy that meets an unmapped page need not be partial.
    const size_t Part =
        std::min<size_t>(Size - Done, PageBytes - At % PageBytes);
    const iovec Local{To + Done, Part};
    const iovec Remote{reinterpret_cast<void *>(At), Part};
    if (process_vm_readv(getpid(), &Local, 1, &Remote, 1, 0) !=
        static_cast<ssize_t>(Part))
      break;
    Done += Part;
  }
  return Done;
}

void BlockReader::appendInstruction(TranslatedBlock &Block,
                                    const qemu_plugin_insn *Insn,
                                    const qemu_plugin_insn *Next) const {
  uint8_t Bytes[LongestInstruction];
  const GuestAddr Address = qemu_plugin_insn_vaddr(Insn);
  size_t Has = Qemu.instructionBytes(Insn, Bytes, LongestInstruction);
  size_t Size = Has;
  if (Next) {
    const GuestAddr Length = qemu_plugin_insn_vaddr(Next) - Address;
    if (Length != 0 && Length <= LongestInstruction)
      Size = Length;
  } else if (Guest == Family::X86 && (Address + Has) % PageBytes == 0) {
    Size = LongestInstruction;
    Block.OpenEnd = true;
  } else if (Has == 0) {
    // QEMU has no bytes for what it stands in for itself (a system's helper
    // page); it is executed and counted all the same.
    Size = Guest == Family::X86 ? LongestInstruction : 4;
    Block.OpenEnd = Guest == Family::X86;
  }
  if (Has < Size)
    Has = std::max(Has, copyMapped(qemu_plugin_insn_haddr(Insn), Bytes, Size));
  if (Block.OpenEnd)
    Size = std::max<size_t>(Has, 1);
  std::fill(Bytes + std::min(Has, Size), Bytes + Size, 0);
  Block.Sizes.push_back(static_cast<uint8_t>(Size));
  Block.Bytes.insert(Block.Bytes.end(), Bytes, Bytes + Size);
}

TranslatedBlock BlockReader::read(const qemu_plugin_tb *From) const {
  TranslatedBlock Block;
  Block.Address = qemu_plugin_tb_vaddr(From);
  const size_t Instructions = qemu_plugin_tb_n_insns(From);
  Block.Sizes.reserve(Instructions);
  for (size_t I = 0; I != Instructions; ++I)
    appendInstruction(
        Block, qemu_plugin_tb_get_insn(From, I),
        I + 1 != Instructions ? qemu_plugin_tb_get_insn(From, I + 1) : nullptr);
  return Block;
}

} // namespace mcad::qemu
