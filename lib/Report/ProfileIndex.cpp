//===- Report/ProfileIndex.cpp - names and rows of a profile --------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/ProfileIndex.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;

namespace mcad {

std::string functionName(const Profile &P, uint32_t Function) {
  if (Function == NoIndex)
    return "[unknown]";
  const FunctionReport &F = P.Functions[Function];
  if (!F.Name.empty())
    return F.Name;
  if (!F.LinkName.empty())
    return F.LinkName;
  return formatv("{0:x}", F.Address).str();
}

StringRef imagePath(const Profile &P, uint32_t Function) {
  if (Function == NoIndex || P.Functions[Function].Image == NoIndex)
    return "";
  return P.Images[P.Functions[Function].Image].Path;
}

const InstructionReport *instructionAt(const Profile &P, GuestAddr Address) {
  const auto Found =
      partition_point(P.Instructions, [&](const InstructionReport &I) {
        return I.Address < Address;
      });
  return Found != P.Instructions.end() && Found->Address == Address ? &*Found
                                                                    : nullptr;
}

ArrayRef<SourcePlace::Frame> framesOf(const Profile &P,
                                      const InstructionReport &I) {
  if (I.Place == NoIndex)
    return {};
  return P.Places[I.Place].Frames;
}

std::optional<Cause> mainCause(const CausedCycles &Cycles) {
  const auto *Most = llvm::max_element(Cycles);
  if (*Most == 0)
    return std::nullopt;
  return static_cast<Cause>(Most - Cycles.begin());
}

ProfileIndex::ProfileIndex(const Profile &P)
    : P(P), Instructions(P.Functions.size() + 1),
      Calls(P.Functions.size() + 1) {
  for (uint32_t I = 0; I != P.Instructions.size(); ++I)
    Instructions[slot(P.Instructions[I].Function)].push_back(I);
  for (uint32_t I = 0; I != P.Calls.size(); ++I)
    Calls[slot(P.Calls[I].Caller)].push_back(I);
  for (std::vector<uint32_t> &Rows : Instructions)
    llvm::stable_sort(Rows, [&](uint32_t A, uint32_t B) {
      return P.Instructions[A].Address < P.Instructions[B].Address;
    });
  for (std::vector<uint32_t> &Rows : Calls)
    llvm::stable_sort(Rows, [&](uint32_t A, uint32_t B) {
      return P.Calls[A].Site < P.Calls[B].Site;
    });
}

StringRef ProfileIndex::fileOf(uint32_t Function) const {
  for (const uint32_t I : instructionsOf(Function))
    if (const auto Frames = framesOf(P, P.Instructions[I]); !Frames.empty())
      return Frames.back().File;
  return "";
}

} // namespace mcad
