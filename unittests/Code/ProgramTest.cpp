//===- ProgramTest.cpp - blocks, once, decoded in the right state ---------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Code/Program.h"
#include "../Target/MakeTarget.h"
#include "llvm/Support/raw_ostream.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace mcad::test;

namespace mcad {
namespace {

using Bytes = std::vector<uint8_t>;

constexpr InstructionSet Default = InstructionSet::Default;

const Target &x86() { return target("x86_64-linux-gnu", "skylake"); }
const Target &arm() { return target("armv7-linux-gnueabihf", "cortex-a57"); }
const Target &arm64() { return target("aarch64-linux-gnu", "cortex-a57"); }
const Target &riscv() { return target("riscv64-linux-gnu", "sifive-u74"); }

/// A block whose instructions are the elements of Insts.
struct Code {
  Bytes Sizes, AllBytes;
  BlockBytes Block;

  Code(InstructionSet Set, const std::vector<Bytes> &Insts) {
    for (const Bytes &Inst : Insts) {
      Sizes.push_back(Inst.size());
      AllBytes.insert(AllBytes.end(), Inst.begin(), Inst.end());
    }
    Block.Address = 0x1000;
    Block.Set = Set;
    Block.Sizes = Sizes;
    Block.Bytes = AllBytes;
  }
  Code(const Code &) = delete;
};

/// What each instruction of the block \p Id is; "?" for one that is none.
std::vector<std::string> texts(const Program &P, BlockId Id) {
  std::vector<std::string> Result;
  const CodeBlock &Block = P.block(Id);
  std::unique_ptr<MCInstPrinter> Printer = P.target().createPrinter(0);
  for (const CodeInstruction &I : P.instructions(Block)) {
    if (!I.Decoded) {
      Result.push_back("?");
      continue;
    }
    std::string Text;
    raw_string_ostream OS(Text);
    Printer->printInst(&I.Inst, I.Address, "", P.target().decodeSti(Block.Mode),
                       OS);
    std::replace(Text.begin(), Text.end(), '\t', ' ');
    Result.push_back(StringRef(Text).ltrim().str());
  }
  return Result;
}

/// The same for a program of one block.
std::vector<std::string> decoded(const Target &T,
                                 const std::vector<Bytes> &Insts,
                                 InstructionSet Set = Default) {
  Program P(T);
  return texts(P, cantFail(P.define(Code(Set, Insts).Block)));
}

using Texts = std::vector<std::string>;

//===--- the rules of BlockBytes ------------------------------------------===//

TEST(ProgramTest, RefusesABlockWithoutInstructions) {
  Program P(x86());
  EXPECT_EQ(refusal(P.define(Code(Default, {}).Block)),
            "block at 0x1000: it has no instruction");
  EXPECT_EQ(refusal(P.define(0x1000, {}, {})),
            "block at 0x1000: it has no instruction");
}

TEST(ProgramTest, RefusesAnInstructionWithoutBytes) {
  Program P(x86());
  EXPECT_EQ(refusal(P.define(Code(Default, {{0x90}, {}, {0x90}}).Block)),
            "block at 0x1000: an instruction has no bytes");
}

TEST(ProgramTest, RefusesSizesThatAreNotThoseOfTheBytes) {
  Program P(x86());
  Code C(Default, {{0x90}, {0x90}});
  C.Block.Bytes = ArrayRef(C.AllBytes).drop_back();
  EXPECT_EQ(refusal(P.define(C.Block)),
            "block at 0x1000: its instructions' sizes add up to 2 bytes, but "
            "it has 1");
  C.Block.Bytes = C.AllBytes;
  C.Block.Sizes = ArrayRef(C.Sizes).drop_back();
  EXPECT_EQ(refusal(P.define(C.Block)),
            "block at 0x1000: its instructions' sizes add up to 1 bytes, but "
            "it has 2");
}

TEST(ProgramTest, RefusesABlockAtTheEndOfTheAddressSpace) {
  Program P(x86());
  Code C(Default, {{0x90}});
  C.Block.Address = ~GuestAddr(0);
  EXPECT_EQ(refusal(P.define(C.Block)),
            "block at 0xffffffffffffffff: it lies at the end of the address "
            "space");
  C.Block.Address = ~GuestAddr(0) - 1000;
  EXPECT_TRUE(bool(P.define(C.Block)));
}

TEST(ProgramTest, Takes512InstructionsAndRefusesMore) {
  Program P(x86());
  std::vector<Bytes> Nops(event::MaxInstructions, Bytes{0x90});
  const BlockId Id = cantFail(P.define(Code(Default, Nops).Block));
  EXPECT_EQ(P.block(Id).NumInstructions, 512u);
  Nops.push_back({0x90});
  EXPECT_EQ(refusal(P.define(Code(Default, Nops).Block)),
            "block at 0x1000: it has more than 512 instructions");
}

TEST(ProgramTest, IsUnchangedByARefusedBlock) {
  Program P(x86());
  EXPECT_EQ(index(cantFail(P.define(Code(Default, {{0x90}, {0xc3}}).Block))),
            0u);
  EXPECT_NE(refusal(P.define(Code(Default, {{0x90}, {}}).Block)), "");
  EXPECT_EQ(index(cantFail(P.define(Code(Default, {{0xc3}}).Block))), 1u);
  EXPECT_EQ(P.numBlocks(), 2u);
  EXPECT_EQ(P.numInstructions(), 3u);
  EXPECT_EQ(texts(P, BlockId(1)), Texts{"retq"});
}

//===--- what a block keeps -----------------------------------------------===//

TEST(ProgramTest, NumbersBlocksAndInstructionsInOrderOfDefinition) {
  Program P(x86());
  Code First(Default, {{0x90}, {0x48, 0x01, 0xd8}});
  Code Second(Default, {{0xc3}});
  Second.Block.Address = 0x2000;
  Second.Block.InMainCode = false;
  EXPECT_EQ(index(cantFail(P.define(First.Block))), 0u);
  EXPECT_EQ(index(cantFail(P.define(Second.Block))), 1u);
  EXPECT_EQ(P.block(BlockId(0)).FirstInstruction, 0u);
  EXPECT_EQ(P.block(BlockId(0)).NumInstructions, 2u);
  EXPECT_TRUE(P.block(BlockId(0)).InMainCode);
  EXPECT_EQ(P.block(BlockId(1)).FirstInstruction, 2u);
  EXPECT_EQ(P.block(BlockId(1)).NumInstructions, 1u);
  EXPECT_FALSE(P.block(BlockId(1)).InMainCode);
  EXPECT_EQ(P.instruction(InstructionId(0)).Address, 0x1000u);
  EXPECT_EQ(P.instruction(InstructionId(1)).Address, 0x1001u);
  EXPECT_EQ(P.instruction(InstructionId(2)).Address, 0x2000u);
  EXPECT_EQ(P.bytes(P.instruction(InstructionId(1))),
            ArrayRef<uint8_t>({0x48, 0x01, 0xd8}));
}

TEST(ProgramTest, KeepsBytesThatDoNotDecode) {
  Program P(x86());
  // 06 (push es) does not exist in 64-bit mode.
  const BlockId Id =
      cantFail(P.define(Code(Default, {{0x90}, {0x06}, {0xc3}}).Block));
  EXPECT_EQ(texts(P, Id), (Texts{"nop", "?", "retq"}));
  const CodeInstruction &Bad = P.instructions(P.block(Id))[1];
  EXPECT_EQ(P.bytes(Bad), ArrayRef<uint8_t>({0x06}));
  EXPECT_EQ(Bad.SizeBytes, 1u);
  EXPECT_EQ(Bad.Address, 0x1001u);
}

TEST(ProgramTest, DoesNotTakeAShorterInstructionForALongerOne) {
  // A nop of one byte where the sender executed two.
  EXPECT_EQ(decoded(x86(), {{0x90, 0x90}}), Texts{"?"});
}

TEST(ProgramTest, ShortensTheLastInstructionOfAnOpenEnd) {
  Program P(x86());
  Code C(Default, {{0x90}, {0x48, 0x01, 0xd8, 0xcc, 0xcc}});
  C.Block.OpenEnd = true;
  const BlockId Id = cantFail(P.define(C.Block));
  EXPECT_EQ(texts(P, Id), (Texts{"nop", "addq %rbx, %rax"}));
  const CodeInstruction &Last = P.instructions(P.block(Id)).back();
  EXPECT_EQ(Last.SizeBytes, 3u);
  EXPECT_EQ(P.bytes(Last), ArrayRef<uint8_t>({0x48, 0x01, 0xd8}));
}

TEST(ProgramTest, ShortensOnlyTheLastInstructionOfAnOpenEnd) {
  Program P(x86());
  Code C(Default, {{0x90, 0xcc}, {0xc3}});
  C.Block.OpenEnd = true;
  EXPECT_EQ(texts(P, cantFail(P.define(C.Block))), (Texts{"?", "retq"}));
}

TEST(ProgramTest, TakesInstructionsThatWereParsedElsewhere) {
  Program P(x86());
  const BlockId Decoded = cantFail(P.define(Code(Default, {{0x90}}).Block));
  const MCInst Nop = P.instructions(P.block(Decoded)).front().Inst;
  const BlockId Id = cantFail(P.define(0, {Nop, Nop}, {Nop}));
  EXPECT_EQ(texts(P, Id), (Texts{"nop", "nop"}));
  EXPECT_EQ(P.instructions(P.block(Id)).front().SizeBytes, 0u);
  EXPECT_TRUE(P.bytes(P.instructions(P.block(Id)).front()).empty());
  EXPECT_EQ(P.before(P.block(Id)).size(), 1u);
  EXPECT_TRUE(P.before(P.block(Decoded)).empty());
}

//===--- x86: prefixes ----------------------------------------------------===//

/// LLVM's own decoding of \p Inst, which must be one instruction.
MCInst byLLVM(const Target &T, ArrayRef<uint8_t> Inst) {
  MCInst Result;
  uint64_t Size = 0;
  EXPECT_EQ(T.createDisassembler(DecodeMode::Default)
                ->getInstruction(Result, Size, Inst, 0x1000, nulls()),
            MCDisassembler::Success);
  EXPECT_EQ(Size, Inst.size());
  return Result;
}

MCInst byProgram(const Target &T, const Bytes &Inst) {
  Program P(T);
  cantFail(P.define(Code(Default, {Inst}).Block));
  EXPECT_TRUE(P.instruction(InstructionId(0)).Decoded);
  return P.instruction(InstructionId(0)).Inst;
}

TEST(ProgramTest, GivesAnX86PrefixThatComesFirstTheFlagThatLLVMGivesItLater) {
  // LLVM decodes a lock as part of the instruction only behind other prefixes:
  // here 65, gs.
  const MCInst Whole = byLLVM(x86(), {0x65, 0xf0, 0x0f, 0xb1, 0x0b});
  const MCInst Ours = byProgram(x86(), {0xf0, 0x65, 0x0f, 0xb1, 0x0b});
  EXPECT_NE(Whole.getFlags(), 0u);
  EXPECT_EQ(Ours.getFlags(), Whole.getFlags());
  EXPECT_EQ(Ours.getOpcode(), Whole.getOpcode());
  EXPECT_EQ(Ours.getNumOperands(), Whole.getNumOperands());
  // 66, the operand's size, has a flag of its own.
  const MCInst Word = byLLVM(x86(), {0x66, 0xf0, 0x0f, 0xb1, 0x0b});
  EXPECT_EQ(Word.getFlags() & Whole.getFlags(), Whole.getFlags());
}

TEST(ProgramTest, GivesRepeatedX86InstructionsTheFlagsThatLLVMGivesThem) {
  const unsigned Rep = byLLVM(x86(), {0xf3, 0xa4}).getFlags();
  const unsigned Repne = byLLVM(x86(), {0xf2, 0xae}).getFlags();
  const unsigned Lock =
      byLLVM(x86(), {0x65, 0xf0, 0x0f, 0xb1, 0x0b}).getFlags();
  EXPECT_NE(Rep, 0u);
  EXPECT_NE(Repne, 0u);
  EXPECT_NE(Rep, Repne);
  EXPECT_EQ(byProgram(x86(), {0xf3, 0xa4}).getFlags(), Rep);
  EXPECT_EQ(byProgram(x86(), {0xf2, 0xae}).getFlags(), Repne);
  EXPECT_EQ(byProgram(x86(), {0xf3, 0x48, 0xab}).getFlags(), Rep);
  // xacquire and xrelease: a repeat prefix in front of a lock.
  EXPECT_EQ(byProgram(x86(), {0xf2, 0xf0, 0x0f, 0xb1, 0x0b}).getFlags(),
            Repne | Lock);
  EXPECT_EQ(byProgram(x86(), {0xf3, 0xf0, 0x0f, 0xb1, 0x0b}).getFlags(),
            Rep | Lock);
}

TEST(ProgramTest, DecodesLockedAndRepeatedX86InstructionsWhole) {
  EXPECT_EQ(
      decoded(x86(), {{0xf0, 0x83, 0x00, 0x01},
                      {0xf0, 0x66, 0x0f, 0xb1, 0x0b},
                      {0xf0, 0x48, 0x0f, 0xc1, 0x03},
                      {0xf3, 0xa4},
                      {0xf2, 0xae},
                      {0xf3, 0x48, 0xab},
                      {0xf3, 0xc3},
                      {0xf3, 0x90},
                      {0xf3, 0x0f, 0x1e, 0xfa}}),
      (Texts{"lock  addl $1, (%rax)", "lock  cmpxchgw %cx, (%rbx)",
             "lock  xaddq %rax, (%rbx)", "rep  movsb (%rsi), %es:(%rdi)",
             "repne  scasb %es:(%rdi), %al", "rep  stosq %rax, %es:(%rdi)",
             "rep  retq", "pause", "endbr64"}));
}

TEST(ProgramTest, DecodesX86PrefixesByThemselvesOnlyWhereNothingFollows) {
  EXPECT_EQ(decoded(x86(), {{0xf0}, {0xf0, 0x06}}), (Texts{"lock", "?"}));
}

TEST(ProgramTest, KnowsBlocksThatBeginOrEndWithARepeatedString) {
  const Bytes Nop{0x90}, Rep{0xf3, 0xa4};
  Program P(x86());
  auto define = [&](const std::vector<Bytes> &Insts) -> const CodeBlock & {
    return P.block(cantFail(P.define(Code(Default, Insts).Block)));
  };
  const CodeBlock Only = define({Rep});
  EXPECT_TRUE(Only.BeginsWithRepeat && Only.EndsWithRepeat);
  const CodeBlock Last = define({Nop, Rep});
  EXPECT_TRUE(!Last.BeginsWithRepeat && Last.EndsWithRepeat);
  const CodeBlock First = define({Rep, Nop});
  EXPECT_TRUE(First.BeginsWithRepeat && !First.EndsWithRepeat);
  const CodeBlock None = define({Nop, Rep, Nop});
  EXPECT_TRUE(!None.BeginsWithRepeat && !None.EndsWithRepeat);
}

TEST(ProgramTest, KnowsRepeatedStringsOnX86Only) {
  Program P(riscv());
  const BlockId Id = cantFail(P.define(Code(Default, {{0xf3, 0xa4}}).Block));
  EXPECT_FALSE(P.block(Id).BeginsWithRepeat);
}

//===--- ARM and Thumb ----------------------------------------------------===//

TEST(ProgramTest, DecodesArmAndThumbSideBySide) {
  Program P(arm());
  const Code Arm(InstructionSet::Arm,
                 {{0x02, 0x00, 0x81, 0xe0}, {0x1e, 0xff, 0x2f, 0xe1}});
  const Code Thumb(InstructionSet::Thumb,
                   {{0x40, 0x1c}, {0x01, 0xeb, 0x02, 0x00}, {0x70, 0x47}});
  const Texts ArmTexts{"add r0, r1, r2", "bx lr"};
  const Texts ThumbTexts{"adds r0, r0, #1", "add.w r0, r1, r2", "bx lr"};
  EXPECT_EQ(texts(P, cantFail(P.define(Arm.Block))), ArmTexts);
  EXPECT_EQ(texts(P, cantFail(P.define(Thumb.Block))), ThumbTexts);
  EXPECT_EQ(texts(P, cantFail(P.define(Arm.Block))), ArmTexts);
  EXPECT_EQ(P.numDecidedByText(), 0u);
  EXPECT_EQ(P.numGuessedModes(), 0u);
}

TEST(ProgramTest, PredicatesInsideAThumbItBlock) {
  EXPECT_EQ(decoded(arm(), {{0x08, 0xbf}, {0x40, 0x1c}, {0x40, 0x1c}},
                    InstructionSet::Thumb),
            (Texts{"it eq", "addeq r0, r0, #1", "adds r0, r0, #1"}));
}

TEST(ProgramTest, DoesNotCarryAThumbItBlockIntoTheNextBlock) {
  Program P(arm());
  const Code It(InstructionSet::Thumb, {{0x08, 0xbf}});
  const Code Add(InstructionSet::Thumb, {{0x40, 0x1c}});
  EXPECT_EQ(texts(P, cantFail(P.define(It.Block))), Texts{"it eq"});
  EXPECT_EQ(texts(P, cantFail(P.define(Add.Block))), Texts{"adds r0, r0, #1"});
}

TEST(ProgramTest, CountsBlocksWhoseStateTheTextDecided) {
  Program P(arm());
  Code C(InstructionSet::Ambiguous, {{0x02, 0x00, 0x81, 0xe0}});
  C.Block.Disassembly = "add r0, r1, r2";
  const BlockId Id = cantFail(P.define(C.Block));
  EXPECT_EQ(P.block(Id).Mode, DecodeMode::Arm);
  EXPECT_EQ(texts(P, Id), Texts{"add r0, r1, r2"});
  EXPECT_EQ(P.numDecidedByText(), 1u);
  EXPECT_EQ(P.numGuessedModes(), 0u);
}

TEST(ProgramTest, CountsBlocksWhoseStateIsAGuess) {
  Program P(arm());
  // add.w r0, r1, r2 or andeq lr, r2, r1, lsl #22: nobody says which.
  Code C(InstructionSet::Ambiguous, {{0x01, 0xeb, 0x02, 0x00}});
  const BlockId Id = cantFail(P.define(C.Block));
  EXPECT_EQ(P.block(Id).Mode, DecodeMode::Thumb);
  EXPECT_EQ(P.numDecidedByText(), 0u);
  EXPECT_EQ(P.numGuessedModes(), 1u);
}

TEST(ProgramTest, TakesWhatIsAmbiguousForThumbWhereThereIsNothingElse) {
  Program P(target("thumbv7em-none-eabi", "cortex-m4"));
  Code C(InstructionSet::Ambiguous, {{0x01, 0xeb, 0x02, 0x00}});
  const BlockId Id = cantFail(P.define(C.Block));
  EXPECT_EQ(texts(P, Id), Texts{"add.w r0, r1, r2"});
  EXPECT_EQ(P.numDecidedByText(), 0u);
  EXPECT_EQ(P.numGuessedModes(), 0u);
}

//===--- what the modelled CPU lacks --------------------------------------===//

TEST(ProgramTest, DecodesAtomicsAndVectorsThatACortexA57Lacks) {
  EXPECT_EQ(
      decoded(arm64(), {{0x41, 0x00, 0x20, 0xb8},   // LSE
                        {0xe0, 0xe3, 0x18, 0x25},   // SVE
                        {0x20, 0x00, 0x62, 0x04}}), // SVE
      (Texts{"ldadd w0, w1, [x2]", "ptrue p0.b", "add z0.h, z1.h, z2.h"}));
}

TEST(ProgramTest, DecodesCompressedAndVectorInstructionsOfRiscV) {
  EXPECT_EQ(decoded(riscv(), {{0x05, 0x05},
                              {0x88, 0x61},
                              {0x2e, 0x95},
                              {0x57, 0xf5, 0x35, 0x0c},
                              {0xd7, 0x80, 0x21, 0x02}}),
            (Texts{"addi a0, a0, 1", "ld a0, 0(a1)", "add a0, a0, a1",
                   "vsetvli a0, a1, e8, m8, ta, ma", "vadd.vv v1, v2, v3"}));
}

TEST(Program, KeepsImagesInTheOrderOfDefinition) {
  Program P(x86());
  EXPECT_EQ(P.numImages(), 0u);
  for (unsigned I = 0; I != 1000; ++I)
    P.defineImage({I, I + 1u, 2 * I, "/lib" + std::to_string(I), {}, 0});
  EXPECT_EQ(P.numImages(), 1000u);
  EXPECT_EQ(P.image(ImageId(999)).Path, "/lib999");
  EXPECT_EQ(P.image(ImageId(0)).End, 1u);
}

} // namespace
} // namespace mcad
