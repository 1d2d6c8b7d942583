//===- Report/TextSurroundings.cpp - what is around the core, for people --===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/CauseText.h"
#include "Report/Printable.h"
#include "Report/ProfileText.h"
#include "Report/TextSections.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;

namespace mcad {

/// Per thousand instructions.
static std::string perThousand(uint64_t Count, uint64_t Instructions) {
  return formatv("{0:F2}", Instructions
                               ? 1000.0 * double(Count) / double(Instructions)
                               : 0.0)
      .str();
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
  if (Lost[0])
    row(Lost[0], "nothing retired: latencies, ports and queues of the core");
  for (unsigned I = 1; I != NumCauses; ++I)
    if (Lost[I])
      row(Lost[I], causeSentence(static_cast<Cause>(I)));
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

/// "f(int) (libc.so)"; empty where nobody asked.
static std::string functionAt(const TraceReport &T, GuestAddr Address) {
  if (!T.Attribution)
    return "";
  const InstructionReport *Found = instructionAt(*T.Attribution, Address);
  return Found ? functionText(*T.Attribution, Found->Function) : "";
}

static void printWorst(StringRef Title, const TraceReport &T,
                       ArrayRef<CostlyInstruction> Rows, StringRef CountName,
                       uint64_t InstructionEvents::*Count, raw_ostream &OS) {
  if (Rows.empty())
    return;
  OS << "\n\n"
     << Title << ":\n"
     << format("%15s", CountName.str().c_str())
     << "      executions  address             instruction"
     << (T.Attribution ? "                       in\n" : "\n");
  for (const CostlyInstruction &C : Rows) {
    const std::string Text = printable(C.Text), In = functionAt(T, C.Address);
    OS << format("%15llu %15llu  0x%-16llx  ",
                 (unsigned long long)(C.Events.*Count),
                 (unsigned long long)C.Executions,
                 (unsigned long long)C.Address)
       << left_justify(Text, In.empty() ? 0 : 32)
       << (In.empty() ? "" : "  " + In) << '\n';
  }
}

void printSurroundings(const TraceReport &T, bool IsTimed, raw_ostream &OS) {
  if (!T.Surroundings)
    return;
  const SurroundingsReport &S = *T.Surroundings;
  // A profile has said it already, and more.
  if (IsTimed && !T.Attribution)
    printLostCycles(T, OS);
  printCaches(T, OS);
  printBranches(T, OS);
  printWorst("Most cycles of latency beyond L1", T, S.WorstData, "cycles",
             &InstructionEvents::DataCycles, OS);
  printWorst("Most instruction cache misses", T, S.WorstFetch, "misses",
             &InstructionEvents::FetchMisses, OS);
  printWorst("Most mispredictions", T, S.WorstBranches, "mispredicted",
             &InstructionEvents::Mispredictions, OS);
}

} // namespace mcad
