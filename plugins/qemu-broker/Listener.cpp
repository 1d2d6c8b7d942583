//===- Listener.cpp - where relays connect --------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Listener.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <cerrno>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using namespace llvm;
using namespace mcad;

namespace {

std::string print(const asio::ip::tcp::endpoint &Address) {
  const std::string Host = Address.address().to_string();
  return (Address.address().is_v6() ? "[" + Host + "]" : Host) + ":" +
         std::to_string(Address.port());
}

// Codes are compared by their number: Asio's category of system errors does not
// know most of std::errc.

/// Whether this machine lacks the address or its family: no reason to refuse,
/// if it has another that the name stands for.
bool isAbsent(std::error_code Code) {
  return Code.value() == EADDRNOTAVAIL || Code.value() == EAFNOSUPPORT;
}

/// Whether the peer left before it was taken, or there was none: no reason to
/// stop.
bool isNobody(std::error_code Code) {
  return Code.value() == EAGAIN || Code.value() == EWOULDBLOCK ||
         Code.value() == ECONNABORTED || Code.value() == EINTR;
}

bool isShortage(std::error_code Code) {
  return Code.value() == EMFILE || Code.value() == ENFILE ||
         Code.value() == ENOBUFS || Code.value() == ENOMEM;
}

} // namespace

Expected<std::unique_ptr<Listener>>
Listener::create(const BrokerOptions &Options) {
  std::unique_ptr<Listener> L(new Listener(Options.Where));
  // Who shows the token may come from anywhere.
  const Exposure Who = Options.Secret.empty() ? Options.Who : Exposure::Anyone;
  if (Error E =
          L->Where.UnixPath.empty() ? L->listenOnTcp(Who) : L->listenOnUnix())
    return E;
  return L;
}

Error Listener::cannotListen(const std::string &Why, StringRef Mend) {
  return createStringError("cannot listen on " + Where.Text + ": " + Why +
                           ": " + Mend);
}

Expected<std::vector<asio::ip::address>> Listener::resolve() {
  if (Where.Host == "localhost")
    return std::vector<asio::ip::address>{asio::ip::address_v4::loopback(),
                                          asio::ip::address_v6::loopback()};
  std::error_code Code;
  Tcp::resolver Resolver(Context);
  const Tcp::resolver::results_type Found =
      Resolver.resolve(Where.Host, std::to_string(Where.Port),
                       asio::ip::resolver_base::numeric_service, Code);
  if (Code)
    return cannotListen(
        "the host does not resolve (" + Code.message() + ")",
        "give a name or an address of this machine in -host=<address>:<port>");
  std::vector<asio::ip::address> Addresses;
  for (const auto &Entry : Found)
    if (!is_contained(Addresses, Entry.endpoint().address()))
      Addresses.push_back(Entry.endpoint().address());
  return Addresses;
}

std::error_code Listener::listenOn(ArrayRef<asio::ip::address> Addresses) {
  TcpAcceptors.clear();
  uint16_t Port = Where.Port;
  std::error_code Absent;
  for (const asio::ip::address &Address : Addresses) {
    const Tcp::endpoint End(Address, Port);
    Tcp::acceptor Acceptor(Context);
    std::error_code Code;
    Acceptor.open(End.protocol(), Code);
    // A port is free again as soon as its last listener is gone.
    if (!Code)
      Acceptor.set_option(Tcp::acceptor::reuse_address(true), Code);
    if (!Code && Address.is_v6())
      Acceptor.set_option(asio::ip::v6_only(true), Code);
    if (!Code)
      Acceptor.bind(End, Code);
    if (!Code)
      Acceptor.listen(Tcp::acceptor::max_listen_connections, Code);
    // So that a peer that leaves before it is taken does not block the others.
    if (!Code)
      Acceptor.non_blocking(true, Code);
    if (isAbsent(Code)) {
      Absent = Code;
      continue;
    }
    if (Code)
      return Code;
    Port = Acceptor.local_endpoint(Code).port();
    if (Code)
      return Code;
    TcpAcceptors.push_back(std::move(Acceptor));
  }
  return TcpAcceptors.empty() ? Absent : std::error_code();
}

Error Listener::listenOnTcp(Exposure Who) {
  Expected<std::vector<asio::ip::address>> Addresses = resolve();
  if (!Addresses)
    return Addresses.takeError();
  if (Who == Exposure::LoopbackOnly)
    for (const asio::ip::address &Address : *Addresses)
      if (!Address.is_loopback())
        return cannotListen("others than this machine could connect",
                            "listen on localhost, give both sides a "
                            "-token-file, or give -insecure");
  std::error_code Code = listenOn(*Addresses);
  // A port that is free on the first address may be taken on the second.
  for (int Tries = 0;
       Where.Port == 0 && Tries != 16 && Code.value() == EADDRINUSE; ++Tries)
    Code = listenOn(*Addresses);
  if (Code.value() == EADDRINUSE)
    return cannotListen("the port is in use",
                        "choose another in -host=<address>:<port>, or end the "
                        "program that has it");
  if (isAbsent(Code))
    return cannotListen("it is no address of this machine",
                        "give one that is, or localhost");
  if (Code.value() == EACCES)
    return cannotListen("permission denied", "choose a port from 1024 on");
  if (Code)
    return cannotListen(Code.message(), "choose another -host");
  return Error::success();
}

