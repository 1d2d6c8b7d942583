//===- TraceReader.cpp - messages as a trace ------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Trace/TraceReader.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/SHA256.h"

using namespace llvm;
using namespace mcad;

namespace {

StringRef ref(const flatbuffers::String *Text) {
  return Text ? StringRef(Text->c_str(), Text->size()) : StringRef();
}

template <typename T> ArrayRef<T> ref(const flatbuffers::Vector<T> *Elements) {
  if (!Elements || Elements->size() == 0)
    return {};
  return ArrayRef(reinterpret_cast<const T *>(Elements->Data()),
                  Elements->size());
}

std::string number(uint64_t Value) { return std::to_string(Value); }

/// Whether \p Text may be shown as it is: what QEMU may call a target.
bool isName(StringRef Text) {
  constexpr size_t Longest = 64;
  return Text.size() <= Longest && all_of(Text, [](char C) {
           return isAlnum(C) || C == '_' || C == '-' || C == '.';
         });
}

/// Which limit the strings of \p M exceed; empty if none.
std::string exceededLimit(const wire::Hello &M) {
  if (ref(M.relay()).size() > limit::StringBytes ||
      ref(M.binary_path()).size() > limit::StringBytes)
    return "a string of Hello is longer";
  if (ref(M.build_id()).size() > limit::BuildIdBytes)
    return "the build-id is longer";
  if (!M.options())
    return "";
  if (M.options()->size() > limit::Options)
    return "there are more options";
  for (const flatbuffers::String *Option : *M.options())
    if (ref(Option).size() > limit::StringBytes)
      return "an option is longer";
  return "";
}

TraceDescription describe(const wire::Hello &M, TraceReaderOptions Options) {
  TraceDescription D;
  D.Name = std::move(Options.Name);
  D.HasMemoryAccesses = Options.HasMemoryAccesses;
  D.GuestArch = ref(M.guest_arch()).str();
  D.BinaryPath = ref(M.binary_path()).str();
  D.BuildId = ref(M.build_id()).vec();
  D.LoadBias = M.load_bias();
  D.CodeStart = M.code_start();
  D.CodeEnd = M.code_end();
  D.Entry = M.entry();
  D.ProcessId = M.process_id();
  D.ParentProcessId = M.parent_process_id();
  D.SystemMode = M.system_mode();
  D.Scope = M.scope() == wire::Scope::MainCode ? TraceScope::MainCode
                                               : TraceScope::WholeProcess;
  D.Recorder = ref(M.relay()).str();
  if (M.options())
    for (const flatbuffers::String *Option : *M.options())
      D.RecorderOptions.push_back(ref(Option).str());
  return D;
}

/// The next message before the trace, of which \p Bytes are the frame.
Expected<const wire::Message *> readFirst(MessageReader &Messages,
                                          ArrayRef<uint8_t> &Bytes) {
  Expected<std::optional<ArrayRef<uint8_t>>> Next = Messages.next();
  if (!Next)
    return Next.takeError();
  if (!*Next)
    return createStringError("it ends before the first message");
  Bytes = **Next;
  Expected<const wire::Message *> Message = verifyFrame(Bytes);
  if (!Message)
    return createStringError("the first message is not one of MCAD's: " +
                             toString(Message.takeError()));
  return Message;
}

/// Takes as long wherever the two differ.
bool isSame(ArrayRef<uint8_t> Shown, StringRef Secret) {
  const auto A = SHA256::hash(Shown);
  const auto B = SHA256::hash(arrayRefFromStringRef(Secret));
  uint8_t Difference = 0;
  for (size_t I = 0; I != A.size(); ++I)
    Difference |= A[I] ^ B[I];
  return Difference == 0;
}

/// What a pass over events found.
struct EventCounts {
  uint64_t Blocks = 0, Instructions = 0, Accesses = 0;
};

/// The one tight pass: counts the events of \p Units and returns the position
/// of the first that breaks an invariant, or their number.
size_t countEvents(ArrayRef<uint16_t> Units,
                   ArrayRef<uint16_t> InstructionCounts, EventCounts &Counts) {
  EventCounts C;
  // Instructions of the block that accesses belong to: no block, none.
  uint64_t Limit = 0;
  size_t I = 0;
  const size_t N = Units.size();
  while (I != N) {
    const uint16_t First = Units[I];
    const size_t Length = event::length(First);
    if (N - I < Length)
      break;
    if (event::isAccess(First)) {
      if ((First & event::InstructionMask) >= Limit)
        break;
      ++C.Accesses;
    } else {
      const uint32_t Id = index(event::blockId(&Units[I]));
      if (Id >= InstructionCounts.size())
        break;
      Limit = InstructionCounts[Id];
      C.Instructions += Limit;
      ++C.Blocks;
    }
    I += Length;
  }
  Counts = C;
  return I;
}

} // namespace

