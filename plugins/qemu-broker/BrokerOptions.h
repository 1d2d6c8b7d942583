//===- BrokerOptions.h - the QEMU broker's options ------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The options of the QEMU broker, from the `-<name>=<value>` that the analyser
/// hands over. What is unknown or malformed is refused by name.
///
/// Tested by unittests/Trace/QemuBrokerTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_QEMUBROKER_BROKEROPTIONS_H
#define MCAD_QEMUBROKER_BROKEROPTIONS_H

#include "Trace/Wire.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace mcad {

/// Where to listen.
struct Endpoint {
  /// As the user wrote it, for messages.
  std::string Text = "localhost:9487";
  /// A Unix socket's path; empty for TCP.
  std::string UnixPath;
  /// Without brackets.
  std::string Host = "localhost";
  /// 0: any free one.
  uint16_t Port = 9487;
};

/// Who may connect over TCP.
enum class Exposure : uint8_t { LoopbackOnly, Anyone };

struct BrokerOptions {
  Endpoint Where;
  Exposure Who = Exposure::LoopbackOnly;
  /// Connections to take before the broker ends; none: no limit.
  std::optional<uint64_t> MaxConnections = 1;
  /// How long a peer may take from its connection to its Hello.
  std::chrono::seconds HelloTimeout{30};
  /// What a peer must show before its Hello; empty: nothing.
  std::string Secret;
  /// Traces that there may be at once.
  unsigned MaxAtOnce = 64;
  /// Blocks that a trace may define.
  uint32_t MaxBlocks = limit::Blocks;
  /// From its Hello to its end; none: no limit.
  std::optional<std::chrono::seconds> LongestConnection;
  /// Without a byte of it; none: no limit.
  std::optional<std::chrono::seconds> LongestSilence;
  /// See Broker::regionManifest().
  std::string RegionManifest;
  /// Does not say where it listens.
  bool IsQuiet = false;

  /// `-help` is an error too, whose text is the help.
  static llvm::Expected<BrokerOptions>
  parse(llvm::ArrayRef<std::string> Arguments);
};

} // namespace mcad

#endif // MCAD_QEMUBROKER_BROKEROPTIONS_H
