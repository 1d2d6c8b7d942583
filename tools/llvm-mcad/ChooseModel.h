//===- llvm-mcad/ChooseModel.h - the machine model that is asked for ----===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// From options to the machine model around the core: a file, the CPU's preset
/// or the generic one, with single values changed.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TOOLS_LLVM_MCAD_CHOOSEMODEL_H
#define MCAD_TOOLS_LLVM_MCAD_CHOOSEMODEL_H

#include "Options.h"
#include "Report/Report.h"

namespace mcad {

struct ChosenModel {
  MachineModel Model;
  Report::Model Description;
};

/// For \p Cpu. Not with -ideal.
llvm::Expected<ChosenModel> chooseModel(const Options &O, llvm::StringRef Cpu);

/// -model=help: the presets, and each value of the one for \p Cpu with what it
/// means and where it is from.
llvm::Error listModels(const Options &O, llvm::StringRef Cpu,
                       llvm::raw_ostream &OS);

} // namespace mcad

#endif // MCAD_TOOLS_LLVM_MCAD_CHOOSEMODEL_H
