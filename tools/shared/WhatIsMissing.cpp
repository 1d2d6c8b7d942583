//===- shared/WhatIsMissing.cpp - of a report that is not complete --------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "WhatIsMissing.h"
#include "Report/Printable.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace mcad {

bool sayWhatIsMissing(const Report &R) {
  for (const TraceReport &T : R.Traces)
    for (const Loss &L : T.Losses)
      if (L.How == Loss::Severity::Incomplete)
        WithColor::error() << "the report is not complete: "
                           << printable(L.Sentence) << '\n';
  return R.isComplete();
}

} // namespace mcad
