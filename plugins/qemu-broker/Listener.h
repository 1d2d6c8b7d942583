//===- Listener.h - where relays connect ----------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Listens on a TCP port or a Unix socket, and takes connections one by one.
/// Those over TCP notice after a minute if their peer's machine is gone.
///
/// "localhost" is 127.0.0.1 and ::1, whatever the machine's files say, since
/// the other end may mean either. Other names are resolved, and every address
/// listened on. Beyond the loopback addresses only with Exposure::Anyone.
///
/// A Unix socket is the user's alone (mode 0600, set before anyone can
/// connect) and goes away with the listener. A socket file that nobody listens
/// on is left over from a crash and replaced; anything else in its place is an
/// error.
///
/// Tested by unittests/Trace/QemuBrokerTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_QEMUBROKER_LISTENER_H
#define MCAD_QEMUBROKER_LISTENER_H

#include "BrokerOptions.h"
#include "SocketSource.h"
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/ip/v6_only.hpp>
#include <asio/local/stream_protocol.hpp>
#include <memory>
#include <vector>

namespace mcad {

/// A peer that has connected.
struct Connection {
  std::unique_ptr<SocketSource> Socket;
  /// Its address, for messages.
  std::string Peer;
};

class Listener {
  using Tcp = asio::ip::tcp;
  using Unix = asio::local::stream_protocol;

  Endpoint Where;
  asio::io_context Context;
  std::vector<Tcp::acceptor> TcpAcceptors;
  std::optional<Unix::acceptor> UnixAcceptor;
  bool HasSaidShortage = false;

public:
  static llvm::Expected<std::unique_ptr<Listener>>
  create(const BrokerOptions &Options);
  ~Listener() { close(); }
  Listener(const Listener &) = delete;
  Listener &operator=(const Listener &) = delete;

  /// Where it listens, with the actual port: the first address of several,
  /// which all have the same port.
  std::string address() const;

  /// What can be read once somebody waits to be taken.
  llvm::SmallVector<int, 4> descriptors();

  /// Who waits to be taken; none if nobody does, or it is closed, or there is
  /// nothing to take him with just now, which is said once.
  llvm::Expected<std::optional<Connection>> accept();

  /// Takes no more; those that wait to be taken are refused.
  void close();

private:
  explicit Listener(Endpoint Where) : Where(std::move(Where)) {}

  llvm::Error listenOnTcp(Exposure Who);
  llvm::Error listenOnUnix();
  llvm::Expected<std::vector<asio::ip::address>> resolve();
  /// Listens on every address of \p Addresses that this machine has.
  std::error_code listenOn(llvm::ArrayRef<asio::ip::address> Addresses);
  void waitOutShortage(std::error_code Code);
  llvm::Error cannotListen(const std::string &Why, llvm::StringRef Mend);
};

} // namespace mcad

#endif // MCAD_QEMUBROKER_LISTENER_H
