// Regions of every kind, left in every way. check-regions.py knows how often.
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "mcad/mcad.h"
#include <csetjmp>
#include <cstdlib>
#include <pthread.h>

namespace {

std::jmp_buf Back;
volatile int Sum;

[[gnu::noinline]] void work(int Count) {
  for (int I = 0; I < Count; ++I)
    Sum = Sum + I;
}

[[gnu::noinline]] int fibonacci(int N) {
  return N < 2 ? N : fibonacci(N - 1) + fibonacci(N - 2);
}

// Entered anew by each call of itself.
[[gnu::noinline]] void descend(int N) {
  MCAD_REGION_BEGIN("recursive");
  if (N > 0)
    descend(N - 1);
  work(3);
  MCAD_REGION_END("recursive");
}

[[gnu::noinline]] void jumpsOut() {
  MCAD_REGION_BEGIN("left by longjmp");
  work(5);
  std::longjmp(Back, 1);
}

[[gnu::noinline]] void throwsOut() {
  MCAD_REGION_BEGIN("left by exception");
  work(5);
  throw 1;
}

[[gnu::noinline]] void returnsEarly(int N) {
  MCAD_REGION_BEGIN("left by return");
  work(2);
  if (N & 1)
    return;
  work(2);
  MCAD_REGION_END("left by return");
}

[[gnu::noinline]] void *thread(void *) {
  for (int I = 0; I < 5; ++I) {
    MCAD_REGION_BEGIN("in threads");
    work(10);
    MCAD_REGION_END("in threads");
  }
  return nullptr;
}

// One block and no branch but the return.
[[gnu::noinline]] int straight(int N) {
  return (N * 3 + Sum) * (N - 5) + (N ^ Sum) * N;
}

[[gnu::noinline]] void lines() {
  work(1);
  for (int I = 0; I < 4; ++I) // The first of the lines.
    work(6);                  // The last of the lines.
  work(1);
}

} // namespace

extern "C" [[gnu::noinline, gnu::used]] void never_called() { Sum = 0; }

int main() {
  for (int I = 0; I < 10; ++I) {
    MCAD_REGION_BEGIN("loop");
    work(I);
    MCAD_REGION_END("loop");
  }
  for (volatile int I = 0; I < 3; I = I + 1)
    if (!setjmp(Back))
      jumpsOut();
  for (int I = 0; I < 2; ++I)
    try {
      throwsOut();
    } catch (int) {
    }
  for (int I = 0; I < 6; ++I)
    returnsEarly(I);
  descend(7);
  fibonacci(8);
  lines();
  for (int I = 0; I < 7; ++I)
    Sum = straight(I);

  MCAD_REGION_BEGIN("outer");
  work(1);
  MCAD_REGION_BEGIN("inner");
  work(2);
  MCAD_REGION_END("inner");
  MCAD_REGION_BEGIN("overlapping");
  work(3);
  MCAD_REGION_END("outer");
  work(4);
  MCAD_REGION_END("overlapping");

  pthread_t Threads[3];
  for (pthread_t &T : Threads)
    pthread_create(&T, nullptr, thread, nullptr);
  for (pthread_t &T : Threads)
    pthread_join(T, nullptr);

  MCAD_REGION_BEGIN("never left");
  work(1);
  std::exit(0);
}
