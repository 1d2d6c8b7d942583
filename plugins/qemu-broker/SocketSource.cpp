//===- SocketSource.cpp - a connection ------------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SocketSource.h"
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace llvm;
using namespace mcad;

SocketSource::~SocketSource() { ::close(Descriptor); }

void SocketSource::hangUp() { ::shutdown(Descriptor, SHUT_RDWR); }

static Error toldToStop() {
  return createStringError("told to stop before it ended");
}

Error SocketSource::waitForBytes() {
  std::optional<Clock::time_point> Latest = Deadline;
  if (LongestSilence) {
    const Clock::time_point Spoken = Clock::now() + *LongestSilence;
    Latest = Latest ? std::min(*Latest, Spoken) : Spoken;
  }
  while (true) {
    int TimeoutMs = -1;
    if (Latest) {
      const auto Left =
          std::chrono::ceil<std::chrono::milliseconds>(*Latest - Clock::now());
      TimeoutMs =
          static_cast<int>(std::clamp<int64_t>(Left.count(), 0, 1 << 30));
    }
    // poll() passes over negative descriptors.
    pollfd Waiting[] = {{Descriptor, POLLIN, 0}, {StopDescriptor, POLLIN, 0}};
    const int Count = ::poll(Waiting, std::size(Waiting), TimeoutMs);
    if (Count > 0 && Waiting[0].revents)
      return Error::success();
    if (Count > 0)
      return toldToStop();
    if (Count == 0)
      return createStringError("nothing came in time");
    if (errno != EINTR)
      return createStringError(std::string("the connection cannot be read: ") +
                               std::strerror(errno));
  }
}

Expected<bool> SocketSource::waitForFirstByte() {
  while (true) {
    if (Error E = waitForBytes())
      return E;
    uint8_t Byte;
    const ssize_t Count = ::recv(Descriptor, &Byte, 1, MSG_PEEK);
    if (Count >= 0 || errno != EINTR)
      return Count == 1;
  }
}

/// Since more than a moment.
bool SocketSource::isToldToStop() {
  pollfd Stop = {StopDescriptor, POLLIN, 0};
  if (!StopBy && ::poll(&Stop, 1, 0) == 1)
    StopBy = Clock::now() + std::chrono::seconds(1);
  return StopBy && Clock::now() >= *StopBy;
}

Expected<size_t> SocketSource::read(MutableArrayRef<uint8_t> Into) {
  while (true) {
    // Who sends all the time is never waited for.
    if (Deadline && Clock::now() >= *Deadline)
      return createStringError("its time is up");
    if (isToldToStop())
      return toldToStop();
    const ssize_t Count =
        ::recv(Descriptor, Into.data(), Into.size(), MSG_DONTWAIT);
    if (Count >= 0)
      return static_cast<size_t>(Count);
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      if (Error E = waitForBytes())
        return E;
    } else if (errno != EINTR) {
      return createStringError(std::string("the connection broke: ") +
                               std::strerror(errno));
    }
  }
}

Error SocketSource::send(ArrayRef<uint8_t> Bytes) {
  while (!Bytes.empty()) {
    const ssize_t Count = ::send(Descriptor, Bytes.data(), Bytes.size(),
                                 MSG_NOSIGNAL | MSG_DONTWAIT);
    if (Count < 0 && errno == EINTR)
      continue;
    if (Count < 0)
      return createStringError(std::string("the connection broke: ") +
                               std::strerror(errno));
    Bytes = Bytes.drop_front(static_cast<size_t>(Count));
  }
  return Error::success();
}
