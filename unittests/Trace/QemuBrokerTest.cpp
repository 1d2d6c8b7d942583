//===- QemuBrokerTest.cpp - the broker plugin -----------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The plugin as llvm-mcad loads it, and a peer at the other end of a real
/// socket.
///
//===----------------------------------------------------------------------===//

#include "Traces.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"
#include <arpa/inet.h>
#include <atomic>
#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>

using namespace llvm;
using namespace mcad;
using namespace mcad::test;

namespace {

const BrokerPlugin &plugin() {
  static void *Library = ::dlopen(QEMU_BROKER_PLUGIN, RTLD_NOW);
  EXPECT_NE(Library, nullptr) << ::dlerror();
  using Entry = const BrokerPlugin *(*)();
  static const auto Get =
      reinterpret_cast<Entry>(::dlsym(Library, "mcadBrokerPlugin"));
  EXPECT_NE(Get, nullptr);
  return *Get();
}

/// A broker, and the line that it says when it listens.
struct Listening {
  std::unique_ptr<Broker> B;
  std::string Line;
  std::string Refusal;

  int port() const {
    return std::atoi(Line.substr(Line.rfind(':') + 1).c_str());
  }
};

Listening listen(std::vector<std::string> Arguments, std::string Triple = "",
                 bool WantMemoryAccesses = false, int StopDescriptor = -1) {
  BrokerContext Context;
  Context.StopDescriptor = StopDescriptor;
  Context.Arguments = std::move(Arguments);
  Context.Triple = std::move(Triple);
  Context.WantMemoryAccesses = WantMemoryAccesses;
  Listening Result;
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  auto Made = plugin().create(Context);
  Result.Line = testing::internal::GetCapturedStderr();
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  if (Made)
    Result.B = std::move(*Made);
  else
    Result.Refusal = toString(Made.takeError());
  return Result;
}

std::string refusal(std::vector<std::string> Arguments) {
  Listening L = listen(std::move(Arguments));
  EXPECT_EQ(L.B, nullptr);
  EXPECT_EQ(L.Line, "");
  return L.Refusal;
}

/// The relay's end of a connection.
class Peer {
  int Descriptor = -1;

public:
  Peer() = default;
  Peer(Peer &&Other) : Descriptor(std::exchange(Other.Descriptor, -1)) {}
  ~Peer() { hangUp(); }

  static Peer tcp(int Port, const char *Address = "127.0.0.1") {
    addrinfo Hints = {};
    Hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    Hints.ai_socktype = SOCK_STREAM;
    addrinfo *Found = nullptr;
    EXPECT_EQ(
        ::getaddrinfo(Address, std::to_string(Port).c_str(), &Hints, &Found),
        0);
    Peer P;
    P.connect(Found->ai_family, Found->ai_addr, Found->ai_addrlen);
    ::freeaddrinfo(Found);
    return P;
  }
  static Peer unixSocket(const std::string &Path) {
    sockaddr_un Address = {};
    Address.sun_family = AF_UNIX;
    Path.copy(Address.sun_path, sizeof(Address.sun_path) - 1);
    Peer P;
    P.connect(AF_UNIX, reinterpret_cast<sockaddr *>(&Address), sizeof(Address));
    return P;
  }
  bool isConnected() const { return Descriptor >= 0; }

  void send(ArrayRef<uint8_t> Bytes) {
    while (!Bytes.empty()) {
      const ssize_t Count =
          ::send(Descriptor, Bytes.data(), Bytes.size(), MSG_NOSIGNAL);
      if (Count < 0)
        return;
      Bytes = Bytes.drop_front(Count);
    }
  }
  /// The broker's answer.
  std::optional<message::Reply> reply() {
    std::vector<uint8_t> Bytes;
    uint8_t Byte;
    while (Bytes.size() < 4 || Bytes.size() < 4 + Bytes[0] + Bytes[1] * 256u) {
      if (::recv(Descriptor, &Byte, 1, 0) != 1)
        return std::nullopt;
      Bytes.push_back(Byte);
    }
    auto Message = verifyFrame(Bytes);
    if (!Message) {
      ADD_FAILURE() << toString(Message.takeError());
      return std::nullopt;
    }
    const wire::Reply *Read = (*Message)->body_as_Reply();
    if (!Read)
      return std::nullopt;
    return message::Reply{Read->protocol(), Read->accepted(),
                          Read->reason() ? Read->reason()->str() : "",
                          Read->memory_accesses()};
  }
  void hangUp() {
    if (Descriptor >= 0)
      ::close(Descriptor);
    Descriptor = -1;
  }

private:
  void connect(int Family, const sockaddr *Address, socklen_t Size) {
    Descriptor = ::socket(Family, SOCK_STREAM, 0);
    EXPECT_GE(Descriptor, 0);
    if (::connect(Descriptor, Address, Size) != 0)
      hangUp();
  }
};

const std::string Hello = "hello protocol=3 arch=\"arm\" relay=\"test\"\n";
const std::string Rest = R"(
block 0 address=0x1000 sizes=4,4 bytes=0001020304050607
stream 0 vcpu=0
run 0: 0 0 0
end 0
totals reason=exit blocks=1 stream=0:3,6,0
)";

