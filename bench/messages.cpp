//===- bench/messages.cpp - a peer that sends the smallest messages -------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// How many messages a second llvm-mcad takes, when each holds next to nothing:
///
///   broker=build/plugins/qemu-broker/libMCADQemuBroker.so
///   build/llvm-mcad -mcpu=skylake -engine=none -ideal -report=json
///     -load-broker-plugin=$broker -broker-plugin-arg-host=/tmp/messages &
///   build/bench-messages /tmp/messages 10000000 1
///
/// sends so many Executed of so many blocks of one instruction (1 without a
/// third argument), and prints how long it took until the other side, having
/// read all, hung up. The relay's own messages hold some hundred thousand
/// events.
///
//===----------------------------------------------------------------------===//
#include "Trace/Wire.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <asio/io_context.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>
#include <chrono>

using namespace llvm;
using namespace mcad;

namespace {

using Socket = asio::local::stream_protocol::socket;

/// Of frames that are sent at once.
constexpr size_t BytesAtOnce = 1 << 18;

void send(Socket &To, ArrayRef<uint8_t> Bytes) {
  asio::write(To, asio::buffer(Bytes.data(), Bytes.size()));
}

/// What comes before the first Executed; throws if it is refused.
void begin(Socket &To) {
  message::Hello Hello;
  Hello.GuestArch = "x86_64";
  Hello.Relay = "bench-messages";
  send(To, encode(Hello));
  Frame Answer(FramePrefixBytes);
  asio::read(To, asio::buffer(Answer));
  Answer.resize(FramePrefixBytes + support::endian::read32le(Answer.data()));
  asio::read(To, asio::buffer(Answer.data() + FramePrefixBytes,
                              Answer.size() - FramePrefixBytes));
  Expected<const wire::Message *> Message = verifyFrame(Answer);
  if (!Message)
    throw std::runtime_error(toString(Message.takeError()));
  const wire::Reply *Reply = (*Message)->body_as_Reply();
  if (!Reply || !Reply->accepted())
    throw std::runtime_error("refused");
  message::Blocks Blocks;
  Blocks.Defined.push_back({});
  Blocks.Defined.back().Address = 0x1000;
  Blocks.Defined.back().Sizes = {1};
  Blocks.Defined.back().Bytes = {0x90}; // nop
  send(To, encode(Blocks));
  send(To, encode(message::StreamStart{}));
}

void run(const char *Path, uint64_t Messages, uint64_t Blocks) {
  asio::io_context Context;
  Socket To(Context);
  To.connect(asio::local::stream_protocol::endpoint(Path));
  begin(To);

  message::Executed Executed;
  Executed.Units.assign(Blocks, 0); // Each the id of the block.
  const Frame One = encode(Executed);
  const uint64_t Most = std::max<uint64_t>(1, BytesAtOnce / One.size());
  Frame Many;
  for (uint64_t I = 0; I != Most; ++I)
    Many.insert(Many.end(), One.begin(), One.end());

  const auto Start = std::chrono::steady_clock::now();
  for (uint64_t Left = Messages; Left != 0;) {
    const uint64_t Now = std::min(Left, Most);
    send(To, ArrayRef(Many).take_front(Now * One.size()));
    Left -= Now;
  }
  message::Totals Totals;
  Totals.BlocksDefined = 1;
  const uint64_t All = Messages * Blocks;
  Totals.Streams.push_back(wire::StreamTotals(0, All, All, 0));
  send(To, encode(Totals));
  uint8_t Byte;
  std::error_code Ended;
  asio::read(To, asio::buffer(&Byte, 1), Ended);
  const std::chrono::duration<double> Taken =
      std::chrono::steady_clock::now() - Start;
  outs() << Messages << " messages of " << One.size() << " bytes in "
         << format("%.2f s: %.2f million a second, %.1f million blocks\n",
                   Taken.count(),
                   static_cast<double>(Messages) / Taken.count() / 1e6,
                   static_cast<double>(All) / Taken.count() / 1e6);
}

} // namespace

int main(int Count, char **Arguments) {
  uint64_t Messages = 0, Blocks = 1;
  if (Count < 3 || Count > 4 || !to_integer(Arguments[2], Messages) ||
      (Count == 4 && !to_integer(Arguments[3], Blocks)) || Blocks == 0) {
    errs() << "usage: bench-messages <socket> <messages> [<blocks in each>]\n";
    return 1;
  }
  try {
    run(Arguments[1], Messages, Blocks);
  } catch (const std::exception &Failure) {
    errs() << "error: bench-messages: " << Failure.what() << '\n';
    return 1;
  }
  return 0;
}
