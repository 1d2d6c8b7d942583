//===- Session/ListCpus.h - the CPUs that can be simulated ---------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The CPUs of a triple that LLVM has a scheduling model for, and whose model
/// it is.
///
/// Tested by test/FrontEnd/lists.test.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_SESSION_LISTCPUS_H
#define MCAD_SESSION_LISTCPUS_H

#include "Target/Target.h"
#include "llvm/Support/raw_ostream.h"

namespace mcad {

struct KnownCpu {
  std::string Name;
  Target::ModelIdentity Model;
};

/// In LLVM's order, which is by name. \p Request's own CPU is of no account.
llvm::Expected<std::vector<KnownCpu>> knownCpus(TargetRequest Request);

/// -mcpu=help: a heading, and a line for each.
llvm::Error listCpus(const TargetRequest &Request, llvm::raw_ostream &OS);

} // namespace mcad

#endif // MCAD_SESSION_LISTCPUS_H
