//===- Target/ModelOwner.cpp - which CPU a scheduling model was written for
//===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Target/ModelOwner.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"

using namespace llvm;

namespace mcad {

namespace {
struct Abbreviation {
  StringRef Prefix; ///< Of the name of the model's first processor resource.
  StringRef Cpu;
};

// Longer prefixes before shorter ones that they start with.
constexpr Abbreviation X86Models[] = {
    {"ADLP", "alderlake"},     {"SPR", "sapphirerapids"},
    {"ICX", "icelake-server"}, {"SKX", "skylake-avx512"},
    {"SKL", "skylake"},        {"BW", "broadwell"},
    {"HW", "haswell"},         {"SB", "sandybridge"},
    {"Atom", "atom"},          {"SLM", "slm"},
    {"Pd", "bdver2"},          {"JALU", "btver2"},
    {"Zn2", "znver2"},         {"Zn3", "znver3"},
    {"Zn4", "znver4"},         {"Zn", "znver1"},
};
constexpr Abbreviation ArmModels[] = {
    {"A9", "cortex-a9"},   {"A57", "cortex-a57"}, {"M4", "cortex-m4"},
    {"M55", "cortex-m55"}, {"M7", "cortex-m7"},   {"M85", "cortex-m85"},
    {"R52", "cortex-r52"}, {"Swift", "swift"},
};
constexpr Abbreviation AArch64Models[] = {
    {"A64FX", "a64fx"},
    {"Ampere1B", "ampere1b"},
    {"Ampere1", "ampere1"},
    {"Cy", "apple-a7"},
    {"A53", "cortex-a53"},
    {"CortexA510", "cortex-a510"},
    {"CortexA55", "cortex-a55"},
    {"A57", "cortex-a57"},
    {"N1", "neoverse-n1"},
    {"N2", "neoverse-n2"},
    {"V1", "neoverse-v1"},
    {"V2", "neoverse-v2"},
    {"M3", "exynos-m3"},
    {"M4", "exynos-m4"},
    {"M5", "exynos-m5"},
    {"Falkor", "falkor"},
    {"Kryo", "kryo"},
    {"ORYON", "oryon-1"},
    {"THXT8X", "thunderxt88"},
    {"THX2T99", "thunderx2t99"},
    {"THX3T110", "thunderx3t110"},
    {"TSV110", "tsv110"},
};
constexpr Abbreviation RiscvModels[] = {
    {"Rocket", "rocket"},
    {"SiFive7", "sifive-7-series"},
    {"SiFiveP400", "sifive-p450"},
    {"SiFiveP600", "sifive-p670"},
    {"SCR1_", "syntacore-scr1-base"},
    {"SCR3RV32", "syntacore-scr3-rv32"},
    {"SCR3RV64", "syntacore-scr3-rv64"},
    {"XS2", "xiangshan-nanhu"},
};
constexpr Abbreviation PowerModels[] = {
    {"P7_", "pwr7"},
    {"P8_", "pwr8"},
    {"P10_", "pwr10"},
    {"ALU", "pwr9"},
};
} // namespace

static ArrayRef<Abbreviation> modelsOf(const Triple &T) {
  if (T.isX86())
    return X86Models;
  if (T.isARM() || T.isThumb())
    return ArmModels;
  if (T.isAArch64())
    return AArch64Models;
  if (T.isRISCV())
    return RiscvModels;
  if (T.isPPC())
    return PowerModels;
  return {};
}

std::string modelOwner(const MCSchedModel &Model, const Triple &T,
                       ArrayRef<std::string> Shared) {
  if (Model.hasInstrSchedModel() && Model.getNumProcResourceKinds() > 1) {
    StringRef Resource = Model.getProcResource(1)->Name;
    for (const Abbreviation &A : modelsOf(T))
      if (Resource.starts_with(A.Prefix) && is_contained(Shared, A.Cpu))
        return A.Cpu.str();
  }
  return Shared.empty() ? std::string() : Shared.front();
}

} // namespace mcad
