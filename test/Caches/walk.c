/* test/Caches/walk.c: walks over memory in the classic ways, as many rounds as
 * its argument says: what cachegrind.test simulates twice.
 *
 * Static arrays in a program that is linked statically and at a fixed address:
 * both simulators see the same addresses. Loops keep their state in registers.
 *
 * Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
 * See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 */
#include <stdint.h>
#include <stdlib.h>

enum { Words = 1 << 18 }; // 1 MiB of 4-byte words
static uint32_t Stream[Words] __attribute__((aligned(4096)));
static uint32_t Chain[Words / 4] __attribute__((aligned(4096)));
static struct {
  char Odd;
  uint64_t Straddles[4096];
} __attribute__((packed, aligned(4096))) Packed;

static uint32_t walk(void) {
  uint32_t Sum = 0;
  // A stream, a stride of two lines, columns of a matrix of 1024 rows.
  for (unsigned I = 0; I != Words; ++I)
    Sum += Stream[I];
  for (unsigned I = 0; I < Words; I += 32)
    Stream[I] = Sum + I;
  for (unsigned Column = 0; Column != 16; ++Column)
    for (unsigned Row = 0; Row != 256; ++Row)
      Sum += Stream[Row * 1024 + Column];
  // At random, half of it stores.
  for (unsigned I = 0, At = 1; I != 60000; ++I) {
    At = At * 1664525 + 1013904223;
    if (At & 1024)
      Stream[At >> 14] += I;
    else
      Sum ^= Stream[At >> 14];
  }
  // From pointer to pointer.
  for (unsigned I = 0, At = 0; I != 100000; ++I)
    Sum += At = Chain[At];
  // Words of 8 bytes, some of which lie in two lines.
  for (unsigned I = 0; I != 4096; ++I)
    Packed.Straddles[I] += Sum;
  return Sum;
}

int main(int Argc, char **Argv) {
  uint32_t Sum = 0;
  // One cycle through all of it, in an order that no prefetcher knows.
  const unsigned Length = Words / 4;
  for (unsigned I = 0; I != Length; ++I)
    Chain[I] = (I * 1664525 + 12345) % Length;
  for (int Rounds = Argc > 1 ? atoi(Argv[1]) : 1; Rounds > 0; --Rounds)
    Sum += walk();
  return Sum == 1;
}
