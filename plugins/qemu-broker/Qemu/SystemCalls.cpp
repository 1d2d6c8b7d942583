//===- Qemu/SystemCalls.cpp - the calls that the relay must know of -------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "SystemCalls.h"

namespace mcad::qemu {

SystemCalls SystemCalls::of(std::string_view GuestArch) {
  if (GuestArch == "x86_64")
    return {59, 322, 62, 200, 234, 9, 11, 25};
  if (GuestArch == "i386")
    return {11, 358, 37, 238, 270, 192, 91, 163};
  if (GuestArch == "arm" || GuestArch == "armeb")
    return {11, 387, 37, 238, 268, 192, 91, 163};
  if (GuestArch == "ppc64" || GuestArch == "ppc64le")
    return {11, 362, 37, 208, 250, 90, 91, 163};
  if (GuestArch == "ppc")
    return {11, 362, 37, 208, 250, 192, 91, 163};
  if (GuestArch == "s390x")
    return {11, 354, 37, 237, 241, -1, 91, 163};
  // The numbers that all newer architectures share.
  for (std::string_view Newer : {"aarch64", "aarch64_be", "riscv32", "riscv64",
                                 "loongarch64", "hexagon"})
    if (GuestArch == Newer)
      return {221, 281, 129, 130, 131, 222, 215, 216};
  return {};
}

std::optional<wire::EndReason>
SystemCalls::end(int64_t Number, std::array<uint64_t, 3> Arguments) const {
  if (Number < 0)
    return std::nullopt;
  if (Number == Execve || Number == Execveat)
    return wire::EndReason::Exec;
  uint64_t Signal = 0;
  if (Number == Kill || Number == Tkill)
    Signal = Arguments[1];
  else if (Number == Tgkill)
    Signal = Arguments[2];
  // The numbers of Linux on every architecture.
  constexpr uint64_t Abort = 6, Kill9 = 9, Terminate = 15;
  if (Signal == Abort || Signal == Kill9 || Signal == Terminate)
    return wire::EndReason::Signal;
  return std::nullopt;
}

std::optional<SystemCalls::Range>
SystemCalls::replaced(int64_t Number, std::array<uint64_t, 3> Arguments) const {
  if (Number < 0 || !Arguments[0] ||
      (Number != Mmap && Number != Munmap && Number != Mremap))
    return std::nullopt;
  return Range{Arguments[0], Arguments[1]};
}

} // namespace mcad::qemu
