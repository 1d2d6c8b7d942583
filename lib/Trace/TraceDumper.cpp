//===- TraceDumper.cpp - messages to text ---------------------------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Trace/TraceText.h"
#include "Trace/Wire.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"

using namespace llvm;
using namespace mcad;

namespace {

/// Elements of a vector on one line; diffs stay readable.
constexpr size_t EventsPerLine = 8;

void quote(raw_ostream &OS, StringRef Text) {
  OS << '"';
  for (const char C : Text) {
    if (C == '"' || C == '\\')
      OS << '\\' << C;
    else if (isPrint(C))
      OS << C;
    else
      OS << "\\x" << format_hex_no_prefix(static_cast<uint8_t>(C), 2);
  }
  OS << '"';
}

void hexBytes(raw_ostream &OS, const uint8_t *Bytes, size_t Count) {
  for (size_t I = 0; I != Count; ++I)
    OS << format_hex_no_prefix(Bytes[I], 2);
}

/// Writes ` key=value` for each value that is not the default.
class Fields {
  raw_ostream &OS;

public:
  explicit Fields(raw_ostream &OS) : OS(OS) {}

  void text(StringRef Key, const flatbuffers::String *Text) {
    if (!Text || Text->size() == 0)
      return;
    OS << ' ' << Key << '=';
    quote(OS, StringRef(Text->c_str(), Text->size()));
  }
  void bytes(StringRef Key, const flatbuffers::Vector<uint8_t> *Bytes) {
    if (!Bytes || Bytes->size() == 0)
      return;
    OS << ' ' << Key << '=';
    hexBytes(OS, Bytes->data(), Bytes->size());
  }
  void address(StringRef Key, uint64_t Address) {
    if (Address)
      OS << ' ' << Key << "=0x" << utohexstr(Address, true);
  }
  void number(StringRef Key, uint64_t Number) {
    if (Number)
      OS << ' ' << Key << '=' << Number;
  }
  void flag(StringRef Key, bool Flag) {
    if (Flag)
      OS << ' ' << Key << "=true";
  }
};

void dump(raw_ostream &OS, const wire::Hello &M) {
  OS << "hello protocol=" << M.protocol();
  Fields F(OS);
  F.text("arch", M.guest_arch());
  F.flag("system", M.system_mode());
  F.text("relay", M.relay());
  F.number("qemu-api", M.qemu_api());
  F.text("binary", M.binary_path());
  F.bytes("build-id", M.build_id());
  F.address("load-bias", M.load_bias());
  if (M.code_start() || M.code_end())
    OS << " code=0x" << utohexstr(M.code_start(), true) << "-0x"
       << utohexstr(M.code_end(), true);
  F.address("entry", M.entry());
  F.number("pid", M.process_id());
  F.number("parent-pid", M.parent_process_id());
  if (M.scope() == wire::Scope::MainCode)
    OS << " scope=main-code";
  if (M.options())
    for (const flatbuffers::String *Option : *M.options()) {
      // An empty option is still an option.
      OS << " option=";
      quote(OS, StringRef(Option->c_str(), Option->size()));
    }
  OS << '\n';
}

void dump(raw_ostream &OS, const wire::Blocks &M) {
  static constexpr StringLiteral SetNames[] = {"", "arm", "thumb", "ambiguous"};
  uint64_t Id = M.first();
  for (const wire::Block *B : *M.blocks()) {
    OS << (Id == M.first() ? "" : "  ") << "block " << Id
       << " address=0x" + utohexstr(B->address(), true);
    ++Id;
    if (B->instruction_set() != wire::InstructionSet::Default)
      OS << " set=" << SetNames[static_cast<size_t>(B->instruction_set())];
    Fields F(OS);
    F.flag("main", B->main_code());
    if (B->sizes() && B->sizes()->size() != 0) {
      OS << " sizes=";
      ListSeparator Comma(",");
      for (const uint8_t Size : *B->sizes())
        OS << Comma << unsigned(Size);
    }
    F.bytes("bytes", B->bytes());
    F.flag("open-end", B->open_end());
    F.text("disassembly", B->disassembly());
    OS << '\n';
  }
}

void dump(raw_ostream &OS, const wire::Images &M) {
  bool IsFirst = true;
  for (const wire::Image *I : *M.images()) {
    OS << (std::exchange(IsFirst, false) ? "" : "  ") << "image 0x"
       << utohexstr(I->start(), true) << "-0x" << utohexstr(I->end(), true);
    Fields F(OS);
    F.address("offset", I->file_offset());
    F.address("load-bias", I->load_bias());
    F.text("path", I->path());
    F.bytes("build-id", I->build_id());
    OS << '\n';
  }
}

void dump(raw_ostream &OS, const wire::Executed &M) {
  OS << "run " << M.stream() << ':';
  const uint16_t *Unit = M.units()->data();
  const uint16_t *End = Unit + M.units()->size();
  event::HighHalves High = {};
  for (size_t Position = 0; Unit != End; ++Position) {
    OS << (Position % EventsPerLine || Position == 0 ? " " : "\n  ");
    const unsigned Length = event::length(*Unit);
    // What no writer writes has a word of its own, unit by unit.
    if (End - Unit < Length ||
        (Length == 2 && event::isShort(event::blockId(Unit)))) {
      OS << "raw@0x" << utohexstr(*Unit++, true);
      continue;
    }
    if (!event::isAccess(*Unit)) {
      OS << index(event::blockId(Unit));
      Unit += Length;
      continue;
    }
    const bool IsWide = event::isWide(*Unit);
    Execution E{{}, ArrayRef(Unit, Length), High};
    MemoryAccess Access;
    if (!AccessCursor(E).next(Access))
      llvm_unreachable("a whole access is an access");
    event::takeHigh(Unit, High);
    OS << (IsWide ? "w" : "") << (Access.IsStore ? 's' : 'l')
       << Access.SizeBytes << "@0x" << utohexstr(Access.Address, true) << '/'
       << Access.Instruction << (event::half(*Unit) ? "/1" : "");
    Unit += Length;
  }
  OS << '\n';
}

void dump(raw_ostream &OS, const wire::Totals &M) {
  OS << "totals reason="
     << StringRef(wire::EnumNameEndReason(M.reason())).lower()
     << " blocks=" << M.blocks_defined();
  if (M.streams())
    for (const wire::StreamTotals *S : *M.streams())
      OS << "\n  stream=" << S->stream() << ':' << S->blocks() << ','
         << S->instructions() << ',' << S->accesses();
  OS << '\n';
}

/// Whether the text has words for all of a message.
bool hasWords(const wire::Message &M) {
  if (const auto *Hello = M.body_as_Hello())
    return Hello->scope() <= wire::Scope::MAX;
  if (const auto *Totals = M.body_as_Totals())
    return Totals->reason() <= wire::EndReason::MAX;
  if (const auto *Executed = M.body_as_Executed())
    return Executed->units() != nullptr;
  if (const auto *Images = M.body_as_Images())
    return Images->images() && Images->images()->size() != 0;
  if (const auto *Blocks = M.body_as_Blocks()) {
    if (!Blocks->blocks() || Blocks->blocks()->size() == 0 ||
        Blocks->blocks()->size() > uint64_t(UINT32_MAX) - Blocks->first())
      return false;
    for (const wire::Block *B : *Blocks->blocks())
      if (B->instruction_set() > wire::InstructionSet::MAX)
        return false;
    return true;
  }
  return !M.body_as_Reply() && !M.body_as_Token();
}

void dump(raw_ostream &OS, const wire::Message &M) {
  if (const auto *Hello = M.body_as_Hello())
    return dump(OS, *Hello);
  if (const auto *Blocks = M.body_as_Blocks())
    return dump(OS, *Blocks);
  if (const auto *Images = M.body_as_Images())
    return dump(OS, *Images);
  if (const auto *Start = M.body_as_StreamStart()) {
    OS << "stream " << Start->stream() << " vcpu=" << Start->vcpu();
    Fields(OS).flag("accesses", Start->memory_accesses());
    OS << '\n';
    return;
  }
  if (const auto *Executed = M.body_as_Executed())
    return dump(OS, *Executed);
  if (const auto *End = M.body_as_StreamEnd()) {
    OS << "end " << End->stream() << '\n';
    return;
  }
  dump(OS, *M.body_as_Totals());
}

} // namespace

Error mcad::dumpTrace(MessageReader &Messages, raw_ostream &OS) {
  while (true) {
    Expected<std::optional<ArrayRef<uint8_t>>> Bytes = Messages.next();
    if (!Bytes)
      return Bytes.takeError();
    if (!*Bytes)
      return Error::success();
    Expected<const wire::Message *> Message = verifyFrame(**Bytes);
    if (Message && hasWords(**Message)) {
      dump(OS, **Message);
      continue;
    }
    if (!Message)
      consumeError(Message.takeError());
    const ArrayRef<uint8_t> Raw = (*Bytes)->drop_front(FramePrefixBytes);
    OS << "raw ";
    hexBytes(OS, Raw.data(), Raw.size());
    OS << '\n';
  }
}
