//===- mcad/TracedGuest.h - a program that runs and is traced ------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A program under QEMU with the relay, and at the other end the QEMU broker in
/// this process: finds the parts, starts them, and sees to it that neither
/// waits for the other in vain.
///
/// Used from one thread. Tested by test/FrontEnd.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TOOLS_MCAD_TRACEDGUEST_H
#define MCAD_TOOLS_MCAD_TRACEDGUEST_H

#include "GuestProcess.h"
#include "GuestProgram.h"
#include "Installation.h"
#include "mcad/Broker.h"

namespace mcad {

/// What is empty is found.
struct GuestRequest {
  std::vector<std::string> Words; ///< The program and its arguments.
  std::string Qemu, Relay, BrokerPlugin, Sysroot;
  bool OnlyMainCode = false;
  bool FollowFork = false; ///< Forked children are traced too.
};

class TracedGuest {
  const GuestRequest Asked;
  GuestProgram Program;
  std::string Qemu, Relay, BrokerPlugin, Sysroot;
  PrivateFolder Folder;
  std::unique_ptr<GuestProcess> Process;
  std::unique_ptr<Broker> Source;
  bool HasBegun = false;

  class Incoming;
  class Trace;

  TracedGuest(GuestRequest Asked, GuestProgram Program, PrivateFolder Folder)
      : Asked(std::move(Asked)), Program(std::move(Program)),
        Folder(std::move(Folder)) {}
  std::string socketPath() const { return Folder.path() + "/socket"; }
  std::vector<std::string> qemuWords() const;

public:
  /// Finds all that is needed; runs nothing of the program. An error's code is
  /// GuestProgram's.
  static llvm::Expected<std::unique_ptr<TracedGuest>>
  create(GuestRequest Asked);

  const GuestProgram &program() const { return Program; }

  /// Starts the program, and waits with it for start() of the broker's reader.
  /// \p WantMemoryAccesses: see BrokerContext.
  llvm::Error start(bool WantMemoryAccesses);

  /// Has at most one trace, but for forked children. Valid from start() on, and
  /// used up before finish().
  Broker &broker() { return *Source; }

  /// Waits for the program's end: its exit status, or -signal. Fails if it
  /// never began to run, which is QEMU's doing.
  llvm::Expected<int> finish();

  /// The program has executed something.
  bool hasBegun() const { return HasBegun; }
};

} // namespace mcad

#endif // MCAD_TOOLS_MCAD_TRACEDGUEST_H
