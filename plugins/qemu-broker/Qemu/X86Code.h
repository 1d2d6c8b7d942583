//===- Qemu/X86Code.h - what the relay must know of x86 code --------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Answers two questions from an x86 instruction's bytes: did QEMU 7.2 show a
/// whole instruction (see BlockReader.h), and is an access the instruction's
/// own (see AccessSite.h)?
///
/// Tested by unittests/Relay/X86CodeTest.cpp. Source: Intel 64 and IA-32
/// Architectures Software Developer's Manual, volume 2, chapter 2 and
/// appendix A.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_QEMU_X86CODE_H
#define MCAD_QEMU_X86CODE_H

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace mcad::qemu {

enum class X86Mode : uint8_t { Bits32, Bits64 };

/// Bytes of the instruction that \p Code begins with; none if \p Code ends
/// before it is known. May be more than \p Code has. An opcode that does not
/// exist gets some length; nothing depends on it.
std::optional<size_t> x86Length(std::span<const uint8_t> Code, X86Mode Mode);

/// The last access that an instruction makes; before a store it may load once.
enum class LastAccess : uint8_t {
  None, ///< It accesses no memory.
  Load, ///< Its only one.
  Store,
  Unknown, ///< It is no near return, and no near jump or call to where memory
           ///< or a register says.
};

/// Of the whole instruction \p Code.
LastAccess x86LastAccess(std::span<const uint8_t> Code, X86Mode Mode);

} // namespace mcad::qemu

#endif // MCAD_QEMU_X86CODE_H
