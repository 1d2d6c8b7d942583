/* test/Guests/endings.c: computes for a while, then ends as its argument says.
 *
 * Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
 * See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile unsigned Value = 1;

static void work(unsigned Rounds) {
  for (unsigned I = 0; I != Rounds; ++I)
    Value = Value * 3 + I;
}

static void *endAll(void *Status) {
  work(100000);
  fflush(stdout);
  _exit((int)(size_t)Status);
}

int main(int Count, char **Words) {
  const char *How = Count > 1 ? Words[1] : "exit";
  work(Count > 2 ? (unsigned)strtoul(Words[2], NULL, 10) : 100000);
  printf("%s %u\n", How, Value);
  fflush(stdout);
  if (strcmp(How, "exit") == 0)
    return 3;
  if (strcmp(How, "exit-group") == 0) {
    pthread_t Other;
    if (pthread_create(&Other, NULL, endAll, (void *)4) != 0)
      return 1;
    for (;;)
      work(100);
  }
  if (strcmp(How, "abort") == 0)
    abort();
  if (strcmp(How, "segv") == 0)
    *(volatile int *)8 = 1;
  if (strcmp(How, "kill") == 0)
    kill(getpid(), SIGKILL);
  if (strcmp(How, "exec") == 0) {
    /* Once in vain. */
    execl("/no/such/program", "no", NULL);
    /* QEMU hands it to the kernel: a program of the machine's own. */
    execl("/bin/true", "true", NULL);
  }
  if (strcmp(How, "child-first") == 0) {
    const pid_t Child = fork();
    if (Child == 0)
      *(volatile int *)8 = 1;
    waitpid(Child, NULL, 0);
    kill(getpid(), SIGTERM);
  }
  if (strcmp(How, "spin") == 0)
    for (;;)
      work(1000);
  return 1;
}
