//===- TraceAssembler.cpp - text to messages ------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Trace/TraceText.h"
#include "Trace/Wire.h"
#include "llvm/ADT/StringExtras.h"
#include <bit>
#include <limits>

using namespace llvm;
using namespace mcad;

namespace {

/// Reads the text, message by message. Every read skips what separates words
/// first; a failed one remembers the first error and its place, and from then
/// on there is nothing more to read. So a parser says what it expects and need
/// not ask after each word whether it was there.
class TextCursor {
  StringRef Text;
  StringRef Name;
  size_t Position = 0;
  /// Whether Position is within the first message.
  bool IsInMessage = false;
  std::string Problem;

public:
  TextCursor(StringRef Text, StringRef Name) : Text(Text), Name(Name) {}

  bool hasFailed() const { return !Problem.empty(); }

  void fail(const Twine &What) {
    if (hasFailed())
      return;
    const StringRef Before = Text.take_front(Position);
    const size_t Line = Before.count('\n') + 1;
    const size_t LineStart = Before.rfind('\n') + 1; // npos + 1 is 0
    Problem = (Name + ":" + Twine(Line) + ":" +
               Twine(Position - LineStart + 1) + ": " + What)
                  .str();
    Position = Text.size();
  }

  Error takeError() {
    return hasFailed() ? createStringError(Problem) : Error::success();
  }

  /// Whether another word of this message follows; moves to it.
  bool hasMore() {
    while (Position != Text.size()) {
      const char C = Text[Position];
      if (C == '#') {
        Position = std::min(Text.find('\n', Position), Text.size());
      } else if (C == ' ' || C == '\t' || C == '\r') {
        ++Position;
      } else if (C == '\n') {
        ++Position;
        IsInMessage = false;
        // The next line goes on with this message if it is indented; a line
        // of blanks alone is indented too.
        if (Position != Text.size() && isSpace(Text[Position]))
          IsInMessage = true;
      } else {
        return IsInMessage;
      }
    }
    return false;
  }

  /// Moves to the next message; false at the text's end.
  bool nextMessage() {
    if (hasMore())
      fail("expected a message, in the first column");
    if (Position == Text.size())
      return false;
    IsInMessage = true;
    return true;
  }

  /// A word of lower-case letters and dashes.
  StringRef word(const char *Expected) {
    return take(Expected, [](char C) { return isLower(C) || C == '-'; });
  }

  bool peek(StringRef Prefix) {
    return hasMore() && Text.substr(Position).starts_with(Prefix);
  }

  bool peekDigit() { return hasMore() && isDigit(Text[Position]); }

  /// \p C immediately, without space before.
  void expect(char C) {
    if (hasFailed())
      return;
    if (Position == Text.size() || Text[Position] != C)
      return fail(Twine("expected '") + Twine(C) + "'");
    ++Position;
  }
  bool takeIf(char C) {
    if (Position == Text.size() || Text[Position] != C)
      return false;
    ++Position;
    return true;
  }
  void expectEndOfWord() {
    if (Position != Text.size() && !isSpace(Text[Position]))
      fail("expected a space");
  }

  template <typename T> T number() {
    const size_t Start = Position;
    StringRef Digits = take("a number", [](char C) { return isAlnum(C); });
    const unsigned Radix = Digits.consume_front("0x") ? 16 : 10;
    uint64_t Value = 0;
    if (!hasFailed() && (Digits.getAsInteger(Radix, Value) ||
                         Value > std::numeric_limits<T>::max())) {
      Position = Start;
      fail("expected a number of at most " +
           Twine(uint64_t(std::numeric_limits<T>::max())));
    }
    return static_cast<T>(Value);
  }

  bool flag() {
    const StringRef Word = word("true or false");
    if (Word != "true" && Word != "false")
      fail("expected true or false");
    return Word == "true";
  }

  std::vector<uint8_t> hexBytes() {
    StringRef Digits =
        take("bytes in hexadecimal", [](char C) { return isHexDigit(C); });
    std::vector<uint8_t> Bytes;
    if (Digits.size() % 2 != 0)
      fail("expected two digits for each byte");
    else
      for (; !Digits.empty(); Digits = Digits.drop_front(2))
        Bytes.push_back(hexFromNibbles(Digits[0], Digits[1]));
    return Bytes;
  }

  std::string quoted() {
    std::string Value;
    expect('"');
    while (!hasFailed()) {
      if (Position == Text.size() || Text[Position] == '\n') {
        fail("expected '\"' before the line ends");
        break;
      }
      const char C = Text[Position++];
      if (C == '"')
        break;
      if (C != '\\') {
        Value += C;
        continue;
      }
      const StringRef Rest = Text.substr(Position);
      if (Rest.starts_with("\\") || Rest.starts_with("\"")) {
        Value += Rest[0];
        ++Position;
      } else if (Rest.size() >= 3 && Rest[0] == 'x' && isHexDigit(Rest[1]) &&
                 isHexDigit(Rest[2])) {
        Value += static_cast<char>(hexFromNibbles(Rest[1], Rest[2]));
        Position += 3;
      } else {
        fail("expected \\\\, \\\" or \\xNN");
      }
    }
    return Value;
  }

private:
  template <typename Predicate>
  StringRef take(const char *Expected, Predicate Belongs) {
    const StringRef Word = Text.substr(Position).take_while(Belongs);
    if (Word.empty())
      fail(Twine("expected ") + Expected);
    Position += Word.size();
    return Word;
  }
};

class Assembler {
  TextCursor C;
  MessageRecorder &Out;

public:
  Assembler(StringRef Text, StringRef Name, MessageRecorder &Out)
      : C(Text, Name), Out(Out) {}

