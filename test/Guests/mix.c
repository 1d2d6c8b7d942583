/* test/Guests/mix.c: recursion, loops, copies, 64-bit and floating-point
 * arithmetic: code of every common kind, with a result that any target must
 * agree on.
 *
 * Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
 * See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned fibonacci(unsigned N) {
  return N < 2 ? N : fibonacci(N - 1) + fibonacci(N - 2);
}

static int compare(const void *Left, const void *Right) {
  const uint32_t L = *(const uint32_t *)Left, R = *(const uint32_t *)Right;
  return (L > R) - (L < R);
}

int main(void) {
  enum { Count = 1000 };
  static uint32_t Numbers[Count], Copy[Count];
  static double A[12][12], B[12][12], C[12][12];

  uint64_t Hash = 0xcbf29ce484222325u;
  uint32_t Seed = 7;
  for (int I = 0; I != Count; ++I) {
    Seed = Seed * 1664525u + 1013904223u;
    Numbers[I] = Seed >> 3;
  }
  memcpy(Copy, Numbers, sizeof(Copy));
  memmove(Copy + 1, Copy, sizeof(Copy) - sizeof(Copy[0]));
  qsort(Numbers, Count, sizeof(Numbers[0]), compare);
  for (int I = 0; I != Count; ++I)
    Hash = (Hash ^ Numbers[I] ^ Copy[I] % 1000u) * 0x100000001b3u;

  for (int I = 0; I != 12; ++I)
    for (int J = 0; J != 12; ++J) {
      A[I][J] = I + 2 * J;
      B[I][J] = I - J;
    }
  for (int I = 0; I != 12; ++I)
    for (int J = 0; J != 12; ++J)
      for (int K = 0; K != 12; ++K)
        C[I][J] += A[I][K] * B[K][J];

  char Text[64];
  snprintf(Text, sizeof(Text), "%u %016llx %.1f", fibonacci(18),
           (unsigned long long)Hash, C[11][3]);
  puts(Text);
  return strcmp(Text, "2584 8a9ff0a139198665 946.0") == 0 ? 0 : 1;
}
