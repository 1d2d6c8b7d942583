//===- Session/ChooseModel.cpp - the machine model that is asked for ----===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Session/ChooseModel.h"
#include "Report/BuildReport.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;

namespace mcad {

/// The file that \p R names, or the preset for \p Cpu.
static Expected<ModelFile> readModel(const ModelRequest &R, StringRef Cpu) {
  if (R.Path.empty() || R.Path == "help")
    return presetFor(Cpu);
  ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer =
      MemoryBuffer::getFile(R.Path, /*IsText=*/true);
  if (std::error_code EC = Buffer.getError())
    return createStringError(EC, "-model: " + R.Path + ": " + EC.message());
  return parseModelFile((*Buffer)->getBuffer(), R.Path);
}

Expected<ChosenModel> chooseModel(const ModelRequest &R, StringRef Cpu) {
  Expected<ModelFile> File = readModel(R, Cpu);
  if (!File)
    return File.takeError();
  for (const auto &[Key, Value] : R.Values) {
    if (Error E = setModelField(File->Model, Key, Value))
      return createStringError("-set: " + toString(std::move(E)));
    File->SourceOfKey[Key] = "-set";
  }
  if (Error E = checkModel(File->Model))
    return createStringError("-set: " + toString(std::move(E)));
  ChosenModel Chosen{File->Model, describeModel(*File)};
  Chosen.Description.File = R.Path;
  Chosen.Description.IsGeneric =
      R.Path.empty() && !is_contained(File->Cpus, Cpu);
  return Chosen;
}

void listPresets(raw_ostream &OS) {
  OS << "Presets:\n";
  for (const Preset &P : presets())
    OS << "  " << left_justify(P.Name, 16)
       << cantFail(parseModelFile(P.Json, P.Name)).Model.Description << '\n';
}

Error listModels(const ModelRequest &R, StringRef Cpu, raw_ostream &OS) {
  listPresets(OS);
  Expected<ChosenModel> Chosen = chooseModel(R, Cpu);
  if (!Chosen)
    return Chosen.takeError();
  OS << "\nValues for -mcpu=" << Cpu << ", from preset "
     << Chosen->Description.Name << " (latencies in cycles):\n";
  for (auto [Value, Field] :
       zip_equal(Chosen->Description.Values, modelFields()))
    OS << "  " << left_justify(Value.Key, 24) << right_justify(Value.Text, 10)
       << "  " << Field.Meaning << "\n"
       << std::string(38, ' ') << "[" << Value.Source << "]\n";
  return Error::success();
}

} // namespace mcad
