//===- Qemu/Relay.cpp - the QEMU plugin -----------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// libQemuRelay.so: QEMU's callbacks, wired to the relay's parts.
///
///   install      parse the options, connect. Nobody there: QEMU stops.
///   translation  at the first one, before the guest has executed anything,
///                introduce the guest and await the analyser's answer; then,
///                for each block: the file that it comes from, once for each;
///                an id, and callbacks that carry it.
///   execution    append a word to the vCPU's stream.
///   exit         send the rest and the totals.
///
/// QEMU's callbacks carry no context of a plugin's, so there is one relay per
/// process, and it is never destroyed: a forked child and a process that exits
/// with threads running must not find it gone.
///
/// A forked child is traced only with -follow-fork. It then begins anew, on a
/// connection of its own, with the first thing that it translates or executes:
/// the blocks that QEMU has translated by then carry ids, which stay.
///
/// Tested by test/ through real guests.
///
//===----------------------------------------------------------------------===//
#include "BlockReader.h"
#include "CpsrReader.h"
#include "ImageFinder.h"
#include "Options.h"
#include "ProgramFinder.h"
#include "Sender.h"
#include "SystemCalls.h"
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <pthread.h>
#include <unistd.h>

namespace mcad::qemu {
namespace {

/// How long the analyser may take to answer Hello.
constexpr std::chrono::seconds ReplyPatience{30};
/// The largest Reply that is believed.
constexpr size_t LargestReply = 128 * 1024;
/// Linux has no more threads than this (PID_MAX_LIMIT), and QEMU uses the
/// indices of ended ones again, so no index needs a check on the hot path.
constexpr size_t MostVcpus = 4 * 1024 * 1024;

/// By QEMU's index. Zero pages until used: costs address space only.
Stream *Streams[MostVcpus];

/// The block that this thread executed last, where the inference of ARM and
/// Thumb asks for it. In the static TLS block: one instruction to store.
constexpr uint32_t NoBlock = 0xffffffff;
[[gnu::tls_model("initial-exec")]] thread_local uint32_t LastBlock = NoBlock;

/// Accesses that were not of the block that was executed.
std::atomic<uint64_t> AccessesElsewhere;

/// QEMU's standard error, kept aside: the guest may close its descriptor 2 and
/// open a file of its own under that number.
int StandardError = STDERR_FILENO;

void say(const char *Kind, const std::string &Text) {
  const std::string Line = std::string(Kind) + ": qemu relay: " + Text + "\n";
  // There is nobody to tell if this fails.
  [[maybe_unused]] ssize_t Written =
      write(StandardError, Line.data(), Line.size());
}

//===-- The hot path ------------------------------------------------------===//

// QEMU's translated code calls these a billion times. The rare cases are calls
// in tail position, so that the common ones need no stack frame.

template <Stream::IdForm As, Encoding How, bool RemembersLast>
void onExecution(unsigned Vcpu, void *UserData);

void handOver(unsigned Vcpu);

template <Stream::IdForm As, Encoding How, bool RemembersLast>
[[gnu::noinline]] void onFullChunk(unsigned Vcpu, void *UserData) {
  handOver(Vcpu);
  onExecution<As, How, RemembersLast>(Vcpu, UserData);
}

template <Stream::IdForm As, Encoding How, bool RemembersLast>
void onExecution(unsigned Vcpu, void *UserData) {
  const ExecutedBlock Block(UserData);
  if (!Streams[Vcpu]->appendBlock<As, How>(Block)) [[unlikely]]
    return onFullChunk<As, How, RemembersLast>(Vcpu, UserData);
  if constexpr (RemembersLast)
    LastBlock = index(Block.id());
}

using ExecutionCallback = void (*)(unsigned Vcpu, void *UserData);
using AccessCallback = void (*)(unsigned Vcpu, qemu_plugin_meminfo_t How,
                                uint64_t Address, void *UserData);

template <Encoding How, bool RemembersLast>
ExecutionCallback executionCallback(BlockId Id) {
  return event::isShort(Id)
             ? onExecution<Stream::IdForm::Short, How, RemembersLast>
             : onExecution<Stream::IdForm::Long, How, RemembersLast>;
}

ExecutionCallback executionCallback(Encoding How, bool RemembersLast,
                                    BlockId Id) {
  if (How == Encoding::Blocks)
    return RemembersLast ? executionCallback<Encoding::Blocks, true>(Id)
                         : executionCallback<Encoding::Blocks, false>(Id);
  return RemembersLast
             ? executionCallback<Encoding::BlocksAndAccesses, true>(Id)
             : executionCallback<Encoding::BlocksAndAccesses, false>(Id);
}

/// QEMU's own, for the guest's kernel: AccessSite.h.
void dropAccess() { AccessesElsewhere.fetch_add(1, std::memory_order_relaxed); }

[[gnu::noinline]] void onUnusualAccess(unsigned Vcpu, qemu_plugin_meminfo_t How,
                                       uint64_t Address, void *UserData) {
  auto *Site = static_cast<AccessSite *>(UserData);
  const uint64_t Known = Site->known();
  const uint64_t Block = Streams[Vcpu]->executing();
  if (!AccessSite::isOf(Known, Block))
    return dropAccess();
  uint64_t Tag = AccessSite::tag(Known);
  if (!AccessSite::holds(Known, Block, How))
    Tag = AccessSite::retag(Tag, qemu_plugin_mem_size_shift(How),
                            qemu_plugin_mem_is_store(How));
  Site->keep(How, Streams[Vcpu]->appendAccessSlowly(Tag, Address));
}

void onAccess(unsigned Vcpu, qemu_plugin_meminfo_t How, uint64_t Address,
              void *UserData) {
  const uint64_t Known = static_cast<AccessSite *>(UserData)->known();
  Stream &S = *Streams[Vcpu];
  if (!AccessSite::holds(Known, S.executing(), How) ||
      !S.appendAccess(AccessSite::tag(Known), Address)) [[unlikely]]
    return onUnusualAccess(Vcpu, How, Address, UserData);
}

/// Of an instruction that ends its block with \p Last: what comes behind that
/// is QEMU's own. AccessSite.h.
template <LastAccess Last>
void onAccessAtEnd(unsigned Vcpu, qemu_plugin_meminfo_t How, uint64_t Address,
                   void *UserData) {
  Stream &S = *Streams[Vcpu];
  if (Last == LastAccess::None || S.endsWithLastAccess()) [[unlikely]]
    return dropAccess();
  onAccess(Vcpu, How, Address, UserData);
  if (Last == LastAccess::Load || qemu_plugin_mem_is_store(How))
    S.lastAccessAppended();
}

/// For the last instruction of a block.
AccessCallback accessCallback(LastAccess Last) {
  switch (Last) {
  case LastAccess::None:
    return onAccessAtEnd<LastAccess::None>;
  case LastAccess::Load:
    return onAccessAtEnd<LastAccess::Load>;
  case LastAccess::Store:
    return onAccessAtEnd<LastAccess::Store>;
  case LastAccess::Unknown:
    break;
  }
  return onAccess;
}

//===-- The relay ---------------------------------------------------------===//

class Relay {
  const Options Given;
  const Speaker Who;
  const std::string Secret; ///< Empty: none.
  const Host Qemu;
  const SystemCalls Calls;
  const BlockReader Reader;
  CpsrReader Cpsr;