TraceReader::TraceReader(std::unique_ptr<MessageReader> Messages,
                         TraceReaderOptions Options)
    : Messages(std::move(Messages)), Policy(Options.Policy),
      MaxBlocks(Options.MaxBlocks), AreFile(Options.AreFile) {}

Expected<std::unique_ptr<TraceReader>>
TraceReader::create(std::unique_ptr<MessageReader> &&Messages,
                    TraceReaderOptions Options) {
  const std::string Name = Options.Name;
  ArrayRef<uint8_t> Bytes;
  Messages->setLargest(limit::HelloBytes);
  Expected<const wire::Message *> Message = readFirst(*Messages, Bytes);
  bool IsTrusted = Options.Secret.empty();
  if (Message)
    if (const wire::Token *Token = (*Message)->body_as_Token()) {
      IsTrusted |= isSame(ref(Token->secret()), Options.Secret);
      Message = readFirst(*Messages, Bytes);
    }
  if (!Message)
    return createStringError(Name +
                             ": no Hello: " + toString(Message.takeError()));
  if (!IsTrusted)
    return createStringError(Name + ": it does not show the token that is "
                                    "wanted: give the relay the same "
                                    "-token-file");
  Messages->setLargest(limit::MessageBytes);
  const wire::Hello *M = (*Message)->body_as_Hello();
  if (!M)
    return createStringError(Name + ": no Hello: the first message is a " +
                             wire::EnumNameBody((*Message)->body_type()));
  const auto Spoken = static_cast<uint32_t>(Protocol::Current);
  if (M->protocol() != Spoken)
    return createStringError(
        Name + ": it speaks protocol " + number(M->protocol()) +
        ", this MCAD speaks " + number(Spoken) +
        ": use the relay and the analyser of one MCAD release");
  if (M->scope() > wire::Scope::MAX)
    return createStringError(Name + ": refused Hello: its scope is unknown: " +
                             number(static_cast<unsigned>(M->scope())));
  if (!isName(ref(M->guest_arch())))
    return createStringError(Name + ": refused Hello: its guest architecture "
                                    "is not of the form of a name");
  if (const std::string Limit = exceededLimit(*M); !Limit.empty())
    return createStringError(
        Name + ": refused Hello: " + sentence(Invariant::StringLimit) +
        ", but " + Limit);

  std::unique_ptr<TraceReader> Reader(
      new TraceReader(std::move(Messages), Options));
  Reader->Hello = Bytes.vec();
  Reader->Description = describe(*M, std::move(Options));
  return Reader;
}

Error TraceReader::recordTo(MessageRecorder &To) {
  Recorder = &To;
  return To.record(ArrayRef(Hello).drop_front(FramePrefixBytes));
}

