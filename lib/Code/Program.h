//===- Code/Program.h - the guest's code: blocks and instructions --------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The image of the code that a trace executed: every block once, decoded once,
/// for life. Brokers define blocks here (it is their BlockSink); the engines
/// and the reports look instructions up by index, never by address.
///
/// Invariant: ids are dense, a block's instructions are consecutive, and
/// nothing is ever changed or dropped, so that indices stay good. What does not
/// decode stays as an instruction without an MCInst and with its bytes.
///
/// One thread defines. Others may read meanwhile what was defined before: what
/// numBlocks() and numImages() count, and all that belongs to these. The counts
/// of decided and guessed modes are for the thread that defines.
///
/// Tested by unittests/Code/ProgramTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_CODE_PROGRAM_H
#define MCAD_CODE_PROGRAM_H

#include "Code/StableVector.h"
#include "Target/Target.h"
#include "mcad/Broker.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/MC/MCInst.h"
#include "llvm/Support/Allocator.h"
#include <atomic>
#include <optional>
#include <vector>

namespace mcad {

/// An instruction of the program, dense per trace in order of definition.
/// The same guest instruction has several where blocks overlap.
enum class InstructionId : uint32_t {};

inline uint32_t index(InstructionId Id) { return static_cast<uint32_t>(Id); }

/// An image of the program, dense per trace in order of definition.
enum class ImageId : uint32_t {};

inline uint32_t index(ImageId Id) { return static_cast<uint32_t>(Id); }

struct CodeInstruction {
  llvm::MCInst Inst; ///< Meaningless unless Decoded.
  GuestAddr Address = 0;
  const uint8_t *Bytes = nullptr; ///< In the program.
  uint8_t SizeBytes = 0;          ///< 0 where it came without bytes.
  bool Decoded = false;
};

struct CodeBlock {
  GuestAddr Address = 0;
  uint32_t FirstInstruction = 0;
  uint32_t NumInstructions = 0;
  uint32_t NumBefore = 0;
  /// Images of the program when it was defined: later ones do not tell of it.
  uint32_t NumImages = 0;
  const CodeInstruction *Instructions = nullptr; ///< In the program.
  const llvm::MCInst *Before = nullptr;          ///< See Program::before.
  DecodeMode Mode = DecodeMode::Default;
  bool InMainCode = true;
  /// Its only instruction is an x86 string instruction with a repeat prefix, of
  /// which QEMU executes one iteration per execution of the block; or its first
  /// or last one is. See RepeatedString.h.
  bool BeginsWithRepeat = false;
  bool EndsWithRepeat = false;
};

class Program final : public BlockSink {
public:
  explicit Program(const Target &T);

  llvm::Expected<BlockId> define(const BlockBytes &Block) override;
  llvm::Expected<BlockId> define(GuestAddr Address,
                                 llvm::ArrayRef<llvm::MCInst> Insts,
                                 llvm::ArrayRef<llvm::MCInst> Before) override;

  /// The instructions of \p Of, a block with bytes of program \p From, from
  /// number \p First on and before number \p Last, as a block of this one,
  /// which has the same images.
  BlockId defineCut(const Program &From, const CodeBlock &Of, uint32_t First,
                    uint32_t Last);

  void defineImage(const Image &Mapped) override { Images.push_back(Mapped); }

  const Target &target() const { return T; }
  uint32_t numBlocks() const { return Blocks.size(); }
  uint32_t numInstructions() const {
    return NumInstructions.load(std::memory_order_acquire);
  }
  const CodeBlock &block(BlockId Id) const { return Blocks[mcad::index(Id)]; }
  /// Which files the code comes from, as far as the trace says.
  uint32_t numImages() const { return Images.size(); }
  const Image &image(ImageId Id) const { return Images[mcad::index(Id)]; }
  /// Searches for its block. Where that is at hand, use instructions().
  const CodeInstruction &instruction(InstructionId Id) const;
  llvm::ArrayRef<CodeInstruction> instructions(const CodeBlock &Block) const {
    return {Block.Instructions, Block.NumInstructions};
  }
  /// Instructions in front of \p Block that were not executed, see BlockSink.
  llvm::ArrayRef<llvm::MCInst> before(const CodeBlock &Block) const {
    return {Block.Before, Block.NumBefore};
  }
  llvm::ArrayRef<uint8_t> bytes(const CodeInstruction &I) const {
    return {I.Bytes, I.SizeBytes};
  }

  /// Blocks that came as ARM or Thumb undecided and were decided here from
  /// the sender's disassembly, and those where that did not decide.
  uint64_t numDecidedByText() const { return DecidedByText; }
  uint64_t numGuessedModes() const { return GuessedModes; }

private:
  DecodeMode decodeMode(const BlockBytes &Block);
  void decode(const CodeBlock &Block,
              llvm::MutableArrayRef<CodeInstruction> Code, bool OpenEnd);
  void resumeItBlock(llvm::MCDisassembler &Disassembler,
                     const CodeBlock &Block);
  void noteItBlock(const CodeBlock &Block);

  /// Room for the instructions of \p Block, which points to them from now on.
  llvm::MutableArrayRef<CodeInstruction> allocate(CodeBlock &Block,
                                                  size_t NumInstructions);
  void noteRepeats(CodeBlock &Block) const;
  BlockId publish(const CodeBlock &Block);

  const Target &T;
  StableVector<CodeBlock> Blocks;
  StableVector<Image> Images;
  std::atomic<uint32_t> NumInstructions = 0;
  /// What blocks point to.
  std::vector<std::unique_ptr<CodeInstruction[]>> Instructions;
  std::vector<std::unique_ptr<llvm::MCInst[]>> Before;
  llvm::BumpPtrAllocator Bytes;
  /// Where Thumb blocks end inside an IT block (QEMU ends blocks at page ends):
  /// address after the block -> what is left of the IT block, as the two low
  /// digits of an IT instruction.
  llvm::DenseMap<GuestAddr, uint8_t> OpenItBlocks;
  /// One per DecodeMode, made when needed.
  std::unique_ptr<llvm::MCDisassembler> Disassemblers[3];
  std::unique_ptr<llvm::MCInstPrinter> Printer;
  uint64_t DecidedByText = 0;
  uint64_t GuessedModes = 0;
};

} // namespace mcad

#endif // MCAD_CODE_PROGRAM_H
