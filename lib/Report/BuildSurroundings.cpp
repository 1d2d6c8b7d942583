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

/// Overlapping blocks have the same instruction several times: here it is one.
static std::vector<CostlyInstruction>
instructionsWithEvents(const TraceResults &R) {
  std::vector<InstructionEvents> Events(R.Code.numInstructions());
  for (const std::unique_ptr<FactsProducer> &Producer : R.Producers)
    for (auto [Sum, Own] : zip(Events, Producer->events()))
      Sum += Own;

  std::map<GuestAddr, CostlyInstruction> ByAddress;
  const std::unique_ptr<MCInstPrinter> Printer =
      R.Code.target().createPrinter(0);
  const ArrayRef<uint64_t> Executions = R.Counts.blockExecutions();
  for (uint32_t Id = 0; Id != Executions.size(); ++Id) {
    const CodeBlock &Block = R.Code.block(BlockId(Id));
    for (uint32_t I = 0; I != Block.NumInstructions; ++I) {
      const CodeInstruction &Inst =
          R.Code.instruction(InstructionId(Block.FirstInstruction + I));
      CostlyInstruction &Costly = ByAddress[Inst.Address];
      Costly.Executions += Executions[Id];
      Costly.Events += Events[Block.FirstInstruction + I];
      Costly.Address = Inst.Address;
      if (Costly.Text.empty())
        Costly.Text = instructionText(*Printer, R.Code, Block, Inst);
    }
  }
  std::vector<CostlyInstruction> All;
  for (auto &[Address, Costly] : ByAddress)
    All.push_back(std::move(Costly));
  return All;
}

/// Those of \p All with the most \p What, at most TopCostly and none with 0.
static std::vector<CostlyInstruction> worst(ArrayRef<CostlyInstruction> All,
                                            uint64_t InstructionEvents::*What) {
  std::vector<CostlyInstruction> Top;
  for (const CostlyInstruction &C : All)
    if (C.Events.*What)
      Top.push_back(C);
  stable_sort(Top, [&](const CostlyInstruction &A, const CostlyInstruction &B) {
    return A.Events.*What > B.Events.*What;
  });
  if (Top.size() > TopCostly)
    Top.resize(TopCostly);
  return Top;
}

SurroundingsReport
buildSurroundings(const TraceResults &R,
                  const std::array<uint64_t, NumCauses> &Lost) {
  SurroundingsReport Out;
  Out.HasData = R.Description.HasMemoryAccesses;
  Out.LostCycles = Lost;

  const MachineModel &M = R.Caches->model();
  FactCounters Sum;
  for (const std::unique_ptr<FactsProducer> &Producer : R.Producers)
    Sum += Producer->counters();
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

  const std::vector<CostlyInstruction> All = instructionsWithEvents(R);
  Out.WorstData = worst(All, &InstructionEvents::DataCycles);
  Out.WorstFetch = worst(All, &InstructionEvents::FetchMisses);
  Out.WorstBranches = worst(All, &InstructionEvents::Mispredictions);
  return Out;
}

} // namespace mcad
