//===- Report/TextReport.cpp - a report for people -----------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/TextReport.h"
#include "Report/Printable.h"
#include "Report/TextSections.h"
#include "Report/TimelineText.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/FormattedStream.h"
#include <cmath>
#include <map>

using namespace llvm;

namespace mcad {

/// Rounded as llvm-mca does.
static double rounded(double Value, double Steps) {
  return std::floor(Value * Steps + 0.5) / Steps;
}

static void printSummary(const Summary &S, raw_ostream &OS) {
  OS << "Iterations:        " << S.Iterations
     << "\nInstructions:      " << S.Instructions
     << "\nTotal Cycles:      " << S.Cycles
     << "\nTotal uOps:        " << S.MicroOps
     << "\n\nDispatch Width:    " << S.DispatchWidth << "\nuOps Per Cycle:    "
     << format("%.2f", rounded(S.microOpsPerCycle(), 100))
     << "\nIPC:               " << format("%.2f", rounded(S.ipc(), 100))
     << "\nBlock RThroughput: "
     << format("%.1f", rounded(S.BlockRThroughput, 10)) << '\n';
}

//===--- a listing: llvm-mca's tables -------------------------------------===//

static void printColumns(const TraceReport &T, formatted_raw_ostream &OS) {
  for (size_t I = 0; I != T.Resources.size(); ++I) {
    OS << '[' << T.Resources[I].Label << ']';
    OS.PadToColumn((I + 1) * 7);
  }
}

static void printPressure(uint64_t Cycles, uint64_t Iterations, size_t Column,
                          formatted_raw_ostream &OS) {
  const double Pressure = double(Cycles) / double(Iterations);
  if (Pressure < 0.005)
    OS << " - ";
  else
    OS << format("%.2f", rounded(Pressure, 100));
  OS.PadToColumn((Column + 1) * 7);
}

static void printListing(const TraceReport &T, raw_ostream &Out) {
  formatted_raw_ostream OS(Out);
  OS << "\n\nResources:\n";
  for (const ResourceUse &U : T.Resources) {
    OS << '[' << U.Label << ']';
    OS.PadToColumn(6);
    OS << "- " << U.Resource << '\n';
  }
  OS << "\n\nResource pressure per iteration:\n";
  printColumns(T, OS);
  OS << '\n';
  for (size_t I = 0; I != T.Resources.size(); ++I)
    printPressure(T.Resources[I].Cycles, T.Total.Iterations, I, OS);
  OS << "\n\nResource pressure by instruction:\n";
  printColumns(T, OS);
  OS << "Instructions:\n";
  for (const ListedInstruction &Row : T.Listing) {
    for (size_t I = 0; I != Row.UnitCycles.size(); ++I)
      printPressure(Row.UnitCycles[I], T.Total.Iterations, I, OS);
    OS << Row.Text << '\n';
  }
  OS.flush();
}

//===--- a run --------------------------------------------------------------//

static void printCompleteness(const TraceReport &T, raw_ostream &OS) {
  if (!T.isComplete()) {
    OS << "NOT COMPLETE:\n";
    for (const Loss &L : T.Losses)
      if (L.How == Loss::Severity::Incomplete)
        OS << "  " << printable(L.Sentence) << '\n';
    OS << '\n';
  }
}

using ProcessTraces = std::map<uint32_t, const TraceReport *>;

/// \p T, and below it its children of \p Rest, which they leave.
static void printProcess(const TraceReport &T, unsigned Depth,
                         ProcessTraces &Rest, raw_ostream &OS) {
  OS << format("%14llu %14llu  ", (unsigned long long)T.Executed,
               (unsigned long long)T.Total.Cycles);
  OS.indent(2 * Depth) << T.Description.ProcessId
                       << (T.isComplete() ? "" : ", NOT COMPLETE") << '\n';
  SmallVector<const TraceReport *> Children;
  for (const auto &[Id, Child] : Rest)
    if (Child->Description.ParentProcessId == T.Description.ProcessId)
      Children.push_back(Child);
  for (const TraceReport *Child : Children)
    Rest.erase(Child->Description.ProcessId);
  for (const TraceReport *Child : Children)
    printProcess(*Child, Depth + 1, Rest, OS);
}

/// Whose child each process is, if there are several; \p Rest are all of them.
static void printProcesses(const Report &R, ProcessTraces Rest,
                           raw_ostream &OS) {
  // Regions of one process have reports of their own.
  std::erase_if(Rest, [](const auto &Process) {
    return Process.second->Description.Region.has_value();
  });
  if (Rest.size() < 2)
    return;
  OS << Rest.size() << " processes, each under its parent:\n"
     << "  instructions         cycles  process\n";
  for (const TraceReport &T : R.Traces) {
    const auto Root = Rest.find(T.Description.ProcessId);
    if (Root == Rest.end() || Root->second != &T ||
        Rest.contains(T.Description.ParentProcessId))
      continue;
    Rest.erase(Root);
    printProcess(T, 0, Rest, OS);
  }
  // Two that are each other's parents: whoever sent them lied.
  for (const auto &[Id, T] : Rest) {
    ProcessTraces None;
    printProcess(*T, 0, None, OS);
  }
  OS << '\n';
}

static void printRun(const TraceReport &T, const ProcessTraces &All,
                     bool IsTimed, raw_ostream &OS) {
  const TraceDescription &D = T.Description;
  OS << "Program:           "
     << (D.BinaryPath.empty() ? "(not known)" : printable(D.BinaryPath));
  if (!D.GuestArch.empty())
    OS << " (" << printable(D.GuestArch)
       << (D.SystemMode ? ", system mode" : "") << ')';
  if (D.ProcessId)
    OS << ", process " << D.ProcessId;
  if (All.contains(D.ParentProcessId))
    OS << ", child of " << D.ParentProcessId;
  OS << "\nConnected:         "
     << (D.Recorder.empty() ? "(not known)" : printable(D.Recorder));
  if (!D.RecorderOptions.empty()) {
    OS << ", options";
    for (const std::string &Option : D.RecorderOptions)
      OS << ' ' << printable(Option);
  }
  OS << '\n';

  size_t Agreeing = 0;
  for (const StreamReport &S : T.Streams)
    Agreeing += S.Sent.has_value();
  if (T.isComplete()) {
    OS << "Complete:          yes";
    if (Agreeing)
      OS << ": " << T.Executed << " instructions in " << T.BlocksExecuted
         << " blocks arrived, as many as the relay sent";
    OS << '\n';
  } else {
    OS << "Complete:          NO, see above\n";
  }

  if (D.Region)
    OS << "Region:            " << printable(*D.Region)
       << " (nothing else was simulated; the core is empty at each entry)\n";
  OS << "Counted:           "
     << (D.Region ? "what is inside the region, of " : "")
     << (D.Scope == TraceScope::MainCode ? "the main executable only"
         : D.SystemMode                  ? "the whole system"
                                         : "the whole process");
  if (D.Scope == TraceScope::WholeProcess && !D.SystemMode && T.Executed)
    OS << ", " << share(T.ExecutedInMainCode, T.Executed)
       << " of it in the main executable";
  OS << '\n';
  if (D.Scope == TraceScope::WholeProcess && T.StartUp)
    OS << "Start-up:          " << *T.StartUp << " instructions ("
       << share(*T.StartUp, T.Executed)
       << ") before the program's own entry point\n";
  OS << "Modelled:          " << share(T.Executed - T.Unmodelled, T.Executed)
     << " of the instructions";
  if (T.Unmodelled)
    OS << "; " << T.Unmodelled
       << " simulated as one micro-op of one cycle, see below";
  OS << '\n';
  if (T.RepeatIterations)
    OS << "Repeated:          " << T.RepeatIterations
       << " further iterations of x86 rep instructions, each costed like the "
          "first\n"
       << "Executed:          " << T.Executed
       << " instructions as QEMU counts, every iteration one\n";
  if (D.HasMemoryAccesses)
    OS << "Memory accesses:   " << T.Loads << " loads, " << T.Stores
       << " stores\n";
  OS << '\n';
  if (IsTimed)
    printSummary(T.Total, OS);
  else
    OS << "Instructions:      " << T.Total.Instructions
       << "\nTotal Cycles:      not simulated (-engine=none)\n";
}

static void printStreams(const TraceReport &T, raw_ostream &OS) {
  if (T.Streams.size() < 2)
    return;
  OS << "\n\nThreads (cycles add up to Total Cycles: processor time, not "
        "elapsed time):\n"
     << "[thread]   instructions         cycles    IPC\n";
  for (const StreamReport &S : T.Streams)
    OS << format("%8u %14llu %14llu %6.2f\n", S.Stream,
                 (unsigned long long)(S.Executed - S.RepeatIterations),
                 (unsigned long long)S.Cycles,
                 S.Cycles ? double(S.Executed - S.RepeatIterations) / S.Cycles
                          : 0.0);
}

static void printRunPressure(const TraceReport &T, raw_ostream &OS) {
  OS << "\n\nResource pressure:\n"
     << "         cycles in use  of all cycles  resource\n";
  for (const ResourceUse &U : T.Resources)
    OS << format("%-8s %13llu  %13s  ", ("[" + U.Label + "]").c_str(),
                 (unsigned long long)U.Cycles,
                 share(U.Cycles, T.Total.Cycles).c_str())
       << U.Resource << '\n';
}

static void printUnmodelled(const TraceReport &T, raw_ostream &OS) {
  if (!T.Unmodelled)
    return;
  OS << "\n\nNot modelled (simulated as one micro-op of one cycle each):\n"
     << "   executions   places  opcode\n";
  for (const UnmodelledOpcode &O : T.UnmodelledOpcodes)
    OS << format("%13llu %8llu  ", (unsigned long long)O.Executions,
                 (unsigned long long)O.Addresses)
       << (O.Name.empty() ? "(undecoded)" : O.Name) << ": " << O.Reason << '\n';
  OS << "\n   executions  address             instruction\n";
  for (const UnmodelledPlace &P : T.UnmodelledPlaces) {
    OS << format("%13llu  0x%-16llx  ", (unsigned long long)P.Executions,
                 (unsigned long long)P.Address);
    if (P.Text.empty())
      OS << "bytes " << toHex(P.Bytes, /*LowerCase=*/true);
    else
      OS << printable(StringRef(P.Text).ltrim());
    OS << '\n';
  }
}

static void printNotes(const TraceReport &T, raw_ostream &OS) {
  if (T.Attribution)
    for (const std::string &Problem : T.Attribution->Problems)
      OS << "\nnote: " << printable(Problem) << '\n';
  for (const Loss &L : T.Losses)
    if (L.How == Loss::Severity::Note)
      OS << "\nnote: " << L.Count << ' ' << L.Unit << ": "
         << printable(L.Sentence) << '\n';
}

static void printModel(const Report &R, raw_ostream &OS) {
  OS << "Around the core:   ";
  if (!R.Surroundings) {
    OS << "ideal: every access hits, every branch is predicted\n";
    return;
  }
  const Report::Model &M = *R.Surroundings;
  if (M.IsGeneric)
    OS << "generic values: there is no preset for " << R.Cpu
       << ", -model=<file> gives better ones\n";
  else if (M.File.empty())
    OS << "preset " << M.Name << '\n';
  else
    OS << "model " << printable(M.Name) << " from " << printable(M.File)
       << '\n';
}

static void printTarget(const Report &R, raw_ostream &OS) {
  OS << "Target:            " << R.Triple << '\n';
  OS << "CPU:               " << R.Cpu;
  if (R.CpuIsDefault)
    OS << " (by default: -mcpu= names another)";
  if (!R.Features.empty())
    OS << " with " << R.Features;
  OS << "\nScheduling model:  ";
  if (R.ModelOwner == R.Cpu)
    OS << "LLVM's for " << R.Cpu;
  else
    OS << "LLVM has none of its own for " << R.Cpu << " and lends it that of "
       << R.ModelOwner;
  OS << (R.IsOutOfOrder ? ", out of order" : ", in order") << '\n';
}

void printText(const Report &R, raw_ostream &OS, const TextOptions &Options) {
  ProcessTraces Processes;
  for (const TraceReport &T : R.Traces)
    if (T.Description.ProcessId)
      Processes.try_emplace(T.Description.ProcessId, &T);
  printProcesses(R, Processes, OS);
  size_t RegionIndex = 0;
  bool IsFirst = true;
  for (const TraceReport &T : R.Traces) {
    if (T.Description.IsListing) {
      // llvm-mca's report to the letter, then what it would not have said.
      if (T.Description.Region) {
        OS << "\n[" << RegionIndex << "] Code Region";
        if (!T.Description.Region->empty())
          OS << " - " << printable(*T.Description.Region);
        OS << "\n\n";
      }
      ++RegionIndex;
      printCompleteness(T, OS);
      printSummary(T.Total, OS);
      printListing(T, OS);
      if (T.Attribution)
        printTimeline(*T.Attribution, OS);
    } else {
      if (!IsFirst)
        OS << '\n';
      printCompleteness(T, OS);
      printTarget(R, OS);
      printModel(R, OS);
      const bool IsTimed = R.Engine != "none";
      printRun(T, Processes, IsTimed, OS);
      if (T.Attribution)
        printProfile(T, *T.Attribution, OS);
      if (IsTimed) {
        printStreams(T, OS);
        printRunPressure(T, OS);
      }
      printSurroundings(T, IsTimed, OS);
      if (T.Attribution) {
        printAnnotated(T, *T.Attribution, Options, OS);
        printTimeline(*T.Attribution, OS);
      }
    }
    printUnmodelled(T, OS);
    printNotes(T, OS);
    IsFirst = false;
  }
  // A listing follows llvm-mca, but it too says whose model it used if that is
  // not the CPU's own.
  if (!R.Traces.empty() && R.Traces.front().Description.IsListing &&
      R.ModelOwner != R.Cpu) {
    OS << "\n\nTarget:\n";
    printTarget(R, OS);
  }
  if (!R.Traces.empty() && !R.Traces.front().Description.IsListing) {
    uint64_t Executed = 0;
    for (const TraceReport &T : R.Traces)
      Executed += T.Executed;
    OS << (R.Engine == "none" ? "\nCounted"
                              : "\nSimulated by engine " + R.Engine)
       << formatv(" in {0:F2} s ({1:F2} million instructions per second), from",
                  R.Seconds, R.Seconds > 0 ? Executed / R.Seconds / 1e6 : 0.0);
    // Regions of one trace follow each other.
    StringRef Last;
    for (const TraceReport &T : R.Traces)
      if (std::exchange(Last, T.Description.Name) != T.Description.Name)
        OS << ' ' << printable(T.Description.Name);
    OS << '\n';
  }
}

} // namespace mcad
