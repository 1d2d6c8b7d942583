//===- Assembly.h - programs for tests, written in assembly ---------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A program whose blocks are written in assembly, and an engine run over it.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_UNITTESTS_TIMING_ASSEMBLY_H
#define MCAD_UNITTESTS_TIMING_ASSEMBLY_H

#include "../Target/MakeTarget.h"
#include "Broker/AsmBroker.h"
#include "Code/Program.h"
#include "Timing/LLVMEngine.h"
#include <numeric>

namespace mcad::test {

class Assembly {
public:
  explicit Assembly(const Target &T) : P(T) {}

  /// A block of the instructions of \p Text, which must assemble.
  BlockId block(llvm::StringRef Text) {
    std::string Complaints;
    llvm::raw_string_ostream OS(Complaints);
    llvm::Expected<std::unique_ptr<Broker>> Made = createAsmBroker(
        P.target(), llvm::MemoryBuffer::getMemBufferCopy(Text, "block"),
        /*Iterations=*/1, OS);
    if (!Made)
      llvm::report_fatal_error(llvm::StringRef(Complaints));
    llvm::cantFail(Made.takeError());
    // Operands may point into the broker.
    Brokers.push_back(std::move(*Made));
    std::unique_ptr<TraceSource> Trace =
        llvm::cantFail(Brokers.back()->nextTrace());
    Batch B;
    llvm::cantFail(Trace->next(B, P));
    Execution First;
    if (!ExecutionCursor(B).next(First))
      llvm::report_fatal_error("nothing is executed");
    return First.Block;
  }

  /// A block of one instruction, from its bytes.
  BlockId bytes(const std::vector<uint8_t> &Bytes,
                InstructionSet Set = InstructionSet::Default) {
    const uint8_t Size = Bytes.size();
    BlockBytes Block;
    Block.Set = Set;
    Block.Sizes = Size;
    Block.Bytes = Bytes;
    return llvm::cantFail(P.define(Block));
  }

  Program &program() { return P; }

private:
  std::vector<std::unique_ptr<Broker>> Brokers;
  Program P;
};

/// What the engine counts when \p Blocks are executed in batches of
/// \p BatchLength blocks.
inline TimingCounters simulate(const Program &P, Lowering &L,
                               const std::vector<uint32_t> &Blocks,
                               const PipelineOverrides &Overrides = {},
                               size_t BatchLength = SIZE_MAX) {
  LLVMEngine Engine(P, L, Overrides, LLVMEngine::Detail::Totals);
  llvm::ArrayRef<uint32_t> Rest = Blocks;
  while (!Rest.empty()) {
    const size_t Length = std::min(BatchLength, Rest.size());
    llvm::SmallVector<uint16_t> Units;
    for (const uint32_t Id : Rest.take_front(Length))
      ExecutionWriter(Units).block(BlockId(Id));
    llvm::cantFail(Engine.consume({StreamId(0), Units}, {}));
    Rest = Rest.drop_front(Length);
  }
  llvm::cantFail(Engine.finish());
  return Engine.counters();
}

/// The same for one execution of \p Text on \p T.
inline TimingCounters simulate(const Target &T, llvm::StringRef Text,
                               const PipelineOverrides &Overrides = {}) {
  Assembly A(T);
  Lowering L(T, std::nullopt);
  return simulate(A.program(), L, {index(A.block(Text))}, Overrides);
}

} // namespace mcad::test

#endif // MCAD_UNITTESTS_TIMING_ASSEMBLY_H
