//===- Report/CauseText.cpp - causes for people ---------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Report/CauseText.h"

using namespace llvm;

namespace mcad {

StringRef causeSentence(Cause C) {
  switch (C) {
  case Cause::None:
    return "instructions retired";
  case Cause::L2:
    return "waiting for data from L2";
  case Cause::L3:
    return "waiting for data from L3";
  case Cause::Memory:
    return "waiting for data from memory";
  case Cause::DataTlb:
    return "waiting for the translation of data addresses";
  case Cause::Split:
    return "waiting for the second line of accesses that straddle two";
  case Cause::MissLimit:
    return "waiting for room for another miss";
  case Cause::Store:
    return "waiting for an older store of the same bytes";
  case Cause::FetchMiss:
    return "waiting for instructions from L2 and beyond";
  case Cause::FetchTlb:
    return "waiting for the translation of instruction addresses";
  case Cause::Mispredict:
    return "waiting for the right path after a misprediction";
  case Cause::Target:
    return "waiting for fetch from the target of a taken branch";
  case Cause::Latency:
    return "waiting for the oldest instruction's own latency";
  case Cause::Operands:
    return "waiting for operands of the oldest instruction";
  case Cause::Ports:
    return "waiting for a port for the oldest instruction";
  case Cause::Other:
    return "waiting for the pipeline to fill or to drain";
  }
  return "";
}

} // namespace mcad
