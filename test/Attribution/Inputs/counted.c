/* test/Attribution/Inputs/counted.c: calls what counted.S counts, and has one
 * function of its own, whose hot line is in another one that is inlined. No
 * loop is unrolled: each call has one place.
 *
 * Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
 * See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 */
void outer(void);

static inline __attribute__((always_inline)) unsigned mix(unsigned Value,
                                                          unsigned I) {
  return (Value ^ I) * 0x9e3779b1u; /* the hot line */
}

__attribute__((noipa)) unsigned hash(unsigned Rounds) {
  unsigned Value = 1;
#pragma GCC unroll 1
  for (unsigned I = 0; I != Rounds; ++I)
    Value = mix(Value, I); /* where it is inlined */
  return Value;
}

int main(void) {
  volatile unsigned Value = 0;
#pragma GCC unroll 1
  for (int I = 0; I != 7; ++I)
    outer();
#pragma GCC unroll 1
  for (int I = 0; I != 3; ++I)
    Value ^= hash(1000);
  return 0;
}
