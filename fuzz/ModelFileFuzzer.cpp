//===- ModelFileFuzzer.cpp - any text as a machine model ------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Any text is a model or is refused by its name. A model that is taken has
/// values in range, and each can be written and read again; one of moderate
/// size can be simulated.
///
//===----------------------------------------------------------------------===//

#include "Facts/DirectionPredictor.h"
#include "Facts/Hierarchy.h"
#include "Facts/ModelFile.h"
#include "Require.h"

using namespace llvm;
using namespace mcad;

namespace {

/// So that a run takes microseconds, not memory.
bool isModerate(const MachineModel &M) {
  for (const CacheLevel *Level : {&M.L1I, &M.L1D, &M.L2, &M.L3})
    if (Level->isPresent() && Level->SizeBytes / Level->LineBytes > 4096)
      return false;
  return M.Tlbs.Instruction.Entries + M.Tlbs.Data.Entries +
             M.Tlbs.Second.Entries + M.Data.StrideEntries +
             M.Branches.TableEntries + M.Branches.BtbEntries +
             M.Branches.TaggedTables * M.Branches.TaggedEntries <=
         65536;
}

void simulate(const MachineModel &M) {
  Hierarchy Shared(M);
  CoreMemory Core(Shared);
  const std::unique_ptr<DirectionPredictor> P =
      createDirectionPredictor(M.Branches);
  uint64_t Address = 1;
  for (uint64_t Now = 1; Now != 200; ++Now) {
    Address = Address * 6364136223846793005 + 1442695040888963407;
    Core.data(0x1000, Address >> 40, 1u << (Address >> 33 & 7), Now & 1, Now);
    Core.fetch(Address >> 44, Now);
    if (P)
      P->predictAndLearn(Address >> 50, Address >> 63);
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  const StringRef Text(reinterpret_cast<const char *>(Data), Size);
  Expected<ModelFile> File = parseModelFile(Text, "fuzz");
  if (!File) {
    require(StringRef(toString(File.takeError())).starts_with("fuzz: "));
    return 0;
  }
  MachineModel Again;
  for (const ModelField &Field : modelFields()) {
    const uint64_t Value = Field.get(File->Model);
    require(Value >= Field.Min && Value <= Field.Max);
    require(
        !setModelField(Again, Field.Key, modelFieldText(Field, File->Model)));
    require(Field.get(Again) == Value);
  }
  require(!checkModel(Again));
  if (isModerate(Again))
    simulate(Again);
  return 0;
}
