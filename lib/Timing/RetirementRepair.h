//===- Timing/RetirementRepair.h - instructions that LLVM's in-order pipeline
// forgets ===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A stage between the entry of LLVM's in-order pipeline and its issue stage
/// that mends one bug of LLVM 19: InOrderIssueStage::updateIssuedInst drops an
/// instruction that finishes while another is carried over (has more micro-ops
/// than a cycle issues) from its list without retiring it. Nothing waits for it
/// any longer, but the register file and the load/store unit are never told,
/// the entry stage keeps it and all after it in memory for ever, and a
/// read-advance below zero or -noalias=false can stall the pipeline without
/// end.
///
/// This stage hands instructions on unchanged and, each cycle, retires those
/// that were forgotten: executed, not retired, and not the youngest handed on,
/// which is the only one that may be carried over. It raises no event, so that
/// listeners count what llvm-mca counts, and keeps the difference itself.
///
/// Tested by unittests/Timing/RetirementRepairTest.cpp. See docs/bugs-met.md.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TIMING_RETIREMENTREPAIR_H
#define MCAD_TIMING_RETIREMENTREPAIR_H

#include "llvm/MCA/HardwareUnits/LSUnit.h"
#include "llvm/MCA/HardwareUnits/RegisterFile.h"
#include "llvm/MCA/Instruction.h"
#include "llvm/MCA/Stages/Stage.h"
#include <deque>
#include <functional>

namespace mcad {

class RetirementRepair final : public llvm::mca::Stage {
public:
  using Callback = std::function<void(const llvm::mca::InstRef &)>;

  /// \p OnForgotten is called for each instruction retired here.
  RetirementRepair(llvm::mca::RegisterFile &Registers,
                   llvm::mca::LSUnitBase &LoadStore, Callback OnForgotten)
      : Registers(Registers), LoadStore(LoadStore),
        OnForgotten(std::move(OnForgotten)) {}

  bool isAvailable(const llvm::mca::InstRef &IR) const override {
    return checkNextStage(IR);
  }
  bool hasWorkToComplete() const override { return false; }
  llvm::Error cycleStart() override;
  llvm::Error cycleResume() override { return llvm::Error::success(); }
  llvm::Error execute(llvm::mca::InstRef &IR) override;

private:
  void retire(llvm::mca::InstRef &IR);

  llvm::mca::RegisterFile &Registers;
  llvm::mca::LSUnitBase &LoadStore;
  const Callback OnForgotten;
  /// Handed on and not known to have retired, oldest first.
  std::deque<llvm::mca::InstRef> InFlight;
};

} // namespace mcad

#endif // MCAD_TIMING_RETIREMENTREPAIR_H