Expected<bool> TraceReader::next(Batch &Next, BlockSink &Sink) {
  Hello = Frame(); // Whoever records has asked by now.
  while (Now != State::Ended) {
    // Totals is the last word: whoever sent it may keep the connection open,
    // and is not waited for. A check reads on.
    if (Now == State::SawTotals && !mayGoOn() && !AreFile &&
        Policy == AfterViolation::EndTrace && !Messages->hasMore()) {
      Now = State::Ended;
      break;
    }
    Expected<std::optional<ArrayRef<uint8_t>>> Bytes = Messages->next();
    if (!Bytes) {
      violation(Severity::Fatal, Invariant::Framing,
                toString(Bytes.takeError()));
      break;
    }
    if (!*Bytes) {
      if (Now != State::SawTotals)
        violation(Severity::Fatal, Invariant::TotalsPresent,
                  "it ends without: the sender died, was killed or lost the "
                  "connection");
      Now = State::Ended;
      break;
    }
    if (Now == State::SawTotals) {
      if (!mayGoOn()) {
        violation(Severity::Fatal, Invariant::TotalsLast, "more came");
        break;
      }
      // The program survived what it might not have.
      Now = State::Running;
      End.How = Ending::Unsaid;
      End.Totals.reset();
    }
    Expected<const wire::Message *> Message = verifyFrame(**Bytes);
    if (!Message) {
      violation(Severity::LeaveOut, Invariant::Soundness,
                toString(Message.takeError()));
      continue;
    }
    if (Recorder)
      if (Error E = Recorder->record((*Bytes)->drop_front(FramePrefixBytes)))
        return E;

    const wire::Message &M = **Message;
    switch (M.body_type()) {
    case wire::Body::Hello:
      violation(Severity::LeaveOut, Invariant::HelloOnce, "another came");
      break;
    case wire::Body::Reply:
      violation(Severity::LeaveOut, Invariant::NoReply, "one came");
      break;
    case wire::Body::Blocks:
      if (Error E = takeBlocks(*M.body_as_Blocks(), Sink))
        return E;
      break;
    case wire::Body::Images:
      takeImages(*M.body_as_Images(), Sink);
      break;
    case wire::Body::StreamStart:
      takeStreamStart(*M.body_as_StreamStart());
      break;
    case wire::Body::StreamEnd:
      if (takeStreamEnd(*M.body_as_StreamEnd(), Next))
        return true;
      break;
    case wire::Body::Executed:
      if (takeExecuted(*M.body_as_Executed(), Next))
        return true;
      break;
    case wire::Body::Totals:
      takeTotals(*M.body_as_Totals());
      break;
    case wire::Body::Token:
      violation(Severity::LeaveOut, Invariant::NoToken, "one came later");
      break;
    case wire::Body::NONE:
      llvm_unreachable("verifyFrame passes known kinds only");
    }
  }
  return false;
}

