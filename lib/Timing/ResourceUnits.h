//===- Timing/ResourceUnits.h - the units of a model's processor resources ===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The columns of resource pressure: every unit of every processor resource of
/// a scheduling model that is not a group, in the order and with the names that
/// llvm-mca prints ("[0]", "[2.1]").
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TIMING_RESOURCEUNITS_H
#define MCAD_TIMING_RESOURCEUNITS_H

#include "llvm/ADT/bit.h"
#include "llvm/MC/MCSchedule.h"
#include <optional>
#include <string>
#include <vector>

namespace mcad {

struct ResourceUnit {
  std::string Label; ///< "0", or "2.1" for unit 1 of a resource with several.
  std::string Resource; ///< The resource's name in the model.
};

/// \p FirstOfKind gets, per resource kind of \p Model, the index of its first
/// unit in the result, or ~0u for groups and resources without units.
inline std::vector<ResourceUnit>
resourceUnits(const llvm::MCSchedModel &Model,
              std::vector<unsigned> *FirstOfKind = nullptr) {
  std::vector<ResourceUnit> Units;
  const unsigned NumKinds = Model.getNumProcResourceKinds();
  if (FirstOfKind)
    FirstOfKind->assign(NumKinds, ~0u);
  unsigned Number = 0;
  for (unsigned Kind = 1; Kind < NumKinds; ++Kind) {
    const llvm::MCProcResourceDesc &Resource = *Model.getProcResource(Kind);
    if (Resource.SubUnitsIdxBegin || !Resource.NumUnits)
      continue;
    if (FirstOfKind)
      (*FirstOfKind)[Kind] = Units.size();
    for (unsigned Unit = 0; Unit != Resource.NumUnits; ++Unit) {
      std::string Label = std::to_string(Number);
      if (Resource.NumUnits > 1)
        Label += "." + std::to_string(Unit);
      Units.push_back({std::move(Label), Resource.Name});
    }
    ++Number;
  }
  return Units;
}

/// The column of the unit that is bit \p Unit of resource kind \p Kind, with
/// \p FirstOfKind from resourceUnits(\p Model). None if the kind has no such
/// unit.
inline std::optional<unsigned>
unitColumn(const llvm::MCSchedModel &Model,
           const std::vector<unsigned> &FirstOfKind, uint64_t Kind,
           uint64_t Unit) {
  if (Kind >= FirstOfKind.size() || FirstOfKind[Kind] == ~0u)
    return std::nullopt;
  const unsigned Number = llvm::countr_zero(Unit);
  if (Number >= Model.getProcResource(Kind)->NumUnits)
    return std::nullopt;
  return FirstOfKind[Kind] + Number;
}

} // namespace mcad

#endif // MCAD_TIMING_RESOURCEUNITS_H
