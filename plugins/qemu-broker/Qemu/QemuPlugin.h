//===- Qemu/QemuPlugin.h - QEMU's plugin interface ------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The part of QEMU's C plugin interface that the relay uses, declared from its
/// documentation, so that one relay loads into every QEMU from 6.0 on and no
/// header of QEMU is needed.
///
/// QEMU loads plugins with RTLD_NOW, and an undefined symbol refuses the whole
/// plugin. So what every version has is declared here and linked; what came
/// later, or is missing from some build, is looked up when loaded and may be
/// null.
///
/// Some functions kept their name and changed their type. They are declared as
/// the oldest version has them and called through a cast to the host's:
/// insn_data (API 3 copies into a buffer) and the registration of callbacks
/// that are not a block's (API 7 passes user data and drops the plugin's id).
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_QEMU_QEMUPLUGIN_H
#define MCAD_QEMU_QEMUPLUGIN_H

#include <array>
#include <cstddef>
#include <cstdint>

// NOLINTBEGIN(readability-identifier-naming): QEMU's names.
extern "C" {

using qemu_plugin_id_t = uint64_t;
/// How one access was made, opaque: the same number means the same size and
/// direction.
using qemu_plugin_meminfo_t = uint32_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;

struct qemu_info_t {
  const char *target_name;
  struct {
    int min;
    int cur;
  } version;
  bool system_emulation;
};

enum qemu_plugin_cb_flags { QEMU_PLUGIN_CB_NO_REGS };
enum qemu_plugin_mem_rw { QEMU_PLUGIN_MEM_RW = 3 };

// What the plugin exports.
extern __attribute__((visibility("default"))) int qemu_plugin_version;
__attribute__((visibility("default"))) int
qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc,
                    char **argv);

// What every QEMU from API 1 on has.
void qemu_plugin_register_vcpu_init_cb(qemu_plugin_id_t,
                                       void (*)(qemu_plugin_id_t, unsigned));
void qemu_plugin_register_vcpu_exit_cb(qemu_plugin_id_t,
                                       void (*)(qemu_plugin_id_t, unsigned));
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t,
                                           void (*)(qemu_plugin_id_t,
                                                    qemu_plugin_tb *));
void qemu_plugin_register_vcpu_tb_exec_cb(qemu_plugin_tb *,
                                          void (*)(unsigned, void *),
                                          qemu_plugin_cb_flags, void *);
void qemu_plugin_register_vcpu_mem_cb(qemu_plugin_insn *,
                                      void (*)(unsigned, qemu_plugin_meminfo_t,
                                               uint64_t, void *),
                                      qemu_plugin_cb_flags, qemu_plugin_mem_rw,
                                      void *);
void qemu_plugin_register_vcpu_syscall_cb(
    qemu_plugin_id_t,
    void (*)(qemu_plugin_id_t, unsigned, int64_t, uint64_t, uint64_t, uint64_t,
             uint64_t, uint64_t, uint64_t, uint64_t, uint64_t));
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t,
                                    void (*)(qemu_plugin_id_t, void *), void *);
size_t qemu_plugin_tb_n_insns(const qemu_plugin_tb *);
uint64_t qemu_plugin_tb_vaddr(const qemu_plugin_tb *);
qemu_plugin_insn *qemu_plugin_tb_get_insn(const qemu_plugin_tb *, size_t);
const void *qemu_plugin_insn_data(const qemu_plugin_insn *);
size_t qemu_plugin_insn_size(const qemu_plugin_insn *);
uint64_t qemu_plugin_insn_vaddr(const qemu_plugin_insn *);
/// Where the first byte lies in QEMU's own memory; may be null.
void *qemu_plugin_insn_haddr(const qemu_plugin_insn *);
/// Allocated with malloc, the caller's.
char *qemu_plugin_insn_disas(const qemu_plugin_insn *);
unsigned qemu_plugin_mem_size_shift(qemu_plugin_meminfo_t);
bool qemu_plugin_mem_is_store(qemu_plugin_meminfo_t);

} // extern "C"
// NOLINTEND(readability-identifier-naming)

namespace mcad::qemu {

/// API versions at which something changes for the relay.
namespace api {
inline constexpr int CopiesInstructionData = 3;
inline constexpr int BoolRegisterResult = 6;
inline constexpr int UserDataCallbacks = 7;
inline constexpr int Newest = 7; ///< The last that the relay knows.
} // namespace api

/// What some hosts lack: null there.
struct HostFunctions {
  // API 1; missing from the stock user-mode build of 10.0. Valid from the first
  // translation on: in qemu_plugin_install 7.2 crashes.
  const char *(*PathToBinary)() = nullptr; ///< Allocated with malloc.
  uint64_t (*StartCode)() = nullptr;
  uint64_t (*EndCode)() = nullptr;
  // API 2, with the GLib functions that their types need.
  void *(*GetRegisters)() = nullptr;
  void *ReadRegister = nullptr; ///< Its type depends on the API version.
  void *(*ByteArrayNew)() = nullptr;
  uint8_t *(*ByteArrayFree)(void *, int) = nullptr;
  char *(*ArrayFree)(void *, int) = nullptr;
  unsigned (*ArrayElementSize)(void *) = nullptr;

  static HostFunctions lookUp();
};

/// The QEMU that the plugin runs in. Constant after qemu_plugin_install.
struct Host {
  int Api = 0;
  HostFunctions Functions;

  /// Copies at most \p Capacity bytes of \p Insn; returns their number.
  size_t instructionBytes(const qemu_plugin_insn *Insn, uint8_t *To,
                          size_t Capacity) const;

  // The registrations whose types changed in API 7. Once per process each.
  void onVcpu(qemu_plugin_id_t Id, void (*Init)(unsigned),
              void (*Exit)(unsigned)) const;
  void onTranslation(qemu_plugin_id_t Id,
                     void (*Translates)(qemu_plugin_tb *)) const;
  void onExit(qemu_plugin_id_t Id, void (*Exit)()) const;

  /// \p Calls is given the number of each system call, before it is made, and
  /// its first three arguments; on the vCPU's thread. From API 7 on, whose type
  /// of it was not seen yet, it never is.
  void onSystemCall(qemu_plugin_id_t Id,
                    void (*Calls)(unsigned Vcpu, int64_t Number,
                                  std::array<uint64_t, 3> Arguments)) const;
};

} // namespace mcad::qemu

#endif // MCAD_QEMU_QEMUPLUGIN_H