Error TraceReader::takeBlocks(const wire::Blocks &M, BlockSink &Sink) {
  if (!M.blocks() || M.blocks()->size() == 0) {
    violation(Severity::LeaveOut, Invariant::BlocksPresent, "one defines none");
    return Error::success();
  }
  if (M.first() != numBlocks()) {
    violation(Severity::Fatal, Invariant::BlockIdsDense,
              "block " + number(M.first()) + " comes after " +
                  number(numBlocks()) + " blocks");
    return Error::success();
  }
  if (M.blocks()->size() > MaxBlocks - numBlocks()) {
    violation(Severity::Fatal, Invariant::BlockLimit,
              number(M.blocks()->size()) + " come after " +
                  number(numBlocks()) + " where " + number(MaxBlocks) + " may");
    return Error::success();
  }
  // One block of any length is none too many.
  const uint64_t MaxInstructions =
      uint64_t(MaxBlocks) * limit::InstructionsPerBlock +
      event::MaxInstructions;
  for (const wire::Block *B : *M.blocks()) {
    const ArrayRef<uint8_t> Sizes = ref(B->sizes()), Bytes = ref(B->bytes());
    const std::string Which = "block " + number(numBlocks());
    if (Sizes.empty() || Sizes.size() > event::MaxInstructions) {
      violation(Severity::Fatal, Invariant::BlockInstructions,
                Which + " has " + number(Sizes.size()));
      return Error::success();
    }
    if (Sizes.size() > MaxInstructions - NumInstructions) {
      violation(Severity::Fatal, Invariant::BlockLimit,
                Which + " is one too many: there are " +
                    number(NumInstructions) + " instructions before it");
      return Error::success();
    }
    if (is_contained(Sizes, 0)) {
      violation(Severity::Fatal, Invariant::BlockInstructions,
                Which + " has one of no bytes");
      return Error::success();
    }
    uint64_t SumBytes = 0;
    for (const uint8_t Size : Sizes)
      SumBytes += Size;
    if (SumBytes != Bytes.size()) {
      violation(Severity::Fatal, Invariant::BlockBytes,
                Which + " has " + number(Bytes.size()) +
                    " bytes for sizes of " + number(SumBytes));
      return Error::success();
    }
    if (B->instruction_set() > wire::InstructionSet::MAX) {
      violation(Severity::Fatal, Invariant::BlockSet,
                Which + " has number " +
                    number(static_cast<unsigned>(B->instruction_set())));
      return Error::success();
    }
    if (ref(B->disassembly()).size() > limit::StringBytes) {
      violation(Severity::Fatal, Invariant::StringLimit,
                Which + " has a longer disassembly");
      return Error::success();
    }
    BlockBytes Block;
    Block.Address = B->address();
    // The two enumerations have the same numbers; see the asserts below.
    Block.Set = static_cast<InstructionSet>(B->instruction_set());
    Block.InMainCode = B->main_code();
    Block.Sizes = Sizes;
    Block.Bytes = Bytes;
    Block.OpenEnd = B->open_end();
    Block.Disassembly = ref(B->disassembly());
    Expected<BlockId> Id = Sink.define(Block);
    if (!Id) {
      violation(Severity::Fatal, Invariant::BlockAccepted,
                Which + " is refused (" + toString(Id.takeError()) + ")");
      return Error::success();
    }
    if (index(*Id) != numBlocks())
      return createStringError("trace and analyser are out of step: " + Which +
                               " got the id " + number(index(*Id)) +
                               ": please report this bug");
    InstructionCounts.push_back(static_cast<uint16_t>(Sizes.size()));
    NumInstructions += Sizes.size();
  }
  return Error::success();
}

void TraceReader::takeImages(const wire::Images &M, BlockSink &Sink) {
  if (!M.images() || M.images()->size() == 0)
    return violation(Severity::LeaveOut, Invariant::ImagesPresent,
                     "one defines none");
  if (M.images()->size() > limit::Images - ImageCount)
    return violation(Severity::LeaveOut, Invariant::ImageLimit,
                     number(M.images()->size()) + " come after " +
                         number(ImageCount));
  for (const wire::Image *I : *M.images()) {
    const std::string Which = "image " + number(ImageCount);
    if (I->start() >= I->end())
      return violation(Severity::LeaveOut, Invariant::ImageRange,
                       Which + " goes from 0x" + utohexstr(I->start(), true) +
                           " to 0x" + utohexstr(I->end(), true));
    if (ref(I->path()).size() > limit::StringBytes)
      return violation(Severity::LeaveOut, Invariant::StringLimit,
                       Which + " has a longer path");
    if (ref(I->path()).size() > limit::PathBytes - PathBytes)
      return violation(Severity::LeaveOut, Invariant::ImageLimit,
                       Which + " has " + number(ref(I->path()).size()) +
                           " bytes of path after " + number(PathBytes));
    if (ref(I->build_id()).size() > limit::BuildIdBytes)
      return violation(Severity::LeaveOut, Invariant::StringLimit,
                       Which + " has a longer build-id");
    Image Mapped;
    Mapped.Start = I->start();
    Mapped.End = I->end();
    Mapped.FileOffset = I->file_offset();
    Mapped.Path = ref(I->path()).str();
    Mapped.BuildId = ref(I->build_id()).vec();
    Mapped.LoadBias = I->load_bias();
    Sink.defineImage(Mapped);
    ++ImageCount;
    PathBytes += Mapped.Path.size();
  }
}

