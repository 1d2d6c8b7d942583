//===- Broker/AsmBroker.h - assembly as a source of traces ---------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The `asm` broker: an assembly file, each LLVM-MCA-BEGIN/END region a trace
/// that executes its instructions in order, a number of times over. With it
/// llvm-mcad is llvm-mca.
///
/// Regions follow llvm-mca's rules: without markers the whole file is one;
/// regions with different names may overlap, one without a name may not; an
/// empty region is skipped; an end without a name ends the innermost.
///
/// Tested by unittests/Broker/AsmBrokerTest.cpp and, against llvm-mca, by
/// test/Oracle.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_BROKER_ASMBROKER_H
#define MCAD_BROKER_ASMBROKER_H

#include "Target/Target.h"
#include "mcad/Broker.h"
#include "llvm/Support/MemoryBuffer.h"

namespace mcad {

/// Parses \p Source. What the assembler has to say about single lines goes to
/// \p Diagnostics as it would on LLVM's tools; the error then sums up.
/// \p Iterations: how often each region is executed, at least 1.
llvm::Expected<std::unique_ptr<Broker>>
createAsmBroker(const Target &T, std::unique_ptr<llvm::MemoryBuffer> Source,
                unsigned Iterations, llvm::raw_ostream &Diagnostics);

} // namespace mcad

#endif // MCAD_BROKER_ASMBROKER_H
