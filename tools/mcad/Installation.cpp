//===- mcad/Installation.cpp - what belongs to mcad and to QEMU ----------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Installation.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include <cstdlib>

using namespace llvm;

namespace mcad {

/// \p InBuild: the path in the build folder, in which mcad itself lies.
static Expected<std::string> findPart(StringRef InBuild, StringRef Option) {
  // An address of this program, to find its file by.
  static int Anchor;
  const std::string Self = sys::fs::getMainExecutable(nullptr, &Anchor);
  const StringRef Folder = sys::path::parent_path(Self);
  SmallString<128> Built(Folder), Installed(Folder);
  sys::path::append(Built, InBuild);
  sys::path::append(Installed, MCAD_PLUGINS_FROM_BIN,
                    sys::path::filename(InBuild));
  sys::path::remove_dots(Installed, /*remove_dot_dot=*/true);
  for (const SmallString<128> &Path : {Built, Installed})
    if (sys::fs::exists(Path))
      return std::string(Path);
  return createStringError(sys::path::filename(InBuild) + ": neither " + Built +
                           " nor " + Installed +
                           " is there: build MCAD with its plugins, or give "
                           "--" +
                           Option + "=<path>");
}

Expected<std::string> findRelay() {
  return findPart("plugins/qemu-broker/Qemu/libQemuRelay.so", "relay");
}

Expected<std::string> findBroker() {
  return findPart("plugins/qemu-broker/libMCADQemuBroker.so",
                  "load-broker-plugin");
}

Expected<std::string> findQemu(StringRef Arch, StringRef Wanted) {
  const std::string Name = Wanted.empty() ? "qemu-" + Arch.str() : Wanted.str();
  ErrorOr<std::string> Found = sys::findProgramByName(Name);
  if (Found)
    return *Found;
  if (!Wanted.empty())
    return createStringError("--qemu=" + Wanted + ": no such program");
  const bool HasStatic = bool(sys::findProgramByName(Name + "-static"));
  return createStringError(
      Name + ": not in PATH" +
      (HasStatic ? ", and " + Name + "-static takes no plugins" : "") +
      ": install qemu-user, or give --qemu=<path>");
}

Expected<PrivateFolder> PrivateFolder::create() {
  SmallString<128> Where;
  sys::path::system_temp_directory(/*ErasedOnReboot=*/true, Where);
  sys::path::append(Where, "mcad-XXXXXX");
  std::string Template(Where);
  // mkdtemp: mode 0700 from the start.
  if (!::mkdtemp(Template.data()))
    return createStringError(
        errnoAsErrorCode(),
        Template + ": cannot be made: " + errnoAsErrorCode().message() +
            ": let TMPDIR name a folder that can be "
            "written");
  return PrivateFolder(std::move(Template));
}

void PrivateFolder::remove() {
  if (!Path.empty())
    static_cast<void>(sys::fs::remove_directories(Path));
  Path.clear();
}

Expected<Answer> ask(ArrayRef<StringRef> Words) {
  Expected<PrivateFolder> Folder = PrivateFolder::create();
  if (!Folder)
    return Folder.takeError();
  const std::string Path = Folder->path() + "/output";
  std::string Message;
  Answer Result;
  Result.Status =
      sys::ExecuteAndWait(Words.front(), Words, std::nullopt,
                          {StringRef(""), StringRef(Path), StringRef(Path)},
                          /*SecondsToWait=*/10, /*MemoryLimit=*/0, &Message);
  ErrorOr<std::unique_ptr<MemoryBuffer>> Output = MemoryBuffer::getFile(Path);
  Result.Output = Output ? (*Output)->getBuffer().str() : Message;
  return Result;
}

Error checkTakesPlugins(StringRef Path) {
  Expected<Answer> Help = ask({Path, "-h"});
  if (!Help)
    return Help.takeError();
  if (Help->Status < 0)
    return createStringError(
        Path + ": it cannot be started: " + StringRef(Help->Output).trim());
  if (!StringRef(Help->Output).contains("-plugin"))
    return createStringError(
        Path + ": this QEMU takes no plugins, as the static ones of "
               "qemu-user-static and of Debian's backports do not: install "
               "Debian 12's own (apt-get install qemu-user/bookworm), or give "
               "--qemu=<path> of one that is built with --enable-plugins");
  return Error::success();
}

} // namespace mcad
