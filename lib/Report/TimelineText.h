//===- Report/TimelineText.h - a timeline for people ----------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A timeline as llvm-mca's -timeline shows it: D dispatched, = waiting to be
/// issued, e executing, E executed, - waiting to be retired, R retired. An
/// instruction is named by [stream,number]; cycles count from the first one
/// that is shown, whose own number stands above. A stretch that is wider than
/// 100 cycles goes on below.
///
/// Tested by unittests/Report/TimelineTextTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_REPORT_TIMELINETEXT_H
#define MCAD_REPORT_TIMELINETEXT_H

#include "Report/Profile.h"
#include "llvm/Support/raw_ostream.h"

namespace mcad {

/// Nothing, if there is no timeline.
void printTimeline(const Profile &P, llvm::raw_ostream &OS);

} // namespace mcad

#endif // MCAD_REPORT_TIMELINETEXT_H
