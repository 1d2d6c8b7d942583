/* test/Guests/hello_world.c: the manual's example.
 *
 * Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
 * See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 */
#include <stdio.h>

int main(void) {
  puts("Hello, world!");
  return 0;
}
