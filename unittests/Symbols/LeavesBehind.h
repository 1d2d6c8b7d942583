//===- LeavesBehind.h - memory that nobody gives back ---------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef MCAD_UNITTESTS_SYMBOLS_LEAVESBEHIND_H
#define MCAD_UNITTESTS_SYMBOLS_LEAVESBEHIND_H

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#endif

namespace mcad::test {

/// While it lives, what is allocated is no leak: where LLVM crashes,
/// readGuarded() leaves what it had allocated as it is.
class LeavesBehind {
#ifdef __SANITIZE_ADDRESS__
  __lsan::ScopedDisabler Scope;
#endif

public:
  LeavesBehind() {}
};

} // namespace mcad::test

#endif // MCAD_UNITTESTS_SYMBOLS_LEAVESBEHIND_H
