//===- unittests/Relay/ConnectionTest.cpp - the socket to the analyser ----===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Real sockets: endpoints of every kind, refusals, pieces, a peer that is
/// gone.
///
//===----------------------------------------------------------------------===//
#include "Connection.h"
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>

using namespace mcad::qemu;

namespace {

/// A listening socket on a free port or a path.
struct Listener {
  int Descriptor;
  std::string Port;

  explicit Listener(sa_family_t Family) {
    sockaddr_in6 Address{};
    socklen_t Size =
        Family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
    Address.sin6_family = Family; // Port and wildcard address are zero in both.
    Descriptor = socket(Family, SOCK_STREAM, 0);
    auto *Generic = reinterpret_cast<sockaddr *>(&Address);
    if (bind(Descriptor, Generic, Size) || listen(Descriptor, 1))
      Descriptor = -1;
    getsockname(Descriptor, Generic, &Size);
    Port = std::to_string(ntohs(Address.sin6_port)); // Same place in both.
  }
  explicit Listener(const std::string &Path) {
    sockaddr_un Address{};
    Address.sun_family = AF_UNIX;
    std::strncpy(Address.sun_path, Path.c_str(), sizeof(Address.sun_path) - 1);
    Descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
    if (bind(Descriptor, reinterpret_cast<sockaddr *>(&Address),
             sizeof(Address)) ||
        listen(Descriptor, 1))
      Descriptor = -1;
  }
  ~Listener() { close(Descriptor); }
};

Options to(const std::string &Address, const std::string &Port = "9487") {
  Options Where;
  Where.Address = Address;
  Where.Port = Port;
  return Where;
}

std::span<const uint8_t> bytesOf(std::string_view Text) {
  return {reinterpret_cast<const uint8_t *>(Text.data()), Text.size()};
}

void expectOneByteArrives(Listener &Server, const Options &Where) {
  ASSERT_GE(Server.Descriptor, 0);
  OrProblem<Connection> Opened = Connection::open(Where);
  auto *Failure = std::get_if<Problem>(&Opened);
  ASSERT_EQ(Failure, nullptr) << Failure->Text;
  const int Accepted = accept(Server.Descriptor, nullptr, nullptr);
  EXPECT_FALSE(std::get<Connection>(Opened).send(bytesOf("x")));
  char Got = 0;
  EXPECT_EQ(read(Accepted, &Got, 1), 1);
  EXPECT_EQ(Got, 'x');
  close(Accepted);
}

/// A connected pair: the relay's end and the peer's.
struct Pair {
  int Ends[2];
  Pair() { EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, Ends), 0); }
  ~Pair() { close(Ends[1]); }
};

} // namespace

TEST(Connection, OpensIPv4) {
  Listener Server(AF_INET);
  expectOneByteArrives(Server, to("127.0.0.1", Server.Port));
}

TEST(Connection, OpensNames) {
  Listener Server(AF_INET);
  expectOneByteArrives(Server, to("localhost", Server.Port));
}

TEST(Connection, OpensIPv6) {
  Listener Server(AF_INET6);
  if (Server.Descriptor < 0)
    GTEST_SKIP() << "this machine has no IPv6";
  expectOneByteArrives(Server, to("::1", Server.Port));
}

TEST(Connection, OpensUnixSockets) {
  char Folder[] = "/tmp/mcad-XXXXXX";
  ASSERT_NE(mkdtemp(Folder), nullptr);
  const std::string Path = std::string(Folder) + "/socket";
  {
    Listener Server(Path);
    expectOneByteArrives(Server, to(Path));
  }
  {
    unlink(Path.c_str());
    Listener Server(Path);
    expectOneByteArrives(Server, to("unix:" + Path));
  }
  std::filesystem::remove_all(Folder);
}

TEST(Connection, NobodyListening) {
  std::string Port;
  {
    Listener Closed(AF_INET);
    Port = Closed.Port;
  }
  Options Where = to("127.0.0.1", Port);
  std::string Text = std::get<Problem>(Connection::open(Where)).Text;
  EXPECT_EQ(Text, "cannot connect to 127.0.0.1:" + Port +
                      ": Connection refused: start llvm-mcad with its QEMU "
                      "broker there first, or give -optional to run untraced");
  Where.Optional = true;
  Text = std::get<Problem>(Connection::open(Where)).Text;
  EXPECT_EQ(Text.find("-optional"), std::string::npos);
}

