//===- Session/ListCpus.cpp - the CPUs that can be simulated -------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Session/ListCpus.h"
#include "llvm/Support/Format.h"

using namespace llvm;

namespace mcad {

/// Any that there is: CPUs are asked of a target, and a target has one.
static Expected<std::unique_ptr<Target>> anyCpuOf(TargetRequest Request) {
  Request.Cpu.clear();
  return Target::create(Request);
}

Expected<std::vector<KnownCpu>> knownCpus(TargetRequest Request) {
  Expected<std::unique_ptr<Target>> T = anyCpuOf(Request);
  if (!T)
    return T.takeError();
  std::vector<KnownCpu> Cpus;
  for (const SubtargetSubTypeKV &Cpu :
       (*T)->sti().getAllProcessorDescriptions()) {
    if (!Cpu.SchedModel->hasInstrSchedModel())
      continue;
    Request.Cpu = Cpu.Key;
    Expected<std::unique_ptr<Target>> One = Target::create(Request);
    if (!One)
      return One.takeError();
    Cpus.push_back({Cpu.Key, (*One)->modelIdentity()});
  }
  return Cpus;
}

Error listCpus(const TargetRequest &Request, raw_ostream &OS) {
  Expected<std::unique_ptr<Target>> T = anyCpuOf(Request);
  if (!T)
    return T.takeError();
  OS << "CPUs of " << (*T)->triple().str()
     << " that LLVM has a scheduling model for:\n";
  Expected<std::vector<KnownCpu>> Cpus = knownCpus(Request);
  if (!Cpus)
    return Cpus.takeError();
  for (const KnownCpu &Cpu : *Cpus) {
    OS << "  " << left_justify(Cpu.Name, 24)
       << (Cpu.Model.IsOutOfOrder ? "out of order" : "in order    ");
    if (Cpu.Model.Owner != Cpu.Name)
      OS << "  model of " << Cpu.Model.Owner;
    OS << '\n';
  }
  return Error::success();
}

} // namespace mcad
