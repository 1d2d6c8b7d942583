//===- LiveObjects.h - how much is alive ---------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Counts the objects of operator new: LLVM's entry stage makes one for each
/// instruction in flight, which cannot be asked for in any other way.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_UNITTESTS_TIMING_LIVEOBJECTS_H
#define MCAD_UNITTESTS_TIMING_LIVEOBJECTS_H

#include <cstdint>

namespace mcad::test {

/// Objects of operator new that are alive in this process.
int64_t liveObjects();

} // namespace mcad::test

#endif // MCAD_UNITTESTS_TIMING_LIVEOBJECTS_H
