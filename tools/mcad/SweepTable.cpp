//===- mcad/SweepTable.cpp - the table of a sweep ------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SweepTable.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace mcad {

Expected<SweepFormat> sweepFormat(StringRef Name, StringRef Path) {
  const StringRef Extension = sys::path::extension(Path);
  if (Name == "json" || (Name.empty() && Extension == ".json"))
    return SweepFormat::Json;
  if (Name == "csv" || (Name.empty() && Extension == ".csv"))
    return SweepFormat::Csv;
  if (Name == "text" || Name.empty())
    return SweepFormat::Text;
  return createStringError("--format=" + Name +
                           ": not a format of a table: text, json and csv are");
}

SweepRow sweepRow(const Report &R) {
  SweepRow Row;
  Row.Cpu = R.Cpu;
  for (const TraceReport &T : R.Traces) {
    Row.Instructions += T.Total.Instructions;
    Row.Cycles += T.Total.Cycles;
  }
  Row.Seconds = R.Seconds;
  Row.IsComplete = R.isComplete();
  return Row;
}

static double ratio(uint64_t A, uint64_t B) {
  return B ? double(A) / double(B) : 0;
}

static void writeText(ArrayRef<SweepRow> Rows, raw_ostream &OS) {
  size_t Width = 3;
  for (const SweepRow &Row : Rows)
    Width = std::max(Width, Row.Cpu.size());
  OS << left_justify("CPU", Width)
     << "        cycles     IPC  relative   seconds\n";
  for (const SweepRow &Row : Rows)
    OS << left_justify(Row.Cpu, Width)
       << formatv("{0,14}{1,8:F2}{2,10:F3}{3,10:F2}{4}\n", Row.Cycles,
                  ratio(Row.Instructions, Row.Cycles),
                  ratio(Row.Cycles, Rows.front().Cycles), Row.Seconds,
                  Row.IsComplete ? "" : "  not complete");
  if (!Rows.empty())
    OS << Rows.front().Instructions << " instructions\n";
}

static void writeJson(ArrayRef<SweepRow> Rows, raw_ostream &OS) {
  json::OStream J(OS, /*IndentSize=*/2);
  J.object([&] {
    J.attributeArray("cpus", [&] {
      for (const SweepRow &Row : Rows)
        J.object([&] {
          J.attribute("cpu", Row.Cpu);
          J.attribute("isComplete", Row.IsComplete);
          J.attribute("instructions", Row.Instructions);
          J.attribute("cycles", Row.Cycles);
          J.attribute("ipc", ratio(Row.Instructions, Row.Cycles));
          J.attribute("relative", ratio(Row.Cycles, Rows.front().Cycles));
          J.attribute("seconds", Row.Seconds);
        });
    });
  });
  OS << '\n';
}

static void writeCsv(ArrayRef<SweepRow> Rows, raw_ostream &OS) {
  OS << "cpu,complete,instructions,cycles,ipc,relative,seconds\n";
  for (const SweepRow &Row : Rows)
    OS << formatv("{0},{1},{2},{3},{4:F6},{5:F6},{6:F3}\n", Row.Cpu,
                  Row.IsComplete ? "yes" : "no", Row.Instructions, Row.Cycles,
                  ratio(Row.Instructions, Row.Cycles),
                  ratio(Row.Cycles, Rows.front().Cycles), Row.Seconds);
}

void writeSweep(SweepFormat How, ArrayRef<SweepRow> Rows, raw_ostream &OS) {
  switch (How) {
  case SweepFormat::Text:
    return writeText(Rows, OS);
  case SweepFormat::Json:
    return writeJson(Rows, OS);
  case SweepFormat::Csv:
    return writeCsv(Rows, OS);
  }
}

} // namespace mcad
