//===- mcad/Outcome.cpp - what all commands do at their end --------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Outcome.h"

using namespace llvm;

namespace mcad {

int endWith(TracedGuest &Guest, int Own) {
  Expected<int> Status = Guest.finish();
  if (!Status)
    return fail(Status.takeError(), CannotStart);
  return *Status == 0 ? Own : endAs(*Status);
}

int failToStart(Error E) {
  int Status = CannotStart;
  E = handleErrors(std::move(E),
                   [&](std::unique_ptr<StringError> Info) -> Error {
                     const std::error_code Code = Info->convertToErrorCode();
                     if (Code == std::errc::no_such_file_or_directory)
                       Status = NotFound;
                     else if (Code == std::errc::permission_denied)
                       Status = NotExecutable;
                     return Error(std::move(Info));
                   });
  return fail(std::move(E), Status);
}

} // namespace mcad
