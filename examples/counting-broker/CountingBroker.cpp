//===- CountingBroker.cpp - a broker plugin in one file -------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A loop of x86-64 instructions, written down as bytes, that is executed
/// `-count=<n>` times: the smallest broker that does something of use.
///
/// The block is defined once; every batch then names it over and over. That is
/// how all brokers work, whatever they get their blocks from.
///
/// Tested by test/BrokerPlugins/example.test, which docs/broker-plugins.md
/// follows.
///
//===----------------------------------------------------------------------===//

#include "mcad/Broker.h"
#include <algorithm>

namespace {

// sum of an array:
//   400000: addq (%rdi), %rax
//   400003: addq $8, %rdi
//   400007: decq %rcx
//   40000a: jne  400000
constexpr mcad::GuestAddr LoopAddress = 0x400000;
constexpr uint8_t LoopBytes[] = {0x48, 0x03, 0x07, 0x48, 0x83, 0xc7,
                                 0x08, 0x48, 0xff, 0xc9, 0x75, 0xf4};
constexpr uint8_t LoopSizes[] = {3, 4, 3, 2};

/// Executions in one batch: large enough that the call costs nothing.
constexpr uint64_t BatchSize = 4096;

class LoopTrace : public mcad::TraceSource {
  mcad::TraceDescription Description;
  mcad::TraceEnd End;
  uint64_t Remaining;
  std::optional<mcad::BlockId> Loop;
  llvm::SmallVector<uint16_t> Units; ///< A whole batch of the loop.

public:
  explicit LoopTrace(uint64_t Count) : Remaining(Count) {
    Description.Name = "counting loop";
    Description.GuestArch = "x86_64";
  }

  const mcad::TraceDescription &description() const override {
    return Description;
  }

  llvm::Expected<bool> next(mcad::Batch &Next, mcad::BlockSink &Sink) override {
    if (!Loop) {
      mcad::BlockBytes Block;
      Block.Address = LoopAddress;
      Block.Sizes = LoopSizes;
      Block.Bytes = LoopBytes;
      llvm::Expected<mcad::BlockId> Id = Sink.define(Block);
      if (!Id)
        return Id.takeError();
      Loop = *Id;
      mcad::ExecutionWriter Out(Units);
      for (uint64_t I = 0; I != std::min(Remaining, BatchSize); ++I)
        Out.block(*Loop);
    }
    if (Remaining == 0)
      return false;
    const uint64_t Now = std::min(Remaining, BatchSize);
    Remaining -= Now;
    Next = {};
    // The only block has the id 0, which takes one unit.
    Next.Units = llvm::ArrayRef(Units).take_front(Now);
    return true;
  }

  const mcad::TraceEnd &end() const override { return End; }
};

class CountingBroker : public mcad::Broker {
  uint64_t Count;
  bool Yielded = false;

public:
  explicit CountingBroker(uint64_t Count) : Count(Count) {}

  llvm::Expected<std::unique_ptr<mcad::TraceSource>> nextTrace() override {
    if (Yielded)
      return nullptr;
    Yielded = true;
    return std::make_unique<LoopTrace>(Count);
  }
};

llvm::Expected<std::unique_ptr<mcad::Broker>>
create(const mcad::BrokerContext &Context) {
  uint64_t Count = 1;
  for (llvm::StringRef Argument : Context.Arguments) {
    llvm::StringRef Value = Argument;
    if (!Value.consume_front("-count="))
      return llvm::createStringError(
          "CountingBroker: " + Argument +
          ": unknown argument: the one there is is -count=<n>");
    if (Value.getAsInteger(10, Count))
      return llvm::createStringError("CountingBroker: -count: '" + Value +
                                     "' is not a number");
  }
  return std::make_unique<CountingBroker>(Count);
}

} // namespace

MCAD_BROKER_PLUGIN("CountingBroker", create)
