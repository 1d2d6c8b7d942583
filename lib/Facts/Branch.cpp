//===- Facts/Branch.cpp - what kind of branch an instruction is ---------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Facts/Branch.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace mcad {

namespace {
/// An instruction with what its classification asks. Registers go by their
/// names: LLVM's installed headers do not have their numbers.
struct Query {
  const MCInst &Inst;
  const MCInstrDesc &Desc;
  const MCRegisterInfo &Registers;
  const MCInstrInfo &Instructions;

  bool isRegister(unsigned Operand, StringRef Name) const {
    return Operand < Inst.getNumOperands() &&
           Inst.getOperand(Operand).isReg() &&
           Inst.getOperand(Operand).getReg() &&
           Name == Registers.getName(Inst.getOperand(Operand).getReg());
  }
  bool names(StringRef Name) const {
    for (unsigned I = 0; I != Inst.getNumOperands(); ++I)
      if (isRegister(I, Name))
        return true;
    return false;
  }
  bool usesImplicitly(StringRef Name) const {
    return any_of(Desc.implicit_uses(), [&](MCPhysReg Register) {
      return Name == Registers.getName(Register);
    });
  }
  StringRef opcode() const { return Instructions.getName(Inst.getOpcode()); }
};

/// x1 and x5 hold return addresses.
bool isLink(const Query &Q, unsigned Operand) {
  return Q.isRegister(Operand, "X1") || Q.isRegister(Operand, "X5");
}
} // namespace

/// LLVM's descriptions of these carry no flags: they are many things.
static std::optional<BranchKind> kindOfRiscVJump(const Query &Q) {
  const StringRef Opcode = Q.opcode();
  if (Opcode == "JAL")
    return isLink(Q, 0) ? BranchKind::Call : BranchKind::Jump;
  if (Opcode == "JALR") {
    if (isLink(Q, 0))
      return BranchKind::Call;
    return isLink(Q, 1) ? BranchKind::Return : BranchKind::Jump;
  }
  if (Opcode == "C_JR")
    return isLink(Q, 0) ? BranchKind::Return : BranchKind::Jump;
  return std::nullopt;
}

static BranchKind kindOfArm(const Query &Q, BranchKind ByFlags) {
  if (ByFlags != BranchKind::Jump || Q.Desc.isConditionalBranch())
    return ByFlags;
  const bool LoadsFromStack =
      Q.Desc.mayLoad() && (Q.names("SP") || Q.usesImplicitly("SP"));
  return LoadsFromStack || Q.names("LR") ? BranchKind::Return : ByFlags;
}

/// The general forms of Power's conditional branches, which LLVM's descriptions
/// take for one: gBC, gBCL, gBCLR, gBCLRL, gBCCTR, gBCCTRL, with A for
/// absolute.
static void refinePower(const Query &Q, Branch &B) {
  StringRef Form = Q.opcode();
  if (!Form.consume_front("gBC") || !Q.Inst.getOperand(0).isImm())
    return;
  // BO of 1z1zz branches always (Power ISA 3.0B, book I, section 2.4).
  B.IsConditional = (Q.Inst.getOperand(0).getImm() & 0x14) != 0x14;
  // BH of 0 is a return (ibid.); the others say that it is none.
  const unsigned BranchHint = 2;
  if (Form == "LR" && Q.Inst.getNumOperands() > BranchHint &&
      Q.Inst.getOperand(BranchHint).isImm() &&
      Q.Inst.getOperand(BranchHint).getImm() == 0)
    B.Kind = BranchKind::Return;
  else if (Form == "L" || Form == "LA" || Form == "LRL" || Form == "CTRL")
    B.Kind = BranchKind::Call;
}

/// Whether it is predicated by anything but "always", which is 14.
static bool isPredicated(const Query &Q) {
  const int Predicate = Q.Desc.findFirstPredOperandIdx();
  if (Predicate < 0 || unsigned(Predicate) >= Q.Inst.getNumOperands())
    return false;
  const MCOperand &Condition = Q.Inst.getOperand(Predicate);
  return Condition.isImm() && Condition.getImm() != 14;
}

Branch classifyBranch(const Program &P, const CodeInstruction &I) {
  Branch Result;
  if (!I.Decoded)
    return Result;
  const Target &T = P.target();
  const MCInstrDesc &Desc = T.mcii().get(I.Inst.getOpcode());
  const Query Q{I.Inst, Desc, T.mri(), T.mcii()};
  std::optional<BranchKind> RiscVJump;
  if (T.triple().isRISCV())
    RiscVJump = kindOfRiscVJump(Q);
  if (!RiscVJump && !Desc.mayAffectControlFlow(I.Inst, T.mri()))
    return Result;
  // LLVM describes ARM's system call as a call; nothing returns from it.
  if (Q.opcode() == "SVC" || Q.opcode() == "tSVC")
    return Result;

  const bool IsArm32 = T.triple().isARM() || T.triple().isThumb();
  Result.Kind = Desc.isCall()     ? BranchKind::Call
                : Desc.isReturn() ? BranchKind::Return
                                  : BranchKind::Jump;
  if (RiscVJump)
    Result.Kind = *RiscVJump;
  if (IsArm32)
    Result.Kind = kindOfArm(Q, Result.Kind);
  // Without a barrier, control may go on behind it.
  Result.IsConditional =
      IsArm32 ? isPredicated(Q) || (Desc.isConditionalBranch() &&
                                    Desc.findFirstPredOperandIdx() < 0)
              : Desc.isBranch() && !Desc.isBarrier() && !Desc.isCall();
  if (T.triple().isPPC())
    refinePower(Q, Result);
  if (T.mcia())
    Result.IsDirect =
        T.mcia()->evaluateBranch(I.Inst, I.Address, I.SizeBytes, Result.Target);
  return Result;
}

} // namespace mcad
