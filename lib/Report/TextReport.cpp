//===- Report/TextReport.cpp - a report for people -----------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/TextReport.h"
#include "Report/Printable.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/FormattedStream.h"
#include <cmath>

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

static void printRun(const TraceReport &T, bool IsTimed, raw_ostream &OS) {
  const TraceDescription &D = T.Description;
  OS << "Program:           "
     << (D.BinaryPath.empty() ? "(not known)" : printable(D.BinaryPath));
  if (!D.GuestArch.empty())
    OS << " (" << printable(D.GuestArch)
       << (D.SystemMode ? ", system mode" : "") << ')';
  if (D.ProcessId)
    OS << ", process " << D.ProcessId;
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

  OS << "Counted:           "
     << (D.Scope == TraceScope::MainCode ? "the main executable only"
                                         : "the whole process");
  if (D.Scope == TraceScope::WholeProcess && T.Executed)
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
  for (const Loss &L : T.Losses)
    if (L.How == Loss::Severity::Note)
      OS << "\nnote: " << L.Count << ' ' << L.Unit << ": "
         << printable(L.Sentence) << '\n';
}

//===--- what is around the core -------------------------------------------//

/// Per thousand instructions.
static std::string perThousand(uint64_t Count, uint64_t Instructions) {
  return formatv("{0:F2}", Instructions
                               ? 1000.0 * double(Count) / double(Instructions)
                               : 0.0)
      .str();
}

static StringRef causeText(Cause C) {
  switch (C) {
  case Cause::None:
    return "";
  case Cause::L2:
    return "data from L2";
  case Cause::L3:
    return "data from L3";
  case Cause::Memory:
    return "data from memory";
  case Cause::DataTlb:
    return "the translation of data addresses";
  case Cause::Split:
    return "the second line of accesses that straddle two";
  case Cause::MissLimit:
    return "room for another miss";
  case Cause::Store:
    return "an older store of the same bytes";
  case Cause::FetchMiss:
    return "instructions from L2 and beyond";
  case Cause::FetchTlb:
    return "the translation of instruction addresses";
  case Cause::Mispredict:
    return "the right path after a misprediction";
  case Cause::Target:
    return "fetch from the target of a taken branch";
  case Cause::Latency:
    return "the oldest instruction's own latency";
  case Cause::Operands:
    return "operands of the oldest instruction";
  case Cause::Ports:
    return "a port for the oldest instruction";
  case Cause::Other:
    return "the pipeline to fill or to drain";
  }
  return "";
}

static void printLostCycles(const TraceReport &T, raw_ostream &OS) {
  const auto &Lost = T.Surroundings->LostCycles;
  uint64_t Idle = 0;
  for (uint64_t Cycles : Lost)
    Idle += Cycles;
  auto row = [&](uint64_t Cycles, const Twine &What) {
    OS << format("%17llu  %13s  ", (unsigned long long)Cycles,
                 share(Cycles, T.Total.Cycles).c_str())
       << What << '\n';
  };
  OS << "\n\nWhere the cycles went:\n"
     << "           cycles  of all cycles\n";
  row(T.Total.Cycles - Idle, "instructions retired");
  row(Lost[0], "nothing retired: latencies, ports and queues of the core");
  for (unsigned I = 1; I != NumCauses; ++I)
    if (Lost[I])
      row(Lost[I], "waiting for " + causeText(static_cast<Cause>(I)));
}

