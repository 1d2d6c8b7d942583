//===- SmallReport.h - a report that adds up ------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The report of a small program, all of whose numbers add up: main calls
/// twice() and memcpy(), on one stream; on another one instruction of an
/// unknown function is executed. test/Report/Inputs/small.json is this report.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_UNITTESTS_REPORT_SMALLREPORT_H
#define MCAD_UNITTESTS_REPORT_SMALLREPORT_H

#include "Report/Report.h"

namespace mcad::test {

inline CausedCycles
causes(std::initializer_list<std::pair<Cause, uint64_t>> Cycles) {
  CausedCycles C = {};
  for (const auto &[Why, Count] : Cycles)
    C[static_cast<unsigned>(Why)] = Count;
  return C;
}

inline Profile smallProfile() {
  using enum Cause;
  Profile P;
  P.Images = {{"/bin/prog", "0123ab", 0}, {"/lib/libc.so.6", "", 0x6000}};
  P.Functions = {
      {"main", "main", 0, 0x1000, 12, 1, 14,
       causes({{None, 13}, {FetchMiss, 8}}), 48, 300},
      {"twice(int)", "_Z5twicei", 0, 0x1010, 6, 10, 30,
       causes({{None, 25}, {Latency, 200}}), 30, 225},
      {"memcpy", "memcpy", 1, 0x7000, 3, 2, 4,
       causes({{None, 4}, {Memory, 50}}), 4, 54},
      {"", "", NoIndex, 0x9000, 0, 1, 1, causes({{Other, 1}}), 1, 1}};
  P.Places = {{{{"main", "prog.cpp", 5, 1}}},
              {{{"main", "prog.cpp", 6, 3}}},
              {{{"copy", "copy.h", 3, 5}, {"main", "prog.cpp", 7, 3}}},
              {{{"main", "prog.cpp", 9, 1}}},
              {{{"twice(int)", "twice.cpp", 2, 10}}},
              {{{"twice(int)", "twice.cpp", 3, 1}}}};
  P.Instructions = {
      {0x1000, {0x55}, "pushq\t%rbp", 0, 0, 1, causes({{None, 1}})},
      {0x1001,
       {0xe8, 0x0a, 0, 0, 0},
       "callq\t0x1010",
       0,
       1,
       10,
       causes({{None, 10}}),
       0x1010},
      {0x1006,
       {0xe8, 0xf5, 0x5f, 0, 0},
       "callq\t0x7000",
       0,
       2,
       2,
       causes({{None, 1}, {FetchMiss, 8}}),
       0x7000},
      {0x100b, {0xc3}, "retq", 0, 3, 1, causes({{None, 1}})},
      {0x1010,
       {0x8d, 0x04, 0x3f},
       "leal\t(%rdi,%rdi), %eax",
       1,
       4,
       10,
       causes({{None, 5}})},
      {0x1013,
       {0xf7, 0xfe},
       "idivl\t%esi",
       1,
       4,
       10,
       causes({{None, 10}, {Latency, 200}})},
      {0x1015, {0xc3}, "retq", 1, 5, 10, causes({{None, 10}})},
      {0x7000,
       {0xf3, 0xa4},
       "rep\tmovsb",
       2,
       NoIndex,
       2,
       causes({{None, 2}, {Memory, 50}})},
      {0x7002, {0xc3}, "retq", 2, NoIndex, 2, causes({{None, 2}})},
      {0x9000, {0x06}, "", 3, NoIndex, 1, causes({{Other, 1}})}};
  P.Blocks = {{0x1000, 2, 0, 0, 1, causes({{None, 2}})},
              {0x1001, 1, 1, 0, 9, causes({{None, 9}})},
              {0x1006, 1, 2, 0, 2, causes({{None, 1}, {FetchMiss, 8}})},
              {0x100b, 1, 3, 0, 1, causes({{None, 1}})},
              {0x1010, 3, 4, 1, 10, causes({{None, 25}, {Latency, 200}})},
              {0x7000, 2, 7, 2, 2, causes({{None, 4}, {Memory, 50}})},
              {0x9000, 1, 9, 3, 1, causes({{Other, 1}})}};
  P.Calls = {{0, 1, 0x1001, 10, 30, 225}, {0, 2, 0x1006, 2, 4, 54}};
  P.Contexts = {{NoIndex, 0, 0, 0, 1, 14, P.Functions[0].Self},
                {0, 1, 0, 0x1001, 10, 30, P.Functions[1].Self},
                {0, 2, 0, 0x1006, 2, 4, P.Functions[2].Self},
                {NoIndex, 3, 1, 0, 1, 1, P.Functions[3].Self}};
  P.Regions = {{"the copy",
                2,
                0,
                4,
                P.Functions[2].Self,
                P.Functions[2].Self,
                54,
                4,
                4,
                50,
                50,
                {{0, 32, 1}, {32, 64, 1}}}};
  P.Outside = causes({{None, 38}, {FetchMiss, 8}, {Latency, 200}, {Other, 1}});
  P.Timeline = {{0, 0, 0, 0, 0, 1, 2, 3},
                {0, 1, 1, 0, 1, 1, 2, 3},
                {0, 2, 4, 1, 1, 2, 3, 4},
                {0, 3, 5, 1, 3, 4, 11, 12},
                {0, 4, 6, 2, 2, 4, 5, 12}};
  P.Problems = {"0x9000: no file is mapped there"};
  return P;
}

inline Report smallReport() {
  Report R;
  R.Version = "1.2.3";
  R.Triple = "x86_64-unknown-linux-gnu";
  R.Cpu = "skylake";
  R.ModelOwner = "skylake";
  R.ModelShared = {"skylake"};
  R.IsOutOfOrder = true;
  R.Engine = "fast";
  R.Seconds = 0.5;
  TraceReport &T = R.Traces.emplace_back();
  T.Description.Name = "prog.mcad";
  T.Description.GuestArch = "x86_64";
  T.Description.BinaryPath = "/bin/prog";
  T.Description.BuildId = {0x01, 0x23, 0xab};
  T.Description.CodeStart = 0x1000;
  T.Description.CodeEnd = 0x2000;
  T.Description.Entry = 0x1000;
  T.Description.ProcessId = 42;
  T.Description.Recorder = "a test";
  T.Total = {1, 49, 301, 60, 4, 0.5};
  T.Executed = 49;
  T.BlocksDefined = 7;
  T.BlocksExecuted = 26;
  T.ExecutedInMainCode = 44;
  T.Resources = {{"0", "SKLDivider", 60}};
  T.Streams = {{0, 25, 48, 0, 0, 0, 300, 59, std::nullopt},
               {1, 1, 1, 0, 0, 0, 1, 1, std::nullopt}};
  T.Attribution = smallProfile();
  return R;
}

} // namespace mcad::test

#endif // MCAD_UNITTESTS_REPORT_SMALLREPORT_H
