//===- bench/drain.cpp - a receiver that reads and discards ---------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// mcad-drain takes one connection from the relay, asks for memory accesses or
/// not, reads until the end, and prints what arrived and the CPU time that it
/// cost: the measure of the relay with nothing behind it.
///
/// With -check it also verifies every message, counts what was executed from
/// the words themselves, and holds that against the relay's totals: the measure
/// of the relay's exactness. Exit status 1 if the trace did not end as it
/// should or the counts differ.
///
//===----------------------------------------------------------------------===//
#include "mcad/Event.h"
#include "mcad_generated.h"
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

using namespace mcad;

namespace {

struct Request {
  std::string Listen = "127.0.0.1:0"; ///< address:port, or a path with a '/'.
  bool WantAccesses = false;
  bool Check = false;
};

[[noreturn]] void fail(const std::string &Text) {
  std::fprintf(stderr, "error: mcad-drain: %s\n", Text.c_str());
  std::exit(1);
}

void failOn(const std::error_code &Error, const char *What) {
  if (Error)
    fail(std::string(What) + ": " + Error.message());
}

/// Counts and checks one trace.
class Ledger {
  struct Counts {
    uint64_t Blocks = 0, Instructions = 0, Accesses = 0;
  };
  std::vector<uint16_t> InstructionCounts; ///< By block id.
  std::vector<Counts> Streams;
  uint64_t Ambiguous = 0, OpenEnds = 0;
  const wire::Totals *Totals = nullptr;
  std::vector<uint8_t> Last;

  void define(const wire::Blocks &New) {
    if (New.first() != InstructionCounts.size())
      fail("block ids have a gap");
    for (const wire::Block *Each : *New.blocks()) {
      size_t Bytes = 0;
      for (uint8_t Size : *Each->sizes())
        Bytes += Size;
      if (Each->sizes()->size() == 0 || Bytes != Each->bytes()->size())
        fail("a block's sizes do not add up");
      InstructionCounts.push_back(static_cast<uint16_t>(Each->sizes()->size()));
      OpenEnds += Each->open_end();
      if (Each->instruction_set() != wire::InstructionSet::Ambiguous)
        continue;
      ++Ambiguous;
      if (!Each->disassembly() || Each->disassembly()->size() == 0)
        fail("an ambiguous block without disassembly");
    }
  }

  void execute(Counts &In, uint64_t Id) {
    if (Id >= InstructionCounts.size())
      fail("a block that was never defined");
    ++In.Blocks;
    In.Instructions += InstructionCounts[Id];
  }

  void execute(const wire::Executed &What) {
    if (What.stream() >= Streams.size())
      fail("a stream that never started");
    if (!What.units() || What.units()->size() == 0)
      fail("an Executed that holds nothing");
    Counts &In = Streams[What.stream()];
    const uint16_t *Unit = What.units()->data();
    const uint16_t *End = Unit + What.units()->size();
    unsigned Instructions = 0;
    for (; Unit != End; Unit += event::length(*Unit)) {
      if (End - Unit < event::length(*Unit))
        fail("half an event");
      if (!event::isAccess(*Unit)) {
        const uint32_t Id = index(event::blockId(Unit));
        execute(In, Id);
        Instructions = InstructionCounts[Id];
        continue;
      }
      if ((*Unit & event::InstructionMask) >= Instructions)
        fail("an access of an instruction that its block does not have");
      ++In.Accesses;
    }
  }

public:
  void take(const uint8_t *Data, size_t Size) {
    flatbuffers::Verifier Check(Data, Size, 64, 10'000'000);
    if (!wire::VerifySizePrefixedMessageBuffer(Check))
      fail("a message that does not verify");
    const wire::Message *Message = wire::GetSizePrefixedMessage(Data);
    if (auto *New = Message->body_as_Blocks())
      define(*New);
    else if (auto *Start = Message->body_as_StreamStart()) {
      if (Start->stream() != Streams.size())
        fail("stream ids have a gap");
      Streams.emplace_back();
    } else if (auto *What = Message->body_as_Executed())
      execute(*What);
    else if (Message->body_as_Totals()) {
      Last.assign(Data, Data + Size);
      Totals = wire::GetSizePrefixedMessage(Last.data())->body_as_Totals();
    }
  }

