//===- Timing/WriteRepair.cpp - writes that LLVM loses after 512 cycles -===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Timing/WriteRepair.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace mcad {

Error WriteRepair::execute(mca::InstRef &IR) {
  const mca::Instruction &Inst = *IR.getInstruction();
  if (Inst.getLatency() > static_cast<unsigned>(-TooLowCycles))
    InFlight.push_back({IR, SmallVector<mca::WriteState, 2>(Inst.getDefs())});
  return moveToTheNextStage(IR);
}

/// Takes the place of \p Write: \p Unissued, issued so many cycles ago that it
/// is low. Its users have been told, and the fresh one has none.
static void putBack(mca::WriteState &Write, mca::WriteState Unissued,
                    unsigned Index) {
  Unissued.setPRF(Write.getRegisterFileID());
  if (Write.isWriteZero())
    Unissued.setWriteZero();
  Unissued.onInstructionIssued(Index);
  while (Unissued.getCyclesLeft() > WriteRepair::LowCycles)
    Unissued.cycleEvent();
  Write = Unissued;
}

Error WriteRepair::cycleStart() {
  // The stages behind have had their start of the cycle, and those in front
  // have not: nobody looks at a write before it is put back.
  for (LongOne &Long : InFlight) {
    mca::Instruction &Inst = *Long.IR.getInstruction();
    for (auto [Write, Unissued] : zip_equal(Inst.getDefs(), Long.Unissued))
      if (Inst.isExecuting() && Write.getCyclesLeft() < TooLowCycles)
        putBack(Write, Unissued, Long.IR.getSourceIndex());
  }
  // The entry stage frees what has retired at the end of this cycle.
  erase_if(InFlight, [](const LongOne &Long) {
    return Long.IR.getInstruction()->isRetired();
  });
  return Error::success();
}

} // namespace mcad
