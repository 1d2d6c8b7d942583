/*===- test/Plugins/CountInstructions.c - an independent count
 *---------------===
 *
 * Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
 * See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===*/
/**
 * \file
 * A QEMU plugin that counts executed instructions and nothing else, to hold the
 * relay against: one inline add per instruction, no callback, no block. Load it
 * beside the relay, and both see the very same execution:
 *
 *   qemu-<arch> -plugin libCountInstructions.so,out=<file> -plugin <relay> ...
 *
 * At the guest's exit it writes "instructions: <n>" to the file.
 *
 * QEMU's inline adds are not atomic before API 2, so the count of a guest with
 * several threads is only exact from QEMU 9.0 on, where each vCPU adds to its
 * own counter.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

typedef uint64_t PluginId;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum { InlineAddU64 = 0 };

struct Target {
  const char *Name;
  struct {
    int Min;
    int Cur;
  } Version;
};

/* A counter per vCPU, as API 2 names it; passed by value. */
struct PerVcpuCounter {
  void *Scoreboard;
  size_t Offset;
};

/* What every QEMU has. */
void qemu_plugin_register_vcpu_tb_trans_cb(PluginId,
                                           void (*)(PluginId,
                                                    struct qemu_plugin_tb *));
void qemu_plugin_register_atexit_cb(PluginId, void (*)(PluginId, void *),
                                    void *);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *,
                                                 size_t);

EXPORT int qemu_plugin_version = 1;

/* Until API 1. */
static void (*AddInline)(struct qemu_plugin_insn *, int, void *, uint64_t);
/* From API 2 on. */
static void *(*ScoreboardNew)(size_t);
static void (*AddPerVcpu)(struct qemu_plugin_insn *, int, struct PerVcpuCounter,
                          uint64_t);
static uint64_t (*Sum)(struct PerVcpuCounter);

static uint64_t Counter;
static struct PerVcpuCounter Counters;
static const char *OutPath;

__attribute__((constructor)) static void lookUp(void) {
  *(void **)&AddInline =
      dlsym(RTLD_DEFAULT, "qemu_plugin_register_vcpu_insn_exec_inline");
  *(void **)&ScoreboardNew = dlsym(RTLD_DEFAULT, "qemu_plugin_scoreboard_new");
  *(void **)&AddPerVcpu = dlsym(
      RTLD_DEFAULT, "qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu");
  *(void **)&Sum = dlsym(RTLD_DEFAULT, "qemu_plugin_u64_sum");
  /* No function is used that changed in a later version. */
  if (ScoreboardNew)
    qemu_plugin_version = 2;
}

static void onTranslation(PluginId Id, struct qemu_plugin_tb *Block) {
  (void)Id;
  for (size_t I = 0, E = qemu_plugin_tb_n_insns(Block); I != E; ++I) {
    struct qemu_plugin_insn *Instruction = qemu_plugin_tb_get_insn(Block, I);
    if (ScoreboardNew)
      AddPerVcpu(Instruction, InlineAddU64, Counters, 1);
    else
      AddInline(Instruction, InlineAddU64, &Counter, 1);
  }
}

static void writeCount(void) {
  const uint64_t Instructions = ScoreboardNew ? Sum(Counters) : Counter;
  FILE *Out = fopen(OutPath, "w");
  if (!Out) {
    perror(OutPath);
    return;
  }
  fprintf(Out, "instructions: %" PRIu64 "\n", Instructions);
  fclose(Out);
}

static void onExit(PluginId Id, void *UserData) {
  (void)Id;
  (void)UserData;
  writeCount();
}

EXPORT int qemu_plugin_install(PluginId Id, const struct Target *About,
                               int Count, char **Arguments) {
  (void)About;
  for (int I = 0; I < Count; ++I)
    if (strncmp(Arguments[I], "out=", 4) == 0)
      OutPath = Arguments[I] + 4;
  if (!OutPath) {
    fprintf(stderr, "error: CountInstructions: out=<file> is missing\n");
    return 1;
  }
  if (ScoreboardNew)
    Counters.Scoreboard = ScoreboardNew(sizeof(uint64_t));
  qemu_plugin_register_vcpu_tb_trans_cb(Id, onTranslation);
  qemu_plugin_register_atexit_cb(Id, onExit, NULL);
  return 0;
}