#define SAME_NUMBER(NAME)                                                      \
  static_assert(static_cast<uint8_t>(InstructionSet::NAME) ==                  \
                static_cast<uint8_t>(wire::InstructionSet::NAME))
SAME_NUMBER(Default);
SAME_NUMBER(Arm);
SAME_NUMBER(Thumb);
SAME_NUMBER(Ambiguous);
#undef SAME_NUMBER

void TraceReader::takeStreamStart(const wire::StreamStart &M) {
  if (M.stream() != Arrived.size()) {
    violation(Severity::LeaveOut, Invariant::StreamIdsDense,
              "stream " + number(M.stream()) + " starts after " +
                  number(Arrived.size()) + " streams");
    return;
  }
  if (Arrived.size() == limit::Streams) {
    violation(Severity::Fatal, Invariant::StreamLimit, "one more starts");
    return;
  }
  StreamTotals Stream;
  Stream.Stream = static_cast<StreamId>(M.stream());
  Arrived.push_back(Stream);
  HasEnded.push_back(false);
  HasLosses.push_back(false);
}

bool TraceReader::isRunning(uint32_t Stream, StringRef What) {
  if (Stream < Arrived.size() && !HasEnded[Stream])
    return true;
  violation(Severity::LeaveOut, Invariant::StreamRunning,
            (Stream < Arrived.size() ? "one that has ended "
                                     : "one that never started ") +
                What.str(),
            static_cast<StreamId>(Stream));
  return false;
}

bool TraceReader::takeStreamEnd(const wire::StreamEnd &M, Batch &Next) {
  if (!isRunning(M.stream(), "ends"))
    return false;
  HasEnded[M.stream()] = true;
  Next = {static_cast<StreamId>(M.stream()), {}, /*IsLast=*/true};
  return true;
}

bool TraceReader::takeExecuted(const wire::Executed &M, Batch &Next) {
  if (!isRunning(M.stream(), "executes"))
    return false;
  StreamTotals &Stream = Arrived[M.stream()];
  const ArrayRef<uint16_t> Units = ref(M.units());
  if (Units.empty())
    violation(Severity::LeaveOut, Invariant::ExecutedPresent,
              "one holds nothing", Stream.Stream, Stream.Instructions);
  if (Units.empty() || !takeEvents(Stream, Units)) {
    HasLosses[M.stream()] = true;
    return false;
  }
  Next = {Stream.Stream, Units};
  return true;
}

bool TraceReader::takeEvents(StreamTotals &Stream, ArrayRef<uint16_t> Units) {
  EventCounts Counts;
  const size_t Position = countEvents(Units, InstructionCounts, Counts);
  if (Position != Units.size()) {
    explainEvent(Stream, Units, Position);
    return false;
  }
  Stream.Blocks += Counts.Blocks;
  Stream.Instructions += Counts.Instructions;
  Stream.Accesses += Counts.Accesses;
  return true;
}

void TraceReader::explainEvent(const StreamTotals &Stream,
                               ArrayRef<uint16_t> Units, size_t Position) {
  // The block that the event belongs to, if it is an access, and the
  // instructions before.
  uint64_t Instruction = Stream.Instructions, OfBlock = 0;
  uint32_t Block = 0;
  for (size_t I = 0; I != Position; I += event::length(Units[I])) {
    if (event::isAccess(Units[I]))
      continue;
    Instruction += OfBlock;
    Block = index(event::blockId(&Units[I]));
    OfBlock = InstructionCounts[Block];
  }
  const uint16_t First = Units[Position];
  if (!event::isAccess(First))
    Instruction += OfBlock;
  const std::string Which =
      "unit " + number(Position) + " (0x" + utohexstr(First, true) + ")";
  auto Say = [&](Invariant Rule, const std::string &Found) {
    violation(Severity::LeaveOut, Rule, Which + " " + Found, Stream.Stream,
              Instruction);
  };
  const size_t Length = event::length(First);
  if (Units.size() - Position < Length)
    return Say(Invariant::EventWhole, "starts an event of " + number(Length) +
                                          " units and there are " +
                                          number(Units.size() - Position));
  if (!event::isAccess(First))
    return Say(Invariant::BlockDefined,
               "names block " +
                   number(index(event::blockId(&Units[Position]))) + " of " +
                   number(numBlocks()));
  if (Position == 0)
    return Say(Invariant::EventsStartWithBlock, "is an access");
  Say(Invariant::AccessInstruction,
      "names instruction " + number(First & event::InstructionMask) +
          " of block " + number(Block) + ", which has " + number(OfBlock));
}