static void printCaches(const TraceReport &T, raw_ostream &OS) {
  const SurroundingsReport &S = *T.Surroundings;
  if (S.Caches.empty() && S.Tlbs.empty())
    return;
  const uint64_t Instructions = T.Total.Instructions;
  auto row = [&](StringRef Name, uint64_t Accesses, uint64_t Misses) {
    OS << format("%-6s %15llu %15llu  %9s %9s", Name.str().c_str(),
                 (unsigned long long)Accesses, (unsigned long long)Misses,
                 share(Misses, Accesses).c_str(),
                 perThousand(Misses, Instructions).c_str());
  };
  OS << "\n\nCaches:\n"
     << "              accesses          misses  miss rate      MPKI\n";
  for (const CacheReport &C : S.Caches) {
    row(C.Name, C.Counters.Accesses, C.Counters.Misses);
    if (C.Counters.Prefetches)
      OS << "  " << C.Counters.Prefetches << " prefetched";
    if (C.Counters.WriteBacks)
      OS << "  " << C.Counters.WriteBacks << " written back";
    OS << '\n';
  }
  for (const TlbReport &Tlb : S.Tlbs) {
    row(Tlb.Name, Tlb.Counters.Accesses, Tlb.Counters.Misses);
    OS << "  " << Tlb.Counters.Walks << " page walks\n";
  }
  if (S.HasData)
    OS << S.ForwardedLoads << " loads from stores that may be in flight, "
       << S.PartlyForwarded << " of them from several or only in part; "
       << S.SplitAccesses << " accesses that straddle two lines\n";
  else
    OS << "Data caches are not simulated: memory accesses were not recorded "
          "(-memory-accesses)\n";
}

static void printBranches(const TraceReport &T, raw_ostream &OS) {
  const BranchCounters &B = T.Surroundings->Branches;
  const uint64_t Instructions = T.Total.Instructions;
  OS << "\n\nBranches:\n"
     << "                           executed    mispredicted       rate      "
        "MPKI\n";
  auto row = [&](const char *Name, uint64_t Executed, uint64_t Wrong) {
    OS << format("%-20s %14llu %15llu  %9s %9s\n", Name,
                 (unsigned long long)Executed, (unsigned long long)Wrong,
                 share(Wrong, Executed).c_str(),
                 perThousand(Wrong, Instructions).c_str());
  };
  row("conditional", B.Conditional, B.WrongDirections);
  if (B.Indirect)
    row("indirect", B.Indirect, B.WrongIndirect);
  if (B.Returns)
    row("return", B.Returns, B.WrongReturns);
  if (B.UnknownTargets)
    OS << B.UnknownTargets << " taken branches whose target was not in the "
       << "BTB\n";
  if (B.NotFollowed)
    OS << B.NotFollowed << " branches after which the trace goes on elsewhere "
       << "are not counted\n";
}

static void printWorst(StringRef Title, ArrayRef<CostlyInstruction> Rows,
                       StringRef CountName, uint64_t InstructionEvents::*Count,
                       raw_ostream &OS) {
  if (Rows.empty())
    return;
  OS << "\n\n"
     << Title << ":\n"
     << format("%15s", CountName.str().c_str())
     << "      executions  address             instruction\n";
  for (const CostlyInstruction &C : Rows)
    OS << format("%15llu %15llu  0x%-16llx  ",
                 (unsigned long long)(C.Events.*Count),
                 (unsigned long long)C.Executions,
                 (unsigned long long)C.Address)
       << printable(C.Text) << '\n';
}

static void printSurroundings(const TraceReport &T, bool IsTimed,
                              raw_ostream &OS) {
  if (!T.Surroundings)
    return;
  const SurroundingsReport &S = *T.Surroundings;
  if (IsTimed)
    printLostCycles(T, OS);
  printCaches(T, OS);
  printBranches(T, OS);
  printWorst("Most cycles of latency beyond L1", S.WorstData, "cycles",
             &InstructionEvents::DataCycles, OS);
  printWorst("Most instruction cache misses", S.WorstFetch, "misses",
             &InstructionEvents::FetchMisses, OS);
  printWorst("Most mispredictions", S.WorstBranches, "mispredicted",
             &InstructionEvents::Mispredictions, OS);
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

void printText(const Report &R, raw_ostream &OS) {
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
    } else {
      if (!IsFirst)
        OS << '\n';
      printCompleteness(T, OS);
      printTarget(R, OS);
      printModel(R, OS);
      const bool IsTimed = R.Engine != "none";
      printRun(T, IsTimed, OS);
      if (IsTimed) {
        printStreams(T, OS);
        printRunPressure(T, OS);
      }
      printSurroundings(T, IsTimed, OS);
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
    for (const TraceReport &T : R.Traces)
      OS << ' ' << printable(T.Description.Name);
    OS << '\n';
  }
}

} // namespace mcad
