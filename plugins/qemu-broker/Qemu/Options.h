//===- Qemu/Options.h - what the user may tell the relay ------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The relay's options, as QEMU hands them over: "-name=value" (the manual's
/// spelling), "name=value" (what newer QEMUs make of it), or a bare "-name" for
/// a switch.
///
/// Tested by unittests/Relay/OptionsTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_QEMU_OPTIONS_H
#define MCAD_QEMU_OPTIONS_H

#include "Problem.h"
#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mcad::qemu {

struct Options {
  /// Where the analyser listens: a name, an IPv4 or IPv6 address, or a Unix
  /// socket's path.
  std::string Address = "localhost";
  /// Decimal; without meaning for a Unix socket.
  std::string Port = "9487";
  bool OnlyMainCode = false;
  /// Without an analyser the guest runs untraced instead of not at all.
  bool Optional = false;
  /// Forked children are traced too, each on a connection of its own.
  bool FollowFork = false;
  /// If the analyser goes away, the guest goes too.
  bool StopsOnDisconnect = false;
  /// After so long without taking anything, the analyser counts as gone.
  std::chrono::seconds Patience{600};
  /// A file with what the analyser's -token-file holds too; empty: none.
  std::string TokenFile;
  /// ARM or Thumb is inferred even where QEMU tells.
  bool InferState = false;
  bool Help = false;
  /// The options as they were given.
  std::vector<std::string> Given;

  /// The path if Address is a Unix socket's, else empty.
  std::string_view unixPath() const;
  /// Address and port as messages name them.
  std::string endpoint() const;
};

OrProblem<Options> parseOptions(std::span<const char *const> Arguments);

/// The text of -help.
std::string_view optionsHelp();

} // namespace mcad::qemu

#endif // MCAD_QEMU_OPTIONS_H