  /// Prints the counts; true if they are the relay's own.
  bool close() const {
    Counts All;
    bool Agrees = Totals && Totals->streams() &&
                  Totals->streams()->size() == Streams.size() &&
                  Totals->blocks_defined() == InstructionCounts.size();
    for (size_t I = 0; I != Streams.size(); ++I) {
      All.Blocks += Streams[I].Blocks;
      All.Instructions += Streams[I].Instructions;
      All.Accesses += Streams[I].Accesses;
      if (!Agrees)
        continue;
      const wire::StreamTotals *Sent =
          Totals->streams()->Get(static_cast<uint32_t>(I));
      Agrees = Sent->stream() == I && Sent->blocks() == Streams[I].Blocks &&
               Sent->instructions() == Streams[I].Instructions &&
               Sent->accesses() == Streams[I].Accesses;
    }
    std::printf("streams: %zu\nblocks defined: %zu\nambiguous: %" PRIu64
                "\nopen ends: %" PRIu64 "\nblocks: %" PRIu64
                "\ninstructions: %" PRIu64 "\naccesses: %" PRIu64
                "\ntotals: %s\n",
                Streams.size(), InstructionCounts.size(), Ambiguous, OpenEnds,
                All.Blocks, All.Instructions, All.Accesses,
                Agrees   ? "agree"
                : Totals ? "differ"
                         : "missing");
    return Agrees;
  }
};

/// Reads one size-prefixed message; false at the end of the connection.
template <typename Socket>
bool readMessage(Socket &From, std::vector<uint8_t> &Message) {
  std::error_code Error;
  uint32_t Size = 0;
  Message.resize(sizeof(Size));
  if (asio::read(From, asio::buffer(Message), Error) == 0 &&
      Error == asio::error::eof)
    return false;
  failOn(Error, "read");
  std::memcpy(&Size, Message.data(), sizeof(Size));
  Message.resize(sizeof(Size) + Size);
  asio::read(From,
             asio::buffer(Message.data() + sizeof(Size), Message.size() - 4),
             Error);
  failOn(Error, "read");
  return true;
}

template <typename Socket> int drain(Socket &From, const Request &Asked) {
  std::error_code Error;
  std::vector<uint8_t> Message;
  if (!readMessage(From, Message))
    fail("the relay hung up before its first message");
  flatbuffers::Verifier Check(Message.data(), Message.size());
  if (!wire::VerifySizePrefixedMessageBuffer(Check))
    fail("the first message does not verify");
  const wire::Hello *Hello =
      wire::GetSizePrefixedMessage(Message.data())->body_as_Hello();
  if (!Hello)
    fail("the first message is no Hello");
  if (Asked.Check)
    std::printf(
        "arch: %s\nprogram: %s\nbuild-id: %u bytes\nload bias: %#" PRIx64
        "\ncode: %#" PRIx64 "-%#" PRIx64 "\nentry: %#" PRIx64 "\n",
        Hello->guest_arch()->c_str(), Hello->binary_path()->c_str(),
        Hello->build_id()->size(), Hello->load_bias(), Hello->code_start(),
        Hello->code_end(), Hello->entry());

  flatbuffers::FlatBufferBuilder B;
  wire::FinishSizePrefixedMessageBuffer(
      B, wire::CreateMessage(B, wire::Body::Reply,
                             wire::CreateReply(B, Hello->protocol(), true, 0,
                                               Asked.WantAccesses)
                                 .Union()));
  asio::write(From, asio::buffer(B.GetBufferPointer(), B.GetSize()), Error);
  failOn(Error, "write");

  uint64_t Bytes = Message.size();
  bool Agrees = true;
  if (Asked.Check) {
    Ledger Books;
    while (readMessage(From, Message)) {
      Bytes += Message.size();
      Books.take(Message.data(), Message.size());
    }
    Agrees = Books.close();
  } else {
    Message.resize(1024 * 1024);
    while (size_t Got = From.read_some(asio::buffer(Message), Error))
      Bytes += Got;
    if (Error != asio::error::eof)
      failOn(Error, "read");
  }
  timespec Cpu;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &Cpu);
  std::printf("bytes: %" PRIu64 "\ncpu seconds: %.3f\n", Bytes,
              static_cast<double>(Cpu.tv_sec) +
                  static_cast<double>(Cpu.tv_nsec) * 1e-9);
  return Agrees ? 0 : 1;
}

Request parse(int Count, char **Arguments) {
  Request Asked;
  for (int I = 1; I < Count; ++I) {
    const std::string_view Argument = Arguments[I];
    if (Argument.starts_with("-listen="))
      Asked.Listen = Argument.substr(Argument.find('=') + 1);
    else if (Argument == "-accesses")
      Asked.WantAccesses = true;
    else if (Argument == "-check")
      Asked.Check = true;
    else
      fail("usage: mcad-drain [-listen=<address>:<port>|<path>] [-accesses] "
           "[-check]");
  }
  return Asked;
}

int run(const Request &Asked) {
  asio::io_context Context;
  std::error_code Error;
  if (Asked.Listen.find('/') != std::string::npos) {
    unlink(Asked.Listen.c_str());
    asio::local::stream_protocol::acceptor Acceptor(
        Context, asio::local::stream_protocol::endpoint(Asked.Listen));
    std::fprintf(stderr, "listening on %s\n", Asked.Listen.c_str());
    auto Socket = Acceptor.accept(Error);
    failOn(Error, "accept");
    unlink(Asked.Listen.c_str());
    return drain(Socket, Asked);
  }
  const size_t Colon = Asked.Listen.rfind(':');
  if (Colon == std::string::npos)
    fail("-listen: no port given: write <address>:<port>");
  const auto Address =
      asio::ip::make_address(Asked.Listen.substr(0, Colon), Error);
  failOn(Error, "-listen");
  const int Port = std::atoi(Asked.Listen.c_str() + Colon + 1);
  asio::ip::tcp::acceptor Acceptor(
      Context, {Address, static_cast<asio::ip::port_type>(Port)});
  std::fprintf(stderr, "listening on %s:%u\n", Address.to_string().c_str(),
               Acceptor.local_endpoint().port());
  auto Socket = Acceptor.accept(Error);
  failOn(Error, "accept");
  return drain(Socket, Asked);
}

} // namespace

int main(int Count, char **Arguments) {
  try {
    return run(parse(Count, Arguments));
  } catch (const std::exception &Failure) {
    fail(Failure.what());
  }
}
