//===- test/Tools/NameTrace.cpp - the functions of a recorded trace -------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// name-trace FILE [DEBUG-PREFIX]: what lib/Symbols makes of a trace, for the
/// end-to-end tests. A line for each function that was executed, sorted,
///
///   <kind> <file>:<name> <instructions> <source line of its first block>
///
/// then one for each problem, and the share of instructions in functions with a
/// symbol.
///
//===----------------------------------------------------------------------===//

#include "Symbols/SymbolTable.h"
#include "Trace/GuestArch.h"
#include "Trace/TraceBroker.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"
#include <set>

using namespace llvm;

namespace mcad {
namespace {

StringRef kindName(Function::Kind Kind) {
  static constexpr StringLiteral Names[] = {"symbol", "plt", "section", "file",
                                            "unknown"};
  return Names[static_cast<size_t>(Kind)];
}

struct Executed {
  uint64_t Instructions = 0;
  GuestAddr First = 0;
  uint32_t NumImages = 0; ///< Of First's block.
};

Error nameTrace(const std::string &File, SymbolOptions Options) {
  TraceBroker Broker(File);
  Expected<std::unique_ptr<TraceSource>> Trace = Broker.nextTrace();
  if (!Trace)
    return Trace.takeError();
  const TraceDescription &About = (*Trace)->description();
  Expected<std::string> Triple = tripleOfGuest(About.GuestArch);
  if (!Triple)
    return Triple.takeError();
  Target::initializeAll();
  TargetRequest Request;
  Request.Triple = *Triple;
  Request.Cpu = Target::defaultCpu(llvm::Triple(*Triple));
  if (Request.Cpu.empty())
    Request.Cpu = "generic";
  Expected<std::unique_ptr<Target>> T = Target::create(Request);
  if (!T)
    return T.takeError();

  Program Code(**T);
  std::vector<uint64_t> Executions;
  Batch Next;
  while (true) {
    Expected<bool> HasNext = (*Trace)->next(Next, Code);
    if (!HasNext)
      return HasNext.takeError();
    if (!*HasNext)
      break;
    Executions.resize(Code.numBlocks());
    ExecutionCursor Cursor(Next);
    Execution E;
    while (Cursor.next(E))
      ++Executions[index(E.Block)];
  }

  SymbolTable Symbols(Code, About, std::move(Options));
  std::vector<Executed> All;
  uint64_t Total = 0, WithSymbol = 0;
  for (uint32_t I = 0; I != Executions.size(); ++I) {
    const CodeBlock &Block = Code.block(BlockId(I));
    for (const CodeInstruction &Insn : Code.instructions(Block)) {
      const FunctionId Id = Symbols.functionAt(Insn.Address, Block.NumImages);
      All.resize(Symbols.numFunctions());
      Executed &Here = All[index(Id)];
      if (Executions[I] &&
          !std::exchange(Here.Instructions, Here.Instructions + Executions[I]))
        Here = {Here.Instructions, Insn.Address, Block.NumImages};
      Total += Executions[I];
      const Function::Kind Kind = Symbols.function(Id).Is;
      if (Kind == Function::Kind::Symbol || Kind == Function::Kind::Plt)
        WithSymbol += Executions[I];
    }
  }

  std::set<std::string> Lines;
  for (uint32_t I = 0; I != All.size(); ++I) {
    const Function &F = Symbols.function(FunctionId(I));
    std::string Line;
    raw_string_ostream OS(Line);
    OS << kindName(F.Is) << ' '
       << (F.InImage ? sys::path::filename(Code.image(*F.InImage).Path) : "-")
       << ':' << F.DemangledName << ' ' << All[I].Instructions;
    for (const SourceFrame &Frame :
         Symbols.lines(All[I].First, All[I].NumImages))
      OS << ' ' << Frame.Function << '@' << sys::path::filename(Frame.File)
         << ':' << Frame.Line;
    Lines.insert(Line);
  }
  for (const std::string &Line : Lines)
    outs() << Line << '\n';
  for (const std::string &Problem : Symbols.problems())
    outs() << "problem " << Problem << '\n';
  outs() << "named " << (Total ? WithSymbol * 100 / Total : 0) << " % of "
         << Total << " instructions\n";
  return Error::success();
}

} // namespace
} // namespace mcad

int main(int NumArgs, char **Args) {
  if (NumArgs != 2 && NumArgs != 3) {
    WithColor::error() << "usage: name-trace FILE [DEBUG-PREFIX]\n";
    return 1;
  }
  mcad::SymbolOptions Options;
  if (NumArgs == 3)
    Options.DebugPrefix = Args[2];
  if (Error E = mcad::nameTrace(Args[1], std::move(Options))) {
    WithColor::error() << toString(std::move(E)) << '\n';
    return 1;
  }
  return 0;
}