  Error run() {
    while (C.nextMessage()) {
      const Frame Built = message();
      if (C.hasMore())
        C.fail("expected the end of the message");
      if (!C.hasFailed() &&
          Built.size() - FramePrefixBytes > limit::MessageBytes)
        C.fail("expected a message of at most " + Twine(limit::MessageBytes) +
               " bytes before here");
      if (C.hasFailed())
        break;
      if (Error E = Out.record(ArrayRef(Built).drop_front(FramePrefixBytes)))
        return E;
    }
    return C.takeError();
  }

private:
  Frame message() {
    const char *Kinds = "hello, image, block, stream, run, end, totals or raw";
    const StringRef Kind = C.word(Kinds);
    if (!C.hasMore())
      C.fail("expected what the message says");
    if (Kind == "hello")
      return encode(hello());
    if (Kind == "image")
      return encode(images());
    if (Kind == "block")
      return encode(blocks());
    if (Kind == "stream")
      return encode(streamStart());
    if (Kind == "run")
      return encode(executed());
    if (Kind == "end")
      return encode(message::StreamEnd{C.number<uint32_t>()});
    if (Kind == "totals")
      return encode(totals());
    if (Kind == "raw")
      return raw();
    C.fail(Twine("expected ") + Kinds + " before here");
    return {};
  }

  /// Reads `key=` and hands its key to \p Take until the message ends or
  /// another image or block begins.
  template <typename Callable> void keys(Callable Take) {
    while (C.hasMore() && !C.peek("block ") && !C.peek("image ")) {
      const StringRef Key = C.word("a key");
      C.expect('=');
      if (!C.hasFailed() && !Take(Key))
        C.fail("expected the value of a known key, not of '" + Key + "'");
      C.expectEndOfWord();
    }
  }

  /// One of \p Names, as its index.
  template <typename T> T oneOf(ArrayRef<StringLiteral> Names) {
    const StringRef Word = C.word("a name");
    for (size_t I = 0; I != Names.size(); ++I)
      if (Names[I] == Word)
        return static_cast<T>(I);
    C.fail("expected " + join(Names.begin(), Names.end(), " or ") +
           " before here");
    return T();
  }

  message::Hello hello() {
    message::Hello M;
    M.Protocol = 0;
    keys([&](StringRef Key) {
      if (Key == "protocol")
        M.Protocol = C.number<uint32_t>();
      else if (Key == "arch")
        M.GuestArch = C.quoted();
      else if (Key == "system")
        M.SystemMode = C.flag();
      else if (Key == "relay")
        M.Relay = C.quoted();
      else if (Key == "qemu-api")
        M.QemuApi = C.number<uint32_t>();
      else if (Key == "binary")
        M.BinaryPath = C.quoted();
      else if (Key == "build-id")
        M.BuildId = C.hexBytes();
      else if (Key == "load-bias")
        M.LoadBias = C.number<uint64_t>();
      else if (Key == "code") {
        M.CodeStart = C.number<uint64_t>();
        C.expect('-');
        M.CodeEnd = C.number<uint64_t>();
      } else if (Key == "entry")
        M.Entry = C.number<uint64_t>();
      else if (Key == "pid")
        M.ProcessId = C.number<uint32_t>();
      else if (Key == "parent-pid")
        M.ParentProcessId = C.number<uint32_t>();
      else if (Key == "scope")
        M.Scope = oneOf<wire::Scope>({"whole-process", "main-code"});
      else if (Key == "option")
        M.Options.push_back(C.quoted());
      else
        return false;
      return true;
    });
    return M;
  }

  message::Images images() {
    message::Images M;
    M.Defined.push_back(image());
    while (C.hasMore()) {
      if (C.word("image") != "image")
        C.fail("expected image before here");
      if (!C.hasMore())
        C.fail("expected the image's addresses");
      M.Defined.push_back(image());
    }
    return M;
  }

  message::Image image() {
    message::Image I;
    I.Start = C.number<uint64_t>();
    C.expect('-');
    I.End = C.number<uint64_t>();
    C.expectEndOfWord();
    keys([&](StringRef Key) {
      if (Key == "offset")
        I.FileOffset = C.number<uint64_t>();
      else if (Key == "load-bias")
        I.LoadBias = C.number<uint64_t>();
      else if (Key == "path")
        I.Path = C.quoted();
      else if (Key == "build-id")
        I.BuildId = C.hexBytes();
      else
        return false;
      return true;
    });
    return I;
  }

