/* test/Report/Inputs/changes.c: main calls four functions in turn. -DUNROLL
 * unrolls the loop of sum, -DSHIFT makes a shift of the division in scale; all
 * else is the same, at the same addresses with -falign-functions=512.
 *
 * Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
 * See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 */
#define FUNCTION __attribute__((noipa))

enum { Count = 256 };
static unsigned Numbers[Count];

FUNCTION unsigned sum(const unsigned *Of, unsigned N) {
  unsigned Sum = 0;
#ifdef UNROLL
#pragma GCC unroll 8
#else
#pragma GCC unroll 1
#endif
  for (unsigned I = 0; I != N; ++I)
    Sum += Of[I];
  return Sum;
}

FUNCTION unsigned scale(unsigned Value, unsigned By, unsigned Shift) {
  unsigned Sum = 0;
#pragma GCC unroll 1
  for (unsigned I = 0; I != 64; ++I)
#ifdef SHIFT
    Sum = (Sum + Value) >> Shift;
#else
    Sum = (Sum + Value) / By;
#endif
  return Sum + By - (1u << Shift);
}

FUNCTION void fill(unsigned *To, unsigned N, unsigned Seed) {
#pragma GCC unroll 1
  for (unsigned I = 0; I != N; ++I)
    To[I] = Seed = Seed * 1664525u + 1013904223u;
}

FUNCTION unsigned mix(unsigned Value) {
#pragma GCC unroll 1
  for (unsigned I = 0; I != 100; ++I)
    Value = (Value ^ I) * 0x9e3779b1u;
  return Value;
}

int main(void) {
  unsigned Result = 1;
#pragma GCC unroll 1
  for (unsigned I = 0; I != 50; ++I) {
    fill(Numbers, Count, Result);
    Result = mix(Result);
    Result += sum(Numbers, Count);
    Result = mix(Result);
    Result += scale(Result, 8, 3);
  }
  return Result == 42;
}
