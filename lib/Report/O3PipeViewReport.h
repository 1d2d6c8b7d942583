//===- Report/O3PipeViewReport.h - timelines for Konata -------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The timelines of a report as gem5's O3 pipeline viewer has them (gem5,
/// util/o3-pipeview.py), which Konata opens
/// (https://github.com/shioyadan/Konata). A cycle is 1000 ticks, gem5's at 1
/// GHz, and the first is tick 1000, since 0 stands for a stage that was never
/// reached. MCAD's front end ends with dispatch: fetch, decode, rename and
/// dispatch are one tick. Sequence numbers count all instructions of the file;
/// streams follow each other.
///
/// Tested by unittests/Report/O3PipeViewReportTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_REPORT_O3PIPEVIEWREPORT_H
#define MCAD_REPORT_O3PIPEVIEWREPORT_H

#include "Report/Report.h"
#include "llvm/Support/raw_ostream.h"

namespace mcad {

void printO3PipeView(const Report &R, llvm::raw_ostream &OS);

} // namespace mcad

#endif // MCAD_REPORT_O3PIPEVIEWREPORT_H
