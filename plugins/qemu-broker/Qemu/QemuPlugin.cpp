//===- Qemu/QemuPlugin.cpp - the differences between QEMU's versions ------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What QemuPlugin.h promises, for whichever QEMU loaded the plugin. QEMU reads
/// qemu_plugin_version after dlopen and refuses what it does not know, so a
/// constructor sets it to what the host's symbols say.
///
//===----------------------------------------------------------------------===//
#include "QemuPlugin.h"
#include <algorithm>
#include <cstring>
#include <dlfcn.h>

int qemu_plugin_version = 1;

static bool hostHas(const char *Symbol) {
  return dlsym(RTLD_DEFAULT, Symbol) != nullptr;
}

__attribute__((constructor)) static void declareVersion() {
  // Newest first. 6 and 7 brought no symbol to tell 7 by, but a host accepts
  // every version down to 2 and says its own in qemu_info_t.
  if (hostHas("qemu_plugin_write_register"))
    qemu_plugin_version = 5;
  else if (hostHas("qemu_plugin_read_memory_vaddr"))
    qemu_plugin_version = 4;
  else if (hostHas("qemu_plugin_register_vcpu_tb_exec_cond_cb"))
    qemu_plugin_version = 3;
  else if (hostHas("qemu_plugin_scoreboard_new"))
    qemu_plugin_version = 2;
}

namespace mcad::qemu {

template <typename FunctionPointer>
static void lookUp(FunctionPointer &To, const char *Symbol) {
  To = reinterpret_cast<FunctionPointer>(dlsym(RTLD_DEFAULT, Symbol));
}

HostFunctions HostFunctions::lookUp() {
  HostFunctions F;
  qemu::lookUp(F.PathToBinary, "qemu_plugin_path_to_binary");
  qemu::lookUp(F.StartCode, "qemu_plugin_start_code");
  qemu::lookUp(F.EndCode, "qemu_plugin_end_code");
  qemu::lookUp(F.GetRegisters, "qemu_plugin_get_registers");
  qemu::lookUp(F.ReadRegister, "qemu_plugin_read_register");
  qemu::lookUp(F.ByteArrayNew, "g_byte_array_new");
  qemu::lookUp(F.ByteArrayFree, "g_byte_array_free");
  qemu::lookUp(F.ArrayFree, "g_array_free");
  qemu::lookUp(F.ArrayElementSize, "g_array_get_element_size");
  return F;
}

/// \p Function as the type that the host's version gave it.
template <typename FunctionPointer, typename Declared>
static FunctionPointer retyped(Declared *Function) {
  return reinterpret_cast<FunctionPointer>(
      reinterpret_cast<void (*)()>(Function));
}

size_t Host::instructionBytes(const qemu_plugin_insn *Insn, uint8_t *To,
                              size_t Capacity) const {
  const size_t Size = std::min(Capacity, qemu_plugin_insn_size(Insn));
  if (Api >= api::CopiesInstructionData) {
    using Copy = size_t (*)(const qemu_plugin_insn *, void *, size_t);
    return retyped<Copy>(&qemu_plugin_insn_data)(Insn, To, Size);
  }
  if (Size)
    std::memcpy(To, qemu_plugin_insn_data(Insn), Size);
  return Size;
}

// Whom to call: callbacks of API 7 get it as user data, those before have none.
static void (*VcpuInit)(unsigned);
static void (*VcpuExit)(unsigned);
static void (*AtExit)();
static void (*Translation)(qemu_plugin_tb *);
static void (*SystemCall)(unsigned, int64_t, std::array<uint64_t, 3>);

void Host::onVcpu(qemu_plugin_id_t Id, void (*Init)(unsigned),
                  void (*Exit)(unsigned)) const {
  VcpuInit = Init;
  VcpuExit = Exit;
  if (Api >= api::UserDataCallbacks) {
    using Register =
        void (*)(qemu_plugin_id_t, void (*)(unsigned, void *), void *);
    retyped<Register> (&qemu_plugin_register_vcpu_init_cb)(
        Id, [](unsigned Vcpu, void *) { VcpuInit(Vcpu); }, nullptr);
    retyped<Register> (&qemu_plugin_register_vcpu_exit_cb)(
        Id, [](unsigned Vcpu, void *) { VcpuExit(Vcpu); }, nullptr);
    return;
  }
  qemu_plugin_register_vcpu_init_cb(
      Id, [](qemu_plugin_id_t, unsigned Vcpu) { VcpuInit(Vcpu); });
  qemu_plugin_register_vcpu_exit_cb(
      Id, [](qemu_plugin_id_t, unsigned Vcpu) { VcpuExit(Vcpu); });
}

void Host::onTranslation(qemu_plugin_id_t Id,
                         void (*Translates)(qemu_plugin_tb *)) const {
  Translation = Translates;
  if (Api < api::UserDataCallbacks) {
    qemu_plugin_register_vcpu_tb_trans_cb(
        Id,
        [](qemu_plugin_id_t, qemu_plugin_tb *Block) { Translation(Block); });
    return;
  }
  // API 7 grew in steps: this callback kept its id at first. Which it is shows
  // in the second argument: the user data, or else the block.
  static char Mark;
  using Register = void (*)(qemu_plugin_id_t, void (*)(void *, void *), void *);
  retyped<Register> (&qemu_plugin_register_vcpu_tb_trans_cb)(
      Id,
      [](void *First, void *Second) {
        Translation(
            static_cast<qemu_plugin_tb *>(Second == &Mark ? First : Second));
      },
      &Mark);
}

void Host::onSystemCall(qemu_plugin_id_t Id,
                        void (*Calls)(unsigned, int64_t,
                                      std::array<uint64_t, 3>)) const {
  if (Api >= api::UserDataCallbacks)
    return;
  SystemCall = Calls;
  qemu_plugin_register_vcpu_syscall_cb(
      Id, [](qemu_plugin_id_t, unsigned Vcpu, int64_t Number, uint64_t A1,
             uint64_t A2, uint64_t A3, uint64_t, uint64_t, uint64_t, uint64_t,
             uint64_t) { SystemCall(Vcpu, Number, {A1, A2, A3}); });
}

void Host::onExit(qemu_plugin_id_t Id, void (*Exit)()) const {
  AtExit = Exit;
  if (Api >= api::UserDataCallbacks) {
    using Register = void (*)(qemu_plugin_id_t, void (*)(void *), void *);
    retyped<Register> (&qemu_plugin_register_atexit_cb)(
        Id, [](void *) { AtExit(); }, nullptr);
    return;
  }
  qemu_plugin_register_atexit_cb(
      Id, [](qemu_plugin_id_t, void *) { AtExit(); }, nullptr);
}

} // namespace mcad::qemu
