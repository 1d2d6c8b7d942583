//===- Qemu/Connection.h - the socket to the analyser ---------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The socket to the analyser: connected through Asio, written to as a bare
/// descriptor, because one gather write of a megabyte is all that the relay
/// needs from then on.
///
/// The descriptor lives in the guest's process and shares its table of files.
/// It is therefore moved out of the way of the low numbers that a guest
/// expects, closed by execve, and only ever used with socket calls: should the
/// guest close it and open a file under its number, nothing is written there.
///
/// Tested by unittests/Relay/ConnectionTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_QEMU_CONNECTION_H
#define MCAD_QEMU_CONNECTION_H

#include "Options.h"
#include <chrono>
#include <cstdint>
#include <span>
#include <system_error>
#include <vector>

namespace mcad::qemu {

/// Moves \p Descriptor to a high number, closed by execve, and returns that;
/// leaves it where it is if the process may have no more.
int moveAside(int Descriptor);

class Connection {
  int Descriptor;

  std::error_code receive(std::span<uint8_t> To,
                          std::chrono::steady_clock::time_point Deadline);

public:
  /// Tries each address that the options' name has once. Throws nothing.
  static OrProblem<Connection> open(const Options &To);

  /// Takes a connected socket over, which blocks.
  explicit Connection(int Descriptor) : Descriptor(Descriptor) {}
  Connection(Connection &&Other) noexcept;
  Connection &operator=(Connection &&) = delete;
  ~Connection() { close(); }

  /// Sends all of the parts, one behind the other, waiting for a slow peer.
  /// Fails with timed_out if it took nothing for as long as the options'
  /// patience.
  std::error_code send(std::span<const uint8_t> Head,
                       std::span<const uint8_t> Payload = {},
                       std::span<const uint8_t> Tail = {});

  /// Receives one message with its size prefix, of at most \p Largest bytes in
  /// all. Fails with timed_out after \p Patience.
  std::error_code receiveMessage(std::vector<uint8_t> &Message, size_t Largest,
                                 std::chrono::seconds Patience);

  /// Tells the peer that nothing more will come.
  void finish();
  /// Drops the descriptor without a word, as a forked child must.
  void close();
};

} // namespace mcad::qemu

#endif // MCAD_QEMU_CONNECTION_H
