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
#include "GuestPage.h"
#include "X86Code.h"
#include <algorithm>
#include <span>
#include <sys/uio.h>
#include <unistd.h>

namespace mcad::qemu {

BlockReader::BlockReader(const Host &Qemu, std::string_view GuestArch)
    : Qemu(Qemu),
      Guest(GuestArch == "i386" || GuestArch == "x86_64" ? Family::X86
            : GuestArch == "arm"                         ? Family::Arm
            : GuestArch.starts_with("riscv")             ? Family::RiscV
                                                         : Family::Other),
      Mode(GuestArch == "x86_64" ? X86Mode::Bits64 : X86Mode::Bits32) {}

/// Copies from this process's memory, of which any part may be unmapped;
/// returns the bytes copied. The kernel does it, so nothing can fault.
static size_t copyMapped(const void *From, uint8_t *To, size_t Size) {
  size_t Done = 0;
  while (From && Done != Size) {
    const auto At = reinterpret_cast<uintptr_t>(From) + Done;
    // Page by page: a copy that meets an unmapped page need not be partial.
    const size_t Part =
        std::min<size_t>(Size - Done, GuestPageBytes - At % GuestPageBytes);
    const iovec Local{To + Done, Part};
    const iovec Remote{reinterpret_cast<void *>(At), Part};
    if (process_vm_readv(getpid(), &Local, 1, &Remote, 1, 0) !=
        static_cast<ssize_t>(Part))
      break;
    Done += Part;
  }
  return Done;
}

BlockReader::Instruction
BlockReader::readOne(const qemu_plugin_insn *Insn,
                     const qemu_plugin_insn *Next) const {
  Instruction Read;
  const GuestAddr Address = qemu_plugin_insn_vaddr(Insn);
  const size_t Shown =
      Qemu.instructionBytes(Insn, Read.Bytes, LongestInstruction);
  Read.Size = Shown;
  if (Next) {
    const GuestAddr Distance = qemu_plugin_insn_vaddr(Next) - Address;
    if (Distance != 0 && Distance <= LongestInstruction)
      Read.Size = Distance;
  }
  // QEMU shows no bytes of what it stands in for itself (a system's page of
  // helpers); it is executed and counted all the same.
  if (Read.Size == 0)
    Read.Size = Guest == Family::X86 ? 1 : 4;
  if (Shown < Read.Size && copyMapped(qemu_plugin_insn_haddr(Insn), Read.Bytes,
                                      Read.Size) != Read.Size)
    std::fill(Read.Bytes + Shown, Read.Bytes + Read.Size, 0);
  return Read;
}

/// Whether \p Insn, the last but not the first of its block, crosses the page
/// and was not shown whole, which means: not translated.
bool BlockReader::isCutOff(const qemu_plugin_insn *Insn) const {
  const GuestAddr Address = qemu_plugin_insn_vaddr(Insn);
  const size_t ToPageEnd = GuestPageBytes - Address % GuestPageBytes;
  if (Guest != Family::X86 || ToPageEnd >= LongestInstruction)
    return false;
  uint8_t Bytes[LongestInstruction];
  const size_t Shown = Qemu.instructionBytes(Insn, Bytes, LongestInstruction);
  if (Shown > ToPageEnd)
    return false;
  // What was shown is what had been read before the crossing; the rest of the
  // page tells the length, or that the page is not enough.
  const size_t Mapped =
      copyMapped(qemu_plugin_insn_haddr(Insn), Bytes, ToPageEnd);
  const std::optional<size_t> Length =
      x86Length({Bytes, std::max(Shown, Mapped)}, Mode);
  return !Length || *Length > ToPageEnd;
}

/// Whether \p Bytes are RISC-V's `wfi`.
static bool isRiscVWait(std::span<const uint8_t> Bytes) {
  constexpr uint8_t Wait[] = {0x73, 0x00, 0x50, 0x10};
  return std::ranges::equal(Bytes, Wait);
}

TranslatedBlock BlockReader::read(const qemu_plugin_tb *From) const {
  TranslatedBlock Block;
  Block.Address = qemu_plugin_tb_vaddr(From);
  size_t Count = qemu_plugin_tb_n_insns(From);
  if (Count > 1 && isCutOff(qemu_plugin_tb_get_insn(From, Count - 1)))
    --Count;
  Block.Sizes.reserve(Count);
  for (size_t I = 0; I != Count; ++I) {
    const Instruction Read = readOne(
        qemu_plugin_tb_get_insn(From, I),
        I + 1 != Count ? qemu_plugin_tb_get_insn(From, I + 1) : nullptr);
    Block.Sizes.push_back(static_cast<uint8_t>(Read.Size));
    Block.Bytes.insert(Block.Bytes.end(), Read.Bytes, Read.Bytes + Read.Size);
    if (Guest == Family::RiscV && isRiscVWait({Read.Bytes, Read.Size}))
      break;
  }
  return Block;
}

LastAccess BlockReader::lastAccess(const TranslatedBlock &Block) const {
  if (Guest != Family::X86)
    return LastAccess::Unknown;
  return x86LastAccess(std::span(Block.Bytes).last(Block.Sizes.back()), Mode);
}

} // namespace mcad::qemu
