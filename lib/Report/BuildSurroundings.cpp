//===- Report/BuildSurroundings.cpp - the report on caches and branches -===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/BuildSurroundings.h"
#include "Report/InstructionText.h"
#include "llvm/ADT/STLExtras.h"
#include <map>

using namespace llvm;

namespace mcad {

namespace {
struct Instruction {
  CostlyInstruction Row; ///< Without its text.
  const CodeBlock *Block;
  uint32_t Id;
};
} // namespace

/// Overlapping blocks have the same instruction several times: here it is one.
/// Those without events are left out.
static std::vector<Instruction> instructionsWithEvents(const TraceResults &R) {
  std::vector<InstructionEvents> Events = R.Events.vec();
  Events.resize(R.Code.numInstructions());

  std::map<GuestAddr, Instruction> ByAddress;
  const ArrayRef<uint64_t> Executions = R.Counts.blockExecutions();
  auto forEach = [&](auto Visit) {
    for (uint32_t Block = 0; Block != Executions.size(); ++Block) {
      const CodeBlock &Code = R.Code.block(BlockId(Block));
      for (uint32_t I = 0; I != Code.NumInstructions; ++I) {
        const uint32_t Id = Code.FirstInstruction + I;
        Visit(Code, Id, R.Code.instructions(Code)[I].Address,
              Executions[Block]);
      }
    }
  };
  forEach([&](const CodeBlock &Code, uint32_t Id, GuestAddr Address, uint64_t) {
    if (!Events[Id].isEmpty())
      ByAddress.try_emplace(Address, Instruction{{}, &Code, Id});
  });
  forEach(
      [&](const CodeBlock &, uint32_t Id, GuestAddr Address, uint64_t Times) {
        const auto At = ByAddress.find(Address);
        if (At == ByAddress.end())
          return;
        At->second.Row.Address = Address;
        At->second.Row.Executions += Times;
        At->second.Row.Events += Events[Id];
      });
  std::vector<Instruction> All;
  for (const auto &[Address, Costly] : ByAddress)
    All.push_back(Costly);
  return All;
}

/// Those of \p All with the most \p What, at most TopCostly and none with 0.
static std::vector<CostlyInstruction> worst(const TraceResults &R,
                                            ArrayRef<Instruction> All,
                                            uint64_t InstructionEvents::*What) {
  std::vector<const Instruction *> Top;
  for (const Instruction &I : All)
    if (I.Row.Events.*What)
      Top.push_back(&I);
  stable_sort(Top, [&](const Instruction *A, const Instruction *B) {
    return A->Row.Events.*What > B->Row.Events.*What;
  });
  if (Top.size() > TopCostly)
    Top.resize(TopCostly);
  const std::unique_ptr<MCInstPrinter> Printer =
      R.Code.target().createPrinter(0);
  std::vector<CostlyInstruction> Rows;
  for (const Instruction *I : Top) {
    Rows.push_back(I->Row);
    Rows.back().Text = instructionText(
        *Printer, R.Code, *I->Block, R.Code.instruction(InstructionId(I->Id)));
  }
  return Rows;
}

SurroundingsReport
buildSurroundings(const TraceResults &R,
                  const std::array<uint64_t, NumCauses> &Lost) {
  SurroundingsReport Out;
  Out.HasData = R.Description.HasMemoryAccesses;
  Out.LostCycles = Lost;

  const MachineModel &M = R.Caches->model();
  FactCounters Sum = R.Facts;
  if (const Cache *L2 = R.Caches->sharedL2())
    Sum.L2 = L2->counters();
  if (const Cache *L3 = R.Caches->sharedL3())
    Sum.L3 = L3->counters();
  auto addCache = [&](StringRef Name, const CacheLevel &Level,
                      const CacheCounters &Counters) {
    if (Level.isPresent())
      Out.Caches.push_back({Name.str(), Counters});
  };
  addCache("L1I", M.L1I, Sum.L1I);
  if (Out.HasData)
    addCache("L1D", M.L1D, Sum.L1D);
  addCache("L2", M.L2, Sum.L2);
  addCache("L3", M.L3, Sum.L3);
  if (M.Tlbs.Instruction.Entries)
    Out.Tlbs.push_back({"ITLB", Sum.InstructionTlb});
  if (M.Tlbs.Data.Entries && Out.HasData)
    Out.Tlbs.push_back({"DTLB", Sum.DataTlb});
  Out.Branches = Sum.Branches;
  Out.SplitAccesses = Sum.SplitAccesses;
  Out.ForwardedLoads = Sum.ForwardedLoads;
  Out.PartlyForwarded = Sum.PartlyForwarded;

  const std::vector<Instruction> All = instructionsWithEvents(R);
  Out.WorstData = worst(R, All, &InstructionEvents::DataCycles);
  Out.WorstFetch = worst(R, All, &InstructionEvents::FetchMisses);
  Out.WorstBranches = worst(R, All, &InstructionEvents::Mispredictions);
  return Out;
}

} // namespace mcad
