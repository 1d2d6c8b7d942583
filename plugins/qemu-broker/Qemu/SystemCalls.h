//===- Qemu/SystemCalls.h - the calls that the relay must know of ---------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The system calls of a Linux guest after which the relay may have no more
/// word: those that make another program of the process, and those that send a
/// signal which ends it; QEMU 7.2 tells a plugin of neither. And those that put
/// something else where code may have been.
///
/// Tested by unittests/Relay/SystemCallsTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_QEMU_SYSTEMCALLS_H
#define MCAD_QEMU_SYSTEMCALLS_H

#include "mcad_generated.h"
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace mcad::qemu {

/// The numbers of one architecture (Linux, arch/*/ or
/// include/uapi/asm-generic/unistd.h).
struct SystemCalls {
  int64_t Execve = -1, Execveat = -1;
  int64_t Kill = -1, Tkill = -1, Tgkill = -1;
  /// Mmap: the one that takes its arguments in registers.
  int64_t Mmap = -1, Munmap = -1, Mremap = -1;

  /// Of a guest that QEMU calls \p GuestArch; where they are not known here,
  /// no call is any of these.
  static SystemCalls of(std::string_view GuestArch);

  /// What the process may end by in this call; none if it goes on.
  std::optional<wire::EndReason> end(int64_t Number,
                                     std::array<uint64_t, 3> Arguments) const;

  struct Range {
    uint64_t Start, SizeBytes;
    bool operator==(const Range &Other) const = default;
  };
  /// The memory in which, after this call, there may be something else.
  std::optional<Range> replaced(int64_t Number,
                                std::array<uint64_t, 3> Arguments) const;
};

} // namespace mcad::qemu

#endif // MCAD_QEMU_SYSTEMCALLS_H