/// Reads a trace to its end.
std::pair<std::string, uint64_t> drain(TraceSource &Trace) {
  BlockCollector Sink;
  Batch Next;
  uint64_t NumBlocks = 0;
  while (cantFail(Trace.next(Next, Sink)))
    NumBlocks += Next.Units.size();
  return {Trace.end().Problem, NumBlocks};
}

/// Speaks a whole trace to \p L from \p P, and reads it there.
void expectTrace(Listening &L, Peer P) {
  ASSERT_TRUE(P.isConnected());
  P.send(frames(Hello));
  auto Trace = L.B->nextTrace();
  ASSERT_TRUE(static_cast<bool>(Trace)) << toString(Trace.takeError());
  ASSERT_NE(*Trace, nullptr);
  const auto Reply = P.reply();
  ASSERT_TRUE(Reply.has_value());
  EXPECT_TRUE(Reply->Accepted);
  EXPECT_EQ(Reply->Protocol, static_cast<uint32_t>(Protocol::Current));
  EXPECT_EQ(Reply->Reason, "");
  P.send(frames(Rest));
  P.hangUp();
  EXPECT_EQ(drain(**Trace), (std::pair<std::string, uint64_t>("", 3)));
}

void expectNoMore(Listening &L) {
  auto None = L.B->nextTrace();
  ASSERT_TRUE(static_cast<bool>(None));
  EXPECT_EQ(*None, nullptr);
}

std::string nextRefusal(Listening &L) {
  auto Trace = L.B->nextTrace();
  return Trace ? "none" : toString(Trace.takeError());
}

TEST(QemuBrokerTest, SaysWhatItIs) {
  EXPECT_EQ(plugin().InterfaceVersion, BrokerInterfaceVersion);
  EXPECT_STREQ(plugin().Name, "MCADQemuBroker");
  EXPECT_STREQ(plugin().LLVMVersion, LLVM_VERSION_STRING);
}

TEST(QemuBrokerTest, ArgumentsAreRefusedByName) {
  EXPECT_EQ(refusal({"-hots=localhost:1"}),
            "broker argument '-hots=localhost:1': unknown to the QEMU broker: "
            "see -broker-plugin-arg-help");
  const std::string Wanted =
      ": malformed: give -host=<address>:<port>, an IPv6 address in brackets, "
      "or the path of a Unix socket";
  for (const char *Host : {"", "localhost", "localhost:", "localhost:x",
                           "localhost:65536", "::1:9487", "[::1:9487", "[]:1"})
    EXPECT_EQ(refusal({std::string("-host=") + Host}),
              std::string("broker argument '-host=") + Host + "'" + Wanted);
  for (const char *Name :
       {"-hello-timeout", "-connection-timeout", "-idle-timeout"})
    EXPECT_EQ(refusal({std::string(Name) + "=0"}),
              std::string("broker argument '") + Name +
                  "=0': malformed: give seconds from 1 to 86400");
  EXPECT_EQ(refusal({"-max-at-once=0"}),
            "broker argument '-max-at-once=0': malformed: give a number of "
            "connections from 1 on");
  EXPECT_EQ(refusal({"-max-blocks=16777217"}),
            "broker argument '-max-blocks=16777217': malformed: give a number "
            "of blocks from 1 to 16777216");
  EXPECT_EQ(refusal({"-token-file=/no/such"}),
            "broker argument '-token-file=/no/such': No such file or "
            "directory");
  EXPECT_EQ(refusal({"-token-file=/dev/null"}),
            "broker argument '-token-file=/dev/null': malformed: give a file "
            "of 1 to 4096 bytes");
  EXPECT_EQ(refusal({"-host=unix:"}),
            "broker argument '-host=unix:': malformed: give a Unix socket's "
            "path of 1 to 107 bytes");
  EXPECT_NE(refusal({"-host=/" + std::string(107, 'x')}).find("107 bytes"),
            std::string::npos);
  for (const char *Count : {"", "0", "-2", "x", "1.5"})
    EXPECT_EQ(refusal({std::string("-max-accepted-connection=") + Count}),
              std::string("broker argument '-max-accepted-connection=") +
                  Count +
                  "': malformed: give a number of connections from 1 on, or -1 "
                  "for no limit");
  EXPECT_NE(refusal({"-hello-timeout=0"}).find("malformed"), std::string::npos);
  EXPECT_EQ(refusal({"-binary-regions="}),
            "broker argument '-binary-regions=': malformed: give a file with "
            "regions");
  EXPECT_TRUE(
      StringRef(refusal({"-help"})).starts_with("options of the QEMU broker"));
}

