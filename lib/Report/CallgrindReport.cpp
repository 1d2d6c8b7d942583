//===- Report/CallgrindReport.cpp - for KCachegrind -----------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/CallgrindReport.h"
#include "Report/Printable.h"
#include "Report/ProfileIndex.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Format.h"
#include <algorithm>

using namespace llvm;

namespace mcad {
namespace {

/// Names of one kind (objects, files, functions), each told once.
class Compression {
  StringMap<unsigned> Numbers;

public:
  /// "(3) main", and from then on "(3)". Callgrind calls what has no name ???.
  std::string operator()(StringRef Name) {
    const std::string Text = Name.empty() ? "???" : printable(Name);
    const auto [At, IsNew] = Numbers.try_emplace(Text, Numbers.size() + 1);
    const std::string Number = "(" + std::to_string(At->second) + ")";
    return IsNew ? Number + " " + Text : Number;
  }
};

struct Costs {
  uint64_t Instructions = 0, Cycles = 0;
};

class CallgrindWriter {
  raw_ostream &OS;
  Compression Object, File, Function;

public:
  explicit CallgrindWriter(raw_ostream &OS) : OS(OS) {}

  void write(const Profile &P) {
    const ProfileIndex Index(P);
    for (uint32_t F = 0; F != P.Functions.size(); ++F)
      writeFunction(P, Index, F);
    writeFunction(P, Index, NoIndex);
  }

private:
  void position(GuestAddr Address, uint32_t Line) {
    OS << format_hex(Address, 1) << ' ' << Line << ' ';
  }

  void writeFunction(const Profile &P, const ProfileIndex &Index, uint32_t F) {
    const ArrayRef<uint32_t> Instructions = Index.instructionsOf(F);
    const ArrayRef<uint32_t> Calls = Index.callsFrom(F);
    if (Instructions.empty() && Calls.empty())
      return;
    const StringRef Own = Index.fileOf(F);
    StringRef Current = Own;
    OS << "\nob=" << Object(imagePath(P, F)) << "\nfl=" << File(Own)
       << "\nfn=" << Function(functionName(P, F)) << '\n';

    size_t NextCall = 0;
    auto callsUpTo = [&](GuestAddr Site, uint32_t Line) {
      for (; NextCall != Calls.size() && P.Calls[Calls[NextCall]].Site <= Site;
           ++NextCall)
        writeCall(P, Index, P.Calls[Calls[NextCall]],
                  P.Calls[Calls[NextCall]].Site == Site ? Line : 0);
    };
    for (size_t I = 0; I != Instructions.size(); ++I) {
      const InstructionReport &Row = P.Instructions[Instructions[I]];
      const ArrayRef<SourcePlace::Frame> Frames = framesOf(P, Row);
      const StringRef Here = Frames.empty() ? Own : Frames.front().File;
      const uint32_t Line = Frames.empty() ? 0 : Frames.front().Line;
      if (Here != Current)
        OS << (Here == Own ? "fe=" : "fi=") << File(Here) << '\n';
      Current = Here;
      position(Row.Address, Line);
      OS << Row.Executions << ' ' << totalCycles(Row.Cycles) << '\n';
      // Code that was changed has several rows of one address.
      if (I + 1 == Instructions.size() ||
          P.Instructions[Instructions[I + 1]].Address != Row.Address)
        callsUpTo(Row.Address, Line);
    }
    if (Current != Own)
      OS << "fe=" << File(Own) << '\n';
    callsUpTo(~GuestAddr(0), 0);
  }

  /// A jump into the middle of a function, as from its hot part to its cold
  /// one, counts as one call: what comes behind calls=0 is taken for the
  /// caller's own by callgrind_annotate. One that has no cost, to where it
  /// came from, is left out.
  void writeCall(const Profile &P, const ProfileIndex &Index,
                 const CallReport &C, uint32_t Line) {
    if (!C.Calls && !C.Instructions && !C.Cycles)
      return;
    const GuestAddr Target =
        C.Callee == NoIndex ? 0 : P.Functions[C.Callee].Address;
    uint32_t TargetLine = 0;
    for (const uint32_t I : Index.instructionsOf(C.Callee).take_front(1))
      if (const auto Frames = framesOf(P, P.Instructions[I]); !Frames.empty())
        TargetLine = Frames.back().Line;
    OS << "cob=" << Object(imagePath(P, C.Callee))
       << "\ncfi=" << File(Index.fileOf(C.Callee))
       << "\ncfn=" << Function(functionName(P, C.Callee))
       << "\ncalls=" << std::max<uint64_t>(C.Calls, 1) << ' '
       << format_hex(Target, 1) << ' ' << TargetLine << '\n';
    position(C.Site, Line);
    OS << C.Instructions << ' ' << C.Cycles << '\n';
  }
};

} // namespace

void printCallgrind(const Report &R, raw_ostream &OS) {
  Costs Total;
  for (const TraceReport &T : R.Traces)
    if (T.Attribution)
      for (const InstructionReport &I : T.Attribution->Instructions) {
        Total.Instructions += I.Executions;
        Total.Cycles += totalCycles(I.Cycles);
      }
  OS << "# callgrind format\nversion: 1\ncreator: mcad " << printable(R.Version)
     << '\n';
  for (const TraceReport &T : R.Traces)
    if (T.Attribution && !T.Description.BinaryPath.empty()) {
      OS << "cmd: " << printable(T.Description.BinaryPath) << '\n';
      break;
    }
  OS << "desc: Simulated: " << printable(R.Cpu) << " (" << printable(R.Triple)
     << ")\npositions: instr line\n"
     << "event: Ir : Instructions executed\n"
     << "event: Cycles : Cycles simulated\n"
     << "events: Ir Cycles\n"
     << "summary: " << Total.Instructions << ' ' << Total.Cycles << '\n';
  CallgrindWriter Writer(OS);
  for (const TraceReport &T : R.Traces)
    if (T.Attribution)
      Writer.write(*T.Attribution);
  OS << "\ntotals: " << Total.Instructions << ' ' << Total.Cycles << '\n';
}

} // namespace mcad
