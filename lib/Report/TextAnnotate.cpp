//===- Report/TextAnnotate.cpp - annotated disassembly --------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/Printable.h"
#include "Report/ProfileText.h"
#include "Report/TextSections.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"

using namespace llvm;

namespace mcad {

/// Whether a user may mean \p F by \p Name.
static bool isCalled(const FunctionReport &F, StringRef Name) {
  return F.Name == Name || F.LinkName == Name ||
         StringRef(F.Name).split('(').first == Name;
}

/// "copy.h:3, inlined at main.c:7"
static std::string placeText(ArrayRef<SourcePlace::Frame> Frames) {
  std::string Text;
  for (const SourcePlace::Frame &F : Frames) {
    if (!Text.empty())
      Text += ", inlined at ";
    Text += shortened(F.File, NameColumns);
    if (F.Line)
      Text += ":" + std::to_string(F.Line);
  }
  return Text;
}

/// " > 0x4010" behind a branch of \p Function; with its name, if it is
/// another's.
static std::string targetText(const Profile &P, uint32_t Function,
                              GuestAddr Target) {
  if (!Target)
    return "";
  std::string Text = "  > 0x" + utohexstr(Target, /*LowerCase=*/true);
  const InstructionReport *To = instructionAt(P, Target);
  if (!To || To->Function == NoIndex || To->Function == Function)
    return Text;
  return Text + " " + functionText(P, To->Function);
}

static void annotate(const Profile &P, const ProfileIndex &Index,
                     uint32_t Function, uint64_t Total, raw_ostream &OS) {
  const FunctionReport &F = P.Functions[Function];
  const uint64_t Self = totalCycles(F.Self);
  OS << "\n\n"
     << functionText(P, Function) << ": " << Self << " cycles of its own ("
     << share(Self, Total) << " of all):\n"
     << "     executions           cycles  per execution      share  main "
        "cause  address             instruction\n";
  std::string Place;
  for (const uint32_t I : Index.instructionsOf(Function)) {
    const InstructionReport &Row = P.Instructions[I];
    const ArrayRef<SourcePlace::Frame> Frames = framesOf(P, Row);
    if (std::string Here = placeText(Frames); !Here.empty() && Here != Place) {
      OS << std::string(92, ' ') << Here << '\n';
      Place = std::move(Here);
    }
    const uint64_t Cycles = totalCycles(Row.Cycles);
    OS << format("%15llu  %15llu  %13s  %9s  %-10s  0x%-16llx  ",
                 (unsigned long long)Row.Executions, (unsigned long long)Cycles,
                 perExecution(Cycles, Row.Executions).c_str(),
                 share(Cycles, Self).c_str(), mainCauseName(Row.Cycles).c_str(),
                 (unsigned long long)Row.Address)
       << (Row.Text.empty() ? "(undecoded)" : printable(Row.Text))
       << targetText(P, Function, Row.Target) << '\n';
  }
}

void printAnnotated(const TraceReport &T, const Profile &P,
                    const TextOptions &Options, raw_ostream &OS) {
  if (!Options.AnnotateHottest && Options.Annotate.empty())
    return;
  const ProfileIndex Index(P);
  std::vector<uint32_t> Wanted;
  const std::vector<uint32_t> Order =
      costliest(P.Functions.size(),
                [&](uint32_t F) { return totalCycles(P.Functions[F].Self); });
  if (Options.AnnotateHottest)
    Wanted.assign(Order.begin(),
                  Order.begin() + std::min(Order.size(), TopRows));
  for (const std::string &Name : Options.Annotate) {
    bool IsKnown = false;
    for (uint32_t F = 0; F != P.Functions.size(); ++F)
      if (isCalled(P.Functions[F], Name)) {
        IsKnown = true;
        if (!is_contained(Wanted, F))
          Wanted.push_back(F);
      }
    if (!IsKnown)
      OS << "\n\n" << printable(Name) << ": no function of that name ran\n";
  }
  for (const uint32_t F : Wanted)
    annotate(P, Index, F, T.Total.Cycles, OS);
}

} // namespace mcad