  message::Blocks blocks() {
    message::Blocks M;
    M.First = C.number<uint32_t>();
    M.Defined.push_back(block());
    while (C.hasMore()) {
      if (C.word("block") != "block")
        C.fail("expected block before here");
      if (!C.hasMore() ||
          C.number<uint64_t>() != uint64_t(M.First) + M.Defined.size())
        C.fail("expected the number " +
               Twine(uint64_t(M.First) + M.Defined.size()) + " before here");
      M.Defined.push_back(block());
    }
    return M;
  }

  message::Block block() {
    message::Block B;
    B.MainCode = false;
    C.expectEndOfWord();
    keys([&](StringRef Key) {
      if (Key == "address")
        B.Address = C.number<uint64_t>();
      else if (Key == "set")
        B.Set = oneOf<wire::InstructionSet>(
            {"default", "arm", "thumb", "ambiguous"});
      else if (Key == "main")
        B.MainCode = C.flag();
      else if (Key == "sizes")
        do
          B.Sizes.push_back(C.number<uint8_t>());
        while (C.takeIf(','));
      else if (Key == "bytes")
        B.Bytes = C.hexBytes();
      else if (Key == "open-end")
        B.OpenEnd = C.flag();
      else if (Key == "disassembly")
        B.Disassembly = C.quoted();
      else
        return false;
      return true;
    });
    return B;
  }

  message::StreamStart streamStart() {
    message::StreamStart M;
    M.Stream = C.number<uint32_t>();
    C.expectEndOfWord();
    keys([&](StringRef Key) {
      if (Key == "vcpu")
        M.Vcpu = C.number<uint32_t>();
      else if (Key == "accesses")
        M.MemoryAccesses = C.flag();
      else
        return false;
      return true;
    });
    return M;
  }

  message::Executed executed() {
    message::Executed M;
    M.Stream = C.number<uint32_t>();
    C.expect(':');
    SmallVector<uint16_t> Units;
    ExecutionWriter Out(Units);
    while (C.hasMore()) {
      event(Out, Units);
      C.expectEndOfWord();
    }
    M.Units.assign(Units.begin(), Units.end());
    return M;
  }

  void event(ExecutionWriter &Out, SmallVectorImpl<uint16_t> &Units) {
    if (C.peekDigit()) {
      const auto Id = static_cast<BlockId>(C.number<uint32_t>());
      if (index(Id) >= event::MaxBlocks)
        return C.fail("expected a block below " + Twine(event::MaxBlocks) +
                      " before here");
      return Out.block(Id);
    }
    const StringRef Kind = C.word("a block, l, s, wl, ws or raw");
    if (Kind == "raw") {
      C.expect('@');
      Units.push_back(C.number<uint16_t>());
      return;
    }
    const bool IsWide = Kind == "wl" || Kind == "ws";
    MemoryAccess Access;
    Access.IsStore = Kind == "s" || Kind == "ws";
    if (!IsWide && !Access.IsStore && Kind != "l")
      return C.fail("expected a block, l, s, wl, ws or raw before here");
    Access.SizeBytes = C.number<uint8_t>();
    if (!std::has_single_bit(Access.SizeBytes))
      return C.fail("expected a power of two from 1 to 128 before here");
    C.expect('@');
    Access.Address = C.number<uint64_t>();
    C.expect('/');
    Access.Instruction = C.number<uint16_t>();
    if (Access.Instruction > event::InstructionMask)
      return C.fail("expected an instruction below " +
                    Twine(event::MaxInstructions) + " before here");
    const unsigned Half = C.takeIf('/') ? C.number<uint8_t>() : 0;
    if (Half > 1)
      return C.fail("expected 0 or 1 before here");
    if (!IsWide && Out.high()[Half] != Access.Address >> 32)
      return C.fail("expected a wide access (wl, ws) for the address before "
                    "here");
    Out.access(Access, Half, IsWide);
  }

  message::Totals totals() {
    message::Totals M;
    keys([&](StringRef Key) {
      if (Key == "reason")
        M.Reason = oneOf<wire::EndReason>({"exit", "detach", "exec", "signal"});
      else if (Key == "blocks")
        M.BlocksDefined = C.number<uint32_t>();
      else if (Key == "stream") {
        const auto Stream = C.number<uint32_t>();
        C.expect(':');
        const auto Blocks = C.number<uint64_t>();
        C.expect(',');
        const auto Instructions = C.number<uint64_t>();
        C.expect(',');
        const auto Accesses = C.number<uint64_t>();
        M.Streams.push_back({Stream, Blocks, Instructions, Accesses});
      } else
        return false;
      return true;
    });
    return M;
  }

  Frame raw() {
    const std::vector<uint8_t> Bytes = C.hexBytes();
    // The prefix is the recorder's affair; here it only keeps its place.
    Frame Built(FramePrefixBytes + Bytes.size());
    copy(Bytes, Built.begin() + FramePrefixBytes);
    return Built;
  }
};

} // namespace

Error mcad::assembleTrace(StringRef Text, StringRef Name,
                          MessageRecorder &Out) {
  return Assembler(Text, Name, Out).run();
}
