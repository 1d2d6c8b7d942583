//===- Diff/FailCondition.h - when a difference is a failure --------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// When a difference is a failure, for continuous integration:
///
///   regression>1%         total cycles grew by more than 1 %
///   cycles>5000000        after, there are more than that
///   function:main>2.5%    the own cycles of main grew by more than 2.5 %
///
/// Tested by unittests/Diff/FailConditionTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_DIFF_FAILCONDITION_H
#define MCAD_DIFF_FAILCONDITION_H

#include "Diff/Difference.h"
#include "llvm/Support/Error.h"

namespace mcad {

struct FailCondition {
  enum class Kind : uint8_t { Regression, Cycles, Function };
  Kind What = Kind::Regression;
  std::string Text;     ///< As the user wrote it.
  std::string Function; ///< Its name, with or without parameters, or link name.
  double Percent = 0;
  uint64_t Cycles = 0;
};

llvm::Expected<FailCondition> parseFailCondition(llvm::StringRef Text);

/// Why \p C holds, in a sentence; none if it does not. An error if it cannot
/// be told: there is no such function, or the reports have none.
llvm::Expected<std::optional<std::string>> failure(const FailCondition &C,
                                                   const Difference &D);

} // namespace mcad

#endif // MCAD_DIFF_FAILCONDITION_H
