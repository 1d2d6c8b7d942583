//===- Facts/Facts.cpp - what an execution adds to its instructions -----===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Facts/Facts.h"

namespace mcad {

llvm::StringRef causeName(Cause C) {
  switch (C) {
  case Cause::None:
    return "issue";
  case Cause::L2:
    return "l2";
  case Cause::L3:
    return "l3";
  case Cause::Memory:
    return "memory";
  case Cause::DataTlb:
    return "data-tlb";
  case Cause::Split:
    return "split";
  case Cause::MissLimit:
    return "miss-limit";
  case Cause::Store:
    return "store";
  case Cause::FetchMiss:
    return "fetch-miss";
  case Cause::FetchTlb:
    return "fetch-tlb";
  case Cause::Mispredict:
    return "mispredict";
  case Cause::Target:
    return "target";
  case Cause::Latency:
    return "latency";
  case Cause::Operands:
    return "operands";
  case Cause::Ports:
    return "ports";
  case Cause::Other:
    return "other";
  }
  return "";
}

} // namespace mcad
