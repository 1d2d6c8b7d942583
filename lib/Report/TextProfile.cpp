//===- Report/TextProfile.cpp - where the cycles went, for people ---------===//
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
#include <map>

using namespace llvm;

namespace mcad {

static void printCauses(const Profile &P, raw_ostream &OS) {
  CausedCycles Sum = {};
  for (const InstructionReport &I : P.Instructions)
    addCycles(Sum, I.Cycles);
  const std::vector<unsigned> Shares = thousandths(Sum);
  OS << "\n\nWhere the cycles went:\n"
     << "           cycles    share\n";
  for (const uint32_t C :
       costliest(NumCauses, [&](uint32_t I) { return Sum[I]; }))
    OS << format("%17llu  %7s  %-25s ", (unsigned long long)Sum[C],
                 percentOf(Shares[C]).c_str(),
                 std::string((Shares[C] + 20) / 40, '#').c_str())
       << causeSentence(static_cast<Cause>(C)) << '\n';
}

/// The row that lets a cut table add up.
static void printRest(size_t NumRows, uint64_t Cycles, uint64_t Total,
                      StringRef What, raw_ostream &OS) {
  if (NumRows > TopRows)
    OS << format("%17llu  %9s  ", (unsigned long long)Cycles,
                 share(Cycles, Total).c_str())
       << '[' << NumRows - TopRows << " more " << What << "]\n";
}

static void printFunctions(const Profile &P, uint64_t Total, raw_ostream &OS) {
  auto selfOf = [&](uint32_t F) { return totalCycles(P.Functions[F].Self); };
  const std::vector<uint32_t> Order = costliest(P.Functions.size(), selfOf);
  if (Order.empty())
    return;
  OS << "\n\nFunctions that cost most:\n"
     << "       own cycles      share     with callees      share         calls"
        "    IPC  function\n";
  uint64_t Rest = 0;
  for (size_t I = 0; I != Order.size(); ++I) {
    const FunctionReport &F = P.Functions[Order[I]];
    const uint64_t Self = selfOf(Order[I]);
    if (I >= TopRows) {
      Rest += Self;
      continue;
    }
    OS << format("%17llu  %9s  %15llu  %9s  %12llu %6.2f  ",
                 (unsigned long long)Self, share(Self, Total).c_str(),
                 (unsigned long long)F.InclusiveCycles,
                 share(F.InclusiveCycles, Total).c_str(),
                 (unsigned long long)F.Calls,
                 double(F.Instructions) / double(Self))
       << functionText(P, Order[I]) << '\n';
  }
  printRest(Order.size(), Rest, Total, "functions", OS);
}

static void printLines(const Profile &P, uint64_t Total, raw_ostream &OS) {
  struct Line {
    StringRef Function;
    CausedCycles Cycles = {};
  };
  std::map<std::pair<StringRef, uint32_t>, Line> Lines;
  uint64_t Unknown = 0;
  for (const InstructionReport &I : P.Instructions) {
    const ArrayRef<SourcePlace::Frame> Frames = framesOf(P, I);
    if (Frames.empty() || !Frames.front().Line) {
      Unknown += totalCycles(I.Cycles);
      continue;
    }
    Line &L = Lines[{Frames.front().File, Frames.front().Line}];
    L.Function = Frames.front().Function;
    addCycles(L.Cycles, I.Cycles);
  }
  if (Lines.empty())
    return;
  const std::vector<std::pair<std::pair<StringRef, uint32_t>, Line>> Rows(
      Lines.begin(), Lines.end());
  auto cyclesOf = [&](uint32_t I) {
    return totalCycles(Rows[I].second.Cycles);
  };
  const std::vector<uint32_t> Order = costliest(Rows.size(), cyclesOf);
  OS << "\n\nSource lines that cost most:\n"
     << "           cycles      share  main cause  line\n";
  uint64_t Rest = 0;
  for (size_t I = 0; I != Order.size(); ++I) {
    const auto &[Place, L] = Rows[Order[I]];
    const uint64_t Cycles = cyclesOf(Order[I]);
    if (I >= TopRows) {
      Rest += Cycles;
      continue;
    }
    OS << format("%17llu  %9s  %-10s  ", (unsigned long long)Cycles,
                 share(Cycles, Total).c_str(), mainCauseName(L.Cycles).c_str())
       << shortened(Place.first, NameColumns) << ':' << Place.second;
    if (!L.Function.empty())
      OS << " in " << shortened(L.Function, NameColumns);
    OS << '\n';
  }
  printRest(Order.size(), Rest, Total, "lines", OS);
  if (Unknown)
    OS << format("%17llu  %9s  ", (unsigned long long)Unknown,
                 share(Unknown, Total).c_str())
       << "[no line known]\n";
}

static void printBlocks(const Profile &P, uint64_t Total, raw_ostream &OS) {
  auto cyclesOf = [&](uint32_t B) { return totalCycles(P.Blocks[B].Cycles); };
  const std::vector<uint32_t> Order = costliest(P.Blocks.size(), cyclesOf);
  if (Order.empty())
    return;
  OS << "\n\nBlocks that cost most:\n"
     << "           cycles      share      executions  per execution  "
        "instructions  main cause  address             in\n";
  uint64_t Rest = 0;
  for (size_t I = 0; I != Order.size(); ++I) {
    const BlockReport &B = P.Blocks[Order[I]];
    const uint64_t Cycles = cyclesOf(Order[I]);
    if (I >= TopRows) {
      Rest += Cycles;
      continue;
    }
    OS << format("%17llu  %9s  %14llu  %13s  %12u  %-10s  0x%-16llx  ",
                 (unsigned long long)Cycles, share(Cycles, Total).c_str(),
                 (unsigned long long)B.Executions,
                 perExecution(Cycles, B.Executions).c_str(), B.NumInstructions,
                 mainCauseName(B.Cycles).c_str(), (unsigned long long)B.Address)
       << functionText(P, B.Function) << '\n';
  }
  printRest(Order.size(), Rest, Total, "blocks", OS);
}

/// How long entries took; nothing if all took about the same.
static void printHistogram(const RegionReport &R, raw_ostream &OS) {
  constexpr unsigned Width = 50;
  if (R.Histogram.size() < 2)
    return;
  uint64_t Most = 0;
  for (const RegionReport::Bucket &B : R.Histogram)
    Most = std::max(Most, B.Entries);
  OS << "\nEntries of " << shortened(R.Description, NameColumns)
     << " by their cycles:\n";
  for (const RegionReport::Bucket &B : R.Histogram)
    OS << format("%12llu .. %-12llu %12llu  ", (unsigned long long)B.From,
                 (unsigned long long)(B.To - 1), (unsigned long long)B.Entries)
       << std::string(std::max<uint64_t>(1, uint64_t(double(B.Entries) * Width /
                                                     double(Most))),
                      '#')
       << '\n';
}

static void printRegions(const Profile &P, uint64_t Total, raw_ostream &OS) {
  if (P.Regions.empty())
    return;
  OS << "\n\nRegions:\n"
     << "           cycles      share      entries   of one: min       median"
        "          p90          max         mean  region\n";
  for (const RegionReport &R : P.Regions) {
    const uint64_t Cycles = totalCycles(R.Cycles);
    OS << format("%17llu  %9s %12llu %12llu %12llu %12llu %12llu %12.1f  ",
                 (unsigned long long)Cycles, share(Cycles, Total).c_str(),
                 (unsigned long long)R.Entries, (unsigned long long)R.Minimum,
                 (unsigned long long)R.Median,
                 (unsigned long long)R.Percentile90,
                 (unsigned long long)R.Maximum, R.mean())
       << shortened(R.Description, NameColumns);
    if (R.OpenEntries)
      OS << " (" << R.OpenEntries << " more not left at the end)";
    OS << '\n';
  }
  const uint64_t Outside = totalCycles(P.Outside);
  OS << format("%17llu  %9s  ", (unsigned long long)Outside,
               share(Outside, Total).c_str())
     << "[outside]\n";
  for (const RegionReport &R : P.Regions)
    printHistogram(R, OS);
}

void printProfile(const TraceReport &T, const Profile &P, raw_ostream &OS) {
  const uint64_t Total = T.Total.Cycles;
  printCauses(P, OS);
  printFunctions(P, Total, OS);
  printLines(P, Total, OS);
  printBlocks(P, Total, OS);
  printRegions(P, Total, OS);
}

} // namespace mcad
