//===- mcad/GuestProcess.h - QEMU with the program, as a process ---------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Starts QEMU, waits for its end, and stands between the user and it as little
/// as can be: it has mcad's own standard streams, is in mcad's process group,
/// so that the terminal's signals reach it as they would alone, and its end
/// becomes mcad's.
///
/// Signals to mcad. Interrupted once (SIGINT; SIGTERM and SIGHUP, which are
/// handed on), the guest has two seconds to end by itself; then
/// stopDescriptor() and isCut() say that nothing more is wanted of it.
/// Interrupted twice, the guest is killed and mcad dies of the signal. SIGQUIT
/// is the guest's alone.
///
/// One per process at a time, since signals are the process's. A thread of its
/// own waits for signals; all else is used from one thread.
///
/// Tested by test/FrontEnd/interrupts.test and endings.test.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TOOLS_MCAD_GUESTPROCESS_H
#define MCAD_TOOLS_MCAD_GUESTPROCESS_H

#include "llvm/Support/Error.h"
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <sys/types.h>
#include <thread>
#include <vector>

namespace mcad {

class GuestProcess {
  int StopRead = -1, StopWrite = -1;
  std::atomic<bool> Cut{false};
  std::atomic<bool> Interrupted{false};
  std::atomic<bool> HasEnded{false};
  std::thread Watcher;
  int Status = 0; ///< As waitpid() says; valid once HasEnded.

  GuestProcess() = default;
  void watch();
  void stop();

public:
  /// Notes which signals were ignored when mcad was started, so that they are
  /// in the guest. First thing in main.
  static void rememberSignals();

  /// From here on signals are minded.
  static llvm::Expected<std::unique_ptr<GuestProcess>> create();
  /// Waits for the guest, if it was started.
  ~GuestProcess();
  GuestProcess(const GuestProcess &) = delete;
  GuestProcess &operator=(const GuestProcess &) = delete;

  /// \p Words: QEMU's path and its arguments. Once. \p ToRemove: a socket in a
  /// folder, both removed if mcad is interrupted twice.
  llvm::Error start(const std::vector<std::string> &Words,
                    const std::string &ToRemove);

  /// Can be read once nothing more is to be waited for: the guest has ended, or
  /// is cut off.
  int stopDescriptor() const { return StopRead; }
  /// The user wants no more. Any thread.
  bool isCut() const { return Cut; }
  bool wasInterrupted() const { return Interrupted; }
  /// The guest is no more. Any thread.
  bool hasEnded() const { return HasEnded; }

  /// The signal that ended a guest whose end is near: its trace has ended. None
  /// if there was no such, or if it still runs two seconds later.
  std::optional<int> signalOfEnd() const;

  /// Waits for the guest's end, and returns its exit status, or -signal.
  int wait() const;
};

/// Ends mcad as the guest ended, \p Status being what wait() says: returns the
/// exit status, or dies of the same signal.
int endAs(int Status);

} // namespace mcad

#endif // MCAD_TOOLS_MCAD_GUESTPROCESS_H
