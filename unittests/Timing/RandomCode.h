//===- RandomCode.h - random programs, executions and facts ---------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What an engine can be fed with, at random, for any CPU that LLVM models.
///
/// Instructions are found as a fuzzer finds inputs: bytes that the disassembler
/// takes are changed a little, and what decodes to an opcode that was not there
/// is kept. So each is one that MCAD can meet, and nothing has to be known
/// about operands. Of each opcode there are a few encodings, most of which use
/// the first four registers only, so that instructions depend on each other.
///
/// All of it is a function of the CPU and the seed.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_UNITTESTS_TIMING_RANDOMCODE_H
#define MCAD_UNITTESTS_TIMING_RANDOMCODE_H

#include "Facts/Facts.h"
#include "Timing/LLVMEngine.h"
#include "mcad/Broker.h"
#include "llvm/ADT/ArrayRef.h"
#include <algorithm>
#include <bitset>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace mcad::test {

struct ModelledCpu {
  std::string Triple, Cpu;

  friend std::ostream &operator<<(std::ostream &OS, const ModelledCpu &C) {
    return OS << C.Triple << " " << C.Cpu;
  }
};

/// Every CPU that LLVM has a model of per instruction, except those that differ
/// from an earlier one in their name alone, and RISC-V's "rocket" and
/// "sifive-7-series", which are tunings of no width: -mcpu= them aborts.
const std::vector<ModelledCpu> &modelledCpus();

/// The bytes of one instruction.
using Encoding = std::vector<uint8_t>;

/// Facts of one instruction of an execution; At counts from the block's start.
struct FactsRow {
  InstructionFacts Facts;
  std::vector<Wait> Waits;
};

/// The cycles that facts have.
inline constexpr struct {
  const char *Name;
  uint16_t InstructionFacts::*Of;
} CyclesFields[] = {{"branch", &InstructionFacts::BranchCycles},
                    {"redirect", &InstructionFacts::RedirectCycles},
                    {"fetch tlb", &InstructionFacts::FetchTlbCycles},
                    {"fetch miss", &InstructionFacts::FetchMissCycles},
                    {"fetch wait", &InstructionFacts::FetchWaitCycles},
                    {"load", &InstructionFacts::LoadCycles},
                    {"tlb", &InstructionFacts::TlbCycles},
                    {"split", &InstructionFacts::SplitCycles},
                    {"store", &InstructionFacts::StoreCycles}};

/// Sets one of them, and keeps \p F what facts can be.
inline void setCycles(InstructionFacts &F, uint16_t InstructionFacts::*Of,
                      uint16_t Cycles) {
  F.*Of = Cycles;
  F.TlbCycles = std::min(F.TlbCycles, F.LoadCycles);
  F.SplitCycles = std::min<uint16_t>(F.SplitCycles, F.LoadCycles - F.TlbCycles);
  if (F.FetchWaitCycles && !F.FetchWaitDistance)
    F.FetchWaitDistance = 1;
}

struct ExecutedBlock {
  uint32_t Block; ///< Into the sequence's blocks.
  std::vector<FactsRow> Facts;
  /// What comes behind it: the batch ends, and the engine restarts.
  enum class Then : uint8_t { GoesOn, EndsBatch, Restarts };
  Then What = Then::GoesOn;
};

/// All that an engine is given.
struct Sequence {
  ModelledCpu Cpu;
  InstructionSet Set = InstructionSet::Default;
  PipelineOverrides Overrides;
  std::optional<unsigned> CallLatency; ///< As Lowering has it; none at random.
  bool HasModel = false;               ///< Else there are no facts.
  bool HasAddresses = false;
  uint32_t FetchQueue = 1;
  std::vector<std::vector<Encoding>> Blocks;
  std::vector<ExecutedBlock> Executions;
  Stretch Watched; ///< Empty: none is.
};

/// The instructions of one CPU, sorted by what they do to a pipeline.
class CpuCode {
public:
  CpuCode(const ModelledCpu &Cpu, InstructionSet Set);

  Sequence sequence(uint32_t Seed) const;
  /// Distinct opcodes that the CPU's model knows, and that it does not.
  size_t numModelled() const { return NumModelled; }
  size_t numUnmodelled() const { return NumUnmodelled; }

  /// Instructions that are alike to a pipeline; none is empty.
  using Encodings = std::vector<const Encoding *>;
  llvm::ArrayRef<Encodings> kinds() const { return Kinds; }

  static constexpr unsigned NumKinds = 22;
  /// Which of all kinds the CPU has.
  std::bitset<NumKinds> present() const { return IsThere; }

private:
  ModelledCpu Cpu;
  InstructionSet Set;
  /// An instruction is of several; there are more than named.
  std::vector<Encodings> Kinds;
  std::bitset<NumKinds> IsThere;
  enum { All, Loads, Stores };
  size_t NumModelled = 0, NumUnmodelled = 0;
};

/// Those that \p Cpu has: ARM and Thumb for 32-bit ARM.
std::vector<InstructionSet> instructionSets(const ModelledCpu &Cpu);

/// Drops the bytes of \p E behind the first instruction that \p Cpu decodes.
/// False, and nothing is dropped, if it begins with none.
bool cutToOne(const ModelledCpu &Cpu, InstructionSet Set, Encoding &E);

} // namespace mcad::test

#endif // MCAD_UNITTESTS_TIMING_RANDOMCODE_H
