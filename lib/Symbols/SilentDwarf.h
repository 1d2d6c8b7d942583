//===- Symbols/SilentDwarf.h - LLVM's DWARF reader, without its warnings --===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Left to itself DWARFContext prints what it finds wrong to standard error.
/// Nothing in lib/ prints; what cannot be read has no source lines.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_SYMBOLS_SILENTDWARF_H
#define MCAD_SYMBOLS_SILENTDWARF_H

#include "llvm/DebugInfo/DWARF/DWARFContext.h"

namespace mcad {

/// \p File outlives it.
inline std::unique_ptr<llvm::DWARFContext>
silentDwarf(const llvm::object::ObjectFile &File) {
  const auto Ignore = [](llvm::Error E) { llvm::consumeError(std::move(E)); };
  return llvm::DWARFContext::create(
      File, llvm::DWARFContext::ProcessDebugRelocations::Ignore,
      /*LoadedObjectInfo=*/nullptr, /*DWPName=*/"", Ignore, Ignore);
}

} // namespace mcad

#endif // MCAD_SYMBOLS_SILENTDWARF_H
