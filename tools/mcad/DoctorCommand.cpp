//===- mcad/DoctorCommand.cpp - mcad doctor ------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Architectures.h"
#include "Broker/PluginLoader.h"
#include "CommandLine.h"
#include "GuestProgram.h"
#include "Installation.h"
#include "Target/Target.h"
#include "Trace/GuestArch.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TargetParser/Host.h"

using namespace llvm;

namespace mcad {

/// A line: what it is about, whether it is well, and what was found.
static bool say(StringRef About, bool IsWell, const Twine &Found) {
  outs() << left_justify(About, 10) << (IsWell ? "ok       " : "missing  ")
         << Found << '\n';
  return IsWell;
}

static bool say(StringRef About, Error E) {
  return say(About, false, toString(std::move(E)));
}

/// The broker loads, and a socket can be listened on.
static bool checkBroker() {
  Expected<std::string> Path = findBroker();
  if (!Path)
    return say("broker", Path.takeError());
  Expected<PrivateFolder> Folder = PrivateFolder::create();
  if (!Folder)
    return say("broker", Folder.takeError());
  BrokerContext Context;
  Context.Arguments = {"-host=unix:" + Folder->path() + "/socket", "-quiet"};
  Expected<std::unique_ptr<Broker>> Listening =
      loadBrokerPlugin(*Path, Context);
  if (!Listening)
    return say("broker", Listening.takeError());
  return say("broker", true, *Path + ", listens");
}

static std::string versionOf(StringRef Qemu) {
  Expected<Answer> Said = ask({Qemu, "--version"});
  if (!Said) {
    consumeError(Said.takeError());
    return "";
  }
  // "qemu-arm version 7.2.22 (Debian ...)": the third word. QEMU's own builds
  // say nothing behind it on that line.
  SmallVector<StringRef, 4> Words;
  StringRef(Said->Output).split('\n').first.split(Words, ' ', /*MaxSplit=*/3);
  return Words.size() > 2 ? Words[2].rtrim().str() : "";
}

/// QEMU with \p Relay, which it is asked to load.
static Error checkQemu(StringRef Qemu, StringRef Relay) {
  if (Error E = checkTakesPlugins(Qemu))
    return E;
  const std::string Plugin = Relay.str() + ",help=on";
  Expected<Answer> Said = ask({Qemu, "-plugin", Plugin, "/"});
  if (!Said)
    return Said.takeError();
  if (Said->Status != 0)
    return createStringError(Qemu + ": does not load the relay: " +
                             StringRef(Said->Output).split('\n').first);
  return Error::success();
}

/// As QEMU names it, whose names are LLVM's on the machines that are tested.
static std::string hostArch() {
  return Triple(sys::getProcessTriple()).getArchName().str();
}

static bool checkArch(StringRef Arch, StringRef Relay) {
  Expected<std::string> Qemu = findQemu(Arch, "");
  if (!Qemu)
    return say(Arch, Qemu.takeError());
  if (Error E = checkQemu(*Qemu, Relay))
    return say(Arch, std::move(E));

  const std::string Cpu =
      Target::defaultCpu(Triple(cantFail(tripleOfGuest(Arch))));
  std::string Libraries;
  const std::string Sysroot = debianSysroot(Arch);
  if (Arch == hostArch())
    Libraries = "libraries: this machine's";
  else if (sys::fs::is_directory(Sysroot))
    Libraries = "libraries in " + Sysroot;
  else
    Libraries = "statically linked programs only: for others install " +
                debianLibraries(Arch);
  return say(Arch, true,
             *Qemu + " " + versionOf(*Qemu) + "; " + Libraries +
                 "; CPU if none is named: " + Cpu);
}

static int run(ArrayRef<char *> Words) {
  Expected<std::vector<std::string>> Rest = parseWords(DoctorCommand, Words);
  if (!Rest)
    return fail(Rest.takeError());
  say("mcad", true, MCAD_VERSION ", with LLVM " LLVM_VERSION_STRING);
  Expected<std::string> Relay = findRelay();
  bool HasPlugins =
      Relay ? say("relay", true, *Relay) : say("relay", Relay.takeError());
  HasPlugins &= checkBroker();
  if (!HasPlugins) {
    outs() << "mcad run works for no program\n";
    return Failure;
  }

  const std::string Host = hostArch();
  std::string Working;
  bool WorksForHost = false;
  for (StringRef Arch : testedArchs()) {
    if (!checkArch(Arch, *Relay))
      continue;
    Working += (Working.empty() ? "" : ", ") + Arch.str();
    WorksForHost |= Arch == Host;
  }
  outs() << "mcad run works for programs of: "
         << (Working.empty() ? "no architecture" : Working) << '\n';
  return WorksForHost ? Success : Failure;
}

const Command DoctorCommand = {
    "doctor",
    "check what 'mcad run' needs, and say what to install",
    "",
    Command::Operands::OfItsOwn,
    "",
    "Checks that the relay and the broker are there, that sockets can be "
    "listened on, and for each architecture that QEMU is there and loads the "
    "relay, and where the libraries of dynamically linked programs are. What "
    "is "
    "missing is named with the Debian package that has it.",
    "mcad doctor",
    "0\t'mcad run' works for programs of this machine's architecture\n"
    "1\tit does not",
    run};

} // namespace mcad