TEST(QemuBrokerTest, ReadsATraceOverIPv4) {
  Listening L = listen({"-host=127.0.0.1:0"});
  ASSERT_NE(L.B, nullptr) << L.Refusal;
  EXPECT_EQ(L.Line,
            "listening on 127.0.0.1:" + std::to_string(L.port()) + "\n");
  expectTrace(L, Peer::tcp(L.port()));
  expectNoMore(L);
  EXPECT_FALSE(Peer::tcp(L.port()).isConnected()) << "the listener is closed";
}

TEST(QemuBrokerTest, LocalhostIsBothLoopbackAddresses) {
  Listening L = listen({"-host=localhost:0", "-max-accepted-connection=3"});
  ASSERT_NE(L.B, nullptr) << L.Refusal;
  EXPECT_TRUE(StringRef(L.Line).starts_with("listening on 127.0.0.1:"));
  expectTrace(L, Peer::tcp(L.port(), "127.0.0.1"));
  Peer Six = Peer::tcp(L.port(), "::1");
  if (!Six.isConnected())
    GTEST_SKIP() << "this machine has no IPv6";
  expectTrace(L, std::move(Six));
  expectTrace(L, Peer::tcp(L.port(), "127.0.0.1"));
  expectNoMore(L);
}

TEST(QemuBrokerTest, APortAloneIsLocalhost) {
  Listening L = listen({"-host=:0"});
  ASSERT_NE(L.B, nullptr) << L.Refusal;
  expectTrace(L, Peer::tcp(L.port()));
}

TEST(QemuBrokerTest, ReadsATraceOverIPv6) {
  Listening L = listen({"-host=[::1]:0"});
  if (!L.B)
    GTEST_SKIP() << L.Refusal;
  EXPECT_EQ(L.Line, "listening on [::1]:" + std::to_string(L.port()) + "\n");
  expectTrace(L, Peer::tcp(L.port(), "::1"));
}

TEST(QemuBrokerTest, AsksForWhatTheAnalyserWants) {
  for (const bool Wanted : {false, true}) {
    Listening L =
        listen({"-host=127.0.0.1:0"}, "thumbv7-linux-gnueabihf", Wanted);
    ASSERT_NE(L.B, nullptr) << L.Refusal;
    Peer P = Peer::tcp(L.port());
    P.send(frames(Hello));
    auto Trace = L.B->nextTrace();
    ASSERT_TRUE(static_cast<bool>(Trace)) << toString(Trace.takeError());
    EXPECT_EQ((*Trace)->description().HasMemoryAccesses, Wanted);
    EXPECT_EQ(P.reply()->MemoryAccesses, Wanted);
  }
}

/// A pipe whose closing tells a broker to stop.
struct StopPipe {
  int Ends[2];
  StopPipe() { EXPECT_EQ(::pipe(Ends), 0); }
  ~StopPipe() {
    stop();
    ::close(Ends[0]);
  }
  void stop() {
    if (Ends[1] >= 0)
      ::close(std::exchange(Ends[1], -1));
  }
  Listening listenWith(std::vector<std::string> Arguments) const {
    return listen(std::move(Arguments), "", false, Ends[0]);
  }
};

/// The next trace, whose peer has said Hello.
std::unique_ptr<TraceSource> nextTrace(Listening &L) {
  auto Trace = L.B->nextTrace();
  if (Trace)
    return std::move(*Trace);
  ADD_FAILURE() << toString(Trace.takeError());
  return nullptr;
}

/// Sends what one block executed, again and again, until nobody reads it.
class BusyPeer {
  Peer &P;
  std::atomic<bool> IsOver = false;
  std::thread Sender;

public:
  explicit BusyPeer(Peer &P)
      : P(P), Sender([this] {
          const Frame Run = frames("run 0: 0 0 0\n");
          while (!IsOver)
            this->P.send(Run);
        }) {}
  /// Its trace must be gone, or read to its end elsewhere.
  ~BusyPeer() {
    IsOver = true;
    Sender.join();
  }
};

/// A peer's words without its end.
std::string unfinished() { return Rest.substr(0, Rest.find("end")); }

/// What a broker makes of a peer that has said Hello, \p Rest and not its end
/// when it is told to stop; \p GoesOn: again and again.
void expectCutOff(StringRef Rest, bool GoesOn) {
  StopPipe Stop;
  Listening L = Stop.listenWith({"-host=127.0.0.1:0"});
  ASSERT_NE(L.B, nullptr) << L.Refusal;
  Peer P = Peer::tcp(L.port());
  P.send(frames(Hello));
  auto Trace = nextTrace(L);
  P.send(frames(Rest.str()));
  std::optional<BusyPeer> Busy;
  if (GoesOn)
    Busy.emplace(P);
  Stop.stop();
  const std::string Problem = drain(*Trace).first;
  Trace.reset();
  EXPECT_NE(Problem.find("told to stop before it ended"), std::string::npos)
      << Problem;
}

