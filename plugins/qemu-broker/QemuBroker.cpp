//===- QemuBroker.cpp - traces from QEMU ----------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "QemuBroker.h"
#include "Trace/GuestArch.h"
#include "llvm/Support/raw_ostream.h"
#include <cerrno>
#include <poll.h>

using namespace llvm;
using namespace mcad;

namespace {

/// Tells the peer why its trace is not wanted. It may be gone by now, or no
/// relay at all: our user reads the same reason either way.
void refuse(SocketSource &Socket, const std::string &Reason) {
  message::Reply Reply;
  Reply.Accepted = false;
  Reply.Reason = Reason;
  consumeError(Socket.send(encode(Reply)));
}

TraceReaderOptions readingOf(const BrokerOptions &Options,
                             const BrokerContext &Context) {
  TraceReaderOptions How;
  How.HasMemoryAccesses = Context.WantMemoryAccesses;
  How.MaxBlocks = Options.MaxBlocks;
  How.Secret = Options.Secret;
  return How;
}

} // namespace

QemuBroker::QemuBroker(BrokerOptions Given, const BrokerContext &Context,
                       std::unique_ptr<Listener> Incoming)
    : Options(std::move(Given)), Triple(Context.Triple),
      WantMemoryAccesses(Context.WantMemoryAccesses),
      StopDescriptor(Context.StopDescriptor),
      Traces(std::make_shared<Running>()),
      Door(std::make_unique<Reception>(std::move(Incoming), Options,
                                       readingOf(Options, Context),
                                       StopDescriptor, Traces->HasChanged)) {}

QemuBroker::~QemuBroker() { closeDoor(); }

Expected<std::unique_ptr<Broker>>
QemuBroker::create(const BrokerContext &Context) {
  Expected<BrokerOptions> Options = BrokerOptions::parse(Context.Arguments);
  if (!Options)
    return Options.takeError();
  Expected<std::unique_ptr<Listener>> Incoming = Listener::create(*Options);
  if (!Incoming)
    return Incoming.takeError();
  if (!Options->IsQuiet)
    errs() << "listening on " << (*Incoming)->address() << '\n';
  return std::unique_ptr<Broker>(
      new QemuBroker(std::move(*Options), Context, std::move(*Incoming)));
}

void QemuBroker::closeDoor() {
  if (!Door)
    return;
  while (std::optional<Arrival> Late = Door->take())
    refuse(*Late->Socket, "the analyser takes no more connections");
  Door.reset();
  if (NumRefused > MostRefusalsSaid)
    errs() << "warning: " << NumRefused << " connections were refused\n";
}

Expected<bool> QemuBroker::wait() {
  SmallVector<pollfd, 8> Waiting;
  for (const int Descriptor : Door->descriptors())
    Waiting.push_back({Descriptor, POLLIN, 0});
  Waiting.push_back({Traces->HasChanged.descriptor(), POLLIN, 0});
  // poll() passes over negative ones.
  Waiting.push_back({StopDescriptor, POLLIN, 0});
  while (::poll(Waiting.data(), Waiting.size(), -1) < 0)
    if (errno != EINTR)
      return createStringError(
          "cannot wait for connections: " +
          std::error_code(errno, std::generic_category()).message());
  Traces->HasChanged.silence();
  if (!Waiting.back().revents) {
    Expected<bool> Somebody = Door->admit();
    if (!Somebody)
      return Somebody.takeError();
    return true;
  }
  // Whoever had connected by then is still heard, if there is room for him.
  if (Error E = Door->admitLast())
    return E;
  return Door->hasGuests() ||
         (Door->hasArrivals() && Traces->Number < Options.MaxAtOnce);
}

Error QemuBroker::welcome(Arrival &A) {
  if (!A.Trace)
    return createStringError(A.Problem);
  const std::string &Arch = A.Trace->description().GuestArch;
  Error Fits = Triple.empty() ? tripleOfGuest(Arch).takeError()
                              : checkGuestArch(Arch, Triple);
  if (Fits)
    return createStringError(A.Peer + ": " + toString(std::move(Fits)));
  A.Socket->setDeadline(std::nullopt);
  if (Options.LongestConnection)
    A.Socket->setDeadline(SocketSource::Clock::now() +
                          *Options.LongestConnection);
  A.Socket->boundSilence(Options.LongestSilence);
  ++Traces->Number;
  // Called once it is read to its end, from another thread.
  A.Socket->keep(std::shared_ptr<void>(nullptr, [T = Traces](void *) {
    --T->Number;
    T->HasChanged.ring();
  }));
  message::Reply Reply;
  Reply.MemoryAccesses = WantMemoryAccesses;
  if (Error E = A.Socket->send(encode(Reply)))
    return createStringError(A.Peer + ": " + toString(std::move(E)));
  return Error::success();
}

Expected<std::unique_ptr<TraceSource>> QemuBroker::nextTrace() {
  while (Door) {
    std::optional<Arrival> A;
    if (Traces->Number < Options.MaxAtOnce)
      A = Door->take();
    if (A) {
      Error Refusal = welcome(*A);
      if (!Refusal) {
        if (Options.MaxConnections && ++NumAccepted == *Options.MaxConnections)
          closeDoor();
        return std::move(A->Trace);
      }
      const std::string Reason = toString(std::move(Refusal));
      refuse(*A->Socket, Reason);
      // The only one that was to come.
      if (Options.MaxConnections == 1)
        return createStringError(Reason);
      if (++NumRefused <= MostRefusalsSaid)
        errs() << "warning: refused: " << Reason << '\n';
      if (FirstRefusal.empty())
        FirstRefusal = Reason;
      continue;
    }
    Expected<bool> GoesOn = wait();
    if (!GoesOn)
      return GoesOn.takeError();
    if (!*GoesOn)
      closeDoor();
  }
  if (!NumAccepted && !FirstRefusal.empty())
    return createStringError(std::exchange(FirstRefusal, {}));
  return nullptr;
}

MCAD_BROKER_PLUGIN("MCADQemuBroker", QemuBroker::create)
