//===- Qemu/CpsrReader.h - the CPU's word on ARM or Thumb -----------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Asks QEMU for CPSR's Thumb bit, where QEMU has registers to ask for (API 2
/// and later) and the guest is a 32-bit ARM of the A or R profile.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_QEMU_CPSRREADER_H
#define MCAD_QEMU_CPSRREADER_H

#include "QemuPlugin.h"
#include <optional>

namespace mcad::qemu {

class CpsrReader {
  const Host &Qemu;
  void *Register = nullptr; ///< QEMU's handle; the same on every vCPU.

public:
  explicit CpsrReader(const Host &Qemu) : Qemu(Qemu) {}

  /// Whether the vCPU that is being translated for is in Thumb state. Call it
  /// from a translation callback only.
  std::optional<bool> isThumb();
};

} // namespace mcad::qemu

#endif // MCAD_QEMU_CPSRREADER_H
