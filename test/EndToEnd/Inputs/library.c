//===- library.c - a library loaded later ---------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

/* Loaded by loads-later.c as it runs, once as each of two libraries. */
int NAME(int A) {
  for (int I = 0; I != 1000; ++I)
    A = A * 5 + I;
  return A;
}
