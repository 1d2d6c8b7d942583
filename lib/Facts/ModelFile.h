//===- Facts/ModelFile.h - machine models in files ----------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Reads machine models from JSON, and holds the presets, which are the files
/// of models/ built into the program.
///
///   {
///     "name": "my-core",
///     "description": "...",                 optional
///     "base": "cortex-a72",                 a preset; optional: "generic"
///     "cpus": ["cortex-a72"],               of a preset: whose it is
///     "sources": {"TRM": "Arm ... Manual"}, what sources below are short for
///     "values": {
///       "l1d.size": "32K",                  a value,
///       "l1d.ways": [2, "TRM 6.1"]          or a value and where it is from
///     }
///   }
///
/// "values" has the keys of ModelFields.h; what it lacks is the base's. All
/// else is refused, with the file, the key and the reason.
///
/// Tested by unittests/Facts/ModelFileTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_FACTS_MODELFILE_H
#define MCAD_FACTS_MODELFILE_H

#include "Facts/ModelFields.h"
#include "llvm/ADT/StringMap.h"
#include <vector>

namespace mcad {

struct ModelFile {
  MachineModel Model;
  std::vector<std::string> Cpus;
  llvm::StringMap<std::string> Sources; ///< By their short names.
  /// Where the value of a key is from, as the file has it; for a key that is
  /// the base's, as that one has it.
  llvm::StringMap<std::string> SourceOfKey;

  /// The same with the short name written out; "" if nobody said.
  std::string sourceText(llvm::StringRef Key) const;
};

/// The short name that a source starts with: "TRM" of "TRM 6.1".
llvm::StringRef shortSource(llvm::StringRef Source);

/// \p Name is for messages.
llvm::Expected<ModelFile> parseModelFile(llvm::StringRef Json,
                                         llvm::StringRef Name);

struct Preset {
  llvm::StringRef Name;
  llvm::StringRef Json;
};
/// By name; "generic" is one of them.
llvm::ArrayRef<Preset> presets();

/// The model of the preset whose CPU is \p Cpu; of "generic", if there is none.
/// Presets are part of the program and right (tested).
ModelFile presetFor(llvm::StringRef Cpu);

} // namespace mcad

#endif // MCAD_FACTS_MODELFILE_H
