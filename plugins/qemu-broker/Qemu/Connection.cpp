//===- Qemu/Connection.cpp - the socket to the analyser -------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Resolving, connecting, sending and receiving, as Connection.h describes.
///
//===----------------------------------------------------------------------===//
#include "Connection.h"
#include <algorithm>
#include <asio/connect.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/local/stream_protocol.hpp>
#include <bit>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace mcad::qemu {

static std::error_code lastError() { return {errno, std::generic_category()}; }

int moveAside(int Descriptor) {
  // The upper end of what the guest may open, but not so high that the kernel
  // would have to grow the table by much.
  constexpr rlim_t Highest = 65536, Spare = 16;
  rlimit Limit{};
  if (getrlimit(RLIMIT_NOFILE, &Limit) == 0) {
    const rlim_t Top = std::min(Limit.rlim_cur, Highest);
    const int From = Top > Spare ? static_cast<int>(Top - Spare) : 0;
    if (int Moved = fcntl(Descriptor, F_DUPFD_CLOEXEC, From); Moved >= 0) {
      ::close(Descriptor);
      return Moved;
    }
  }
  fcntl(Descriptor, F_SETFD, FD_CLOEXEC);
  return Descriptor;
}

/// What a connection needs for no wait to be without an end: a bound on those
/// for a peer that takes nothing, and word of one that is no longer there.
static void boundWaits(int Descriptor, std::chrono::seconds Patience) {
  // Asio may have left it non-blocking.
  fcntl(Descriptor, F_SETFL, fcntl(Descriptor, F_GETFL) & ~O_NONBLOCK);
  const timeval Longest{static_cast<time_t>(Patience.count()), 0};
  setsockopt(Descriptor, SOL_SOCKET, SO_SNDTIMEO, &Longest, sizeof(Longest));
  const int On = 1;
  setsockopt(Descriptor, SOL_SOCKET, SO_KEEPALIVE, &On, sizeof(On));
}

static Problem cannotConnect(const Options &To, const std::string &Reason) {
  std::string Text = "cannot connect to " + To.endpoint() + ": " + Reason +
                     ": start llvm-mcad with its QEMU broker there first";
  if (!To.Optional)
    Text += ", or give -optional to run untraced";
  return Problem{Text};
}

template <typename Socket>
static OrProblem<Connection> take(Socket &From, const Options &To) {
  asio::error_code Error;
  const int Descriptor = From.release(Error);
  if (Error)
    return cannotConnect(To, Error.message());
  boundWaits(Descriptor, To.Patience);
  return Connection(moveAside(Descriptor));
}

static OrProblem<Connection> connectTo(const Options &To) {
  asio::io_context Context;
  asio::error_code Error;
  if (std::string_view Path = To.unixPath(); !Path.empty()) {
    if (Path.size() >= sizeof(sockaddr_un::sun_path))
      return cannotConnect(To, "the path is longer than a socket's may be");
    asio::local::stream_protocol::socket Socket(Context);
    if (Socket.connect(std::string(Path), Error); Error)
      return cannotConnect(To, Error.message());
    return take(Socket, To);
  }

  asio::ip::tcp::resolver Resolver(Context);
  asio::ip::tcp::socket Socket(Context);
  // As for the analyser, localhost is the loopback addresses whatever the
  // resolver thinks (RFC 6761); a bare system may not know the name.
  const bool IsLocalhost = To.Address == "localhost";
  for (const std::string &Address :
       IsLocalhost ? std::vector<std::string>{"127.0.0.1", "::1"}
                   : std::vector<std::string>{To.Address}) {
    auto Addresses = Resolver.resolve(Address, To.Port, Error);
    if (!Error)
      asio::connect(Socket, Addresses, Error);
    if (!Error)
      break;
  }
  if (Error)
    return cannotConnect(To, Error.message());
  return take(Socket, To);
}

OrProblem<Connection> Connection::open(const Options &To) {
  // Asio throws where the process has no descriptor left for its own.
  try {
    return connectTo(To);
  } catch (const std::system_error &Failure) {
    return Problem{"cannot connect to " + To.endpoint() + ": " +
                   Failure.what()};
  }
}

