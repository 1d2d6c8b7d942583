//===- QemuBroker.h - traces from QEMU ------------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The broker that QEMU's relay connects to: each connection is a trace, read
/// while others are. It answers the relay's Hello with what the analyser needs,
/// or with the reason why it does not want the trace; then TraceReader reads
/// the connection.
///
/// A connection that is refused does not count, but where only one is to come:
/// there it is the end, since the guest that was to be analysed is gone.
///
/// Tested by unittests/Trace/QemuBrokerTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_QEMUBROKER_QEMUBROKER_H
#define MCAD_QEMUBROKER_QEMUBROKER_H

#include "BrokerOptions.h"
#include "Reception.h"
#include "mcad/Broker.h"
#include <atomic>

namespace mcad {

class QemuBroker : public Broker {
  /// What the sockets of traces that are read share with the broker.
  struct Running {
    std::atomic<unsigned> Number{0};
    Bell HasChanged;
  };

  /// Lines about refused connections; beyond, they are only counted.
  static constexpr uint64_t MostRefusalsSaid = 20;

  const BrokerOptions Options;
  /// BrokerContext's.
  const std::string Triple;
  const bool WantMemoryAccesses;
  const int StopDescriptor;
  const std::shared_ptr<Running> Traces;
  /// Null once the last connection has been taken.
  std::unique_ptr<Reception> Door;
  uint64_t NumAccepted = 0, NumRefused = 0;
  std::string FirstRefusal;

  QemuBroker(BrokerOptions Given, const BrokerContext &Context,
             std::unique_ptr<Listener> Incoming);

public:
  /// Listens from here on, and unless it is to be quiet says on standard error
  /// where, for scripts to wait for: "listening on 127.0.0.1:9487".
  static llvm::Expected<std::unique_ptr<Broker>>
  create(const BrokerContext &Context);
  ~QemuBroker() override;

  std::string regionManifest() const override { return Options.RegionManifest; }
  bool tracesAreApart() const override { return true; }
  llvm::Expected<std::unique_ptr<TraceSource>> nextTrace() override;

private:
  /// Waits until something has happened; false if nobody is to come any more.
  llvm::Expected<bool> wait();
  /// Answers \p A, whose trace is to be read; or why not.
  llvm::Error welcome(Arrival &A);
  /// Refuses who has not been welcomed, and those to come.
  void closeDoor();
};

} // namespace mcad

#endif // MCAD_QEMUBROKER_QEMUBROKER_H
