//===- llvm-mcad/Options.cpp - the command line of llvm-mcad -------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Options.h"
#include "SimulationOptions.h"
#include "TextReportOptions.h"
#include "mcad/Broker.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/CommandLine.h"

using namespace llvm;

namespace mcad {

namespace {
cl::OptionCategory Category("llvm-mcad options");

cl::opt<std::string> Input(cl::Positional, cl::desc("<input file>"),
                           cl::init("-"), cl::cat(Category));
cl::opt<std::string> Triple("mtriple", cl::value_desc("triple"),
                            cl::desc("Target triple (default: the guest's, or "
                                     "the host's for assembly and bytes)"),
                            cl::cat(Category));
cl::opt<std::string> Arch("march", cl::value_desc("arch"),
                          cl::desc("Target architecture, overrides the "
                                   "triple's"),
                          cl::cat(Category));
cl::opt<std::string> Cpu("mcpu", cl::value_desc("cpu"),
                         cl::desc("CPU to simulate (-mcpu=help lists them)"),
                         cl::cat(Category));

cl::opt<BrokerKind> BrokerName(
    "broker", cl::desc("Where instructions come from:"),
    cl::values(clEnumValN(BrokerKind::Asm, "asm",
                          "an assembly file, with llvm-mca's region comments "
                          "(default)"),
               clEnumValN(BrokerKind::Raw, "raw",
                          "instruction bytes, binary or as hexadecimal text"),
               clEnumValN(BrokerKind::Trace, "trace",
                          "a trace recorded with -record")),
    cl::init(BrokerKind::Asm), cl::cat(Category));
cl::opt<std::string> PluginPath("load-broker-plugin", cl::value_desc("path"),
                                cl::desc("Take instructions from the broker "
                                         "plugin in this shared library"),
                                cl::cat(Category));
cl::list<std::string>
    PluginArguments("broker-plugin-arg", cl::Prefix,
                    cl::value_desc("-name=value"),
                    cl::desc("-broker-plugin-arg-<name>=<value> hands "
                             "-<name>=<value> to the plugin; "
                             "-broker-plugin-arg-help lists its arguments"),
                    cl::cat(Category));

cl::opt<std::string> OutputPath("mca-output", cl::value_desc("file"),
                                cl::desc("Where the report goes (default: "
                                         "standard output)"),
                                cl::init("-"), cl::cat(Category));
cl::list<std::string>
    Reports("report", cl::value_desc("format[=file]"),
            cl::desc("Format of the report: text (default), json, csv, "
                     "callgrind, folded, speedscope, perfetto, o3pipeview; and "
                     "its file if not that of -mca-output; may be given "
                     "several times"),
            cl::cat(Category));
cl::opt<std::string> RecordPath("record", cl::value_desc("file"),
                                cl::desc("Record the trace for -broker=trace; "
                                         "a second trace goes to <file>.2, and "
                                         "so on"),
                                cl::cat(Category));
cl::opt<std::string> CodePath("code", cl::value_desc("file"),
                              cl::desc("Write the disassembly of all code "
                                       "that was traced (second trace: "
                                       "<file>.2)"),
                              cl::cat(Category));
cl::opt<cl::boolOrDefault>
    MemoryAccesses("memory-accesses",
                   cl::desc("Ask for the guest's memory accesses, which data "
                            "caches need (default: unless -ideal)"),
                   cl::cat(Category));

SimulationOptions Simulation({&cl::SubCommand::getTopLevel()}, Category);
TextReportOptions TextReport({&cl::SubCommand::getTopLevel()}, Category);

cl::opt<unsigned> Iterations("iterations",
                             cl::desc("How often assembly or bytes are "
                                      "executed (default: 1)"),
                             cl::init(1), cl::cat(Category));
cl::opt<unsigned> DispatchWidth("dispatch",
                                cl::desc("Override the dispatch width"),
                                cl::cat(Category));
cl::opt<unsigned> RegisterFileSize("register-file-size",
                                   cl::desc("Override the number of physical "
                                            "registers"),
                                   cl::cat(Category));
cl::opt<unsigned> LoadQueueSize("lqueue",
                                cl::desc("Override the size of the load queue"),
                                cl::cat(Category));
cl::opt<unsigned> StoreQueueSize("squeue",
                                 cl::desc("Override the size of the store "
                                          "queue"),
                                 cl::cat(Category));
cl::opt<bool> NoAlias("noalias", cl::init(true),
                      cl::desc("Loads never alias older stores, where their "
                               "addresses are not known (default: on)"),
                      cl::cat(Category));
cl::opt<unsigned> CallLatency("mca-call-latency", cl::value_desc("cycles"),
                              cl::desc("Latency of every call (default: what "
                                       "its scheduling class says)"),
                              cl::cat(Category));
} // namespace

static void printVersion(raw_ostream &OS) {
  OS << "llvm-mcad " << MCAD_VERSION << "\n  LLVM " << LLVM_VERSION_STRING
     << ", broker interface " << BrokerInterfaceVersion << '\n';
}

static Expected<ReportRequest> parseReport(StringRef Text) {
  auto [Name, Path] = Text.split('=');
  const std::optional<ReportFormat> Format = formatFromName(Name);
  if (!Format)
    return createStringError("-report=" + Text +
                             ": not a format: " + formatNames() + " is wanted");
  ReportRequest R;
  R.How = *Format;
  R.Path = Text.contains('=') ? Path.str() : OutputPath;
  if (R.Path.empty())
    return createStringError("-report=" + Text + ": the file has no name");
  return R;
}

Expected<Options> parseOptions(int Argc, char **Argv) {
  cl::SetVersionPrinter(printVersion);
  cl::AddExtraVersionPrinter(TargetRegistry::printRegisteredTargetsForVersion);
  cl::HideUnrelatedOptions(Category);
  cl::ParseCommandLineOptions(
      Argc, Argv,
      "cycle-level analysis of compiled programs\n\n"
      "  llvm-mcad -mcpu=skylake loop.s\n"
      "      simulates an assembly file, like llvm-mca\n"
      "  llvm-mcad -mtriple=armv7-linux-gnueabihf -mcpu=cortex-a57 \\\n"
      "      -load-broker-plugin=plugins/qemu-broker/libMCADQemuBroker.so \\\n"
      "      -broker-plugin-arg-host=localhost:9487\n"
      "      waits for a program that runs under QEMU with libQemuRelay.so\n"
      "  llvm-mcad -mcpu=neoverse-n1 -broker=trace prog.mcad\n"
      "      simulates a recorded program\n");

  Options O;
  TargetRequest &Target = O.Session.Target;
  Target.Triple = Triple;
  Target.Arch = Arch;
  Target.Cpu = Cpu;
  O.Broker = BrokerName;
  O.Input = Input;
  O.PluginPath = PluginPath;
  O.PluginArguments.assign(PluginArguments.begin(), PluginArguments.end());
  if (!O.PluginPath.empty()) {
    if (BrokerName.getNumOccurrences())
      return createStringError("-broker: a broker plugin is given too: choose "
                               "one of -broker and -load-broker-plugin");
    if (Input.getNumOccurrences())
      return createStringError(
          O.Input + ": a broker plugin takes no input file: drop one of the "
                    "two");
    O.Broker = BrokerKind::Plugin;
  } else if (!O.PluginArguments.empty()) {
    return createStringError("-broker-plugin-arg" + O.PluginArguments.front() +
                             ": there is no plugin to hand it to: give "
                             "-load-broker-plugin=<path>");
  }
  for (StringRef Text : Reports) {
    Expected<ReportRequest> R = parseReport(Text);
    if (!R)
      return R.takeError();
    O.Reports.push_back(std::move(*R));
  }
  if (O.Reports.empty())
    O.Reports.push_back({ReportFormat::Text, OutputPath});
  O.Text = TextReport.options();
  O.Session.RecordPath = RecordPath;
  O.Session.CodePath = CodePath;
  if (Error E = Simulation.apply(O.Session))
    return E;
  if (O.Session.Engine == EngineKind::None &&
      (O.Broker == BrokerKind::Asm || O.Broker == BrokerKind::Raw))
    return createStringError("-engine=none: there is nothing to count in "
                             "assembly and bytes but cycles: drop it");
  O.WantMemoryAccesses =
      MemoryAccesses == cl::BOU_UNSET
          ? !O.Session.Around.IsIdeal || !O.Session.RecordPath.empty()
          : MemoryAccesses == cl::BOU_TRUE;
  if (!Iterations)
    return createStringError("-iterations=0: it must be 1 or more");
  if (Iterations != 1 && O.Broker != BrokerKind::Asm &&
      O.Broker != BrokerKind::Raw)
    return createStringError("-iterations: only assembly and bytes can be "
                             "executed again: drop it");
  O.Iterations = Iterations;
  O.Session.Overrides = {DispatchWidth, RegisterFileSize, LoadQueueSize,
                         StoreQueueSize, NoAlias};
  if (CallLatency.getNumOccurrences())
    O.Session.CallLatency = CallLatency;
  return O;
}

} // namespace mcad
