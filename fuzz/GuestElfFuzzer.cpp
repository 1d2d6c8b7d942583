//===- GuestElfFuzzer.cpp - any bytes as a file that a guest maps ---------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What the relay reads of an ELF file, within QEMU: whatever the bytes are, it
/// is what the receiver takes in Hello and Images.
///
//===----------------------------------------------------------------------===//

#include "GuestElf.h"
#include "Require.h"
#include <cstddef>

using namespace mcad::qemu;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  const std::optional<GuestElf> Elf = GuestElf::parse({Data, Size});
  if (!Elf)
    return 0;
  require(Elf->CodeStart <= Elf->CodeEnd);
  require(Elf->BuildId.size() <= 256);
  for (const GuestElf::Segment &S : Elf->Segments)
    require(S.Size != 0);
  return 0;
}
