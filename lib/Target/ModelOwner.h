//===- Target/ModelOwner.h - which CPU a scheduling model was written for ===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// LLVM lends scheduling models: -mcpu=cortex-a76 runs on Cortex-A57's model.
/// The model does not carry its own name, but the names of its processor
/// resources start with an abbreviation of it ("A57UnitB", "SKLPort0"). A table
/// maps each abbreviation that LLVM 19 uses to the CPU it stands for.
///
/// Source: the ProcResource definitions of LLVM 19's *Sched*.td files, as
/// printed by llvm-mca. What must stay true: the owner named is a CPU that has
/// the model. Tested for every CPU of five architectures by
/// unittests/Target/TargetTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TARGET_MODELOWNER_H
#define MCAD_TARGET_MODELOWNER_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/MC/MCSchedule.h"
#include "llvm/TargetParser/Triple.h"
#include <string>

namespace mcad {

/// The CPU among \p Shared that \p Model was written for; the first of \p
/// Shared if the table does not know the model.
std::string modelOwner(const llvm::MCSchedModel &Model, const llvm::Triple &T,
                       llvm::ArrayRef<std::string> Shared);

} // namespace mcad

#endif // MCAD_TARGET_MODELOWNER_H