TEST(QemuBrokerTest, WaitsForNobodyOnceToldToStop) {
  StopPipe Stop;
  Listening L = Stop.listenWith({"-host=127.0.0.1:0"});
  ASSERT_NE(L.B, nullptr) << L.Refusal;
  std::thread Stopper([&] { Stop.stop(); });
  auto Trace = L.B->nextTrace();
  Stopper.join();
  ASSERT_TRUE(static_cast<bool>(Trace)) << toString(Trace.takeError());
  EXPECT_EQ(*Trace, nullptr);
}

TEST(QemuBrokerTest, WhoHasComeIsReadAfterTheStop) {
  StopPipe Stop;
  Listening L = Stop.listenWith({"-host=127.0.0.1:0"});
  ASSERT_NE(L.B, nullptr) << L.Refusal;
  Stop.stop();
  expectTrace(L, Peer::tcp(L.port()));
}

TEST(QemuBrokerTest, APeerThatIsSilentAfterTheStopIsNotWaitedFor) {
  expectCutOff("", /*GoesOn=*/false);
}

TEST(QemuBrokerTest, APeerThatGoesOnAfterTheStopIsCutOff) {
  expectCutOff(unfinished(), /*GoesOn=*/true);
}

//===----------------------------------------------------------------------===//
// Several peers
//===----------------------------------------------------------------------===//

TEST(QemuBrokerTest, TracesAreReadAtOnce) {
  Listening L = listen({"-host=127.0.0.1:0", "-max-accepted-connection=2"});
  ASSERT_NE(L.B, nullptr) << L.Refusal;
  ASSERT_TRUE(L.B->tracesAreApart());
  Peer First = Peer::tcp(L.port());
  First.send(frames(Hello));
  const auto A = nextTrace(L);
  Peer Second = Peer::tcp(L.port());
  Second.send(frames(Hello));
  const auto B = nextTrace(L);
  // The second is read to its end while the first is under way.
  Second.send(frames(Rest));
  EXPECT_EQ(drain(*B), (std::pair<std::string, uint64_t>("", 3)));
  First.send(frames(Rest));
  EXPECT_EQ(drain(*A), (std::pair<std::string, uint64_t>("", 3)));
  expectNoMore(L);
}

TEST(QemuBrokerTest, NobodyWaitsForAPeerThatSendsAllTheTime) {
  StopPipe Stop;
  Listening L =
      Stop.listenWith({"-host=127.0.0.1:0", "-max-accepted-connection=-1"});
  ASSERT_NE(L.B, nullptr) << L.Refusal;
  Peer First = Peer::tcp(L.port());
  First.send(frames(Hello));
  auto A = nextTrace(L);
  First.send(frames(unfinished()));
  std::pair<std::string, uint64_t> OfFirst;
  {
    const BusyPeer Busy(First);
    std::thread Reader([&] {
      OfFirst = drain(*A);
      A.reset();
    });
    for (unsigned I = 0; I != 20; ++I)
      expectTrace(L, Peer::tcp(L.port()));
    Stop.stop();
    Reader.join();
  }
  EXPECT_NE(OfFirst.first.find("told to stop"), std::string::npos);
  EXPECT_GT(OfFirst.second, 3u);
}

TEST(QemuBrokerTest, NobodyWaitsForAPeerThatSaysNothing) {
  Listening L = listen({"-host=127.0.0.1:0", "-max-accepted-connection=2"});
  ASSERT_NE(L.B, nullptr) << L.Refusal;
  const Peer Silent = Peer::tcp(L.port());
  Peer Half = Peer::tcp(L.port());
  Half.send(ArrayRef(frames(Hello)).drop_back(1));
  expectTrace(L, Peer::tcp(L.port()));
  expectTrace(L, Peer::tcp(L.port()));
  expectNoMore(L);
}

static size_t numDescriptors() {
  std::error_code Ignored;
  size_t Number = 0;
  for (sys::fs::directory_iterator At("/proc/self/fd", Ignored), End; At != End;
       At.increment(Ignored))
    ++Number;
  return Number;
}

TEST(QemuBrokerTest, OfManyPeersOnlySomeAreTakenAtATime) {
  StopPipe Stop;
  Listening L = Stop.listenWith(
      {"-host=127.0.0.1:0", "-max-at-once=1", "-max-accepted-connection=-1"});
  ASSERT_NE(L.B, nullptr) << L.Refusal;
  Peer First = Peer::tcp(L.port());
  First.send(frames(Hello));
  const auto A = nextTrace(L);
  const size_t Before = numDescriptors();
  std::vector<Peer> Others;
  for (unsigned I = 0; I != 100; ++I) {
    Others.push_back(Peer::tcp(L.port()));
    Others.back().send(frames(Hello));
  }
  std::thread Server([&] { EXPECT_EQ(nextTrace(L), nullptr); });
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  // The peers' own ends, and those that are taken.
  EXPECT_LE(numDescriptors(), Before + Others.size() + 64);
  Stop.stop();
  Server.join();
}

