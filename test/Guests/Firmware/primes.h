//===- test/Guests/Firmware/primes.h - work with a known result -----------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What the firmwares compute while interrupts come: how many primes there are
/// below some number. Everybody knows: 168 below 1000, 303 below 2000.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TEST_GUESTS_FIRMWARE_PRIMES_H
#define MCAD_TEST_GUESTS_FIRMWARE_PRIMES_H

/// The primes of [First, End).
__attribute__((noinline, noclone)) static unsigned countPrimes(unsigned First,
                                                               unsigned End) {
  unsigned Found = 0;
  for (unsigned N = First; N < End; ++N) {
    unsigned Divisor = 2;
    while (Divisor * Divisor <= N && N % Divisor != 0)
      ++Divisor;
    Found += N >= 2 && Divisor * Divisor > N;
  }
  return Found;
}

#endif // MCAD_TEST_GUESTS_FIRMWARE_PRIMES_H
