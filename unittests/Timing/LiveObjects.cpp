//===- LiveObjects.cpp - how much is alive -------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "LiveObjects.h"
#include <atomic>
#include <cstdlib>
#include <new>

static std::atomic<int64_t> Live{0};

int64_t mcad::test::liveObjects() { return Live; }

void *operator new(size_t Size) {
  void *Object = std::malloc(Size ? Size : 1);
  if (!Object)
    std::abort();
  ++Live;
  return Object;
}

void operator delete(void *Object) noexcept {
  if (Object)
    --Live;
  std::free(Object);
}

void operator delete(void *Object, size_t) noexcept { operator delete(Object); }
