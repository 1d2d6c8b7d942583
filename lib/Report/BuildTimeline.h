//===- Report/BuildTimeline.h - a stretch, stage by stage -----------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Makes a Profile's timeline of what an engine has noted of a stretch. What
/// was asked for and is not there is said among the profile's problems.
///
/// Tested by unittests/Report/BuildTimelineTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_REPORT_BUILDTIMELINE_H
#define MCAD_REPORT_BUILDTIMELINE_H

#include "Attribution/Tally.h"
#include "Code/Program.h"
#include "Report/Profile.h"
#include "Timing/TimingEngine.h"

namespace mcad {

struct TimelineInputs {
  const Program &Code;
  const Tally &Counts;
  /// What was asked for.
  uint32_t Stream;
  Stretch Numbers;
  /// TimingEngine::watched() of Stream; empty if there is no such stream.
  llvm::ArrayRef<InstructionTimes> Times;
};

/// Fills \p Out.Timeline. \p Out is a run's profile, from buildProfile().
void addTimeline(const TimelineInputs &In, Profile &Out);

/// All that there is of a listing's profile: its instructions, without cycles
/// and addresses, and the timeline.
Profile buildListingTimeline(const TimelineInputs &In,
                             unsigned AssemblerDialect);

} // namespace mcad

#endif // MCAD_REPORT_BUILDTIMELINE_H
