//===- Report/CauseText.h - causes for people -----------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What a cycle was spent on, for people.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_REPORT_CAUSETEXT_H
#define MCAD_REPORT_CAUSETEXT_H

#include "Facts/Facts.h"

namespace mcad {

/// "instructions retired", "waiting for data from L2".
llvm::StringRef causeSentence(Cause C);

} // namespace mcad

#endif // MCAD_REPORT_CAUSETEXT_H
