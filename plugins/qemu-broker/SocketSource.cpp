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

Error SocketSource::waitForBytes() {
  while (true) {
    const auto Left =
        std::chrono::ceil<std::chrono::milliseconds>(*Deadline - Clock::now());
    pollfd Waiting = {Descriptor, POLLIN, 0};
    const int Count =
        Left.count() <= 0
            ? 0
            : ::poll(
                  &Waiting, 1,
                  static_cast<int>(std::min<int64_t>(Left.count(), 1 << 30)));
    if (Count > 0)
      return Error::success();
    if (Count == 0)
      return createStringError("nothing came in time");
    if (errno != EINTR)
      return createStringError(std::string("the connection cannot be read: ") +
                               std::strerror(errno));
  }
}

Expected<bool> SocketSource::waitForFirstByte() {
  while (true) {
    if (Deadline)
      if (Error E = waitForBytes())
        return E;
    uint8_t Byte;
    const ssize_t Count = ::recv(Descriptor, &Byte, 1, MSG_PEEK);
    if (Count >= 0 || errno != EINTR)
      return Count == 1;
  }
}

Expected<size_t> SocketSource::read(MutableArrayRef<uint8_t> Into) {
  while (true) {
    if (Deadline)
      if (Error E = waitForBytes())
        return E;
    const ssize_t Count = ::recv(Descriptor, Into.data(), Into.size(), 0);
    if (Count >= 0)
      return static_cast<size_t>(Count);
    if (errno != EINTR)
      return createStringError(std::string("the connection broke: ") +
                               std::strerror(errno));
  }
}

Error SocketSource::send(ArrayRef<uint8_t> Bytes) {
  while (!Bytes.empty()) {
    const ssize_t Count =
        ::send(Descriptor, Bytes.data(), Bytes.size(), MSG_NOSIGNAL);
    if (Count < 0 && errno == EINTR)
      continue;
    if (Count < 0)
      return createStringError(std::string("the connection broke: ") +
                               std::strerror(errno));
    Bytes = Bytes.drop_front(static_cast<size_t>(Count));
  }
  return Error::success();
}
