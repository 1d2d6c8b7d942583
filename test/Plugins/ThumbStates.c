/*===- test/Plugins/ThumbStates.c - in which state blocks are executed ----===
 *
 * Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
 * See LICENSE for license information.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===*/
/**
 * \file
 * A QEMU plugin for 32-bit ARM guests that writes down of each block whether
 * the CPU was in ARM or in Thumb state when it executed it, to hold the relay
 * against. Load it beside the relay, and both see the very same execution:
 *
 *   qemu-arm -plugin libThumbStates.so,out=<file> -plugin <relay> ...
 *
 * The relay asks, if at all, when a block is translated. This asks when it is
 * executed for the first time. At the guest's exit the file has a line
 * "<address in hex> ARM" or "<address in hex> Thumb" for each translated block
 * that was executed. QEMU 9.2 to 10.2 (API 4 and 5).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

typedef uint64_t PluginId;
struct qemu_plugin_tb;
enum { ReadsRegisters = 1 };

struct Target {
  const char *Name;
  struct {
    int Min;
    int Cur;
  } Version;
};

/* How GLib's arrays, and QEMU's description of a register, begin. */
struct Array {
  char *Data;
  unsigned Length;
};
struct RegisterDescription {
  void *Handle;
  const char *Name;
};

/* What every QEMU has. */
void qemu_plugin_register_vcpu_tb_trans_cb(PluginId,
                                           void (*)(PluginId,
                                                    struct qemu_plugin_tb *));
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *,
                                          void (*)(unsigned, void *), int,
                                          void *);
void qemu_plugin_register_atexit_cb(PluginId, void (*)(PluginId, void *),
                                    void *);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *);

EXPORT int qemu_plugin_version = 4;

/* What came later, and GLib, which QEMU brings along. */
static struct Array *(*GetRegisters)(void);
static int (*ReadRegister)(void *, struct Array *);
static unsigned (*ArrayElementSize)(struct Array *);
static char *(*ArrayFree)(struct Array *, int);
static struct Array *(*ByteArrayNew)(void);
static uint8_t *(*ByteArrayFree)(struct Array *, int);

struct Block {
  uint64_t Address;
  enum { NotExecuted, Arm, Thumb } State;
  struct Block *Next;
};
static struct Block *Newest;
static pthread_mutex_t Mutex = PTHREAD_MUTEX_INITIALIZER; /* Guards Newest. */
static const char *OutPath;

static void fail(const char *What) {
  fprintf(stderr, "error: ThumbStates: %s\n", What);
  exit(1);
}

static void *lookUp(const char *Name) {
  void *Function = dlsym(RTLD_DEFAULT, Name);
  if (!Function) {
    fprintf(stderr, "error: ThumbStates: this QEMU has no %s\n", Name);
    exit(1);
  }
  return Function;
}

static void *findCpsr(void) {
  void *Found = NULL;
  struct Array *All = GetRegisters();
  for (unsigned I = 0; I != All->Length; ++I) {
    struct RegisterDescription Each;
    memcpy(&Each, All->Data + (size_t)I * ArrayElementSize(All), sizeof(Each));
    if (strcmp(Each.Name, "cpsr") == 0)
      Found = Each.Handle;
  }
  ArrayFree(All, 1);
  if (!Found)
    fail("no register is named cpsr");
  return Found;
}

static void onExecution(unsigned Vcpu, void *UserData) {
  (void)Vcpu;
  struct Block *Executed = UserData;
  if (Executed->State != NotExecuted)
    return;
  struct Array *Value = ByteArrayNew();
  if (ReadRegister(findCpsr(), Value) != 4)
    fail("cpsr cannot be read");
  /* Little-endian; T is bit 5. */
  Executed->State = Value->Data[0] & 1 << 5 ? Thumb : Arm;
  ByteArrayFree(Value, 1);
}

static void onTranslation(PluginId Id, struct qemu_plugin_tb *Translated) {
  (void)Id;
  struct Block *New = calloc(1, sizeof(*New));
  if (!New)
    fail("out of memory");
  New->Address = qemu_plugin_tb_vaddr(Translated);
  pthread_mutex_lock(&Mutex);
  New->Next = Newest;
  Newest = New;
  pthread_mutex_unlock(&Mutex);
  qemu_plugin_register_vcpu_tb_exec_cb(Translated, onExecution, ReadsRegisters,
                                       New);
}

static void onExit(PluginId Id, void *UserData) {
  (void)Id;
  (void)UserData;
  FILE *Out = fopen(OutPath, "w");
  if (!Out)
    fail(OutPath);
  pthread_mutex_lock(&Mutex);
  for (const struct Block *Each = Newest; Each; Each = Each->Next)
    if (Each->State != NotExecuted)
      fprintf(Out, "%" PRIx64 " %s\n", Each->Address,
              Each->State == Thumb ? "Thumb" : "ARM");
  pthread_mutex_unlock(&Mutex);
  fclose(Out);
}

EXPORT int qemu_plugin_install(PluginId Id, const struct Target *About,
                               int Count, char **Arguments) {
  for (int I = 0; I < Count; ++I)
    if (strncmp(Arguments[I], "out=", 4) == 0)
      OutPath = Arguments[I] + 4;
  if (!OutPath)
    fail("out=<file> is missing");
  if (About->Version.Cur > 5)
    fail("QEMU's plugin API is newer than 5: read_register has another type");
  *(void **)&GetRegisters = lookUp("qemu_plugin_get_registers");
  *(void **)&ReadRegister = lookUp("qemu_plugin_read_register");
  *(void **)&ArrayElementSize = lookUp("g_array_get_element_size");
  *(void **)&ArrayFree = lookUp("g_array_free");
  *(void **)&ByteArrayNew = lookUp("g_byte_array_new");
  *(void **)&ByteArrayFree = lookUp("g_byte_array_free");
  qemu_plugin_register_vcpu_tb_trans_cb(Id, onTranslation);
  qemu_plugin_register_atexit_cb(Id, onExit, NULL);
  return 0;
}