  std::mutex Mutex; ///< Guards the start: the handshake and who waits for it.
  std::vector<unsigned> WaitingVcpus; ///< Initialised before the handshake.
  std::optional<Connection> Peer;     ///< Until the handshake.

  // From the handshake on.
  enum class Phase : uint8_t {
    BeforeHandshake,
    Tracing,
    Forked,    ///< A child that has done nothing yet, and is to be traced.
    Abandoned, ///< A child that is not: what blocks append is thrown away.
    Untraced,  ///< No block was ever given a callback.
  };
  std::atomic<Phase> Now{Phase::BeforeHandshake};
  MainProgram Program;
  Encoding How = Encoding::Blocks;
  bool Infers = false; ///< The state, ARM or Thumb, from what was executed.
  std::optional<BlockTable> Blocks;
  std::optional<ImageFinder> Images;
  std::unique_ptr<Sender> Out;

  OrProblem<Encoding> introduce(Connection &To);
  OrProblem<Encoding> shakeHands(const qemu_plugin_tb *First);
  void begin(const qemu_plugin_tb *First);
  std::optional<Problem> tryToBegin(const qemu_plugin_tb *First);
  OrProblem<Connection> connectAgain();
  void beginAgain();
  std::optional<Problem> startTracing(Connection To);
  void isLost(const Problem &Why);
  wire::InstructionSet inferState(const TranslatedBlock &Block);
  void setState(TranslatedBlock &Block, const qemu_plugin_tb *From);

public:
  Relay(Options Given, Speaker Who, std::string Secret, Host Qemu,
        Connection Peer)
      : Given(std::move(Given)), Who(std::move(Who)), Secret(std::move(Secret)),
        Qemu(Qemu), Calls(SystemCalls::of(this->Who.GuestArch)),
        Reader(this->Qemu, this->Who.GuestArch), Cpsr(this->Qemu),
        Peer(std::move(Peer)) {}

