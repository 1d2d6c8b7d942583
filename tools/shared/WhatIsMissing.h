//===- shared/WhatIsMissing.h - of a report that is not complete ----------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Numbers were printed, but not all that there should be: said on standard
/// error, where scripts and people look.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TOOLS_SHARED_WHATISMISSING_H
#define MCAD_TOOLS_SHARED_WHATISMISSING_H

#include "Report/Report.h"

namespace mcad {

/// One error line for each reason why \p R is not complete. Whether it is.
bool sayWhatIsMissing(const Report &R);

} // namespace mcad

#endif // MCAD_TOOLS_SHARED_WHATISMISSING_H
