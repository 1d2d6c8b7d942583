//===- Timing/RetirementRepair.cpp - instructions that LLVM's in-order pipeline
// forgets ===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Timing/RetirementRepair.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

using namespace llvm;

namespace mcad {

Error RetirementRepair::execute(mca::InstRef &IR) {
  const mca::InstRef Handed = IR;
  if (Error E = moveToTheNextStage(IR))
    return E;
  // What takes no cycle has retired already, and the entry stage frees it at
  // the end of this one.
  if (!Handed.getInstruction()->isRetired())
    InFlight.push_back(Handed);
  return Error::success();
}

Error RetirementRepair::cycleStart() {
  // The issue stage has had its start of the cycle: what finished has retired,
  // was forgotten, or is carried over.
  for (size_t I = 0; I + 1 < InFlight.size(); ++I) {
    const mca::Instruction &Inst = *InFlight[I].getInstruction();
    if (Inst.isExecuted())
      retire(InFlight[I]);
  }
  // The entry stage frees what has retired at the end of this cycle.
  erase_if(InFlight, [](const mca::InstRef &IR) {
    return IR.getInstruction()->isRetired();
  });
  return Error::success();
}

void RetirementRepair::retire(mca::InstRef &IR) {
  mca::Instruction &Inst = *IR.getInstruction();
  Registers.onInstructionExecuted(&Inst);
  LoadStore.onInstructionExecuted(IR);
  Inst.retire();
  SmallVector<unsigned, 4> FreedRegisters(Registers.getNumRegisterFiles());
  for (const mca::WriteState &Write : Inst.getDefs())
    Registers.removeRegisterWrite(Write, FreedRegisters);
  if (Inst.isMemOp())
    LoadStore.onInstructionRetired(IR);
  OnForgotten(IR);
}

} // namespace mcad