  void vcpuStarts(unsigned Vcpu);
  void vcpuEnds(unsigned Vcpu);
  void translates(qemu_plugin_tb *From);
  /// The stream of \p Vcpu has no room, or is the parent's in a forked child.
  void handsOver(unsigned Vcpu);
  void calls(unsigned Vcpu, int64_t Number, std::array<uint64_t, 3> Arguments);
  void guestExits();
  void forks();
  void hasForked();
  void isForkedChild();
};

Relay *TheRelay;

void handOver(unsigned Vcpu) { TheRelay->handsOver(Vcpu); }

OrProblem<Encoding> Relay::shakeHands(const qemu_plugin_tb *First) {
  if (!Who.SystemMode)
    Program = findProgram(Qemu, qemu_plugin_tb_get_insn(First, 0));
  if (Given.OnlyMainCode && !Program.isKnown())
    return Problem{"-only-main-code: QEMU does not tell where the main "
                   "executable's code lies: leave the option out"};
  return introduce(*Peer);
}

OrProblem<Encoding> Relay::introduce(Connection &To) {
  const std::string Analyser = "the analyser at " + Given.endpoint() + ": ";
  std::error_code Error;
  if (!Secret.empty()) {
    const MessageBytes Token = tokenMessage(Secret);
    Error = To.send({Token.data(), Token.size()});
  }
  const MessageBytes Hello = helloMessage(Who, Program, Given);
  std::vector<uint8_t> Reply;
  if (!Error)
    Error = To.send({Hello.data(), Hello.size()});
  if (!Error)
    Error = To.receiveMessage(Reply, LargestReply, ReplyPatience);
  if (Error == std::errc::timed_out)
    return Problem{Analyser + "no answer for " +
                   std::to_string(ReplyPatience.count()) +
                   " seconds: is it llvm-mcad with its QEMU broker?"};
  if (Error)
    return Problem{Analyser + "no answer: " + Error.message() +
                   ": is it llvm-mcad with its QEMU broker?"};
  OrProblem<Encoding> Answer = readReply(Reply);
  if (auto *Refusal = std::get_if<Problem>(&Answer))
    return Problem{Analyser + Refusal->Text};
  return Answer;
}

void Relay::begin(const qemu_plugin_tb *First) {
  std::lock_guard Lock(Mutex);
  if (Now != Phase::BeforeHandshake)
    return;
  if (std::optional<Problem> Reason = tryToBegin(First)) {
    if (!Given.Optional) {
      say("error", Reason->Text);
      // Nothing of the guest has run, and nothing of it may be left to run.
      std::_Exit(EXIT_FAILURE);
    }
    say("warning", Reason->Text + ": the guest runs untraced");
    Peer.reset();
    Now = Phase::Untraced;
    return;
  }
  Peer.reset();
  Images.emplace(
      Who.SystemMode
          ? std::nullopt
          : findGuestBase(qemu_plugin_tb_get_insn(First, 0), Program));
  for (unsigned Vcpu : WaitingVcpus)
    Streams[Vcpu] = &Out->startStream(Vcpu);
  Now = Phase::Tracing;
}

std::optional<Problem> Relay::tryToBegin(const qemu_plugin_tb *First) {
  OrProblem<Encoding> Answer = shakeHands(First);
  if (auto *Reason = std::get_if<Problem>(&Answer))
    return *Reason;
  How = std::get<Encoding>(Answer);
  Infers = Reader.family() == BlockReader::Family::Arm &&
           (Given.InferState || !Cpsr.isThumb());
  Blocks.emplace(
      How == Encoding::BlocksAndAccesses ? BlockTable::Sites::PerInstruction
                                         : BlockTable::Sites::None,
      Infers ? BlockTable::Exits::Recorded : BlockTable::Exits::None);
  return startTracing(std::move(*Peer));
}

std::optional<Problem> Relay::startTracing(Connection To) {
  try {
    auto New =
        std::make_unique<Sender>(std::move(To), How, *Blocks,
                                 [this](const Problem &Loss) { isLost(Loss); });
    // A parent's sender cannot be destroyed: its thread is not in this process,
    // and vCPUs still name its streams.
    static_cast<void>(Out.release());
    Out = std::move(New);
  } catch (const std::system_error &Failure) {
    return Problem{std::string("no thread can be had to send from: ") +
                   Failure.what()};
  }
  return std::nullopt;
}

/// The analyser is gone, or not to be had for a forked child.
void Relay::isLost(const Problem &Why) {
  if (!Given.StopsOnDisconnect)
    return say("warning", Why.Text + ": the guest goes on untraced");
  say("error", Why.Text + ": the guest is stopped (-on-disconnect=stop)");
  std::_Exit(EXIT_FAILURE);
}

OrProblem<Connection> Relay::connectAgain() {
  OrProblem<Connection> Connected = Connection::open(Given);
  if (std::holds_alternative<Problem>(Connected))
    return Connected;
  OrProblem<Encoding> Answer = introduce(std::get<Connection>(Connected));
  if (auto *Reason = std::get_if<Problem>(&Answer))
    return *Reason;
  // The callbacks of what is translated cannot be changed any more.
  if (std::get<Encoding>(Answer) != How)
    return Problem{"the analyser at " + Given.endpoint() +
                   ": it wants memory accesses of one process and not of "
                   "another"};
  return Connected;
}

/// In a forked child, of which only this thread runs.
void Relay::beginAgain() {
  OrProblem<Connection> Connected = connectAgain();
  std::optional<Problem> Reason;
  if (auto *Unconnected = std::get_if<Problem>(&Connected))
    Reason = *Unconnected;
  else
    Reason = startTracing(std::move(std::get<Connection>(Connected)));
  if (Reason) {
    Now = Phase::Abandoned;
    return isLost(
        {"process " + std::to_string(getpid()) + ", forked: " + Reason->Text});
  }
  if (const std::span Found = Images->found(); !Found.empty())
    Out->sendImages(Found);
  Out->sendAllDefinitions();
  Now = Phase::Tracing;
}

void Relay::handsOver(unsigned Vcpu) {
  if (Now == Phase::Forked)
    beginAgain();
  if (Now == Phase::Tracing && !Streams[Vcpu]->isOf(*Out))
    Streams[Vcpu] = &Out->startStream(Vcpu);
  else
    Streams[Vcpu]->handOver();
}

void Relay::vcpuStarts(unsigned Vcpu) {
  if (Now == Phase::Untraced || Vcpu >= MostVcpus)
    return;
  if (Now == Phase::Forked)
    beginAgain();
  // After the handshake the lock is not needed, and in a forked child another
  // thread may have held it.
  if (Now == Phase::Tracing || Now == Phase::Abandoned) {
    Streams[Vcpu] = &Out->startStream(Vcpu);
    return;
  }
  std::lock_guard Lock(Mutex);
  if (Now == Phase::BeforeHandshake)
    WaitingVcpus.push_back(Vcpu);
  else if (Now == Phase::Tracing)
    Streams[Vcpu] = &Out->startStream(Vcpu);
}

void Relay::vcpuEnds(unsigned Vcpu) {
  if (Now != Phase::Tracing || Vcpu >= MostVcpus || !Streams[Vcpu])
    return;
  Stream &Ended = *std::exchange(Streams[Vcpu], nullptr);
  if (Ended.isOf(*Out))
    Out->endStream(Ended);
}

wire::InstructionSet Relay::inferState(const TranslatedBlock &Block) {
  if (std::optional<bool> Thumb =
          Given.InferState ? std::nullopt : Cpsr.isThumb())
    return *Thumb ? wire::InstructionSet::Thumb : wire::InstructionSet::Arm;
  wire::InstructionSet Set =
      provenByContent(Block.Address, Block.Sizes, Block.Bytes);
  if (Set == wire::InstructionSet::Ambiguous && LastBlock != NoBlock)
    Set = provenByArrival(Block.Address,
                          Blocks->exits(static_cast<BlockId>(LastBlock)));
  return Set;
}

void Relay::setState(TranslatedBlock &Block, const qemu_plugin_tb *From) {
  Block.Set = inferState(Block);
  const bool LastIsDoubtful =
      mayShowTooMuch(Block.Address, Block.Sizes, Block.Bytes);
  if (Block.Set == wire::InstructionSet::Thumb && LastIsDoubtful) {
    const size_t Start = Block.Bytes.size() - Block.Sizes.back();
    const size_t Length = thumbLength(std::span(Block.Bytes).subspan(Start));
    Block.Sizes.back() = static_cast<uint8_t>(Length);
    Block.Bytes.resize(Start + Length);
  }
  if (Block.Set == wire::InstructionSet::Ambiguous) {
    Block.OpenEnd = LastIsDoubtful;
    // QEMU disassembles in the CPU's real state: its text lets the analyser
    // tell the two apart.
    char *Text = qemu_plugin_insn_disas(qemu_plugin_tb_get_insn(From, 0));
    Block.Disassembly = Text ? Text : "";
    std::free(Text);
  }
}

void Relay::translates(qemu_plugin_tb *From) {
  if (Now == Phase::BeforeHandshake)
    begin(From);
  if (Now == Phase::Forked)
    beginAgain();
  if (Now != Phase::Tracing || !Out->isTracing())
    return;
  const bool InMainCode =
      !Program.isKnown() || Program.contains(qemu_plugin_tb_vaddr(From));
  if (qemu_plugin_tb_n_insns(From) == 0 || (Given.OnlyMainCode && !InMainCode))
    return;

  TranslatedBlock Block = Reader.read(From);
  Block.InMainCode = InMainCode;
  if (Reader.family() == BlockReader::Family::Arm)
    setState(Block, From);
  Images->find(Block.Address, [this](const MappedImage &Found) {
    Out->sendImages({&Found, 1});
  });
  const BlockTable::Defined Known = Blocks->define(Block);
  if (Blocks->wantsFlush())
    Out->sendDefinitions();

  qemu_plugin_register_vcpu_tb_exec_cb(
      From, executionCallback(How, Infers, Known.Id), QEMU_PLUGIN_CB_NO_REGS,
      ExecutedBlock(Known.Id, Block.Sizes.size()).userData());
  if (!Known.FirstSite)
    return;
  // One callback for both directions: of two, QEMU 7.2 calls both for one
  // access.
  const size_t Last = Block.Sizes.size() - 1;
  for (size_t I = 0; I <= Last; ++I)
    qemu_plugin_register_vcpu_mem_cb(
        qemu_plugin_tb_get_insn(From, I),
        I == Last ? accessCallback(Reader.lastAccess(Block)) : onAccess,
        QEMU_PLUGIN_CB_NO_REGS, QEMU_PLUGIN_MEM_RW, Known.FirstSite + I);
}

void Relay::guestExits() {
  if (Now != Phase::Tracing)
    return;
  Out->finish(wire::EndReason::Exit);
  // An x86 interrupt's frame is written by QEMU itself: that is no loss.
  if (Who.SystemMode && AccessesElsewhere &&
      Reader.family() != BlockReader::Family::X86)
    say("warning",
        std::to_string(AccessesElsewhere) +
            " memory accesses were made by instructions that QEMU executed "
            "apart from their block, as it does with -icount: they are "
            "missing, and all of these blocks is counted: give QEMU "
            "-singlestep (from 8.1 on -accel tcg,one-insn-per-tb=on)");
}

void Relay::calls(unsigned Vcpu, int64_t Number,
                  std::array<uint64_t, 3> Arguments) {
  if (Now != Phase::Tracing || Vcpu >= MostVcpus || !Streams[Vcpu])
    return;
  if (const auto Reason = Calls.end(Number, Arguments))
    if (Streams[Vcpu]->isOf(*Out))
      Out->checkpoint(*Streams[Vcpu], *Reason);
  if (const auto Memory = Calls.replaced(Number, Arguments);
      Memory && Out->isTracing())
    Images->forget(Memory->Start, Memory->SizeBytes,
                   [this](const MappedImage &Gone) {
                     // What was defined until now was in what is gone.
                     Blocks->forget(Gone.Start, Gone.End);
                     Out->sendDefinitions();
                     Out->sendImages({&Gone, 1});
                   });
}

/// Takes every lock, in the order in which they are taken one in the other: no
/// other thread is within what they guard.
void Relay::forks() {
  Mutex.lock();
  if (Now != Phase::Tracing)
    return;
  Images->lockForFork();
  Blocks->lockForFork();
  Out->lockForFork();
}

void Relay::hasForked() {
  if (Now == Phase::Tracing) {
    Out->unlockAfterFork();
    Blocks->unlockAfterFork();
    Images->unlockAfterFork();
  }
  Mutex.unlock();
}

void Relay::isForkedChild() {
  const bool WasTraced = Now == Phase::Tracing;
  const bool Follows = Given.FollowFork && WasTraced && Out->isTracing();
  if (WasTraced)
    Out->abandon();
  hasForked();
  if (WasTraced)
    Now = Follows ? Phase::Forked : Phase::Abandoned;
}

/// The token in the file at \p Path, as it is.
OrProblem<std::string> readToken(const std::string &Path) {
  constexpr size_t Longest = 4096;
  std::ifstream File(Path, std::ios::binary);
  std::string Secret(Longest + 1, '\0');
  File.read(Secret.data(), static_cast<std::streamsize>(Secret.size()));
  Secret.resize(
      static_cast<size_t>(std::max<std::streamsize>(File.gcount(), 0)));
  if (Secret.empty() || Secret.size() > Longest)
    return Problem{"-token-file=" + Path + ": a file of 1 to " +
                   std::to_string(Longest) + " bytes is wanted"};
  return Secret;
}

/// Prints and decides for qemu_plugin_install: non-zero stops QEMU.
int install(qemu_plugin_id_t Id, const qemu_info_t &About,
            std::span<const char *const> Arguments) {
  OrProblem<Options> Parsed = parseOptions(Arguments);
  if (auto *Wrong = std::get_if<Problem>(&Parsed)) {
    say("error", Wrong->Text);
    return 1;
  }
  Options &Given = std::get<Options>(Parsed);
  if (Given.Help) {
    const std::string_view Text = optionsHelp();
    std::fwrite(Text.data(), 1, Text.size(), stdout);
    std::exit(EXIT_SUCCESS);
  }
  if (About.version.cur > api::Newest) {
    say("error", "this QEMU has version " + std::to_string(About.version.cur) +
                     " of the plugin interface, the relay knows versions up "
                     "to " +
                     std::to_string(api::Newest) + ": take a newer relay");
    return 1;
  }
  if (Given.OnlyMainCode && About.system_emulation) {
    say("error", "-only-main-code: a whole system has no main executable: "
                 "leave the option out");
    return 1;
  }
  OrProblem<std::string> Secret{std::string()};
  if (!Given.TokenFile.empty())
    Secret = readToken(Given.TokenFile);
  if (auto *Reason = std::get_if<Problem>(&Secret)) {
    say("error", Reason->Text);
    return 1;
  }
  OrProblem<Connection> Connected = Connection::open(Given);
  if (auto *Reason = std::get_if<Problem>(&Connected)) {
    if (!Given.Optional) {
      say("error", Reason->Text);
      return 1;
    }
    say("warning", Reason->Text + ": the guest runs untraced");
    return 0;
  }

  if (const int Copy = dup(STDERR_FILENO); Copy >= 0)
    StandardError = moveAside(Copy);
  const Host Qemu{About.version.cur, HostFunctions::lookUp()};
  TheRelay = new Relay(std::move(Given),
                       {About.target_name, About.system_emulation, Qemu.Api},
                       std::move(std::get<std::string>(Secret)), Qemu,
                       std::move(std::get<Connection>(Connected)));
  Qemu.onVcpu(
      Id, [](unsigned Vcpu) { TheRelay->vcpuStarts(Vcpu); },
      [](unsigned Vcpu) { TheRelay->vcpuEnds(Vcpu); });
  Qemu.onTranslation(
      Id, [](qemu_plugin_tb *Block) { TheRelay->translates(Block); });
  Qemu.onExit(Id, [] { TheRelay->guestExits(); });
  if (!About.system_emulation)
    Qemu.onSystemCall(
        Id, [](unsigned Vcpu, int64_t Number, std::array<uint64_t, 3> Words) {
          TheRelay->calls(Vcpu, Number, Words);
        });
  pthread_atfork([] { TheRelay->forks(); }, [] { TheRelay->hasForked(); },
                 [] { TheRelay->isForkedChild(); });
  return 0;
}

} // namespace
} // namespace mcad::qemu

int qemu_plugin_install(qemu_plugin_id_t Id, const qemu_info_t *About,
                        int Count, char **Arguments) {
  // Out of memory and the like: QEMU is C and must not see an exception.
  try {
    return mcad::qemu::install(Id, *About,
                               {Arguments, static_cast<size_t>(Count)});
  } catch (const std::exception &Failure) {
    std::fprintf(stderr, "error: qemu relay: %s\n", Failure.what());
    return 1;
  }
}
