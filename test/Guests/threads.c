/* test/Guests/threads.c: threads that start, work and end, some at a time and
 * some after others, so that QEMU uses the indices of ended ones again. Its
 * argument is how many there are at a time: 4, at most 1024.
 *
 * Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
 * See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static atomic_uint_fast32_t Sum;

static void *work(void *Argument) {
  const uintptr_t Rounds = (uintptr_t)Argument;
  volatile uint32_t Value = 1;
  for (uintptr_t I = 0; I != Rounds; ++I)
    Value = Value * 3 + 1;
  atomic_fetch_add(&Sum, (uint32_t)Rounds);
  return NULL;
}

int main(int Count, char **Words) {
  enum { Most = 1024 };
  pthread_t Threads[Most];
  const uintptr_t AtOnce = Count > 1 ? strtoul(Words[1], NULL, 10) : 4;
  if (AtOnce == 0 || AtOnce > Most)
    return 1;
  for (int Wave = 0; Wave != 3; ++Wave) {
    for (uintptr_t I = 0; I != AtOnce; ++I)
      if (pthread_create(&Threads[I], NULL, work, (void *)(1000 * (I + 1))))
        return 1;
    for (uintptr_t I = 0; I != AtOnce; ++I)
      pthread_join(Threads[I], NULL);
  }
  printf("%u\n", (unsigned)Sum);
  return Sum == 1500 * AtOnce * (AtOnce + 1) ? 0 : 1;
}