/// As long as it lives, this process can open no more descriptors.
class NoMoreDescriptors {
  rlimit Before = {};

public:
  NoMoreDescriptors() {
    ::getrlimit(RLIMIT_NOFILE, &Before);
    const int LowestFree = ::dup(STDERR_FILENO);
    ::close(LowestFree);
    rlimit Limit = Before;
    Limit.rlim_cur = LowestFree;
    EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &Limit), 0);
  }
  ~NoMoreDescriptors() { ::setrlimit(RLIMIT_NOFILE, &Before); }
};

TEST(QemuBrokerTest, ALackOfDescriptorsIsWaitedOut) {
#ifdef __SANITIZE_ADDRESS__ // UBSan comes with it, and has no macro.
  GTEST_SKIP() << "UBSan opens pipes to learn whether memory can be read";
#endif
  Listening L = listen({"-host=127.0.0.1:0"});
  ASSERT_NE(L.B, nullptr) << L.Refusal;
  Peer P = Peer::tcp(L.port());
  testing::internal::CaptureStderr();
  std::optional<NoMoreDescriptors> Lack(std::in_place);
  std::atomic<bool> IsOver{false};
  std::thread Later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(250));
    IsOver = true;
    Lack.reset();
  });
  expectTrace(L, std::move(P));
  EXPECT_TRUE(IsOver);
  Later.join();
  // It is said once, though it was met more than once.
  const std::string Said = testing::internal::GetCapturedStderr();
  EXPECT_EQ(StringRef(Said).count("has to wait"), 1u) << Said;
  EXPECT_NE(Said.find("ulimit -n"), std::string::npos);
  expectNoMore(L);
}

/// Whoever says \p Said is refused with \p Warning, and does not count.
void expectRefused(ArrayRef<uint8_t> Said, StringRef Warning) {
  Listening L = listen({"-host=127.0.0.1:0", "-max-accepted-connection=2"});
  ASSERT_NE(L.B, nullptr) << L.Refusal;
  Peer Liar = Peer::tcp(L.port());
  Liar.send(Said);
  testing::internal::CaptureStderr();
  expectTrace(L, Peer::tcp(L.port()));
  expectTrace(L, Peer::tcp(L.port()));
  EXPECT_NE(testing::internal::GetCapturedStderr().find(Warning),
            std::string::npos);
  EXPECT_FALSE(Liar.reply()->Accepted);
  expectNoMore(L);
}

TEST(QemuBrokerTest, AnArchitectureThatIsNotKnownIsRefused) {
  expectRefused(frames("hello protocol=3 arch=\"pdp11\"\n"), "'pdp11'");
}

TEST(QemuBrokerTest, WhoIsRefusedDoesNotCount) {
  expectRefused({1, 0, 0, 0, 9}, "warning: refused: ");
}

TEST(QemuBrokerTest, SoManyAtOnceAndNoMore) {
  StopPipe Stop;
  Listening L = Stop.listenWith(
      {"-host=127.0.0.1:0", "-max-at-once=1", "-max-accepted-connection=-1"});
  ASSERT_NE(L.B, nullptr) << L.Refusal;
  Peer First = Peer::tcp(L.port());
  First.send(frames(Hello));
  auto A = nextTrace(L);
  Peer Second = Peer::tcp(L.port());
  Second.send(frames(Hello));
  // It has its turn when the first is gone.
  std::atomic<bool> IsGone{false};
  std::thread Later([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    IsGone = true;
    A.reset();
  });
  const auto B = nextTrace(L);
  EXPECT_TRUE(IsGone);
  Later.join();
  Stop.stop();
  expectNoMore(L);
}

TEST(QemuBrokerTest, WhoComesTooLateIsToldSo) {
  Listening L = listen({"-host=127.0.0.1:0", "-max-at-once=1"});
  ASSERT_NE(L.B, nullptr) << L.Refusal;
  Peer First = Peer::tcp(L.port()), Second = Peer::tcp(L.port());
  First.send(frames(Hello));
  Second.send(frames(Hello));
  const auto A = nextTrace(L);
  expectNoMore(L);
  // Whichever of the two it was.
  std::optional<message::Reply> Replies[] = {First.reply(), Second.reply()};
  EXPECT_NE(Replies[0] && Replies[0]->Accepted,
            Replies[1] && Replies[1]->Accepted);
}

TEST(QemuBrokerTest, APeersTimeIsBounded) {
  for (const char *Bound : {"-idle-timeout=1", "-connection-timeout=1"}) {
    Listening L = listen({"-host=127.0.0.1:0", Bound});
    ASSERT_NE(L.B, nullptr) << L.Refusal;
    Peer P = Peer::tcp(L.port());
    P.send(frames(Hello));
    const auto Trace = nextTrace(L);
    EXPECT_NE(drain(*Trace).first.find("nothing came in time"),
              std::string::npos);
  }
}