Connection::Connection(Connection &&Other) noexcept
    : Descriptor(std::exchange(Other.Descriptor, -1)) {}

/// Waits until \p Descriptor is ready for \p Events or \p MilliSeconds are over
/// (-1: for ever).
static std::error_code waitFor(int Descriptor, short Events, int MilliSeconds) {
  pollfd Poll{Descriptor, Events, 0};
  const int Ready = poll(&Poll, 1, MilliSeconds);
  if (Ready < 0 && errno != EINTR)
    return lastError();
  if (Ready == 0)
    return std::make_error_code(std::errc::timed_out);
  return {};
}

std::error_code Connection::send(std::span<const uint8_t> Head,
                                 std::span<const uint8_t> Payload,
                                 std::span<const uint8_t> Tail) {
  // The parts are only read; iovec serves both directions.
  iovec Parts[3] = {{const_cast<uint8_t *>(Head.data()), Head.size()},
                    {const_cast<uint8_t *>(Payload.data()), Payload.size()},
                    {const_cast<uint8_t *>(Tail.data()), Tail.size()}};
  msghdr Message{};
  Message.msg_iov = Parts;
  Message.msg_iovlen = std::size(Parts);
  while (Parts[0].iov_len + Parts[1].iov_len + Parts[2].iov_len != 0) {
    ssize_t Sent = sendmsg(Descriptor, &Message, MSG_NOSIGNAL);
    if (Sent < 0) {
      // boundWaits' bound.
      if (errno == EAGAIN || errno == EWOULDBLOCK)
        return std::make_error_code(std::errc::timed_out);
      if (errno == EINTR)
        continue;
      return lastError();
    }
    for (iovec &Part : Parts) {
      const size_t Done = std::min(static_cast<size_t>(Sent), Part.iov_len);
      Part.iov_base = static_cast<char *>(Part.iov_base) + Done;
      Part.iov_len -= Done;
      Sent -= static_cast<ssize_t>(Done);
    }
  }
  return {};
}

std::error_code
Connection::receive(std::span<uint8_t> To,
                    std::chrono::steady_clock::time_point Deadline) {
  while (!To.empty()) {
    const auto Left = std::chrono::duration_cast<std::chrono::milliseconds>(
        Deadline - std::chrono::steady_clock::now());
    if (Left.count() <= 0)
      return std::make_error_code(std::errc::timed_out);
    if (std::error_code Error =
            waitFor(Descriptor, POLLIN, static_cast<int>(Left.count())))
      return Error;
    const ssize_t Got = recv(Descriptor, To.data(), To.size(), MSG_DONTWAIT);
    if (Got == 0)
      return std::make_error_code(std::errc::connection_reset);
    if (Got < 0) {
      if (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK)
        continue;
      return lastError();
    }
    To = To.subspan(static_cast<size_t>(Got));
  }
  return {};
}

std::error_code Connection::receiveMessage(std::vector<uint8_t> &Message,
                                           size_t Largest,
                                           std::chrono::seconds Patience) {
  const auto Deadline = std::chrono::steady_clock::now() + Patience;
  static_assert(std::endian::native == std::endian::little,
                "the wire is little-endian and sent from memory as it is");
  uint32_t Size = 0;
  Message.resize(sizeof(Size));
  if (std::error_code Error = receive(Message, Deadline))
    return Error;
  std::memcpy(&Size, Message.data(), sizeof(Size));
  if (Size > Largest - sizeof(Size))
    return std::make_error_code(std::errc::message_size);
  Message.resize(sizeof(Size) + Size);
  return receive(std::span(Message).subspan(sizeof(Size)), Deadline);
}

void Connection::finish() {
  if (Descriptor >= 0)
    shutdown(Descriptor, SHUT_WR);
}

void Connection::close() {
  if (Descriptor >= 0)
    ::close(std::exchange(Descriptor, -1));
}

} // namespace mcad::qemu