TEST(Connection, NoSuchSocketFile) {
  std::string Text =
      std::get<Problem>(Connection::open(to("/nonexistent/socket"))).Text;
  EXPECT_NE(Text.find("/nonexistent/socket: No such file"), std::string::npos);
  Text =
      std::get<Problem>(Connection::open(to("/" + std::string(200, 'x')))).Text;
  EXPECT_NE(Text.find("longer than a socket's may be"), std::string::npos);
}

TEST(Connection, DescriptorIsOutOfTheGuestsWay) {
  int Copy = dup(STDERR_FILENO);
  ASSERT_GE(Copy, 0);
  const int Moved = moveAside(Copy);
  EXPECT_GT(Moved, 100);
  EXPECT_EQ(fcntl(Moved, F_GETFD), FD_CLOEXEC);
  EXPECT_EQ(fcntl(Copy, F_GETFD), -1);
  close(Moved);
}

TEST(Connection, SendsHeadAndPayloadWhole) {
  Pair Sockets;
  Connection Relay(Sockets.Ends[0]);
  const std::string Payload(5'000'000, 'p');
  std::string Got;
  std::thread Peer([&] {
    char Buffer[4096];
    while (ssize_t Size = read(Sockets.Ends[1], Buffer, sizeof(Buffer)))
      Got.append(Buffer, static_cast<size_t>(Size));
  });
  EXPECT_FALSE(Relay.send(bytesOf("head"), bytesOf(Payload)));
  Relay.finish();
  Peer.join();
  EXPECT_EQ(Got, "head" + Payload);
}

TEST(Connection, AGonePeerIsAnErrorAndNoSignal) {
  Pair Sockets;
  Connection Relay(Sockets.Ends[0]);
  shutdown(Sockets.Ends[1], SHUT_RDWR);
  std::signal(SIGPIPE, SIG_DFL);
  EXPECT_EQ(Relay.send(bytesOf("x")), std::errc::broken_pipe);
}

TEST(Connection, NothingIsWrittenToAFileThatTookTheDescriptor) {
  Pair Sockets;
  Connection Relay(Sockets.Ends[0]);
  char Name[] = "/tmp/mcad-XXXXXX";
  const int File = mkstemp(Name);
  ASSERT_GE(File, 0);
  dup2(File, Sockets.Ends[0]);
  EXPECT_TRUE(Relay.send(bytesOf("trace")));
  EXPECT_EQ(lseek(File, 0, SEEK_END), 0);
  close(File);
  unlink(Name);
}

TEST(Connection, ReceivesAMessageInPieces) {
  Pair Sockets;
  Connection Relay(Sockets.Ends[0]);
  const std::string Sent("\3\0\0\0abc", 7);
  std::thread Peer([&] {
    for (char Byte : Sent) {
      ASSERT_EQ(write(Sockets.Ends[1], &Byte, 1), 1);
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  std::vector<uint8_t> Message;
  EXPECT_FALSE(Relay.receiveMessage(Message, 100, std::chrono::seconds(10)));
  Peer.join();
  EXPECT_EQ(std::string(Message.begin(), Message.end()), Sent);
}

TEST(Connection, RefusesToReceiveNonsense) {
  std::vector<uint8_t> Message;
  {
    Pair Sockets;
    Connection Relay(Sockets.Ends[0]);
    ASSERT_EQ(write(Sockets.Ends[1], "\377\377\377\377", 4), 4);
    EXPECT_EQ(Relay.receiveMessage(Message, 100, std::chrono::seconds(10)),
              std::errc::message_size);
  }
  {
    Pair Sockets;
    Connection Relay(Sockets.Ends[0]);
    ASSERT_EQ(write(Sockets.Ends[1], "\3\0", 2), 2);
    shutdown(Sockets.Ends[1], SHUT_WR);
    EXPECT_EQ(Relay.receiveMessage(Message, 100, std::chrono::seconds(10)),
              std::errc::connection_reset);
  }
  {
    Pair Sockets;
    Connection Relay(Sockets.Ends[0]);
    EXPECT_EQ(Relay.receiveMessage(Message, 100, std::chrono::seconds(1)),
              std::errc::timed_out);
  }
}
