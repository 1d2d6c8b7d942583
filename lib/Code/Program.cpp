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
  return Error::success();
}

Expected<BlockId> Program::define(const BlockBytes &Block) {
  if (Error E = checkRules(Block))
    return E;
  // Indices and offsets have 32 bits: 4 GiB of code.
  constexpr size_t Limit = std::numeric_limits<uint32_t>::max();
  if (Bytes.size() + Block.Bytes.size() > Limit ||
      Instructions.size() + Block.Sizes.size() > Limit)
    return broken(Block, "the trace has more than 4 GiB of code");

  CodeBlock New;
  New.Address = Block.Address;
  New.FirstInstruction = Instructions.size();
  New.NumInstructions = Block.Sizes.size();
  New.Mode = decodeMode(Block);
  New.InMainCode = Block.InMainCode;

  uint32_t Offset = Bytes.size();
  GuestAddr Address = Block.Address;
  Bytes.insert(Bytes.end(), Block.Bytes.begin(), Block.Bytes.end());
  for (uint8_t Size : Block.Sizes) {
    CodeInstruction &I = Instructions.emplace_back();
    I.Address = Address;
    I.BytesOffset = Offset;
    I.SizeBytes = Size;
    Address += Size;
    Offset += Size;
  }
  decode(New, Block.OpenEnd);
  if (T.triple().isX86()) {
    auto isRepeat = [&](const CodeInstruction &I) {
      return isRepeatedString(bytes(I), T.triple().isArch64Bit());
    };
    New.BeginsWithRepeat = isRepeat(instructions(New).front());
    New.EndsWithRepeat = isRepeat(instructions(New).back());
  }
  Blocks.push_back(New);
  return static_cast<BlockId>(Blocks.size() - 1);
}

Expected<BlockId> Program::define(GuestAddr Address, ArrayRef<MCInst> Insts,
                                  ArrayRef<MCInst> InstsBefore) {
  if (Insts.empty())
    return createStringError(
        formatv("block at {0:x}: it has no instruction", Address).str());
  CodeBlock New;
  New.Address = Address;
  New.FirstInstruction = Instructions.size();
  New.NumInstructions = Insts.size();
  New.FirstBefore = Before.size();
  New.NumBefore = InstsBefore.size();
  append_range(Before, InstsBefore);
  for (const MCInst &Inst : Insts) {
    CodeInstruction &I = Instructions.emplace_back();
    I.Inst = Inst;
    I.Address = Address;
    I.Decoded = true;
  }
  Blocks.push_back(New);
  return static_cast<BlockId>(Blocks.size() - 1);
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
  ThumbTextVerdict Verdict = decideByText(
      T, *Printer, Block.Address, Block.Bytes.take_front(Block.Sizes.front()),
      Block.Disassembly);
  if (Verdict.Decided)
    ++DecidedByText;
  else
    ++GuessedModes;
  return Verdict.Mode;
}

void Program::decode(CodeBlock &Block, bool OpenEnd) {
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
  const uint32_t End = Block.FirstInstruction + Block.NumInstructions;
  for (uint32_t Index = Block.FirstInstruction; Index != End; ++Index) {
    CodeInstruction &I = Instructions[Index];
    uint64_t Size = 0;
    if (!decodeInstruction(T, *Disassembler, I.Inst, Size, bytes(I),
                           I.Address)) {
      I.Inst.clear();
      continue;
    }
    if (OpenEnd && Index + 1 == End && Size < I.SizeBytes)
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
