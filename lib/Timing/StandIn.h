//===- Timing/StandIn.h - an instruction that no model knows ------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Makes an mca::Instruction that LLVM did not: one micro-op of one cycle,
/// without operands, resources or memory. LLVM leaves most members of a new
/// descriptor and the flags of a new instruction uninitialised; here all are
/// set.
///
/// Tested by unittests/Timing/LoweringTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TIMING_STANDIN_H
#define MCAD_TIMING_STANDIN_H

#include "llvm/MCA/Instruction.h"
#include <memory>

namespace mcad {

/// Sets all of \p Desc, which is new.
inline void describeStandIn(llvm::mca::InstrDesc &Desc) {
  Desc.UsedBuffers = 0;
  Desc.UsedProcResUnits = 0;
  Desc.UsedProcResGroups = 0;
  Desc.MaxLatency = 1;
  Desc.NumMicroOps = 1;
  Desc.SchedClassID = 0;
  Desc.MustIssueImmediately = false;
  Desc.IsRecyclable = false;
  Desc.HasPartiallyOverlappingGroups = false;
}

/// \p Desc is from describeStandIn() and lives as long.
inline std::unique_ptr<llvm::mca::Instruction>
makeStandIn(const llvm::mca::InstrDesc &Desc, unsigned Opcode) {
  auto StandIn = std::make_unique<llvm::mca::Instruction>(Desc, Opcode);
  StandIn->setMayLoad(false);
  StandIn->setMayStore(false);
  StandIn->setHasSideEffects(false);
  StandIn->setBeginGroup(false);
  StandIn->setEndGroup(false);
  StandIn->setRetireOOO(false);
  return StandIn;
}

} // namespace mcad

#endif // MCAD_TIMING_STANDIN_H
