//===- mcad/Broker.h - where executions come from -------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The broker interface: the one promise of binary compatibility that MCAD
/// makes. A broker is where the analyser gets its instructions from. It yields
/// traces, one after the other: an assembly region, a file, a connection. A
/// trace defines blocks of code, each once, and yields batches of executed
/// blocks that name them.
///
/// A broker plugin is a shared library for `-load-broker-plugin=<path>` that
/// exports one C function, mcadBrokerPlugin (end of this file). The plugin and
/// llvm-mcad must agree on BrokerInterfaceVersion and on the LLVM they link;
/// both are checked at load, before anything of the plugin is called.
/// docs/broker-plugins.md walks through a complete one; examples/ has it.
///
/// Threads: a broker and its traces are used from one thread at a time, the
/// analyser's; where tracesAreApart(), each trace from one of its own. What
/// they do inside is their own affair.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_BROKER_H
#define MCAD_BROKER_H

#include "mcad/Execution.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/MC/MCInst.h"
#include "llvm/Support/Error.h"
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mcad {

/// Grows with every change to this file or mcad/Execution.h that a compiled
/// plugin could notice.
///   1  first version
///   2  BlockSink::defineImage
///   3  Broker::regionManifest
///   4  Broker::tracesAreApart, BrokerContext::StopDescriptor, TraceEnd::How
///   5  Batch::IsLast
inline constexpr uint32_t BrokerInterfaceVersion = 5;

/// The state of instruction decoding of a block, for architectures that have
/// several.
enum class InstructionSet : uint8_t {
  Default,   ///< What the triple says.
  Arm,       ///< 32-bit ARM instructions.
  Thumb,     ///< Thumb and Thumb-2.
  Ambiguous, ///< ARM or Thumb: the sink decides, see BlockBytes::Disassembly.
};

/// A block of code as bytes. The views need to live only through the call.
struct BlockBytes {
  GuestAddr Address = 0;
  InstructionSet Set = InstructionSet::Default;
  /// Lies in the main executable (not in the loader or a library).
  bool InMainCode = true;
  /// Bytes of each instruction, in order; not empty, none zero; at most
  /// event::MaxInstructions.
  llvm::ArrayRef<uint8_t> Sizes;
  /// The instructions' bytes, back to back; as many as Sizes add up to.
  llvm::ArrayRef<uint8_t> Bytes;
  /// The last instruction may be shorter than its size says; decoding decides.
  bool OpenEnd = false;
  /// Somebody else's disassembly of the first instruction, to tell ARM from
  /// Thumb where Set is Ambiguous; may be empty.
  llvm::StringRef Disassembly;
};

/// A range of a file that is mapped into the guest and holds code: of the main
/// executable, the loader, a shared library. All of it is what the sender said:
/// untrusted.
struct Image {
  /// Half-open, run-time addresses of the guest; Start < End.
  GuestAddr Start = 0, End = 0;
  /// Where in the file the byte at Start lies.
  uint64_t FileOffset = 0;
  /// The file on the sender's machine, any bytes; empty if unknown.
  std::string Path;
  /// The file's GNU build-id; empty if it has none.
  std::vector<uint8_t> BuildId;
  /// What was added to the file's addresses, modulo 2^64.
  uint64_t LoadBias = 0;
};

/// Where a trace defines its blocks. Ids are given out in order: 0, 1, 2, ...
class BlockSink {
public:
  virtual ~BlockSink() = default;

  /// Defines a block from its bytes. What does not decode is no error: it is
  /// counted and reported. An error means that the definition breaks a rule of
  /// BlockBytes.
  virtual llvm::Expected<BlockId> define(const BlockBytes &Block) = 0;

  /// Defines a block from instructions decoded or parsed elsewhere with the
  /// same target; any number, but at least one. \p Insts is copied; what its
  /// operands point to (expressions) lives as long as the broker. \p Before
  /// stands in front of them and is not executed, but what it tells about them
  /// holds (RISC-V's vsetvli); usually empty.
  virtual llvm::Expected<BlockId>
  define(GuestAddr Address, llvm::ArrayRef<llvm::MCInst> Insts,
         llvm::ArrayRef<llvm::MCInst> Before) = 0;

  /// Says which file the code at some addresses comes from, before the first
  /// block there is defined. Where images overlap, the later one holds. A sink
  /// need not care, nor a trace say.
  virtual void defineImage([[maybe_unused]] const Image &Mapped) {}
};

/// Whether only the main executable was traced or all that ran.
enum class TraceScope : uint8_t { WholeProcess, MainCode };

/// What is known about a trace before its first instruction. Empty and zero
/// mean unknown throughout. Strings are what the sender said: untrusted.
struct TraceDescription {
  /// One line to tell traces apart: a region's name, a file, a peer.
  std::string Name;
  /// The guest's architecture as QEMU names it ("arm", "x86_64"); empty for
  /// input that has none but the triple's.
  std::string GuestArch;
  std::string BinaryPath;
  std::vector<uint8_t> BuildId;
  GuestAddr LoadBias = 0;
  GuestAddr CodeStart = 0, CodeEnd = 0;
  /// Where the main executable itself begins to run, after the loader.
  GuestAddr Entry = 0;
  uint32_t ProcessId = 0, ParentProcessId = 0;
  bool SystemMode = false;
  TraceScope Scope = TraceScope::WholeProcess;
  /// Whose program recorded it and with which options.
  std::string Recorder;
  std::vector<std::string> RecorderOptions;
  /// Whether accesses come with the executions.
  bool HasMemoryAccesses = false;
  /// The trace is a list of instructions to be looked at one by one (assembly,
  /// bytes), not a run of a program: reports show every instruction. Its only
  /// block is executed ListingIterations times.
  bool IsListing = false;
  uint64_t ListingIterations = 1;
  /// The region of the user's file that the trace is, if he marked one; its
  /// name may be empty.
  std::optional<std::string> Region;
  /// Dialect of the assembly the user wrote (0 or 1), for printing it back.
  unsigned AssemblerDialect = 0;
};

/// What the sender of one stream counted.
struct StreamTotals {
  StreamId Stream{};
  uint64_t Blocks = 0;
  uint64_t Instructions = 0;
  uint64_t Accesses = 0;
};

/// What a sender said its trace ended with.
enum class Ending : uint8_t {
  Unsaid,
  Exit,   ///< The program's end.
  Detach, ///< The sender stopped; the program went on.
  Exec,   ///< The process became another program.
  Signal, ///< The process sent a signal, and nothing came afterwards.
};

/// How a trace ended.
struct TraceEnd {
  Ending How = Ending::Unsaid;
  /// Why the trace is not whole: one line, lower case, no full stop. Empty if
  /// the sender said that it is.
  std::string Problem;
  /// The sender's own totals, to hold against what arrived. None where there
  /// is no sender that counts (assembly), or where it never got to say.
  std::optional<std::vector<StreamTotals>> Totals;
};

/// Takes the wire messages of a trace as they came, for `-record`.
class MessageRecorder {
public:
  virtual ~MessageRecorder() = default;

  /// \p Message is one verified message without its size prefix.
  virtual llvm::Error record(llvm::ArrayRef<uint8_t> Message) = 0;
};

/// One trace: defines blocks, then yields what was executed of them.
class TraceSource {
public:
  virtual ~TraceSource() = default;

  /// Valid and constant for the life of the source.
  virtual const TraceDescription &description() const = 0;

  /// Hands every message to \p Recorder from now on, from the first one that
  /// there was. Called at most once, before next(). Refused with an error by
  /// sources that are not made of wire messages.
  virtual llvm::Error recordTo([[maybe_unused]] MessageRecorder &Recorder) {
    return llvm::createStringError(
        "-record: this broker has no wire messages to record: record a trace "
        "from the QEMU broker");
  }

  /// The next batch into \p Next, or false at the end; blocks that it names
  /// first are defined in \p Sink before. Waits for a slow sender. A sender
  /// that vanishes or sends nonsense ends the trace (see end()); an error is
  /// for what the user must mend on this side (a full disk, say).
  virtual llvm::Expected<bool> next(Batch &Next, BlockSink &Sink) = 0;

  /// Valid once next() returned false.
  virtual const TraceEnd &end() const = 0;
};

/// What the analyser tells a broker at its making.
struct BrokerContext {
  /// `-<name>=<value>` for each -broker-plugin-arg-<name>=<value>, in order.
  std::vector<std::string> Arguments;
  /// The triple the user gave, normalized; empty if none was given.
  std::string Triple;
  /// Ask the sender for memory accesses too.
  bool WantMemoryAccesses = false;
  /// Once this descriptor can be read, or is closed at its other end, a broker
  /// that waits for others takes what has come and waits for nothing more; -1:
  /// no such.
  int StopDescriptor = -1;
};

/// A source of traces. Outlives them, and the reports about them.
class Broker {
public:
  virtual ~Broker() = default;

  /// A file with the regions of its traces that the user wants to be told
  /// apart, if he gave the broker one (docs/attribution.md); else empty.
  virtual std::string regionManifest() const { return {}; }

  /// Whether traces may be read at once, each from a thread of its own, while
  /// nextTrace waits for another. If not, each is read to its end, and goes
  /// away, before the next.
  virtual bool tracesAreApart() const { return false; }

  /// The next trace, waiting for it if need be; null when there are no more.
  virtual llvm::Expected<std::unique_ptr<TraceSource>> nextTrace() = 0;
};

/// What a plugin exports. Plain data, so that it can be read before the
/// version is known to match: the first two members never change.
struct BrokerPlugin {
  uint32_t
      InterfaceVersion;    ///< BrokerInterfaceVersion of the plugin's headers.
  const char *Name;        ///< For messages, e.g. "MCADQemuBroker".
  const char *LLVMVersion; ///< LLVM_VERSION_STRING of the plugin's headers.
  /// Makes the broker. Arguments are checked here.
  llvm::Expected<std::unique_ptr<Broker>> (*create)(const BrokerContext &);
};

} // namespace mcad

/// The one symbol a broker plugin exports. Returns a pointer that lives as
/// long as the plugin is loaded.
extern "C" const mcad::BrokerPlugin *mcadBrokerPlugin();

/// Defines mcadBrokerPlugin for a plugin called \p NAME whose brokers are made
/// by \p CREATE.
#define MCAD_BROKER_PLUGIN(NAME, CREATE)                                       \
  extern "C" __attribute__((visibility("default"))) const mcad::BrokerPlugin * \
  mcadBrokerPlugin() {                                                         \
    static const mcad::BrokerPlugin Plugin = {                                 \
        mcad::BrokerInterfaceVersion, NAME, LLVM_VERSION_STRING, CREATE};      \
    return &Plugin;                                                            \
  }

#endif // MCAD_BROKER_H
