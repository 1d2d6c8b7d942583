//===- Session/ChooseModel.h - the machine model that is asked for ------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// From what the user asks for to the machine model around the core: a file,
/// the CPU's preset or the generic one, with single values changed.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_SESSION_CHOOSEMODEL_H
#define MCAD_SESSION_CHOOSEMODEL_H

#include "Facts/MachineModel.h"
#include "Report/Report.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"
#include <string>
#include <utility>
#include <vector>

namespace mcad {

struct ModelRequest {
  bool IsIdeal = false; ///< No caches, no branch prediction.
  std::string Path;     ///< -model; empty: the CPU's preset.
  /// -set, "key=value" each, taken apart.
  std::vector<std::pair<std::string, std::string>> Values;
};

struct ChosenModel {
  MachineModel Model;
  Report::Model Description;
};

/// For \p Cpu. Not if \p R is ideal.
llvm::Expected<ChosenModel> chooseModel(const ModelRequest &R,
                                        llvm::StringRef Cpu);

/// The presets, a line for each.
void listPresets(llvm::raw_ostream &OS);

/// -model=help: the presets, and each value of the one for \p Cpu with what it
/// means and where it is from.
llvm::Error listModels(const ModelRequest &R, llvm::StringRef Cpu,
                       llvm::raw_ostream &OS);

} // namespace mcad

#endif // MCAD_SESSION_CHOOSEMODEL_H