TEST(QemuBrokerTest, ABusyPeersTimeIsBoundedToo) {
  Listening L = listen({"-host=127.0.0.1:0", "-connection-timeout=1"});
  ASSERT_NE(L.B, nullptr) << L.Refusal;
  Peer P = Peer::tcp(L.port());
  P.send(frames(Hello));
  auto Trace = nextTrace(L);
  P.send(frames(unfinished()));
  const BusyPeer Busy(P);
  EXPECT_NE(drain(*Trace).first.find("its time is up"), std::string::npos);
  Trace.reset();
}

/// A file with \p Secret in it.
struct TokenFile {
  SmallString<128> Path;
  explicit TokenFile(StringRef Secret) {
    int Descriptor;
    EXPECT_FALSE(
        sys::fs::createTemporaryFile("mcad-token", "", Descriptor, Path));
    raw_fd_ostream(Descriptor, /*shouldClose=*/true) << Secret;
  }
  ~TokenFile() { sys::fs::remove(Path); }
};

TEST(QemuBrokerTest, OnlyWhoShowsTheTokenIsHeard) {
  const TokenFile File("correct horse\n");
  const std::string Secret = "correct horse\n";
  const auto Token = [](StringRef Shown) {
    return encode(message::Token{{Shown.bytes_begin(), Shown.bytes_end()}});
  };
  // With a token, it may listen anywhere.
  Listening L = listen({"-host=0.0.0.0:0", "-max-accepted-connection=1",
                        ("-token-file=" + File.Path).str()});
  ASSERT_NE(L.B, nullptr) << L.Refusal;
  Peer P = Peer::tcp(L.port());
  P.send(Token(Secret));
  expectTrace(L, std::move(P));

  for (const std::string &Wrong :
       {std::string(), Secret.substr(0, 13), Secret + "x"}) {
    Listening Again =
        listen({"-host=127.0.0.1:0", ("-token-file=" + File.Path).str()});
    ASSERT_NE(Again.B, nullptr) << Again.Refusal;
    Peer Liar = Peer::tcp(Again.port());
    if (!Wrong.empty())
      Liar.send(Token(Wrong));
    Liar.send(frames(Hello));
    const std::string Why = nextRefusal(Again);
    EXPECT_NE(Why.find("it does not show the token"), std::string::npos) << Why;
    EXPECT_EQ(Why.find("correct"), std::string::npos);
  }

  // Who shows one where none is wanted is welcome.
  Listening Any = listen({"-host=127.0.0.1:0"});
  ASSERT_NE(Any.B, nullptr) << Any.Refusal;
  Peer Eager = Peer::tcp(Any.port());
  Eager.send(Token("whatever"));
  expectTrace(Any, std::move(Eager));
}

TEST(QemuBrokerTest, AStrangerMayNotSayMuch) {
  Listening L = listen({"-host=127.0.0.1:0"});
  ASSERT_NE(L.B, nullptr) << L.Refusal;
  Peer P = Peer::tcp(L.port());
  P.send(ArrayRef<uint8_t>({1, 0, 16, 0, 9}));
  EXPECT_NE(nextRefusal(L).find("a message of 1048577 bytes, more than the "
                                "largest allowed of 1048576"),
            std::string::npos);
}

TEST(QemuBrokerTest, QuietSaysNothing) {
  Listening L = listen({"-host=127.0.0.1:0", "-quiet"});
  ASSERT_NE(L.B, nullptr) << L.Refusal;
  EXPECT_EQ(L.Line, "");
}

TEST(QemuBrokerTest, NoLimitIsNoLimit) {
  Listening L = listen({"-host=127.0.0.1:0", "-max-accepted-connection=-1"});
  ASSERT_NE(L.B, nullptr) << L.Refusal;
  for (int I = 0; I != 5; ++I)
    expectTrace(L, Peer::tcp(L.port()));
}

TEST(QemuBrokerTest, AUnixSocketIsTheUsersAloneAndGoesAway) {
  SmallString<128> Folder;
  ASSERT_FALSE(sys::fs::createUniqueDirectory("mcad-broker", Folder));
  const std::string Path = (Folder + "/s").str();
  for (const std::string &Host : {Path, "unix:" + Path}) {
    Listening L = listen({"-host=" + Host});
    ASSERT_NE(L.B, nullptr) << L.Refusal;
    EXPECT_EQ(L.Line, "listening on " + Path + "\n");
    struct stat Status;
    ASSERT_EQ(::lstat(Path.c_str(), &Status), 0);
    EXPECT_TRUE(S_ISSOCK(Status.st_mode));
    EXPECT_EQ(Status.st_mode & 0777, 0600u);
    EXPECT_EQ(refusal({"-host=" + Path}),
              "cannot listen on " + Path +
                  ": the socket is in use: choose another path, or end the "
                  "program that listens on it");
    expectTrace(L, Peer::unixSocket(Path));
    EXPECT_FALSE(sys::fs::exists(Path));
  }
  {
    Listening L = listen({"-host=" + Path});
    ASSERT_NE(L.B, nullptr) << L.Refusal;
  }
  EXPECT_FALSE(sys::fs::exists(Path)) << "gone with the broker, unused";
  sys::fs::remove_directories(Folder);
}

