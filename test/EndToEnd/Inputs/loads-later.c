/* test/EndToEnd/Inputs/loads-later.c: executes code of every origin: its own, a
 * library's that it loads first, code in no file, and a library's that it loads
 * afterwards.
 *
 * Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
 * See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

static int call(const char *Library, const char *Name) {
  void *Handle = dlopen(Library, RTLD_NOW);
  int (*Function)(int) = Handle ? (int (*)(int))dlsym(Handle, Name) : NULL;
  if (!Function) {
    fprintf(stderr, "%s\n", dlerror());
    return -1;
  }
  return Function(1);
}

/* Position-independent, and calls nobody. */
__attribute__((noinline, aligned(64))) static int copied(int A) {
  for (int I = 0; I != 500; ++I)
    A = A * 7 + I;
  return A;
}

static int callCopy(void) {
  char *Memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (Memory == MAP_FAILED)
    return -1;
  /* A Thumb function's address has its low bit set. */
  const unsigned long Thumb = (unsigned long)copied & 1;
  memcpy(Memory, (char *)copied - Thumb, 256);
  __builtin___clear_cache(Memory, Memory + 256);
  return ((int (*)(int))(Memory + Thumb))(1);
}

int main(int Count, char **Words) {
  if (Count != 3)
    return 1;
  const int First = call(Words[1], "first");
  const int Copy = callCopy();
  const int Second = call(Words[2], "second");
  printf("%d\n", First == Second && Copy == copied(1));
  return 0;
}
