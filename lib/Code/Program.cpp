//===- Code/Program.cpp - the guest's code: blocks and instructions ------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Code/Program.h"
#include "Code/Decode.h"
#include "Code/RepeatedString.h"
#include "Code/ThumbText.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include <limits>
#include <numeric>

using namespace llvm;

namespace mcad {

Program::Program(const Target &T) : T(T), Printer(T.createPrinter(0)) {}

static Error broken(const BlockBytes &Block, const Twine &Rule) {
  return createStringError(formatv("block at {0:x}: ", Block.Address).str() +
                           Rule);
}

static Error checkRules(const BlockBytes &Block) {
  if (Block.Sizes.empty())
    return broken(Block, "it has no instruction");
  if (Block.Sizes.size() > event::MaxInstructions)
    return broken(Block, "it has more than " + Twine(event::MaxInstructions) +
                             " instructions");
  if (is_contained(Block.Sizes, 0))
    return broken(Block, "an instruction has no bytes");
  const size_t Sum =
      std::accumulate(Block.Sizes.begin(), Block.Sizes.end(), size_t(0));
  if (Sum != Block.Bytes.size())
    return broken(Block, "its instructions' sizes add up to " + Twine(Sum) +
                             " bytes, but it has " + Twine(Block.Bytes.size()));
  // No architecture has code there; and who counts on from its end is right.
  constexpr GuestAddr LastByte = std::numeric_limits<GuestAddr>::max();
  if (Block.Address > LastByte - event::MaxInstructions - Sum)
    return broken(Block, "it lies at the end of the address space");
  return Error::success();
}

MutableArrayRef<CodeInstruction> Program::allocate(CodeBlock &Block,
                                                   size_t Count) {
  Block.FirstInstruction = numInstructions();
  Block.NumInstructions = Count;
  Block.Instructions =
      Instructions.emplace_back(std::make_unique<CodeInstruction[]>(Count))
          .get();
  return {Instructions.back().get(), Count};
}

BlockId Program::publish(const CodeBlock &Block) {
  Blocks.push_back(Block);
  NumInstructions.store(Block.FirstInstruction + Block.NumInstructions,
                        std::memory_order_release);
  return static_cast<BlockId>(Blocks.size() - 1);
}

Expected<BlockId> Program::define(const BlockBytes &Block) {
  if (Error E = checkRules(Block))
    return E;
  // Indices have 32 bits.
  constexpr size_t Limit = std::numeric_limits<uint32_t>::max();
  if (numInstructions() + Block.Sizes.size() > Limit)
    return broken(Block, "the trace has more than 2^32 instructions of code");

  CodeBlock New;
  New.Address = Block.Address;
  New.NumImages = Images.size();
  New.Mode = decodeMode(Block);
  New.InMainCode = Block.InMainCode;

  const MutableArrayRef<CodeInstruction> Code =
      allocate(New, Block.Sizes.size());
  const uint8_t *Next = ArrayRef(Block.Bytes).copy(Bytes).data();
  GuestAddr Address = Block.Address;
  for (auto [I, Size] : zip_equal(Code, Block.Sizes)) {
    I.Address = Address;
    I.Bytes = Next;
    I.SizeBytes = Size;
    Address += Size;
    Next += Size;
  }
  decode(New, Code, Block.OpenEnd);
  noteRepeats(New);
  return publish(New);
}

void Program::noteRepeats(CodeBlock &Block) const {
  if (!T.triple().isX86())
    return;
  auto isRepeat = [&](const CodeInstruction &I) {
    return isRepeatedString(bytes(I), T.triple().isArch64Bit());
  };
  Block.BeginsWithRepeat = isRepeat(instructions(Block).front());
  Block.EndsWithRepeat = isRepeat(instructions(Block).back());
}

BlockId Program::defineCut(const Program &From, const CodeBlock &Of,
                           uint32_t First, uint32_t Last) {
  const ArrayRef<CodeInstruction> Cut =
      From.instructions(Of).slice(First, Last - First);
  CodeBlock New;
  New.Address = Cut.front().Address;
  New.NumImages = Of.NumImages;
  New.Mode = Of.Mode;
  New.InMainCode = Of.InMainCode;
  for (auto [To, I] : zip_equal(allocate(New, Cut.size()), Cut)) {
    To = I;
    To.Bytes = From.bytes(I).copy(Bytes).data();
  }
  noteRepeats(New);
  return publish(New);
}

Expected<BlockId> Program::define(GuestAddr Address, ArrayRef<MCInst> Insts,
                                  ArrayRef<MCInst> InstsBefore) {
  if (Insts.empty())
    return createStringError(
        formatv("block at {0:x}: it has no instruction", Address).str());
  CodeBlock New;
  New.Address = Address;
  if (!InstsBefore.empty()) {
    Before.push_back(std::make_unique<MCInst[]>(InstsBefore.size()));
    copy(InstsBefore, Before.back().get());
    New.Before = Before.back().get();
    New.NumBefore = InstsBefore.size();
  }
  for (auto [I, Inst] : zip_equal(allocate(New, Insts.size()), Insts)) {
    I.Inst = Inst;
    I.Address = Address;
    I.Decoded = true;
  }
  return publish(New);
}

const CodeInstruction &Program::instruction(InstructionId Id) const {
  const uint32_t Index = mcad::index(Id);
  assert(Index < numInstructions());
  // The last block that does not begin behind it.
  uint32_t Found = 0, End = numBlocks();
  while (End - Found > 1) {
    const uint32_t Middle = Found + (End - Found) / 2;
    (Blocks[Middle].FirstInstruction <= Index ? Found : End) = Middle;
  }
  const CodeBlock &Block = Blocks[Found];
  return Block.Instructions[Index - Block.FirstInstruction];
}

DecodeMode Program::decodeMode(const BlockBytes &Block) {
  switch (Block.Set) {
  case InstructionSet::Default:
    return DecodeMode::Default;
  case InstructionSet::Arm:
    return DecodeMode::Arm;
  case InstructionSet::Thumb:
    return DecodeMode::Thumb;
  case InstructionSet::Ambiguous:
    break;
  }
  // A microcontroller (Cortex-M) has no ARM state.
  if ((T.triple().isARM() || T.triple().isThumb()) &&
      T.sti().checkFeatures("+noarm"))
    return DecodeMode::Thumb;
  ThumbTextVerdict Verdict = decideByText(
      T, *Printer, Block.Address, Block.Bytes.take_front(Block.Sizes.front()),
      Block.Disassembly);
  if (Verdict.Decided)
    ++DecidedByText;
  else
    ++GuessedModes;
  return Verdict.Mode;
}

void Program::decode(const CodeBlock &Block,
                     MutableArrayRef<CodeInstruction> Code, bool OpenEnd) {
  // The ARM disassembler remembers a Thumb IT block from call to call: a block
  // that ends inside one must not change how the next one decodes.
  std::unique_ptr<MCDisassembler> &Disassembler =
      Disassemblers[static_cast<size_t>(Block.Mode)];
  if (!Disassembler || T.triple().isARM() || T.triple().isThumb())
    Disassembler = T.createDisassembler(Block.Mode);
  if (!Disassembler)
    return;

  const bool IsThumb = Block.Mode == DecodeMode::Thumb;
  if (IsThumb)
    resumeItBlock(*Disassembler, Block);
  for (CodeInstruction &I : Code) {
    uint64_t Size = 0;
    if (!decodeInstruction(T, *Disassembler, I.Inst, Size, bytes(I),
                           I.Address)) {
      I.Inst.clear();
      continue;
    }
    if (OpenEnd && &I == &Code.back() && Size < I.SizeBytes)
      I.SizeBytes = Size;
    // A decoder that takes fewer bytes than QEMU did decoded something else.
    I.Decoded = Size == I.SizeBytes;
  }
  if (IsThumb)
    noteItBlock(Block);
}

// An IT instruction (0xbf00 + ITSTATE) makes the next one to four instructions
// conditional; each that executes shifts the low five bits of ITSTATE left, and
// when the low three are zero the IT block is over (Arm ARM, ITSTATE). What is
// left of one reads as an IT instruction again.
void Program::resumeItBlock(MCDisassembler &Disassembler,
                            const CodeBlock &Block) {
  auto Open = OpenItBlocks.find(Block.Address);
  if (Open == OpenItBlocks.end())
    return;
  const uint8_t It[] = {Open->second, 0xbf};
  MCInst Ignored;
  uint64_t Size;
  Disassembler.getInstruction(Ignored, Size, It, Block.Address, nulls());
}

void Program::noteItBlock(const CodeBlock &Block) {
  auto Open = OpenItBlocks.find(Block.Address);
  uint8_t State = Open == OpenItBlocks.end() ? 0 : Open->second;
  for (const CodeInstruction &I : instructions(Block)) {
    ArrayRef<uint8_t> Code = bytes(I);
    if (Code.size() == 2 && Code[1] == 0xbf && (Code[0] & 0xf))
      State = Code[0];
    else if (State & 7)
      State = (State & 0xe0) | (State << 1 & 0x1f);
    else
      State = 0;
  }
  const CodeInstruction &Last = instructions(Block).back();
  if (State)
    OpenItBlocks[Last.Address + Last.SizeBytes] = State;
}

} // namespace mcad
