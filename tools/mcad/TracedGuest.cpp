//===- mcad/TracedGuest.cpp - a program that runs and is traced ----------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TracedGuest.h"
#include "Broker/PluginLoader.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <cstring>

using namespace llvm;

namespace mcad {

/// The trace, until the user has had enough.
class TracedGuest::Trace : public TraceSource {
  std::unique_ptr<TraceSource> Whole;
  const GuestProcess &Process;
  const bool IsForked; ///< Then the process's end tells nothing of this one's.
  TraceDescription Description;
  TraceEnd End;

public:
  Trace(std::unique_ptr<TraceSource> From, const TracedGuest &Guest,
        bool IsForked)
      : Whole(std::move(From)), Process(*Guest.Process), IsForked(IsForked),
        Description(Whole->description()) {
    // The socket between the two is nobody's business.
    Description.Name = "mcad run";
    erase_if(Description.RecorderOptions, [](StringRef Option) {
      return Option.ltrim('-').starts_with("addr=");
    });
  }

  const TraceDescription &description() const override { return Description; }
  Error recordTo(MessageRecorder &Recorder) override {
    return Whole->recordTo(Recorder);
  }
  Expected<bool> next(Batch &Next, BlockSink &Sink) override {
    if (!Process.isCut()) {
      Expected<bool> More = Whole->next(Next, Sink);
      if (!More || *More)
        return More;
      End = Whole->end();
    }
    if (End.Totals || (IsForked && !Process.isCut()))
      return false;
    if (Process.isCut())
      End.Problem = "interrupted: what follows is missing";
    else if (const std::optional<int> Signal = Process.signalOfEnd())
      End.Problem = "signal " + std::to_string(*Signal) + " (" +
                    ::strsignal(*Signal) +
                    ") ended the program: what QEMU had not sent by then is "
                    "missing";
    return false;
  }
  const TraceEnd &end() const override { return End; }
};

class TracedGuest::Incoming : public Broker {
  std::unique_ptr<Broker> Whole;
  TracedGuest &Guest;

public:
  Incoming(std::unique_ptr<Broker> Whole, TracedGuest &Guest)
      : Whole(std::move(Whole)), Guest(Guest) {}

  bool tracesAreApart() const override { return Whole->tracesAreApart(); }
  Expected<std::unique_ptr<TraceSource>> nextTrace() override {
    Expected<std::unique_ptr<TraceSource>> Next = Whole->nextTrace();
    if (!Next || !*Next)
      return Next;
    const bool IsForked = std::exchange(Guest.HasBegun, true);
    // Children connect later.
    if (!Guest.Asked.FollowFork)
      Guest.Folder.remove();
    return std::make_unique<Trace>(std::move(*Next), Guest, IsForked);
  }
};

Expected<std::unique_ptr<TracedGuest>> TracedGuest::create(GuestRequest Asked) {
  Expected<GuestProgram> Program = GuestProgram::find(Asked.Words.front());
  if (!Program)
    return Program.takeError();
  Expected<PrivateFolder> Folder = PrivateFolder::create();
  if (!Folder)
    return Folder.takeError();
  std::unique_ptr<TracedGuest> Guest(new TracedGuest(
      std::move(Asked), std::move(*Program), std::move(*Folder)));

  const auto find = [](std::string &Into, StringRef Given, auto Find) -> Error {
    if (!Given.empty()) {
      Into = Given.str();
      return Error::success();
    }
    Expected<std::string> Found = Find();
    if (!Found)
      return Found.takeError();
    Into = std::move(*Found);
    return Error::success();
  };
  const GuestRequest &Wanted = Guest->Asked;
  if (Error E = find(Guest->Relay, Wanted.Relay, findRelay))
    return E;
  if (Error E = find(Guest->BrokerPlugin, Wanted.BrokerPlugin, findBroker))
    return E;
  // QEMU's own way to say where libraries are.
  if (!Wanted.Sysroot.empty() || std::getenv("QEMU_LD_PREFIX") == nullptr) {
    Expected<std::string> Sysroot = Guest->Program.sysroot(Wanted.Sysroot);
    if (!Sysroot)
      return Sysroot.takeError();
    Guest->Sysroot = *Sysroot;
  }
  Expected<std::string> Qemu = findQemu(Guest->Program.Arch, Wanted.Qemu);
  if (!Qemu)
    return Qemu.takeError();
  Guest->Qemu = *Qemu;
  if (Error E = checkTakesPlugins(Guest->Qemu))
    return E;
  return Guest;
}

/// In QEMU's option lists, a comma is written twice.
static std::string inOptionList(StringRef Text) {
  return join(split(Text, ','), ",,");
}

std::vector<std::string> TracedGuest::qemuWords() const {
  std::vector<std::string> Words = {Qemu};
  if (!Sysroot.empty())
    Words.insert(Words.end(), {"-L", Sysroot});
  if (Program.Word != Program.Path)
    Words.insert(Words.end(), {"-0", Program.Word});
  Words.insert(Words.end(),
               {"-plugin",
                inOptionList(Relay) +
                    ",addr=unix:" + inOptionList(socketPath()) +
                    (Asked.OnlyMainCode ? ",only-main-code=on" : "") +
                    (Asked.FollowFork ? ",follow-fork=on" : ""),
                Program.Path});
  Words.insert(Words.end(), Asked.Words.begin() + 1, Asked.Words.end());
  return Words;
}

Error TracedGuest::start(bool WantMemoryAccesses) {
  Expected<std::unique_ptr<GuestProcess>> Created = GuestProcess::create();
  if (!Created)
    return Created.takeError();
  Process = std::move(*Created);

  BrokerContext Context;
  Context.Arguments = {"-host=unix:" + socketPath(), "-quiet"};
  if (Asked.FollowFork)
    Context.Arguments.push_back("-max-accepted-connection=-1");
  Context.StopDescriptor = Process->stopDescriptor();
  Context.WantMemoryAccesses = WantMemoryAccesses;
  Expected<std::unique_ptr<Broker>> Listening =
      loadBrokerPlugin(BrokerPlugin, Context);
  if (!Listening)
    return Listening.takeError();
  Source = std::make_unique<Incoming>(std::move(*Listening), *this);
  return Process->start(qemuWords(), socketPath());
}

Expected<int> TracedGuest::finish() {
  Source.reset();
  const int Status = Process->wait();
  if (HasBegun)
    return Status;
  return createStringError(
      Qemu + ": ended before " + Program.Path + " began to run, with " +
      (Status < 0 ? "signal " + std::to_string(-Status)
                  : "exit status " + std::to_string(Status)) +
      ": 'mcad doctor' says what is missing");
}

} // namespace mcad
