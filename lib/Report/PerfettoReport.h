//===- Report/PerfettoReport.h - timelines for Perfetto -------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The timelines of a report in the trace-event JSON that Perfetto and Chrome
/// open (Google, "Trace Event Format"). A cycle is shown as a microsecond,
/// which the metadata says. Each executed instruction is a slice from its
/// dispatch to its retirement, with its stages within: waiting for operands,
/// waiting for a port, executing, waiting for retirement. Slices of one row of
/// the viewer must not overlap, so that each stream has as many rows, called
/// lanes, as instructions in flight.
///
/// Tested by unittests/Report/PerfettoReportTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_REPORT_PERFETTOREPORT_H
#define MCAD_REPORT_PERFETTOREPORT_H

#include "Report/Report.h"
#include "llvm/Support/raw_ostream.h"

namespace mcad {

void printPerfetto(const Report &R, llvm::raw_ostream &OS);

} // namespace mcad

#endif // MCAD_REPORT_PERFETTOREPORT_H
