//===- ticks.cpp - a guest that signals interrupt all the time ------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Calls a function again and again until a timer has interrupted it 20 times.
///
//===----------------------------------------------------------------------===//

#include <csignal>
#include <cstdio>
#include <sys/time.h>

static volatile std::sig_atomic_t Ticks;
static volatile double Sum;

[[gnu::noinline]] static void add(int N) {
  // Long enough that most signals come while it loops, behind a return.
  for (int I = 0; I != N; ++I)
    Sum = Sum + I;
}

int main() {
  std::signal(SIGALRM, [](int) { Ticks = Ticks + 1; });
  const itimerval Often = {{0, 2000}, {0, 2000}};
  ::setitimer(ITIMER_REAL, &Often, nullptr);
  while (Ticks < 20)
    add(1000);
  std::puts("ticked");
  return 0;
}