Error Listener::listenOnUnix() {
  const Unix::endpoint End(Where.UnixPath);
  Unix::acceptor Acceptor(Context);
  std::error_code Code;
  Acceptor.open(End.protocol(), Code);
  if (!Code)
    Acceptor.bind(End, Code);
  if (Code.value() == EADDRINUSE) {
    struct stat Status;
    if (::lstat(Where.UnixPath.c_str(), &Status) == 0 &&
        !S_ISSOCK(Status.st_mode))
      return cannotListen("a file of that name is there",
                          "remove it, or choose another path");
    Unix::socket Probe(Context);
    Probe.connect(End, Code);
    if (Code.value() != ECONNREFUSED)
      return cannotListen("the socket is in use",
                          "choose another path, or end the program that "
                          "listens on it");
    ::unlink(Where.UnixPath.c_str());
    Acceptor.bind(End, Code);
  }
  // Before listen(), nobody can have connected.
  if (!Code && ::chmod(Where.UnixPath.c_str(), 0600) != 0)
    Code = std::error_code(errno, std::generic_category());
  if (!Code)
    Acceptor.listen(Unix::acceptor::max_listen_connections, Code);
  if (!Code)
    Acceptor.non_blocking(true, Code);
  if (Code)
    return cannotListen(Code.message(), "choose another path");
  UnixAcceptor.emplace(std::move(Acceptor));
  return Error::success();
}

std::string Listener::address() const {
  if (UnixAcceptor)
    return Where.UnixPath;
  std::error_code Ignored;
  return print(TcpAcceptors.front().local_endpoint(Ignored));
}

SmallVector<int, 4> Listener::descriptors() {
  SmallVector<int, 4> All;
  for (Tcp::acceptor &Acceptor : TcpAcceptors)
    All.push_back(Acceptor.native_handle());
  if (UnixAcceptor)
    All.push_back(UnixAcceptor->native_handle());
  return All;
}

/// So that a peer whose machine or network is gone is noticed in a minute,
/// though it says nothing.
static void noticeAbsence(asio::ip::tcp::socket &Socket) {
  const int Descriptor = Socket.native_handle();
  const auto set = [&](int Level, int Name, int Value) {
    ::setsockopt(Descriptor, Level, Name, &Value, sizeof(Value));
  };
  set(SOL_SOCKET, SO_KEEPALIVE, 1);
  set(IPPROTO_TCP, TCP_KEEPIDLE, 30);
  set(IPPROTO_TCP, TCP_KEEPINTVL, 10);
  set(IPPROTO_TCP, TCP_KEEPCNT, 3);
}

void Listener::waitOutShortage(std::error_code Code) {
  if (!std::exchange(HasSaidShortage, true))
    errs() << "warning: a connection on " << Where.Text
           << " has to wait: " << Code.message()
           << ": raise the limit (ulimit -n), or allow fewer at once "
              "(-max-at-once)\n";
  // It can still be read that somebody waits: no busy loop.
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
}

Expected<std::optional<Connection>> Listener::accept() {
  std::error_code Code = asio::error::would_block;
  if (UnixAcceptor) {
    Unix::socket Socket(Context);
    UnixAcceptor->accept(Socket, Code);
    if (!Code)
      return Connection{std::make_unique<SocketSource>(Socket.release(Code)),
                        Where.UnixPath};
  }
  for (Tcp::acceptor &Acceptor : TcpAcceptors) {
    Tcp::socket Socket(Context);
    Tcp::endpoint Peer;
    Acceptor.accept(Socket, Peer, Code);
    if (!Code) {
      noticeAbsence(Socket);
      return Connection{std::make_unique<SocketSource>(Socket.release(Code)),
                        print(Peer)};
    }
    if (!isNobody(Code))
      break;
  }
  if (isNobody(Code))
    return std::nullopt;
  if (isShortage(Code)) {
    waitOutShortage(Code);
    return std::nullopt;
  }
  return createStringError("cannot take a connection on " + Where.Text + ": " +
                           Code.message());
}

void Listener::close() {
  TcpAcceptors.clear();
  if (!UnixAcceptor)
    return;
  UnixAcceptor.reset();
  ::unlink(Where.UnixPath.c_str());
}
