/* test/EndToEnd/Inputs/swaps.c: loads one library, calls it and unloads it,
 * then the other one, and so on: both come to lie at one address, which it
 * says.
 *
 * Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
 * See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 */
#include <dlfcn.h>
#include <stdio.h>

/* Where the function is that was called, or NULL. */
static void *callOnce(const char *Library, const char *Name) {
  void *Handle = dlopen(Library, RTLD_NOW);
  void *Function = Handle ? dlsym(Handle, Name) : NULL;
  if (!Function) {
    fprintf(stderr, "%s\n", dlerror());
    return NULL;
  }
  ((int (*)(int))Function)(1);
  return dlclose(Handle) ? NULL : Function;
}

int main(int Count, char **Words) {
  if (Count != 3)
    return 1;
  int AtOneAddress = 1;
  void *Before = NULL;
  for (int I = 0; I != 6; ++I) {
    void *Function = callOnce(Words[1 + I % 2], I % 2 ? "second" : "first");
    if (!Function)
      return 1;
    AtOneAddress &= !Before || Function == Before;
    Before = Function;
  }
  printf("at one address: %d\n", AtOneAddress);
  return 0;
}
