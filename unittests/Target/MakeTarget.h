//===- MakeTarget.h - targets for tests, by triple and CPU ----------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Targets as tests ask for them: made once per process and kept, since making
/// one takes longer than most tests.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_UNITTESTS_TARGET_MAKETARGET_H
#define MCAD_UNITTESTS_TARGET_MAKETARGET_H

#include "Target/Target.h"
#include "llvm/Support/ErrorHandling.h"
#include <map>
#include <tuple>

namespace mcad::test {

/// Target::create with LLVM's registry filled.
inline llvm::Expected<std::unique_ptr<Target>>
createTarget(const TargetRequest &Request) {
  [[maybe_unused]] static const bool IsReady = (Target::initializeAll(), true);
  return Target::create(Request);
}

/// The target of \p Triple, \p Cpu and \p Features, which LLVM must have.
inline const Target &target(const std::string &Triple, const std::string &Cpu,
                            const std::vector<std::string> &Features = {}) {
  using Key = std::tuple<std::string, std::string, std::vector<std::string>>;
  static std::map<Key, std::unique_ptr<Target>> Made;
  std::unique_ptr<Target> &T = Made[{Triple, Cpu, Features}];
  if (!T) {
    llvm::Expected<std::unique_ptr<Target>> Created =
        createTarget({Triple, /*Arch=*/"", Cpu, Features});
    if (!Created)
      llvm::report_fatal_error(Created.takeError());
    T = std::move(*Created);
  }
  return *T;
}

/// What an operation that must fail says; "" if it does not.
template <typename Value> std::string refusal(llvm::Expected<Value> Result) {
  return Result ? std::string() : llvm::toString(Result.takeError());
}

} // namespace mcad::test

#endif // MCAD_UNITTESTS_TARGET_MAKETARGET_H
