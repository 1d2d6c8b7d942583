/* test/Guests/forks.c: a child that computes and exits while its parent waits:
 * only the parent is traced.
 *
 * Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
 * See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
  const pid_t Child = fork();
  if (Child < 0)
    return 1;
  if (Child == 0) {
    volatile unsigned Value = 1;
    for (unsigned I = 0; I != 1000000; ++I)
      Value = Value * 3 + I;
    return 7;
  }
  int Status = 0;
  if (waitpid(Child, &Status, 0) != Child)
    return 1;
  printf("child exited with %d\n", WEXITSTATUS(Status));
  return WIFEXITED(Status) && WEXITSTATUS(Status) == 7 ? 0 : 1;
}
