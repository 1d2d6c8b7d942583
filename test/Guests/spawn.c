//===- spawn.c - a program that starts others in two ways -----------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
// spawn <program>... runs each with vfork and execv, and again with posix_spawn;
// says how it ended.
#define _GNU_SOURCE
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void say(const char *way, pid_t child) {
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child)
    perror(way);
  else
    printf("%s: exited with %d\n", way, WEXITSTATUS(status));
}

static pid_t with_vfork(char *program) {
  char *const words[] = {program, NULL};
  const pid_t child = vfork();
  if (child == 0) {
    execv(program, words);
    _exit(127);
  }
  return child;
}

static pid_t with_posix_spawn(char *program) {
  char *const words[] = {program, NULL};
  pid_t child = -1;
  if (posix_spawn(&child, program, NULL, NULL, words, environ) != 0)
    return -1;
  return child;
}

int main(int count, char **words) {
  for (int i = 1; i < count; ++i) {
    say("vfork", with_vfork(words[i]));
    say("posix_spawn", with_posix_spawn(words[i]));
  }
  return 0;
}
