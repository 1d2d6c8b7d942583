//===- Timing/Lowering.h - from decoded instructions to LLVM's model of them
//===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Turns an MCInst into the prototype of an mca::Instruction, once per distinct
/// instruction: which micro-ops, resources, reads and writes the scheduling
/// model gives it. Engines copy prototypes or compile them; they never ask LLVM
/// again.
///
/// Calls cost what their scheduling class says. LLVM's InstrBuilder gives every
/// call one latency fixed at its making (llvm-mca's 100 cycles), so there is
/// one InstrBuilder per latency that calls of the model have.
///
/// Some instructions tell the model about the next ones (RISC-V's vsetvli: the
/// vector length). LLVM's "instruments" carry that, here from the start of a
/// block to its end; what a block before it said is not known (docs/
/// not-modelled.md).
///
/// Everything lowers: what the model does not know becomes one micro-op of one
/// cycle without operands or resources, and says so. LLVM's library is built
/// without assertions, so what its builder asserts is checked here first.
///
/// One thread. Tested by unittests/Timing/LoweringTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TIMING_LOWERING_H
#define MCAD_TIMING_LOWERING_H

#include "Code/Program.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/MC/MCInst.h"
#include "llvm/MCA/CustomBehaviour.h"
#include "llvm/MCA/InstrBuilder.h"
#include "llvm/MCA/Instruction.h"
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace mcad {

/// A distinct instruction as the model sees it.
struct LoweredInstruction {
  /// Never simulated itself: copied. Its descriptor lives with the Lowering.
  std::unique_ptr<llvm::mca::Instruction> Prototype;
  /// The model knows it; else Prototype is the stand-in of the file comment.
  bool Modelled = true;
  /// Why not, in LLVM's words.
  std::string Reason;
  /// Of each of Prototype's defs, the index of its descriptor.
  llvm::SmallVector<uint8_t, 2> WriteOfDef;
  /// Of each descriptor, whether it writes an address, not what is loaded.
  llvm::SmallVector<bool, 2> WritesAddress;
};

class Lowering {
public:
  /// \p CallLatency: cycles for every call (-mca-call-latency); none: what its
  /// scheduling class says.
  explicit Lowering(const Target &T, std::optional<unsigned> CallLatency);
  ~Lowering();

  /// One for each instruction of \p Block, in order. Equal instructions have
  /// the same, and it lives with the Lowering.
  std::vector<const LoweredInstruction *> lower(const Program &P,
                                                const CodeBlock &Block);

  /// \p L with what it loads coming \p Cycles later; lives with the Lowering.
  const llvm::mca::Instruction &lengthened(const LoweredInstruction &L,
                                           unsigned Cycles);

  const Target &target() const { return T; }

  /// Calls \p Visit(Kind, Cycles) for each resource kind of the model that one
  /// execution of \p Inst uses, with the cycles of use: what Block RThroughput
  /// is made of.
  template <typename Visitor>
  void forEachResource(const llvm::mca::Instruction &Inst,
                       Visitor Visit) const {
    for (const auto &[Mask, Usage] : Inst.getDesc().Resources)
      if (Usage.size())
        Visit(kindOfMask(Mask), Usage.size());
  }

private:
  struct CallAwareBuilder;

  using Instruments = llvm::SmallVector<llvm::mca::Instrument *>;

  /// A prototype with a descriptor of its own.
  struct Lengthened {
    std::unique_ptr<llvm::mca::InstrDesc> Desc;
    llvm::mca::Instruction Prototype;

    Lengthened(const LoweredInstruction &L, unsigned Cycles);
    static std::unique_ptr<llvm::mca::InstrDesc>
    copyOf(const LoweredInstruction &L, unsigned Cycles);
  };

  const LoweredInstruction &lower(const llvm::MCInst &Inst,
                                  const Instruments &Active);
  void noteWrites(LoweredInstruction &L, const llvm::MCInst &Inst) const;
  LoweredInstruction make(const llvm::MCInst &Inst, const Instruments &Active);
  /// The latency to build \p Inst with if it is a call, else LLVM's default.
  unsigned builderLatency(const llvm::MCInst &Inst) const;
  CallAwareBuilder &builder(unsigned Latency);
  unsigned kindOfMask(uint64_t Mask) const;

  const Target &T;
  const std::optional<unsigned> CallLatency;
  std::unique_ptr<llvm::mca::InstrumentManager> InstrumentMaker;
  std::unique_ptr<llvm::mca::InstrPostProcess> PostProcess;
  std::map<unsigned, std::unique_ptr<CallAwareBuilder>> Builders;
  llvm::mca::InstrDesc UnmodelledDesc;
  LoweredInstruction Undecoded;
  /// Resource kind by the index of a mask's state, see mca's Support.h.
  std::vector<unsigned> KindOfState;
  llvm::StringMap<LoweredInstruction> Known;
  std::map<std::pair<const LoweredInstruction *, unsigned>,
           std::unique_ptr<Lengthened>>
      LongerOnes;
};

} // namespace mcad

#endif // MCAD_TIMING_LOWERING_H
