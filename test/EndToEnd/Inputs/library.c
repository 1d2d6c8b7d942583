/* test/EndToEnd/Inputs/library.c: loaded by loads-later.c as it runs, once as
 * each of two libraries.
 *
 * Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
 * See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 */
int NAME(int A) {
  for (int I = 0; I != 1000; ++I)
    A = A * 5 + I;
  return A;
}
