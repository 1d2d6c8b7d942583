//===- Qemu/CpsrReader.cpp - the CPU's word on ARM or Thumb ---------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Calls the register functions as API 2 to 7 declare them.
///
//===----------------------------------------------------------------------===//
#include "CpsrReader.h"
#include <cstring>

namespace mcad::qemu {

// GLib's GArray and GByteArray begin with these two members, and QEMU's
// descriptor of a register with these two; later versions append to it.
struct ArrayHead {
  char *Data;
  unsigned Length;
};
struct RegisterDescriptor {
  void *Handle;
  const char *Name;
};

std::optional<bool> CpsrReader::isThumb() {
  const HostFunctions &F = Qemu.Functions;
  if (!F.GetRegisters || !F.ReadRegister || !F.ByteArrayNew ||
      !F.ByteArrayFree || !F.ArrayFree || !F.ArrayElementSize)
    return std::nullopt;
  if (!Register) {
    void *Array = F.GetRegisters();
    if (!Array)
      return std::nullopt;
    const auto *Head = static_cast<const ArrayHead *>(Array);
    for (unsigned I = 0; I != Head->Length; ++I) {
      RegisterDescriptor Each;
      std::memcpy(&Each, Head->Data + size_t(I) * F.ArrayElementSize(Array),
                  sizeof(Each));
      if (Each.Name && std::strcmp(Each.Name, "cpsr") == 0)
        Register = Each.Handle;
    }
    F.ArrayFree(Array, /*free_segment=*/1);
    if (!Register)
      return std::nullopt;
  }
  void *Value = F.ByteArrayNew();
  // Before API 6 the result is the number of bytes, -1 for failure; since then
  // whether it worked. The array's length tells either way.
  if (Qemu.Api >= api::BoolRegisterResult)
    reinterpret_cast<bool (*)(void *, void *)>(F.ReadRegister)(Register, Value);
  else
    reinterpret_cast<int (*)(void *, void *)>(F.ReadRegister)(Register, Value);
  const auto *Head = static_cast<const ArrayHead *>(Value);
  std::optional<bool> Thumb;
  if (Head->Length >= 1)
    Thumb = (Head->Data[0] & 1 << 5) != 0; // Little-endian; T is bit 5.
  F.ByteArrayFree(Value, /*free_segment=*/1);
  return Thumb;
}

} // namespace mcad::qemu
