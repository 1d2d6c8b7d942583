//===- Reception.h - who connects says what it is -------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Takes connections and reads what each begins with: the token, if one is
/// wanted, and Hello. Each is heard on a thread of its own, so that nobody
/// waits for one who is slow or says nothing; so many at a time, and each no
/// longer than the options say. Whoever is done is handed out in the order of
/// being done; the Reply is left to the caller.
///
/// A peer that hangs up without a word is none: scripts try whether a port is
/// open by connecting to it, and a second broker whether a Unix socket is.
///
/// Used from one thread. Tested by unittests/Trace/QemuBrokerTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_QEMUBROKER_RECEPTION_H
#define MCAD_QEMUBROKER_RECEPTION_H

#include "Listener.h"
#include "Trace/TraceReader.h"
#include <deque>
#include <list>
#include <mutex>
#include <thread>

namespace mcad {

/// A descriptor that can be read once something has happened.
class Bell {
  int Descriptor;

public:
  Bell();
  ~Bell();
  Bell(const Bell &) = delete;
  Bell &operator=(const Bell &) = delete;

  int descriptor() const { return Descriptor; }
  /// Any thread.
  void ring();
  void silence();
};

/// A peer that has said what it is, or who was not understood.
struct Arrival {
  std::string Peer;
  /// Owned by Trace, or by Unheard where there is none.
  SocketSource *Socket = nullptr;
  std::unique_ptr<TraceReader> Trace;
  /// Where there is no Trace: its connection, and why.
  std::unique_ptr<MessageReader> Unheard;
  std::string Problem;
};

class Reception {
public:
  /// \p Rings is rung for each arrival; it outlives the reception.
  Reception(std::unique_ptr<Listener> Incoming, const BrokerOptions &Options,
            TraceReaderOptions Reading, int StopDescriptor, Bell &Rings);
  /// Who has not arrived by now is hung up on.
  ~Reception();

  /// What can be read once somebody waits to be heard; nothing while so many
  /// are heard that one more would be too many.
  llvm::SmallVector<int, 4> descriptors();

  /// Hears who waits for it. \returns whether anybody did, and might.
  llvm::Expected<bool> admit();

  /// Hears who had connected by now, if it might, and nobody else.
  llvm::Error admitLast();

  /// Who has arrived; none if nobody has.
  std::optional<Arrival> take();

  /// Somebody is heard who has not arrived yet.
  bool hasGuests();
  /// Somebody has arrived.
  bool hasArrivals();

private:
  /// One that is heard.
  struct Guest {
    Connection From;
    std::thread Hears;
    SocketSource *Socket = nullptr; ///< Null once it is done. Guarded.
  };

  /// Heard at a time, or waiting to be taken.
  static constexpr size_t MostGuests = 64;

  std::unique_ptr<Listener> Incoming;
  const std::chrono::seconds HelloTimeout;
  const TraceReaderOptions Reading;
  const int StopDescriptor;
  Bell &Rings;
  std::list<Guest> Guests;
  std::mutex Mutex; ///< Guards what follows.
  std::deque<Arrival> Arrived;

  void hear(Guest &G);
  /// Reads what \p A, which has its socket, begins with.
  void read(Arrival &A, std::unique_ptr<MessageReader> Messages) const;
  /// Forgets those that are done.
  void seeOff();
  bool hasRoom();
};

} // namespace mcad

#endif // MCAD_QEMUBROKER_RECEPTION_H