TEST(QemuBrokerTest, OnlyAStaleSocketIsReplaced) {
  SmallString<128> Folder;
  ASSERT_FALSE(sys::fs::createUniqueDirectory("mcad-broker", Folder));
  const std::string Path = (Folder + "/s").str();
  // A listener that died without removing its socket.
  sockaddr_un Address = {};
  Address.sun_family = AF_UNIX;
  Path.copy(Address.sun_path, sizeof(Address.sun_path) - 1);
  const int Stale = ::socket(AF_UNIX, SOCK_STREAM, 0);
  ASSERT_EQ(
      ::bind(Stale, reinterpret_cast<sockaddr *>(&Address), sizeof(Address)),
      0);
  ::close(Stale);
  {
    Listening L = listen({"-host=" + Path});
    ASSERT_NE(L.B, nullptr) << L.Refusal;
    expectTrace(L, Peer::unixSocket(Path));
  }
  const int File = ::open(Path.c_str(), O_CREAT | O_WRONLY, 0600);
  ASSERT_GE(File, 0);
  ::close(File);
  EXPECT_EQ(refusal({"-host=" + Path}),
            "cannot listen on " + Path +
                ": a file of that name is there: remove it, or choose another "
                "path");
  EXPECT_TRUE(sys::fs::exists(Path));
  EXPECT_EQ(refusal({"-host=" + Path + "/x"}),
            "cannot listen on " + Path +
                "/x: Not a directory: choose another "
                "path");
  sys::fs::remove_directories(Folder);
}

TEST(QemuBrokerTest, APortInUseIsNamed) {
  Listening L = listen({"-host=127.0.0.1:0"});
  ASSERT_NE(L.B, nullptr) << L.Refusal;
  const std::string Port = std::to_string(L.port());
  for (const std::string &Host :
       {std::string("127.0.0.1:"), std::string("localhost:")})
    EXPECT_EQ(refusal({"-host=" + Host + Port}),
              "cannot listen on " + Host + Port +
                  ": the port is in use: choose another in "
                  "-host=<address>:<port>, or end the program that has it");
}

TEST(QemuBrokerTest, AHostThatDoesNotResolveIsNamed) {
  const std::string Line = refusal({"-host=no-such-host.invalid:9487"});
  EXPECT_TRUE(StringRef(Line).starts_with(
      "cannot listen on no-such-host.invalid:9487: the host does not resolve "
      "("))
      << Line;
  EXPECT_TRUE(StringRef(Line).ends_with(
      "give a name or an address of this machine in -host=<address>:<port>"));
}

TEST(QemuBrokerTest, BeyondLoopbackOnlyWhenInsecure) {
  for (const std::string Host : {"0.0.0.0:0", "[::]:0", "192.0.2.1:0"})
    EXPECT_EQ(refusal({"-host=" + Host}),
              "cannot listen on " + Host +
                  ": others than this machine could connect: listen on "
                  "localhost, give both sides a -token-file, or give "
                  "-insecure");
  EXPECT_EQ(refusal({"-host=192.0.2.1:0", "-insecure="}),
            "cannot listen on 192.0.2.1:0: it is no address of this machine: "
            "give one that is, or localhost");
  Listening L = listen({"-insecure", "-host=0.0.0.0:0"});
  ASSERT_NE(L.B, nullptr) << L.Refusal;
  expectTrace(L, Peer::tcp(L.port()));
}

//===----------------------------------------------------------------------===//
// Peers that are no relay, or the wrong one
//===----------------------------------------------------------------------===//

/// What the peer and the user read when the peer says \p Bytes.
std::pair<std::string, std::string> say(ArrayRef<uint8_t> Bytes,
                                        std::string Triple = "") {
  Listening L = listen({"-host=127.0.0.1:0"}, std::move(Triple));
  EXPECT_NE(L.B, nullptr) << L.Refusal;
  Peer P = Peer::tcp(L.port());
  P.send(Bytes);
  std::string Line = nextRefusal(L);
  const auto Reply = P.reply();
  EXPECT_TRUE(Reply.has_value());
  EXPECT_FALSE(Reply && Reply->Accepted);
  // Names without the port, which differs from run to run.
  const size_t End = Line.find(": ");
  EXPECT_TRUE(StringRef(Line).starts_with("127.0.0.1:"));
  return {Line.substr(End + 2),
          Reply ? Reply->Reason.substr(Reply->Reason.find(": ") + 2) : ""};
}

TEST(QemuBrokerTest, AnotherProtocolIsRefusedOnBothSides) {
  const std::string Line =
      "it speaks protocol 1, this MCAD speaks 3: use the relay and the "
      "analyser of one MCAD release";
  EXPECT_EQ(say(frames("hello protocol=1")), std::pair(Line, Line));
}

