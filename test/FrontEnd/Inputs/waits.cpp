//===- waits.cpp - a guest that is interrupted ----------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Prints a line and counts for a while; its word says what an interrupt does:
/// "die", "leave" with exit status 5, or "ignore".
///
//===----------------------------------------------------------------------===//

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

static volatile std::sig_atomic_t WasInterrupted;

int main(int NumArgs, char **Args) {
  if (NumArgs != 3)
    return 2;
  if (!std::strcmp(Args[1], "leave"))
    std::signal(SIGINT, [](int) { WasInterrupted = 1; });
  if (!std::strcmp(Args[1], "ignore"))
    std::signal(SIGINT, SIG_IGN);
  std::puts("running");
  std::fflush(stdout);
  for (int Left = std::atoi(Args[2]); Left && !WasInterrupted; --Left)
    for (volatile int I = 0; I != 1000000; ++I)
      ;
  std::puts(WasInterrupted ? "leaving" : "done");
  return WasInterrupted ? 5 : 0;
}
