//===- Broker/AsmBroker.cpp - assembly as a source of traces -------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Broker/AsmBroker.h"
#include "Broker/AsmRegions.h"
#include "Broker/ListingTrace.h"
#include "llvm/MC/MCAsmInfo.h"
#include "llvm/MC/MCContext.h"
#include "llvm/MC/MCObjectFileInfo.h"
#include "llvm/MC/MCParser/MCAsmParser.h"
#include "llvm/MC/MCParser/MCTargetAsmParser.h"
#include "llvm/MC/MCStreamer.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/FormattedStream.h"

using namespace llvm;

namespace mcad {

namespace {

/// Keeps the instructions that the assembler emits and nothing else.
class InstructionCollector final : public MCStreamer {
public:
  std::vector<MCInst> Instructions;

  explicit InstructionCollector(MCContext &Context) : MCStreamer(Context) {}

  void emitInstruction(const MCInst &Inst, const MCSubtargetInfo &) override {
    Instructions.push_back(Inst);
  }
  bool emitSymbolAttribute(MCSymbol *, MCSymbolAttr) override { return true; }
  void emitCommonSymbol(MCSymbol *, uint64_t, Align) override {}
  void emitZerofill(MCSection *, MCSymbol *, uint64_t, Align, SMLoc) override {}
  void emitGPRel32Value(const MCExpr *) override {}
  void beginCOFFSymbolDef(const MCSymbol *) override {}
  void emitCOFFSymbolStorageClass(int) override {}
  void emitCOFFSymbolType(int) override {}
  void endCOFFSymbolDef() override {}
};

/// Owns what the instructions' operands point to.
class AsmBroker final : public Broker {
public:
  AsmBroker(const Target &T, std::unique_ptr<MemoryBuffer> Source,
            unsigned Iterations)
      : Context(T.triple(), &T.mai(), &T.mri(), &T.sti(), &Sources),
        Iterations(Iterations) {
    Sources.AddNewSourceBuffer(std::move(Source), SMLoc());
    ObjectFile.reset(
        T.llvmTarget().createMCObjectFileInfo(Context, /*PIC=*/false));
    Context.setObjectFileInfo(ObjectFile.get());
  }

  Error parse(const Target &T, raw_ostream &Diagnostics);

  Expected<std::unique_ptr<TraceSource>> nextTrace() override {
    if (Next == Regions.size())
      return nullptr;
    Listing &L = Regions[Next++];
    return std::make_unique<ListingTrace>(std::move(L.Description),
                                          std::move(L.Instructions),
                                          std::move(L.Before));
  }

private:
  struct Listing {
    TraceDescription Description;
    std::vector<MCInst> Instructions;
    std::vector<MCInst> Before; ///< In front of the region.
  };

  llvm::SourceMgr Sources;
  MCContext Context;
  std::unique_ptr<MCObjectFileInfo> ObjectFile;
  const unsigned Iterations;
  std::vector<Listing> Regions;
  size_t Next = 0;
};

} // namespace

Error AsmBroker::parse(const Target &T, raw_ostream &Diagnostics) {
  const std::string File = Sources.getMemoryBuffer(Sources.getMainFileID())
                               ->getBufferIdentifier()
                               .str();
  Sources.setDiagHandler(
      [](const SMDiagnostic &D, void *OS) {
        D.print("llvm-mcad", *static_cast<raw_ostream *>(OS));
      },
      &Diagnostics);

  // The target streamer must exist, or some directives crash the parser. What
  // it prints goes nowhere.
  std::unique_ptr<MCInstPrinter> Printer = T.createPrinter(0);
  InstructionCollector Collector(Context);
  formatted_raw_ostream Nowhere(nulls());
  T.llvmTarget().createAsmTargetStreamer(Collector, Nowhere, Printer.get());

  std::unique_ptr<MCAsmParser> Parser(
      createMCAsmParser(Sources, Context, Collector, T.mai()));
  AsmRegions Markers(Sources);
  Parser->getLexer().setCommentConsumer(&Markers);
  // As llvm-mca does: 05h and 101b are numbers.
  Parser->getLexer().setLexMasmIntegers(true);
  std::unique_ptr<MCTargetAsmParser> TargetParser(
      T.llvmTarget().createMCAsmParser(T.sti(), *Parser, T.mcii(),
                                       T.options()));
  if (!TargetParser)
    return createStringError("-broker=asm: LLVM has no assembly parser for " +
                             T.triple().str());
  Parser->setTargetParser(*TargetParser);
  if (Parser->Run(/*NoInitialTextSection=*/false) || Markers.hadErrors())
    return createStringError(File + ": it does not assemble for " +
                             T.triple().str() + ": mend the lines named above");

  for (const AsmRegion &Region : Markers.regions()) {
    Listing L;
    for (const MCInst &Inst : Collector.Instructions)
      if (Region.contains(Inst.getLoc()))
        L.Instructions.push_back(Inst);
      else if (L.Instructions.empty())
        L.Before.push_back(Inst);
    if (L.Instructions.empty())
      continue;
    L.Description.Name = File;
    L.Description.IsListing = true;
    L.Description.ListingIterations = Iterations;
    L.Description.AssemblerDialect = Parser->getAssemblerDialect();
    if (Region.isMarked())
      L.Description.Region = Region.Name;
    Regions.push_back(std::move(L));
  }
  if (Regions.empty())
    return createStringError(File + ": no assembly instructions found");
  return Error::success();
}

Expected<std::unique_ptr<Broker>>
createAsmBroker(const Target &T, std::unique_ptr<MemoryBuffer> Source,
                unsigned Iterations, raw_ostream &Diagnostics) {
  auto Result = std::make_unique<AsmBroker>(T, std::move(Source), Iterations);
  if (Error E = Result->parse(T, Diagnostics))
    return E;
  return Result;
}

} // namespace mcad
