//===- Broker/AsmRegions.h - the regions that comments mark in assembly --===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// llvm-mca's region markers: comments `LLVM-MCA-BEGIN [name]` and
/// `LLVM-MCA-END [name]`, collected while the assembler lexes.
///
/// Rules, as llvm-mca's manual gives them ("Using markers to analyze specific
/// code blocks"): regions may overlap if their names differ; only one without
/// a name may be open; an end without a name closes the only open region;
/// without any begin the whole file is a region, up to an end if there is one.
///
/// Tested by unittests/Broker/AsmBrokerTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_BROKER_ASMREGIONS_H
#define MCAD_BROKER_ASMREGIONS_H

#include "llvm/MC/MCParser/MCAsmLexer.h"
#include "llvm/Support/SMLoc.h"
#include "llvm/Support/SourceMgr.h"
#include <string>
#include <vector>

namespace mcad {

struct AsmRegion {
  std::string Name;
  llvm::SMLoc Begin; ///< Invalid: from the start of the file.
  llvm::SMLoc End;   ///< Invalid: to the end of the file.

  /// The user marked it (else it is the whole file).
  bool isMarked() const { return Begin.isValid() || End.isValid(); }
  bool contains(llvm::SMLoc Loc) const {
    return (!Begin.isValid() || Loc.getPointer() >= Begin.getPointer()) &&
           (!End.isValid() || Loc.getPointer() <= End.getPointer());
  }
};

/// Hears the comments and makes the regions of them.
class AsmRegions final : public llvm::AsmCommentConsumer {
public:
  /// Complaints about markers are printed through \p Sources.
  explicit AsmRegions(llvm::SourceMgr &Sources) : Sources(Sources) {}

  void HandleComment(llvm::SMLoc Loc, llvm::StringRef Comment) override;

  /// In the order of their begins; one for the whole file if none is marked.
  const std::vector<AsmRegion> &regions() const { return Regions; }
  bool hadErrors() const { return HadErrors; }

private:
  void begin(llvm::StringRef Name, llvm::SMLoc Loc);
  void end(llvm::StringRef Name, llvm::SMLoc Loc);
  void complain(llvm::SMLoc Loc, const llvm::Twine &What);

  llvm::SourceMgr &Sources;
  std::vector<AsmRegion> Regions = std::vector<AsmRegion>(1);
  std::vector<size_t> Open; ///< Indices of regions begun and not ended.
  bool HadErrors = false;
};

} // namespace mcad

#endif // MCAD_BROKER_ASMREGIONS_H
