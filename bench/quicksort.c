/* bench/quicksort.c: an integer program with branches that do not predict and
 * memory that is written: sorts pseudo-random numbers, checks the order.
 *
 * Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
 * See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static void sort(uint32_t *First, uint32_t *Last) {
  while (Last - First > 1) {
    const uint32_t Pivot = First[(Last - First) / 2];
    uint32_t *Low = First, *High = Last - 1;
    while (Low <= High) {
      while (*Low < Pivot)
        ++Low;
      while (*High > Pivot)
        --High;
      if (Low <= High) {
        const uint32_t Swapped = *Low;
        *Low++ = *High;
        *High-- = Swapped;
      }
    }
    sort(First, High + 1);
    First = Low;
  }
}

int main(int Count, char **Arguments) {
  const size_t Numbers =
      Count > 1 ? (size_t)strtoull(Arguments[1], NULL, 10) : 2000000;
  uint32_t *Values = malloc(Numbers * sizeof(*Values));
  if (!Values)
    return 1;
  uint32_t Seed = 1;
  for (size_t I = 0; I != Numbers; ++I) {
    Seed = Seed * 1664525u + 1013904223u;
    Values[I] = Seed;
  }
  sort(Values, Values + Numbers);
  for (size_t I = 1; I < Numbers; ++I)
    if (Values[I - 1] > Values[I])
      return 2;
  printf("%zu numbers sorted\n", Numbers);
  free(Values);
  return 0;
}