TEST(QemuBrokerTest, AnotherGuestIsRefusedOnBothSides) {
  const std::string Line =
      "guest architecture 'arm' is not the triple's 'x86_64-linux-gnu': give "
      "the -mtriple of the guest, or run the program of that triple";
  EXPECT_EQ(say(frames(Hello), "x86_64-linux-gnu"), std::pair(Line, Line));
}

TEST(QemuBrokerTest, GarbageIsRefused) {
  const StringRef Browser = "GET ";
  EXPECT_EQ(say(ArrayRef(Browser.bytes_begin(), Browser.bytes_end())).first,
            "no Hello: a message of 542393671 bytes, more than the largest "
            "allowed of 1048576");
}

TEST(QemuBrokerTest, HangingUpInsideHelloIsAnError) {
  Listening L = listen({"-host=127.0.0.1:0"});
  ASSERT_NE(L.B, nullptr) << L.Refusal;
  Peer P = Peer::tcp(L.port());
  P.send(ArrayRef(frames(Hello)).take_front(3));
  P.hangUp();
  EXPECT_NE(nextRefusal(L).find(
                "no Hello: cut off inside a message's size: 3 bytes of 4"),
            std::string::npos);
}

// A script that waits for the port to open.
TEST(QemuBrokerTest, AVisitorWithoutAWordIsNoTrace) {
  Listening L = listen({"-host=127.0.0.1:0"});
  ASSERT_NE(L.B, nullptr) << L.Refusal;
  for (int I = 0; I != 3; ++I)
    Peer::tcp(L.port()).hangUp();
  expectTrace(L, Peer::tcp(L.port()));
}

TEST(QemuBrokerTest, SilenceIsAnError) {
  Listening L = listen({"-host=127.0.0.1:0", "-hello-timeout=1"});
  ASSERT_NE(L.B, nullptr) << L.Refusal;
  const Peer P = Peer::tcp(L.port());
  EXPECT_NE(nextRefusal(L).find("no Hello: nothing came in time"),
            std::string::npos);
}

TEST(QemuBrokerTest, ATrickleIsAnError) {
  Listening L = listen({"-host=127.0.0.1:0", "-hello-timeout=1"});
  ASSERT_NE(L.B, nullptr) << L.Refusal;
  Peer P = Peer::tcp(L.port());
  const std::vector<uint8_t> Bytes = frames(Hello);
  std::thread Trickle([&] {
    // The time is up between two of them.
    for (size_t I = 0; I != 5; ++I) {
      P.send(ArrayRef(Bytes).slice(I, 1));
      std::this_thread::sleep_for(std::chrono::milliseconds(300));
    }
  });
  EXPECT_NE(nextRefusal(L).find("no Hello: nothing came in time"),
            std::string::npos);
  Trickle.join();
}

TEST(QemuBrokerTest, HangingUpMidwayKeepsWhatCame) {
  Listening L = listen({"-host=127.0.0.1:0"});
  ASSERT_NE(L.B, nullptr) << L.Refusal;
  Peer P = Peer::tcp(L.port());
  P.send(frames(Hello));
  auto Trace = L.B->nextTrace();
  ASSERT_TRUE(P.reply().has_value());
  ASSERT_TRUE(static_cast<bool>(Trace));
  std::vector<uint8_t> Bytes =
      frames("block 0 sizes=1 bytes=00\nstream 0\nrun 0: 0 0 0\nrun 0: 0 0 0");
  Bytes.pop_back();
  P.send(Bytes);
  P.hangUp();
  const auto [Problem, NumBlocks] = drain(**Trace);
  EXPECT_EQ(NumBlocks, 3u);
  EXPECT_NE(Problem.find("cut off inside a message"), std::string::npos)
      << Problem;
}

// The length prefix in two pieces, which ended the stream in the original.
TEST(QemuBrokerTest, PiecesMayComeApart) {
  Listening L = listen({"-host=127.0.0.1:0"});
  ASSERT_NE(L.B, nullptr) << L.Refusal;
  Peer P = Peer::tcp(L.port());
  std::thread Slow([&] {
    std::vector<uint8_t> Bytes = frames(Hello);
    for (const uint8_t &Byte : Bytes)
      P.send(ArrayRef(Byte));
    EXPECT_TRUE(P.reply().has_value());
    Bytes = frames(Rest);
    for (const uint8_t &Byte : Bytes) {
      P.send(ArrayRef(Byte));
      if (&Byte - Bytes.data() < 8)
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    P.hangUp();
  });
  auto Trace = L.B->nextTrace();
  std::pair<std::string, uint64_t> Drained;
  if (Trace)
    Drained = drain(**Trace);
  Slow.join();
  ASSERT_TRUE(static_cast<bool>(Trace)) << toString(Trace.takeError());
  EXPECT_EQ(Drained, (std::pair<std::string, uint64_t>("", 3)));
}

} // namespace
