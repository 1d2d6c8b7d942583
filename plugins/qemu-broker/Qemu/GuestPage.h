//===- Qemu/GuestPage.h - the guests' smallest page -----------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Where QEMU 7.2 shows instructions wrongly; see BlockReader.h.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_QEMU_GUESTPAGE_H
#define MCAD_QEMU_GUESTPAGE_H

#include "mcad/Event.h"

namespace mcad::qemu {

/// Of x86 and of ARM under Linux.
inline constexpr GuestAddr GuestPageBytes = 4096;

} // namespace mcad::qemu

#endif // MCAD_QEMU_GUESTPAGE_H
