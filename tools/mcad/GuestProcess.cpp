//===- mcad/GuestProcess.cpp - QEMU with the program, as a process -------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "GuestProcess.h"
#include "llvm/Support/Errno.h"
#include "llvm/Support/raw_ostream.h"
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace llvm;

namespace mcad {

/// How long an interrupted guest may take to end by itself, and the relay to
/// send what it still holds.
static constexpr std::chrono::seconds Grace{2};

//===-- What signal handlers see ------------------------------------------===//

// Plain and lock-free: a handler may do next to nothing.
namespace {

constexpr int Minded[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCHLD};
bool WasIgnored[NSIG];
sigset_t BlockedBefore;

/// One byte per signal, to the watcher; or that it is to end.
constexpr int Leave = 0;
int SignalRead = -1, SignalWrite = -1;
std::atomic<pid_t> Child{0}; ///< 0 before it is started and after its end.
std::atomic<int> NumInterrupts{0};
char SocketToRemove[128];
char FolderToRemove[128];

void tellWatcher(int Signal) {
  const char Byte = static_cast<char>(Signal);
  [[maybe_unused]] const ssize_t Written = ::write(SignalWrite, &Byte, 1);
}

void onSignal(int Signal, siginfo_t *Sent, void *) {
  const int Before = errno;
  if (Signal == SIGCHLD) {
    tellWatcher(Signal);
  } else if (Signal != SIGQUIT) {
    // The terminal sends its signals to the guest as well.
    const pid_t Guest = Child;
    if (Guest && Signal != SIGINT && Sent->si_code == SI_USER)
      ::kill(Guest, Signal);
    if (NumInterrupts++ == 0) {
      tellWatcher(Signal);
    } else {
      if (Guest)
        ::kill(Guest, SIGKILL);
      ::unlink(SocketToRemove);
      ::rmdir(FolderToRemove);
      // Pending until the handler returns.
      ::signal(Signal, SIG_DFL);
      ::raise(Signal);
    }
  }
  errno = Before;
}

} // namespace

void GuestProcess::rememberSignals() {
  for (int Signal :
       {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGUSR1, SIGUSR2, SIGXFSZ}) {
    struct sigaction Now;
    WasIgnored[Signal] =
        ::sigaction(Signal, nullptr, &Now) == 0 && Now.sa_handler == SIG_IGN;
  }
}

//===-- The guest ---------------------------------------------------------===//

static Error openPipe(int &Read, int &Write) {
  int Ends[2];
  if (::pipe2(Ends, O_CLOEXEC) != 0)
    return createStringError("no pipe can be had: " + sys::StrError());
  Read = Ends[0];
  Write = Ends[1];
  return Error::success();
}

Expected<std::unique_ptr<GuestProcess>> GuestProcess::create() {
  std::unique_ptr<GuestProcess> Guest(new GuestProcess());
  if (Error E = openPipe(Guest->StopRead, Guest->StopWrite))
    return E;
  if (Error E = openPipe(SignalRead, SignalWrite))
    return E;
  // A handler must not wait.
  ::fcntl(SignalWrite, F_SETFL, O_NONBLOCK);
  // Whoever started us may have had it blocked.
  sigset_t ChildEnds;
  ::sigemptyset(&ChildEnds);
  ::sigaddset(&ChildEnds, SIGCHLD);
  ::sigprocmask(SIG_UNBLOCK, &ChildEnds, &BlockedBefore);
  for (int Signal : Minded) {
    // Who ignores a signal does not want to be asked: a job in the background.
    if (WasIgnored[Signal])
      continue;
    struct sigaction Action = {};
    Action.sa_sigaction = onSignal;
    Action.sa_flags = SA_RESTART | SA_SIGINFO;
    ::sigemptyset(&Action.sa_mask);
    ::sigaction(Signal, &Action, nullptr);
  }
  return Guest;
}

GuestProcess::~GuestProcess() {
  if (Watcher.joinable()) {
    wait();
    tellWatcher(Leave);
    Watcher.join();
  }
  if (StopWrite >= 0)
    ::close(StopWrite);
  ::close(StopRead);
}

Error GuestProcess::start(const std::vector<std::string> &Words,
                          const std::string &ToRemove) {
  std::vector<char *> Arguments;
  for (const std::string &Word : Words)
    Arguments.push_back(const_cast<char *>(Word.c_str()));
  Arguments.push_back(nullptr);
  std::strncpy(SocketToRemove, ToRemove.c_str(), sizeof(SocketToRemove) - 1);
  std::strncpy(FolderToRemove, ToRemove.substr(0, ToRemove.rfind('/')).c_str(),
               sizeof(FolderToRemove) - 1);

  // Its other end closes with a successful exec; else it says why not.
  int WhyRead, WhyWrite;
  if (Error E = openPipe(WhyRead, WhyWrite))
    return E;
  const pid_t Pid = ::fork();
  if (Pid == 0) {
    for (int Signal = 1; Signal != NSIG; ++Signal)
      if (WasIgnored[Signal])
        ::signal(Signal, SIG_IGN);
    ::sigprocmask(SIG_SETMASK, &BlockedBefore, nullptr);
    ::execv(Arguments[0], Arguments.data());
    const int Why = errno;
    [[maybe_unused]] const ssize_t Written =
        ::write(WhyWrite, &Why, sizeof(Why));
    ::_exit(127);
  }
  ::close(WhyWrite);
  if (Pid < 0) {
    ::close(WhyRead);
    return createStringError("no process can be made: " + sys::StrError());
  }
  int Why = 0;
  ssize_t Count;
  do
    Count = ::read(WhyRead, &Why, sizeof(Why));
  while (Count < 0 && errno == EINTR);
  ::close(WhyRead);
  if (Count == sizeof(Why)) {
    ::waitpid(Pid, nullptr, 0);
    return createStringError(Words[0] +
                             ": cannot be started: " + sys::StrError(Why));
  }
  Child = Pid;
  Watcher = std::thread([this] { watch(); });
  return Error::success();
}

void GuestProcess::stop() {
  if (StopWrite < 0)
    return;
  ::close(StopWrite);
  StopWrite = -1;
}

void GuestProcess::watch() {
  using Clock = std::chrono::steady_clock;
  std::optional<Clock::time_point> CutAt;
  while (true) {
    // 1. Has it ended?
    const pid_t Pid = Child;
    if (Pid && ::waitpid(Pid, &Status, WNOHANG) == Pid) {
      Child = 0;
      // What is on its way still comes.
      stop();
      HasEnded = true;
      HasEnded.notify_all();
    }

    // 2. Is its time up?
    int TimeoutMs = -1;
    if (CutAt) {
      const auto Left =
          std::chrono::ceil<std::chrono::milliseconds>(*CutAt - Clock::now());
      if (Left.count() <= 0) {
        Cut = true;
        stop();
        CutAt.reset();
      } else {
        TimeoutMs = static_cast<int>(Left.count());
      }
    }

    // 3. What comes next?
    pollfd Waiting = {SignalRead, POLLIN, 0};
    char Signal;
    if (::poll(&Waiting, 1, TimeoutMs) != 1 ||
        ::read(SignalRead, &Signal, 1) != 1 || Signal == SIGCHLD)
      continue;
    if (Signal == Leave)
      return;
    Interrupted = true;
    CutAt = HasEnded ? Clock::now() : Clock::now() + Grace;
  }
}

std::optional<int> GuestProcess::signalOfEnd() const {
  constexpr std::chrono::milliseconds Pause{10};
  for (auto Waited = 0 * Pause; !HasEnded && Waited < Grace; Waited += Pause)
    std::this_thread::sleep_for(Pause);
  if (!HasEnded || !WIFSIGNALED(Status))
    return std::nullopt;
  return WTERMSIG(Status);
}

int GuestProcess::wait() const {
  HasEnded.wait(false);
  return WIFSIGNALED(Status) ? -WTERMSIG(Status) : WEXITSTATUS(Status);
}

int endAs(int Status) {
  if (Status >= 0)
    return Status;
  outs().flush();
  // The core would be mcad's.
  const rlimit NoCore = {0, 0};
  ::setrlimit(RLIMIT_CORE, &NoCore);
  const int Signal = -Status;
  ::signal(Signal, SIG_DFL);
  sigset_t Only;
  ::sigemptyset(&Only);
  ::sigaddset(&Only, Signal);
  ::sigprocmask(SIG_UNBLOCK, &Only, nullptr);
  ::raise(Signal);
  return 128 + Signal;
}

} // namespace mcad