bool TraceReader::mayGoOn() const {
  return End.How == Ending::Exec || End.How == Ending::Signal;
}

static Ending endingOf(wire::EndReason Reason) {
  switch (Reason) {
  case wire::EndReason::Exit:
    return Ending::Exit;
  case wire::EndReason::Detach:
    return Ending::Detach;
  case wire::EndReason::Exec:
    return Ending::Exec;
  case wire::EndReason::Signal:
    return Ending::Signal;
  }
  return Ending::Unsaid;
}

void TraceReader::takeTotals(const wire::Totals &M) {
  Now = State::SawTotals;
  End.How = endingOf(M.reason());
  if (M.reason() > wire::EndReason::MAX)
    violation(Severity::LeaveOut, Invariant::TotalsReason,
              "it gives number " + number(static_cast<unsigned>(M.reason())));
  if (M.blocks_defined() != numBlocks())
    violation(Severity::LeaveOut, Invariant::TotalsBlocks,
              "it says " + number(M.blocks_defined()) + " and " +
                  number(numBlocks()) + " were");

  const size_t NumSaid = M.streams() ? M.streams()->size() : 0;
  bool IsPerStream = NumSaid == Arrived.size();
  for (size_t I = 0; IsPerStream && I != NumSaid; ++I)
    IsPerStream = M.streams()->Get(I)->stream() == I;
  if (!IsPerStream) {
    violation(Severity::LeaveOut, Invariant::TotalsStreams,
              "it counts " + number(NumSaid) + " streams and " +
                  number(Arrived.size()) + " started" +
                  (NumSaid == Arrived.size() ? ", in another order" : ""));
    return;
  }
  std::vector<StreamTotals> &Said = End.Totals.emplace();
  for (size_t I = 0; I != NumSaid; ++I) {
    const wire::StreamTotals *S = M.streams()->Get(I);
    Said.push_back({static_cast<StreamId>(S->stream()), S->blocks(),
                    S->instructions(), S->accesses()});
  }
  for (const StreamTotals &S : Said) {
    const StreamTotals &Here = Arrived[index(S.Stream)];
    // What was left out was said to be missing already.
    if (HasLosses[index(S.Stream)])
      continue;
    if (S.Blocks != Here.Blocks || S.Instructions != Here.Instructions ||
        S.Accesses != Here.Accesses)
      violation(Severity::LeaveOut, Invariant::TotalsCounts,
                "it says " + number(S.Blocks) + ", " + number(S.Instructions) +
                    " and " + number(S.Accesses) + " where " +
                    number(Here.Blocks) + ", " + number(Here.Instructions) +
                    " and " + number(Here.Accesses) + " arrived",
                S.Stream, Here.Instructions);
  }
}

void TraceReader::violation(Severity HowBad, Invariant Rule, std::string Found,
                            std::optional<StreamId> Stream,
                            std::optional<uint64_t> Instruction) {
  if (HowBad == Severity::Fatal || Policy == AfterViolation::EndTrace)
    Now = State::Ended;
  Violation V{Rule,
              std::move(Found),
              Messages->messageNumber(),
              Messages->byteOffset(),
              Stream,
              Instruction};
  if (ViolationCount++ == 0)
    End.Problem = V.str();
  if (Violations.size() < MaxViolations)
    Violations.push_back(std::move(V));
}
