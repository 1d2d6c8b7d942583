//===- SocketSource.h - a connection --------------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A connected stream socket, TCP or Unix: bytes from the peer, and the one
/// message to it.
///
/// Tested by unittests/Trace/QemuBrokerTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_QEMUBROKER_SOCKETSOURCE_H
#define MCAD_QEMUBROKER_SOCKETSOURCE_H

#include "Trace/ByteSource.h"
#include <chrono>
#include <memory>
#include <optional>

namespace mcad {

class SocketSource : public ByteSource {
public:
  using Clock = std::chrono::steady_clock;

private:
  int Descriptor;
  std::optional<Clock::time_point> Deadline;
  std::optional<std::chrono::seconds> LongestSilence;
  int StopDescriptor = -1;
  std::optional<Clock::time_point> StopBy; ///< Since it was told to stop.
  std::shared_ptr<void> Kept;

public:
  /// Owns \p Descriptor, a blocking socket.
  explicit SocketSource(int Descriptor) : Descriptor(Descriptor) {}
  ~SocketSource() override;
  SocketSource(const SocketSource &) = delete;
  SocketSource &operator=(const SocketSource &) = delete;

  /// Reading beyond \p When is an error; none to wait for ever.
  void setDeadline(std::optional<Clock::time_point> When) { Deadline = When; }

  /// Waiting longer than \p Longest for bytes is an error; none to wait for
  /// ever.
  void boundSilence(std::optional<std::chrono::seconds> Longest) {
    LongestSilence = Longest;
  }

  /// Lets go of \p What at its own end.
  void keep(std::shared_ptr<void> What) { Kept = std::move(What); }

  /// Nothing more comes and goes. Any thread, while another one reads.
  void hangUp();

  /// Once \p Descriptor can be read or is closed at its other end, what has
  /// come is read, for a second at the most, and then an error; -1 for no such.
  void stopAt(int Descriptor) { StopDescriptor = Descriptor; }

  /// Waits until the peer says something, and takes nothing of it; false if it
  /// hangs up without a word, or breaks off.
  llvm::Expected<bool> waitForFirstByte();

  llvm::Expected<size_t> read(llvm::MutableArrayRef<uint8_t> Into) override;
  /// A few bytes, to a peer that has been sent nothing yet or has read it all:
  /// does not wait.
  llvm::Error send(llvm::ArrayRef<uint8_t> Bytes);

private:
  bool isToldToStop();
  /// Waits for bytes, until the deadline or until it is told to stop.
  llvm::Error waitForBytes();
};

} // namespace mcad

#endif // MCAD_QEMUBROKER_SOCKETSOURCE_H
