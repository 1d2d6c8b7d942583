//===- DistinctReport.h - a report in which no number occurs twice --------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A Report with a value in every member, and no number in two of them: what a
/// renderer shows tells which member it is.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_UNITTESTS_REPORT_DISTINCTREPORT_H
#define MCAD_UNITTESTS_REPORT_DISTINCTREPORT_H

#include "Report/Report.h"

namespace mcad::test {

inline TraceReport distinctRun() {
  TraceReport T;
  TraceDescription &D = T.Description;
  D.Name = "127.0.0.1:4711";
  D.GuestArch = "arm";
  D.BinaryPath = "/bin/guest";
  D.BuildId = {0xab, 0xcd};
  D.LoadBias = 0x1001;
  D.CodeStart = 0x1002;
  D.CodeEnd = 0x1003;
  D.Entry = 0x1004;
  D.ProcessId = 101;
  D.ParentProcessId = 102;
  D.Recorder = "relay 1";
  D.RecorderOptions = {"-a", "-b"};
  D.HasMemoryAccesses = true;
  T.Losses = {{"some-loss", Loss::Severity::Incomplete, 103, "things",
               "things are missing"},
              {"some-note", Loss::Severity::Note, 104, "guesses",
               "things were guessed"}};
  T.Total = {1, 2000, 3000, 4000, 5, 6.5};
  T.Executed = 2007;
  T.RepeatIterations = 7;
  T.BlocksDefined = 108;
  T.BlocksExecuted = 109;
  T.Loads = 110;
  T.Stores = 111;
  T.ExecutedInMainCode = 1112;
  T.StartUp = 113;
  T.UnseenInstructions = 114;
  T.UnplacedCycles = 142;
  T.Unmodelled = 115;
  T.Undecoded = 116;
  T.UnmodelledOpcodes = {{"FROB", "no such unit", 117, 118},
                         {"", "no instruction", 119, 120}};
  T.UnmodelledPlaces = {{0x2001, {0xde, 0xad}, "frob r0", 121},
                        {0x2002, {0xbe, 0xef}, "", 122}};
  T.Resources = {{"0", "UnitA", 123}, {"1.0", "UnitB", 124}};
  T.Streams = {{0, 125, 126, 3, 128, 129, 130, 131,
                StreamTotals{StreamId(0), 132, 133, 134}},
               {1, 135, 136, 4, 138, 139, 140, 141, std::nullopt}};
  return T;
}

inline SurroundingsReport distinctSurroundings() {
  SurroundingsReport S;
  S.HasData = true;
  S.Caches = {{"L1I", {208, 52, 203, 204}}, {"L1D", {205, 51, 0, 0}}};
  S.Tlbs = {{"DTLB", {207, 69, 211}}};
  S.Branches = {212, 213, 53, 215, 54, 217, 55, 219, 220};
  S.SplitAccesses = 221;
  S.ForwardedLoads = 222;
  S.PartlyForwarded = 223;
  for (unsigned I = 0; I != NumCauses; ++I)
    S.LostCycles[I] = 150 + I;
  S.WorstData = {{0x3001, "ldr r0", 251, {252, 253, 254, 255, 256}}};
  S.WorstFetch = {{0x3002, "nop", 257, {258, 259, 260, 261, 262}}};
  S.WorstBranches = {{0x3003, "bne", 263, {264, 265, 266, 267, 268}}};
  return S;
}

/// \p First cycles of one cause, one more of another.
inline CausedCycles distinctCauses(uint64_t First) {
  CausedCycles C = {};
  C[static_cast<unsigned>(Cause::None)] = First;
  C[static_cast<unsigned>(Cause::Memory)] = First + 1;
  return C;
}

/// For distinctRun(). Does not close: no number occurs twice.
inline Profile distinctProfile() {
  Profile P;
  P.Images = {{"/bin/guest", "abcd", 0x5000}, {"/lib/libc.so", "", 0x5001}};
  P.Functions = {
      {"main", "main", 0, 0x5010, 301, 302, 303, distinctCauses(304), 306, 307},
      {"f<int>(char)", "_Z1fIiEvc", 1, 0x5020, 308, 309, 310,
       distinctCauses(311), 313, 314},
      {"", "", NoIndex, 0x5030, 0, 315, 316, {}, 317, 318}};
  P.Places = {{{{"main", "main.c", 319, 0}}},
              {{{"inlined", "f.h", 320, 321}, {"f<int>", "f.cpp", 322, 323}}},
              {}};
  P.Instructions = {
      {0x5010, {0x01, 0x02}, "add\tr0, r1", 0, 0, 324, distinctCauses(325)},
      {0x5012, {0x03}, "bl\t0x5020", 0, NoIndex, 327, {}, 0x5020},
      {0x5020, {}, "", NoIndex, 1, 328, distinctCauses(329)}};
  P.Blocks = {{0x5010, 2, 0, 0, 331, distinctCauses(332)},
              {0x5020, 334, NoIndex, NoIndex, 335, {}}};
  P.Calls = {{0, 1, 0x5012, 336, 337, 338}, {1, NoIndex, 0, 339, 340, 341}};
  P.Contexts = {{NoIndex, 0, 342, 0, 343, 344, distinctCauses(345)},
                {0, 1, 347, 0x5012, 348, 349, distinctCauses(350)},
                {1, NoIndex, 352, 0x5021, 353, 354, {}}};
  P.Regions = {{"hot loop",
                355,
                356,
                357,
                distinctCauses(358),
                distinctCauses(386),
                388,
                360,
                361,
                362,
                363,
                {{364, 365, 366}, {367, 368, 369}}},
               {"", 0, 0, 0, {}, {}, 0, 0, 0, 0, 0, {}}};
  P.Outside = distinctCauses(370);
  P.Timeline = {{372, 373, 0, 374, 375, 376, 377, 378},
                {379, 380, NoIndex, 381, 382, 383, 384, 385}};
  P.Problems = {"/lib/libc.so: it has no symbols", "another"};
  return P;
}

inline Report::Model distinctModel() {
  return {"some-core", "a core", false, "", {{"l1d.size", "32K", "a manual"}}};
}

inline TraceReport distinctListing() {
  TraceReport T;
  T.Description.Name = "loop.s";
  T.Description.IsListing = true;
  T.Description.ListingIterations = 10;
  T.Description.Region = "hot";
  T.Total = {10, 20, 30, 40, 3, 2.5};
  T.Executed = 20;
  T.Resources = {{"0", "UnitA", 15}, {"1.0", "UnitB", 5}};
  T.Listing = {{"add\tr0, r0", {15, 0}}, {"ret", {0, 5}}};
  return T;
}

inline Report distinctReport(TraceReport Trace) {
  Report R;
  R.Version = "9.8.7";
  R.Triple = "armv7-unknown-linux-gnueabihf";
  R.Cpu = "cortex-a72";
  R.Features = "+neon";
  R.ModelOwner = "cortex-a57";
  R.ModelShared = {"cortex-a57", "cortex-a72"};
  R.IsOutOfOrder = true;
  R.Engine = "llvm";
  R.Traces = {std::move(Trace)};
  R.Seconds = 0.25;
  return R;
}

} // namespace mcad::test

#endif // MCAD_UNITTESTS_REPORT_DISTINCTREPORT_H
