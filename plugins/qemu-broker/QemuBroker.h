//===- QemuBroker.h - traces from QEMU ------------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The broker that QEMU's relay connects to: each connection is a trace. It
/// answers the relay's Hello with what the analyser needs, or with the reason
/// why it does not want the trace; then TraceReader reads the connection.
///
/// A peer that hangs up without a word is none: scripts try whether a port is
/// open by connecting to it, and a second broker whether a Unix socket is.
///
/// A second relay that connects while one is being read waits for its Reply
/// until that one's trace has ended.
///
/// Tested by unittests/Trace/QemuBrokerTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_QEMUBROKER_QEMUBROKER_H
#define MCAD_QEMUBROKER_QEMUBROKER_H

#include "BrokerOptions.h"
#include "Listener.h"
#include "mcad/Broker.h"

namespace mcad {

class QemuBroker : public Broker {
  BrokerOptions Options;
  /// BrokerContext's.
  std::string Triple;
  bool WantMemoryAccesses;
  /// Null once the last connection has been taken.
  std::unique_ptr<Listener> Incoming;
  uint64_t NumAccepted = 0;

  QemuBroker(BrokerOptions Options, const BrokerContext &Context,
             std::unique_ptr<Listener> Incoming)
      : Options(std::move(Options)), Triple(Context.Triple),
        WantMemoryAccesses(Context.WantMemoryAccesses),
        Incoming(std::move(Incoming)) {}

public:
  /// Listens from here on, and unless it is to be quiet says on standard error
  /// where, for scripts to wait for: "listening on 127.0.0.1:9487".
  static llvm::Expected<std::unique_ptr<Broker>>
  create(const BrokerContext &Context);

  std::string regionManifest() const override { return Options.RegionManifest; }
  llvm::Expected<std::unique_ptr<TraceSource>> nextTrace() override;

private:
  /// The next peer that says something, with the deadline for its Hello set;
  /// none once the broker is told to stop.
  llvm::Expected<std::optional<Connection>> nextPeer();
};

} // namespace mcad

#endif // MCAD_QEMUBROKER_QEMUBROKER_H
