/* test/Guests/generated.c: writes code, executes it, and writes other code in its
 * place, as a just-in-time compiler does.
 *
 * Each function is: zero, so many times plus one, return. It prints how many
 * instructions it wrote and executed: `generated <from> <to> <instructions>...`,
 * the address of the code and, in hexadecimal, of its end.
 *
 * Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
 * See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#if defined(__x86_64__) || defined(__i386__)
static const uint8_t Zero[] = {0x31, 0xc0}, PlusOne[] = {0x83, 0xc0, 0x01},
                     Return[] = {0xc3};
#elif defined(__thumb__)
static const uint16_t Zero[] = {0x2000}, PlusOne[] = {0x3001}, Return[] = {0x4770};
#elif defined(__arm__)
static const uint32_t Zero[] = {0xe3a00000}, PlusOne[] = {0xe2800001},
                      Return[] = {0xe12fff1e};
#elif defined(__aarch64__)
static const uint32_t Zero[] = {0x52800000}, PlusOne[] = {0x11000400},
                      Return[] = {0xd65f03c0};
#elif defined(__powerpc64__)
static const uint32_t Zero[] = {0x38600000}, PlusOne[] = {0x38630001},
                      Return[] = {0x4e800020};
#elif defined(__riscv)
static const uint32_t Zero[] = {0x00000513}, PlusOne[] = {0x00150513},
                      Return[] = {0x00008067};
#endif

static char *append(char *To, const void *Code, size_t Size) {
  memcpy(To, Code, Size);
  return To + Size;
}

static void write(char *At, unsigned Sum) {
  char *End = append(At, Zero, sizeof(Zero));
  for (unsigned I = 0; I != Sum; ++I)
    End = append(End, PlusOne, sizeof(PlusOne));
  End = append(End, Return, sizeof(Return));
  __builtin___clear_cache(At, End);
}

static int call(char *At) {
#ifdef __thumb__
  At += 1; /* How a pointer says that it is Thumb code. */
#endif
  return ((int (*)(void))At)();
}

int main(void) {
  enum { Size = 4096, Times = 3 };
  /* Shorter, longer, and the same once more. */
  static const unsigned Sums[] = {5, 3, 40, 40, 1, 200, 7};
  char *Code = mmap(NULL, Size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                    -1, 0);
  if (Code == MAP_FAILED)
    return 1;
  printf("generated %#lx %#lx", (unsigned long)Code, (unsigned long)Code + Size);
  for (unsigned I = 0; I != sizeof(Sums) / sizeof(Sums[0]); ++I) {
    /* Writable or executable in turns, and then both at once. */
    const int AtOnce = I >= 4 ? PROT_EXEC : 0;
    if (mprotect(Code, Size, PROT_READ | PROT_WRITE | AtOnce))
      return 1;
    write(Code, Sums[I]);
    if (!AtOnce && mprotect(Code, Size, PROT_READ | PROT_EXEC))
      return 1;
    for (unsigned Time = 0; Time != Times; ++Time) {
      if (call(Code) != (int)Sums[I])
        return 1;
      printf(" %u", Sums[I] + 2);
    }
  }
  printf("\n");
  return 0;
}
