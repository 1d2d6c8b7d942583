//===- busy-abort.cpp - a guest that aborts while a thread computes -------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// One thread computes for ever; another sends the process a signal that does
/// nothing, and then one that ends it.
///
//===----------------------------------------------------------------------===//

#include <csignal>
#include <cstdlib>
#include <thread>
#include <unistd.h>

static volatile double Sum;

int main() {
  std::thread([] {
    for (;;)
      Sum = Sum + 1;
  }).detach();
  std::signal(SIGUSR1, SIG_IGN);
  for (int I = 0; I != 3; ++I)
    ::kill(::getpid(), SIGUSR1);
  std::abort();
}
