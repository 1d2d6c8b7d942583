//===- TraceCommand.cpp - mcad trace --------------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CommandLine.h"
#include "HelpPage.h"
#include "Trace/TraceBroker.h"
#include "Trace/TraceFile.h"
#include "Trace/TraceReader.h"
#include "Trace/TraceText.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace mcad;

namespace {

cl::SubCommand Check("check", "Say which invariants of a trace do not hold");
cl::SubCommand Dump("dump", "Print a trace as text");
cl::SubCommand Assemble("assemble", "Write a trace from text");

cl::opt<std::string> CheckFile(cl::Positional, cl::Required, cl::sub(Check),
                               cl::cat(optionCategory()),
                               cl::desc("<trace file>"));
cl::opt<std::string> DumpFile(cl::Positional, cl::Required, cl::sub(Dump),
                              cl::cat(optionCategory()),
                              cl::desc("<trace file>"));
cl::opt<std::string>
    DumpOutput("o", cl::sub(Dump), cl::cat(optionCategory()), cl::init("-"),
               cl::value_desc("file"),
               cl::desc("Where to (default: standard output)"));
cl::opt<std::string> AssembleFile(cl::Positional, cl::init("-"),
                                  cl::sub(Assemble), cl::cat(optionCategory()),
                                  cl::desc("<text file>"));
cl::opt<std::string> AssembleOutput("o", cl::Required, cl::sub(Assemble),
                                    cl::cat(optionCategory()),
                                    cl::value_desc("file"),
                                    cl::desc("The trace file to write"));

/// Takes every block and keeps none: the reader does the checking.
class AnyBlock : public BlockSink {
  uint32_t Count = 0;

public:
  Expected<BlockId> define(const BlockBytes &) override {
    return static_cast<BlockId>(Count++);
  }
  Expected<BlockId> define(GuestAddr, ArrayRef<MCInst>,
                           ArrayRef<MCInst>) override {
    return static_cast<BlockId>(Count++);
  }
};

int check() {
  Expected<std::unique_ptr<MessageReader>> Messages = openTraceFile(CheckFile);
  if (!Messages)
    return fail(Messages.takeError());
  TraceReaderOptions Options;
  Options.Name = CheckFile;
  Options.Policy = AfterViolation::GoOn;
  Expected<std::unique_ptr<TraceReader>> Created =
      TraceReader::create(std::move(*Messages), Options);
  if (!Created)
    return fail(Created.takeError());
  TraceReader &Trace = **Created;

  AnyBlock Sink;
  Batch Next;
  while (true) {
    Expected<bool> HasNext = Trace.next(Next, Sink);
    if (!HasNext)
      return fail(HasNext.takeError());
    if (!*HasNext)
      break;
  }

  for (const Violation &V : Trace.violations())
    outs() << V.str() << '\n';
  if (const uint64_t More = Trace.numViolations() - Trace.violations().size())
    outs() << "and " << More << " more like these\n";
  StreamTotals Sum;
  for (const StreamTotals &S : Trace.arrived()) {
    Sum.Blocks += S.Blocks;
    Sum.Instructions += S.Instructions;
    Sum.Accesses += S.Accesses;
  }
  outs() << CheckFile << ": "
         << (Trace.numViolations() == 0 ? "complete" : "not a whole trace")
         << ": streams " << Trace.arrived().size() << ", blocks "
         << Trace.numBlocks() << ", executions " << Sum.Blocks
         << ", instructions " << Sum.Instructions << ", memory accesses "
         << Sum.Accesses << '\n';
  return Trace.numViolations() == 0 ? 0 : 1;
}

int dump() {
  Expected<std::unique_ptr<MessageReader>> Messages = openTraceFile(DumpFile);
  if (!Messages)
    return fail(Messages.takeError());
  std::error_code Code;
  raw_fd_ostream OS(DumpOutput, Code, sys::fs::OF_Text);
  if (Code)
    return fail(createStringError(DumpOutput +
                                  ": cannot be written: " + Code.message()));
  Error Cut = dumpTrace(**Messages, OS);
  OS.flush();
  if (OS.has_error()) {
    Code = OS.error();
    OS.clear_error();
    consumeError(std::move(Cut));
    return fail(createStringError(DumpOutput +
                                  ": cannot be written: " + Code.message()));
  }
  return Cut ? fail(std::move(Cut)) : 0;
}

int assemble() {
  ErrorOr<std::unique_ptr<MemoryBuffer>> Text =
      MemoryBuffer::getFileOrSTDIN(AssembleFile);
  if (!Text)
    return fail(createStringError(
        AssembleFile + ": cannot be read: " + Text.getError().message()));
  const StringRef Name =
      AssembleFile == "-" ? StringRef("standard input") : AssembleFile;
  Expected<std::unique_ptr<TraceFileWriter>> Writer =
      TraceFileWriter::create(AssembleOutput);
  if (!Writer)
    return fail(Writer.takeError());
  if (Error E = assembleTrace((*Text)->getBuffer(), Name, **Writer))
    return fail(std::move(E));
  if (Error E = (*Writer)->finish())
    return fail(std::move(E));
  return 0;
}

int run(ArrayRef<char *> Given) {
  if (Given.size() > 1 && StringRef(Given[1]).ltrim('-') == "help") {
    printHelpPage(TraceCommand);
    return 0;
  }
  // For messages and for -help, which name the program by its first word.
  std::string Program = "mcad trace";
  std::vector<const char *> Words(Given.begin(), Given.end());
  Words[0] = Program.c_str();
  std::string Refusal;
  raw_string_ostream Refused(Refusal);
  for (cl::SubCommand *Sub : {&Check, &Dump, &Assemble})
    cl::HideUnrelatedOptions(optionCategory(), *Sub);
  cl::HideUnrelatedOptions(optionCategory());
  cl::SetVersionPrinter(
      [](raw_ostream &OS) { OS << "mcad " MCAD_VERSION "\n"; });
  if (!cl::ParseCommandLineOptions(static_cast<int>(Words.size()), Words.data(),
                                   "look at recorded traces\n", &Refused)) {
    // LLVM's text names the program first, and may have a line for each.
    StringRef Line = StringRef(Refusal).split('\n').first;
    Line.consume_front("mcad trace: ");
    return fail(createStringError(Line));
  }
  if (Check)
    return check();
  if (Dump)
    return dump();
  if (Assemble)
    return assemble();
  return fail(createStringError(
      "mcad trace: say check, dump or assemble: see 'mcad trace -help'"));
}

} // namespace

const Command mcad::TraceCommand = {
    "trace",
    "check, dump or assemble recorded traces",
    "(check trace | dump trace [-o file] | assemble text -o file)",
    Command::Operands::OfItsOwn,
    "check dump assemble",
    "Looks at recorded traces: says which of their invariants do not hold, "
    "prints them as text, and makes a trace from text.",
    "mcad trace check prog.mcad\n"
    "mcad trace dump prog.mcad -o prog.txt\n"
    "mcad trace assemble prog.txt -o prog.mcad",
    "0\tthe trace is whole, or what was asked for is done\n"
    "1\telse",
    run};
