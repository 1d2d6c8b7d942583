//===- mcad/Installation.h - what belongs to mcad and to QEMU ------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Where the parts are that mcad puts together: its own plugins, which lie
/// beside it in the build folder and in a folder of libraries once installed,
/// and QEMU.
///
/// Tested by test/FrontEnd/doctor.test.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TOOLS_MCAD_INSTALLATION_H
#define MCAD_TOOLS_MCAD_INSTALLATION_H

#include "llvm/Support/Error.h"
#include <string>

namespace mcad {

/// The QEMU plugin, libQemuRelay.so.
llvm::Expected<std::string> findRelay();
/// The broker plugin, libMCADQemuBroker.so.
llvm::Expected<std::string> findBroker();

/// QEMU for the target \p Arch, or if \p Wanted is not empty, that path or
/// name.
llvm::Expected<std::string> findQemu(llvm::StringRef Arch,
                                     llvm::StringRef Wanted);

/// Fails if the QEMU at \p Path cannot be started, or knows no -plugin.
llvm::Error checkTakesPlugins(llvm::StringRef Path);

/// A folder for this user alone, removed with its owner. Sockets in it are
/// removed by whoever made them.
class PrivateFolder {
  std::string Path;

  explicit PrivateFolder(std::string Path) : Path(std::move(Path)) {}

public:
  static llvm::Expected<PrivateFolder> create();
  PrivateFolder(PrivateFolder &&Other)
      : Path(std::exchange(Other.Path, std::string())) {}
  PrivateFolder &operator=(PrivateFolder &&) = delete;
  ~PrivateFolder() { remove(); }

  /// Empty once it is removed.
  const std::string &path() const { return Path; }
  /// With all that is in it.
  void remove();
};

/// What a program that ran says, and how it ended.
struct Answer {
  std::string Output; ///< Standard output and error.
  int Status;         ///< -1: it could not be started; -2: it died.
};
/// Runs \p Words, the first of which is a path, for ten seconds at most.
llvm::Expected<Answer> ask(llvm::ArrayRef<llvm::StringRef> Words);

} // namespace mcad

#endif // MCAD_TOOLS_MCAD_INSTALLATION_H
