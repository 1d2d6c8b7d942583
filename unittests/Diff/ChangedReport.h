//===- ChangedReport.h - a report and what became of it -------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// smallReport() after a change: twice() has a shift for its division, and
/// moved, as did memcpy(), whose library is a newer one; main calls it through
/// a function that is new.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_UNITTESTS_DIFF_CHANGEDREPORT_H
#define MCAD_UNITTESTS_DIFF_CHANGEDREPORT_H

#include "../Report/SmallReport.h"

namespace mcad::test {

inline Report changedReport() {
  using enum Cause;
  Report R = smallReport();
  TraceReport &T = R.Traces[0];
  T.Description.BinaryPath = "/bin/prog-new";
  T.Total.Cycles = 114;
  T.Total.Instructions = 51;
  Profile &P = *T.Attribution;
  P.Images[0].Path = "/bin/prog-new";
  P.Images[1].Path = "/lib/libc.so.7";
  P.Functions[1].Address = 0x11010;
  P.Functions[1].Self = causes({{None, 25}, {Latency, 10}});
  P.Functions[1].InclusiveCycles = 35;
  P.Functions[2].Address = 0x17000;
  P.Functions[0].InclusiveCycles = 113;
  P.Functions.push_back(
      {"copier", "copier", 0, 0x18000, 4, 2, 2, causes({{None, 3}}), 6, 57});
  P.Instructions = {
      {0x1000, {0x55}, "pushq\t%rbp", 0, 0, 1, causes({{None, 1}})},
      {0x1001,
       {0xe8, 0, 0, 0, 0},
       "callq\t0x11010",
       0,
       1,
       10,
       causes({{None, 10}}),
       0x11010},
      {0x1006,
       {0xe8, 0, 0, 0, 0},
       "callq\t0x18000",
       0,
       2,
       2,
       causes({{None, 1}, {FetchMiss, 8}}),
       0x18000},
      {0x100b, {0xc3}, "retq", 0, 3, 1, causes({{None, 1}})},
      {0x9000, {0x06}, "", 3, NoIndex, 1, causes({{Other, 1}})},
      {0x11010,
       {0x8d, 0x04, 0x3f},
       "leal\t(%rdi,%rdi), %eax",
       1,
       4,
       10,
       causes({{None, 5}})},
      {0x11013,
       {0xd1, 0xf8},
       "sarl\t%eax",
       1,
       4,
       10,
       causes({{None, 10}, {Latency, 10}})},
      {0x11015, {0xc3}, "retq", 1, 5, 10, causes({{None, 10}})},
      {0x17000,
       {0xf3, 0xa4},
       "rep\tmovsb",
       2,
       NoIndex,
       2,
       causes({{None, 2}, {Memory, 50}})},
      {0x17002, {0xc3}, "retq", 2, NoIndex, 2, causes({{None, 2}})},
      {0x18000,
       {0xe9, 0, 0, 0},
       "jmp\t0x17000",
       4,
       NoIndex,
       2,
       causes({{None, 3}}),
       0x17000}};
  P.Blocks = {{0x1000, 2, 0, 0, 1, causes({{None, 2}})},
              {0x1001, 1, 1, 0, 9, causes({{None, 9}})},
              {0x1006, 1, 2, 0, 2, causes({{None, 1}, {FetchMiss, 8}})},
              {0x100b, 1, 3, 0, 1, causes({{None, 1}})},
              {0x9000, 1, 4, 3, 1, causes({{Other, 1}})},
              {0x11010, 3, 5, 1, 10, causes({{None, 25}, {Latency, 10}})},
              {0x17000, 2, 8, 2, 2, causes({{None, 4}, {Memory, 50}})},
              {0x18000, 1, 10, 4, 2, causes({{None, 3}})}};
  P.Calls = {{0, 1, 0x1001, 10, 30, 35},
             {0, 4, 0x1006, 2, 6, 57},
             {4, 2, 0x18000, 2, 4, 54}};
  P.Contexts = {{NoIndex, 0, 0, 0, 1, 14, P.Functions[0].Self},
                {0, 1, 0, 0x1001, 10, 30, P.Functions[1].Self},
                {0, 4, 0, 0x1006, 2, 2, P.Functions[4].Self},
                {2, 2, 0, 0x18000, 2, 4, P.Functions[2].Self},
                {NoIndex, 3, 1, 0, 1, 1, P.Functions[3].Self}};
  P.Outside = causes({{None, 41}, {FetchMiss, 8}, {Latency, 10}, {Other, 1}});
  P.Timeline.clear();
  return R;
}

} // namespace mcad::test

#endif // MCAD_UNITTESTS_DIFF_CHANGEDREPORT_H
