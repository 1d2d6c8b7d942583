//===- mcad/Options.cpp - options that commands share --------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Options.h"
#include "Session/ListCpus.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace mcad {

static cl::SubCommandGroup &thatRun() {
  static cl::SubCommandGroup Group = {&subCommand(RunCommand),
                                      &subCommand(RecordCommand),
                                      &subCommand(SweepCommand)};
  return Group;
}
static cl::SubCommandGroup &thatReport() {
  static cl::SubCommandGroup Group = {&subCommand(RunCommand),
                                      &subCommand(AnalyzeCommand)};
  return Group;
}
static cl::SubCommandGroup &thatPrint() {
  static cl::SubCommandGroup Group = {&subCommand(RunCommand),
                                      &subCommand(AnalyzeCommand),
                                      &subCommand(ReportCommand)};
  return Group;
}
static cl::SubCommandGroup &thatSimulate() {
  static cl::SubCommandGroup Group = {&subCommand(RunCommand),
                                      &subCommand(AnalyzeCommand),
                                      &subCommand(SweepCommand)};
  return Group;
}

static cl::SubCommandGroup &all() {
  static cl::SubCommandGroup Group = {
      &subCommand(RunCommand), &subCommand(RecordCommand),
      &subCommand(AnalyzeCommand), &subCommand(SweepCommand)};
  return Group;
}

GuestOptions::GuestOptions()
    : Qemu("qemu", cl::value_desc("path"), cl::sub(thatRun()),
           cl::cat(optionCategory()),
           cl::desc("The QEMU to run the program with (default: qemu-<arch> "
                    "in PATH, for the program's architecture)")),
      Relay("relay", cl::value_desc("path"), cl::sub(thatRun()),
            cl::cat(optionCategory()),
            cl::desc("libQemuRelay.so (default: mcad's own)")),
      BrokerPlugin("load-broker-plugin", cl::value_desc("path"),
                   cl::sub(thatRun()), cl::cat(optionCategory()),
                   cl::desc("libMCADQemuBroker.so (default: mcad's own)")),
      Sysroot("sysroot", cl::value_desc("folder"), cl::sub(thatRun()),
              cl::cat(optionCategory()),
              cl::desc("Where the program's loader and libraries are, QEMU's "
                       "-L (default: /usr/<triple>, if the machine itself does "
                       "not have the loader)")),
      OnlyMainCode("only-main-code", cl::sub(thatRun()),
                   cl::cat(optionCategory()),
                   cl::desc("Trace the main executable only, not the loader "
                            "and libraries")),
      FollowFork(
          "follow-fork", cl::sub(subCommand(RunCommand)),
          cl::cat(optionCategory()),
          cl::desc("Trace forked children too: each process has a report "
                   "of its own. What a process becomes by execve is "
                   "not traced")) {}

GuestRequest GuestOptions::request(std::vector<std::string> Words) const {
  return {std::move(Words), Qemu,         Relay,     BrokerPlugin,
          Sysroot,          OnlyMainCode, FollowFork};
}

const GuestOptions &guestOptions() {
  static const GuestOptions Options;
  return Options;
}

MachineOptions::MachineOptions()
    : Cpu("cpu", cl::value_desc("cpu"), cl::sub(thatReport()),
          cl::cat(optionCategory()),
          cl::desc("CPU to simulate; help lists those of the program's "
                   "architecture (default: one that is usual for it, which "
                   "the report names)")),
      Mcpu("mcpu", cl::desc("Alias for --cpu"), cl::aliasopt(Cpu)),
      Triple("mtriple", cl::value_desc("triple"), cl::sub(thatSimulate()),
             cl::cat(optionCategory()),
             cl::desc("Target triple (default: the program's)")),
      Simulation(thatSimulate(), optionCategory()) {}

Expected<SessionRequest> MachineOptions::request() const {
  SessionRequest Asked;
  Asked.Target.Cpu = Cpu;
  Asked.Target.Triple = Triple;
  if (Error E = Simulation.apply(Asked))
    return E;
  return Asked;
}

const MachineOptions &machineOptions() {
  static const MachineOptions Options;
  return Options;
}

bool asksForList(const SessionRequest &Asked) {
  return Asked.Target.Cpu == "help" || Asked.Around.Path == "help";
}

Error printList(const SessionRequest &Asked, StringRef Arch) {
  SessionRequest Any = Asked;
  if (Asked.Target.Cpu == "help")
    Any.Target.Cpu.clear();
  Expected<std::unique_ptr<Target>> Machine = createTarget(Any.Target, Arch);
  if (!Machine)
    return Machine.takeError();
  Any.Target.Triple = (*Machine)->triple().str();
  return Asked.Target.Cpu == "help"
             ? listCpus(Any.Target, outs())
             : listModels(Any.Around, (*Machine)->cpu(), outs());
}

ReportOptions::ReportOptions()
    : Format("format", cl::value_desc("format"), cl::sub(thatPrint()),
             cl::cat(optionCategory()),
             cl::desc("Format of the report: text, json, csv, callgrind, "
                      "folded, speedscope, perfetto or o3pipeview (default: "
                      "by the extension of -o's file, else text)")),
      Path("o", cl::value_desc("file"), cl::sub(thatPrint()),
           cl::cat(optionCategory()),
           cl::desc("Where the report goes; - is standard output")),
      Text(thatPrint(), optionCategory()) {}

Expected<ReportOptions::Request> ReportOptions::request() const {
  Request R{formatFromExtension(Path).value_or(ReportFormat::Text), Path,
            Text.options()};
  if (Format.empty())
    return R;
  const std::optional<ReportFormat> How = formatFromName(Format);
  if (!How)
    return createStringError("--format=" + Format +
                             ": not a format: " + formatNames() + " is wanted");
  R.How = *How;
  return R;
}

const ReportOptions &reportOptions() {
  static const ReportOptions Options;
  return Options;
}

const cl::opt<bool> &noMemoryOption() {
  static const cl::opt<bool> Option(
      "no-memory", cl::sub(thatRun()), cl::cat(optionCategory()),
      cl::desc("Do not trace memory accesses: twice as fast or more, and no "
               "data caches"));
  return Option;
}

const cl::opt<bool> &quietOption() {
  static const cl::opt<bool> Option(
      "quiet", cl::sub(all()), cl::cat(optionCategory()),
      cl::desc("No line that says how far it is, and no word of success"));
  return Option;
}

} // namespace mcad
