//===- ticks.cpp - a guest that signals interrupt all the time ------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Calls a function again and again until a timer has interrupted it 20 times;
/// then, until it has 20 times more, functions of an instruction or two: nearly
/// all that is executed there ends its block with a jump to an address from
/// memory or a register; and waits for it 20 times.
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

extern "C" {
void land() {}
void (*volatile Landing)() = land;
void hop();
void skip();
void rest();
}
asm(R"(
        .text
        .type   hop, @function
hop:    jmp     *Landing(%rip)
        .size   hop, . - hop
        .type   skip, @function
skip:   lea     hop(%rip), %rax
        jmp     *%rax
        .size   skip, . - skip
        .type   rest, @function
rest:   mov     $34, %eax       # pause
        syscall
        ret
        .size   rest, . - rest
)");
static void (*volatile Start)() = skip;

int main() {
  std::signal(SIGALRM, [](int) { Ticks = Ticks + 1; });
  const itimerval Often = {{0, 2000}, {0, 2000}};
  ::setitimer(ITIMER_REAL, &Often, nullptr);
  while (Ticks < 20)
    add(1000);
  while (Ticks < 40)
    Start();
  while (Ticks < 60)
    rest();
  std::puts("ticked");
  return 0;
}
