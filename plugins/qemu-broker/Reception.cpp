//===- Reception.cpp - who connects says what it is -----------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Reception.h"
#include <sys/eventfd.h>
#include <unistd.h>

using namespace llvm;
using namespace mcad;

Bell::Bell() : Descriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
Bell::~Bell() { ::close(Descriptor); }

void Bell::ring() {
  const uint64_t Once = 1;
  [[maybe_unused]] const ssize_t Written =
      ::write(Descriptor, &Once, sizeof(Once));
}

void Bell::silence() {
  uint64_t Times;
  [[maybe_unused]] const ssize_t Read =
      ::read(Descriptor, &Times, sizeof(Times));
}

Reception::Reception(std::unique_ptr<Listener> Incoming,
                     const BrokerOptions &Options, TraceReaderOptions Reading,
                     int StopDescriptor, Bell &Rings)
    : Incoming(std::move(Incoming)), HelloTimeout(Options.HelloTimeout),
      Reading(std::move(Reading)), StopDescriptor(StopDescriptor),
      Rings(Rings) {}

Reception::~Reception() {
  Incoming->close();
  {
    std::lock_guard Lock(Mutex);
    for (Guest &G : Guests)
      if (G.Socket)
        G.Socket->hangUp();
  }
  for (Guest &G : Guests)
    G.Hears.join();
}

SmallVector<int, 4> Reception::descriptors() {
  return hasRoom() ? Incoming->descriptors() : SmallVector<int, 4>();
}

bool Reception::hasRoom() {
  seeOff();
  std::lock_guard Lock(Mutex);
  return Guests.size() + Arrived.size() < MostGuests;
}

Expected<bool> Reception::admit() {
  if (!hasRoom())
    return false;
  Expected<std::optional<Connection>> Next = Incoming->accept();
  if (!Next)
    return Next.takeError();
  if (!*Next)
    return false;
  Guest &New = Guests.emplace_back();
  New.From = std::move(**Next);
  New.Socket = New.From.Socket.get();
  New.Hears = std::thread([this, &New] { hear(New); });
  return true;
}

Error Reception::admitLast() {
  // Bounded: others may come as fast as they are taken.
  for (size_t N = 0; N != MostGuests; ++N) {
    Expected<bool> Somebody = admit();
    if (!Somebody)
      return Somebody.takeError();
    if (!*Somebody)
      break;
  }
  Incoming->close();
  return Error::success();
}

void Reception::hear(Guest &G) {
  Arrival A;
  A.Peer = G.From.Peer;
  A.Socket = G.Socket;
  A.Socket->stopAt(StopDescriptor);
  A.Socket->setDeadline(SocketSource::Clock::now() + HelloTimeout);
  Expected<bool> HasSpoken = A.Socket->waitForFirstByte();
  const bool IsNobody = HasSpoken && !*HasSpoken;
  auto Messages = std::make_unique<MessageReader>(std::move(G.From.Socket));
  if (HasSpoken) {
    read(A, std::move(Messages));
  } else {
    A.Problem = A.Peer + ": no Hello: " + toString(HasSpoken.takeError());
    A.Unheard = std::move(Messages);
  }
  {
    std::lock_guard Lock(Mutex);
    G.Socket = nullptr;
    if (!IsNobody)
      Arrived.push_back(std::move(A));
  }
  Rings.ring();
}

void Reception::read(Arrival &A,
                     std::unique_ptr<MessageReader> Messages) const {
  TraceReaderOptions How = Reading;
  How.Name = A.Peer;
  Expected<std::unique_ptr<TraceReader>> Trace =
      TraceReader::create(std::move(Messages), std::move(How));
  if (Trace) {
    A.Trace = std::move(*Trace);
    return;
  }
  A.Problem = toString(Trace.takeError());
  A.Unheard = std::move(Messages);
}

void Reception::seeOff() {
  for (auto G = Guests.begin(); G != Guests.end();) {
    const auto Next = std::next(G);
    std::unique_lock Lock(Mutex);
    const bool IsDone = !G->Socket;
    Lock.unlock();
    if (IsDone) {
      G->Hears.join();
      Guests.erase(G);
    }
    G = Next;
  }
}

bool Reception::hasGuests() {
  seeOff();
  return !Guests.empty();
}

bool Reception::hasArrivals() {
  std::lock_guard Lock(Mutex);
  return !Arrived.empty();
}

std::optional<Arrival> Reception::take() {
  std::lock_guard Lock(Mutex);
  if (Arrived.empty())
    return std::nullopt;
  Arrival First = std::move(Arrived.front());
  Arrived.pop_front();
  return First;
}
