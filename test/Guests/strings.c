/* test/Guests/strings.c: x86's string instructions with rep, which QEMU runs as
 * one execution of a block per iteration.
 *
 * Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
 * See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 */
#include <stddef.h>
#include <stdio.h>

static void copy(void *To, const void *From, size_t Bytes) {
  __asm__ volatile("rep movsb"
                   : "+D"(To), "+S"(From), "+c"(Bytes)
                   :
                   : "memory");
}

static void fill(void *To, char Value, size_t Bytes) {
  __asm__ volatile("rep stosb" : "+D"(To), "+c"(Bytes) : "a"(Value) : "memory");
}

/* Bytes that are equal before the first that is not. */
static size_t equalBytes(const char *Left, const char *Right, size_t Bytes) {
  size_t Rest = Bytes;
  unsigned char Equal;
  __asm__ volatile("cmpb %%al, %%al\n\trepe cmpsb\n\tsete %0"
                   : "=r"(Equal), "+D"(Left), "+S"(Right), "+c"(Rest)
                   :
                   : "memory", "cc");
  return Equal ? Bytes : Bytes - Rest - 1;
}

int main(void) {
  static char From[777], To[777];
  fill(From, 'x', sizeof(From));
  copy(To, From, sizeof(To));
  copy(To, From, 0);
  To[500] = 'y';
  const size_t Equal = equalBytes(From, To, sizeof(From));
  printf("%zu equal\n", Equal);
  return Equal == 500 ? 0 : 1;
}
