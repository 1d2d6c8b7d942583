//===- QemuBroker.cpp - traces from QEMU ----------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "QemuBroker.h"
#include "Trace/GuestArch.h"
#include "Trace/TraceReader.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace mcad;

namespace {

/// Tells the peer why its trace is not wanted. It may be gone by now, or no
/// relay at all: our user reads the same reason either way.
Error refuse(SocketSource &Socket, Error Reason) {
  message::Reply Reply;
  Reply.Accepted = false;
  Reply.Reason = toString(std::move(Reason));
  consumeError(Socket.send(encode(Reply)));
  return createStringError(Reply.Reason);
}

} // namespace

Expected<std::unique_ptr<Broker>>
QemuBroker::create(const BrokerContext &Context) {
  Expected<BrokerOptions> Options = BrokerOptions::parse(Context.Arguments);
  if (!Options)
    return Options.takeError();
  Expected<std::unique_ptr<Listener>> Incoming =
      Listener::create(Options->Where, Options->Who);
  if (!Incoming)
    return Incoming.takeError();
  if (!Options->IsQuiet)
    errs() << "listening on " << (*Incoming)->address() << '\n';
  return std::unique_ptr<Broker>(
      new QemuBroker(std::move(*Options), Context, std::move(*Incoming)));
}

Expected<std::optional<Connection>> QemuBroker::nextPeer() {
  const int Stop = Options.StopDescriptor.value_or(-1);
  while (true) {
    Expected<std::optional<Connection>> Peer = Incoming->accept(Stop);
    if (!Peer || !*Peer)
      return Peer;
    SocketSource &Socket = *(*Peer)->Socket;
    Socket.stopAt(Stop);
    Socket.setDeadline(SocketSource::Clock::now() + Options.HelloTimeout);
    Expected<bool> HasSpoken = Socket.waitForFirstByte();
    if (!HasSpoken)
      return createStringError(
          (*Peer)->Peer + ": no Hello: " + toString(HasSpoken.takeError()));
    if (*HasSpoken)
      return Peer;
  }
}

Expected<std::unique_ptr<TraceSource>> QemuBroker::nextTrace() {
  if (!Incoming)
    return nullptr;
  Expected<std::optional<Connection>> Next = nextPeer();
  if (!Next)
    return Next.takeError();
  if (!*Next)
    return nullptr;
  std::optional<Connection> &Peer = *Next;
  if (Options.MaxConnections && ++NumAccepted == *Options.MaxConnections)
    Incoming.reset();

  // Owned by Messages, then by the reader that takes those over.
  SocketSource *Socket = Peer->Socket.get();
  auto Messages = std::make_unique<MessageReader>(std::move(Peer->Socket));
  TraceReaderOptions Reading;
  Reading.Name = Peer->Peer;
  Reading.HasMemoryAccesses = WantMemoryAccesses;
  Expected<std::unique_ptr<TraceReader>> Trace =
      TraceReader::create(std::move(Messages), std::move(Reading));
  if (!Trace)
    return refuse(*Socket, Trace.takeError());
  Socket->setDeadline(std::nullopt);

  if (Error E = checkGuestArch((*Trace)->description().GuestArch, Triple))
    return refuse(
        *Socket, createStringError(Peer->Peer + ": " + toString(std::move(E))));
  message::Reply Reply;
  Reply.MemoryAccesses = WantMemoryAccesses;
  if (Error E = Socket->send(encode(Reply)))
    return createStringError(Peer->Peer + ": " + toString(std::move(E)));
  return std::move(*Trace);
}

MCAD_BROKER_PLUGIN("MCADQemuBroker", QemuBroker::create)
