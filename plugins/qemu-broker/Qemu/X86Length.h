//===- Qemu/X86Length.h - how long an x86 instruction is ------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The length of an x86 instruction from its bytes, for one question only: did
/// QEMU 7.2 show a whole instruction? (See BlockReader.h.) Opcodes that do not
/// exist get some length; nothing depends on it.
///
/// Tested by unittests/Relay/X86LengthTest.cpp. Source: Intel 64 and IA-32
/// Architectures Software Developer's Manual, volume 2, chapter 2 and
/// appendix A.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_QEMU_X86LENGTH_H
#define MCAD_QEMU_X86LENGTH_H

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace mcad::qemu {

enum class X86Mode : uint8_t { Bits32, Bits64 };

/// Bytes of the instruction that \p Code begins with; none if \p Code ends
/// before it is known. May be more than \p Code has.
std::optional<size_t> x86Length(std::span<const uint8_t> Code, X86Mode Mode);

} // namespace mcad::qemu

#endif // MCAD_QEMU_X86LENGTH_H
