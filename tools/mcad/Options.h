//===- mcad/Options.h - options that commands share ----------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The options that several commands have, each said once. A command that has
/// them keeps a reference, so that they are registered before main.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TOOLS_MCAD_OPTIONS_H
#define MCAD_TOOLS_MCAD_OPTIONS_H

#include "Command.h"
#include "Report/Format.h"
#include "SimulationOptions.h"
#include "TextReportOptions.h"
#include "TracedGuest.h"

namespace mcad {

/// How the program is started: run, record, sweep.
class GuestOptions {
  llvm::cl::opt<std::string> Qemu, Relay, BrokerPlugin, Sysroot;
  llvm::cl::opt<bool> OnlyMainCode, FollowFork;

public:
  GuestOptions();
  GuestRequest request(std::vector<std::string> Words) const;
};
const GuestOptions &guestOptions();

/// The machine to simulate, and how: run, analyze, sweep. Sweep has CPUs of its
/// own.
class MachineOptions {
  llvm::cl::opt<std::string> Cpu;
  llvm::cl::alias Mcpu;
  llvm::cl::opt<std::string> Triple;
  SimulationOptions Simulation;

public:
  MachineOptions();
  llvm::Expected<SessionRequest> request() const;
};
const MachineOptions &machineOptions();

/// Whether \p Asked wants a list: --cpu=help, --model=help.
bool asksForList(const SessionRequest &Asked);
/// Prints it, for a guest of \p Arch.
llvm::Error printList(const SessionRequest &Asked, llvm::StringRef Arch);

/// Where the report goes, and as what: run, analyze, report.
class ReportOptions {
  llvm::cl::opt<std::string> Format, Path;
  TextReportOptions Text;

public:
  ReportOptions();
  struct Request {
    ReportFormat How;
    std::string Path; ///< Empty: it was not said.
    TextOptions Text;
  };
  llvm::Expected<Request> request() const;
};
const ReportOptions &reportOptions();

/// No accesses of the guest's to memory: run, record, sweep.
const llvm::cl::opt<bool> &noMemoryOption();
/// No live line, no word of success: run, record, analyze, sweep.
const llvm::cl::opt<bool> &quietOption();

} // namespace mcad

#endif // MCAD_TOOLS_MCAD_OPTIONS_H
