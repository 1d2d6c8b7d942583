//===- Timing/Lowering.cpp - from decoded instructions to LLVM's model of them
//===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Timing/Lowering.h"
#include "Timing/StandIn.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/MCA/Support.h"
#include <fcntl.h>
#include <mutex>
#include <unistd.h>

using namespace llvm;

namespace mcad {

namespace {
/// LLVM's default for calls, and what InstrBuilder takes for latencies that the
/// model leaves unknown (llvm-mca's -call-latency).
constexpr unsigned LLVMCallLatency = 100;

/// InstrBuilder prints a warning to standard error at its first call and its
/// first return: that it assumes a latency (we give it the right one) and that
/// it does not follow the program counter (the trace does). While one lives,
/// standard error goes nowhere; it is the process's, so that there is one at a
/// time.
class QuietStderr {
  static std::mutex Only;
  std::lock_guard<std::mutex> Lock{Only};
  int Saved;

public:
  QuietStderr() : Saved(::dup(STDERR_FILENO)) {
    const int Null = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (Saved >= 0 && Null >= 0)
      ::dup2(Null, STDERR_FILENO);
    if (Null >= 0)
      ::close(Null);
  }
  ~QuietStderr() {
    if (Saved < 0)
      return;
    ::dup2(Saved, STDERR_FILENO);
    ::close(Saved);
  }
  QuietStderr(const QuietStderr &) = delete;
  QuietStderr &operator=(const QuietStderr &) = delete;
};
std::mutex QuietStderr::Only;
} // namespace

struct Lowering::CallAwareBuilder {
  mca::InstrBuilder Builder;
  bool WarnsAtCall = true;
  bool WarnsAtReturn = true;

  CallAwareBuilder(const Target &T, const mca::InstrumentManager &IM,
                   unsigned Latency)
      : Builder(T.sti(), T.mcii(), T.mri(), T.mcia(), IM, Latency) {}

  Expected<std::unique_ptr<mca::Instruction>>
  create(const MCInst &Inst, const MCInstrDesc &Desc,
         const SmallVector<mca::Instrument *> &Active) {
    const bool Warns =
        (Desc.isCall() && WarnsAtCall) || (Desc.isReturn() && WarnsAtReturn);
    if (!Warns)
      return Builder.createInstruction(Inst, Active);
    WarnsAtCall &= !Desc.isCall();
    WarnsAtReturn &= !Desc.isReturn();
    QuietStderr Quiet;
    return Builder.createInstruction(Inst, Active);
  }
};

Lowering::Lowering(const Target &T, std::optional<unsigned> CallLatency)
    : T(T), CallLatency(CallLatency) {
  InstrumentMaker.reset(
      T.llvmTarget().createInstrumentManager(T.sti(), T.mcii()));
  if (!InstrumentMaker)
    InstrumentMaker =
        std::make_unique<mca::InstrumentManager>(T.sti(), T.mcii());
  PostProcess.reset(T.llvmTarget().createInstrPostProcess(T.sti(), T.mcii()));
  if (!PostProcess)
    PostProcess = std::make_unique<mca::InstrPostProcess>(T.sti(), T.mcii());

  describeStandIn(UnmodelledDesc);
  Undecoded.Prototype = makeStandIn(UnmodelledDesc, /*Opcode=*/0);
  Undecoded.Modelled = false;
  Undecoded.Reason = "the bytes are no instruction that LLVM can decode";

  const MCSchedModel &Model = T.schedModel();
  const unsigned NumKinds = Model.getNumProcResourceKinds();
  SmallVector<uint64_t, 64> Masks(NumKinds);
  mca::computeProcResourceMasks(Model, Masks);
  KindOfState.assign(NumKinds, 0);
  for (unsigned Kind = 1; Kind < NumKinds; ++Kind)
    KindOfState[mca::getResourceStateIndex(Masks[Kind])] = Kind;
}

Lowering::~Lowering() = default;

unsigned Lowering::kindOfMask(uint64_t Mask) const {
  return KindOfState[mca::getResourceStateIndex(Mask)];
}

Lowering::CallAwareBuilder &Lowering::builder(unsigned Latency) {
  std::unique_ptr<CallAwareBuilder> &B = Builders[Latency];
  if (!B)
    B = std::make_unique<CallAwareBuilder>(T, *InstrumentMaker, Latency);
  return *B;
}

unsigned Lowering::builderLatency(const MCInst &Inst) const {
  const MCInstrDesc &Desc = T.mcii().get(Inst.getOpcode());
  if (CallLatency)
    return *CallLatency;
  if (!Desc.isCall())
    return LLVMCallLatency;
  const MCSchedModel &Model = T.schedModel();
  unsigned Class = Desc.getSchedClass();
  while (Class && Model.getSchedClassDesc(Class)->isVariant())
    Class = T.sti().resolveVariantSchedClass(Class, &Inst, &T.mcii(),
                                             Model.getProcessorID());
  if (!Class)
    return LLVMCallLatency;
  const MCSchedClassDesc &SchedClass = *Model.getSchedClassDesc(Class);
  if (!SchedClass.isValid())
    return LLVMCallLatency;
  const int Latency = MCSchedModel::computeInstrLatency(T.sti(), SchedClass);
  return Latency < 0 ? LLVMCallLatency : static_cast<unsigned>(Latency);
}

/// Appends the bytes of \p Value to \p Key.
template <typename Value>
static void append(SmallVectorImpl<char> &Key, const Value &V) {
  const char *Bytes = reinterpret_cast<const char *>(&V);
  Key.append(Bytes, Bytes + sizeof(V));
}

/// A key that is equal for instructions that lower to the same prototype.
static void makeKey(const MCInst &Inst, SmallVectorImpl<char> &Key) {
  append(Key, Inst.getOpcode());
  append(Key, Inst.getFlags());
  for (const MCOperand &Op : Inst) {
    if (Op.isReg()) {
      Key.push_back('r');
      append(Key, Op.getReg());
    } else if (Op.isImm()) {
      // Schedule variants look at immediates (shift amounts, conditions).
      Key.push_back('i');
      append(Key, Op.getImm());
    } else if (Op.isSFPImm()) {
      Key.push_back('s');
      append(Key, Op.getSFPImm());
    } else if (Op.isDFPImm()) {
      Key.push_back('d');
      append(Key, Op.getDFPImm());
    } else if (Op.isExpr()) {
      Key.push_back('e');
      append(Key, reinterpret_cast<uintptr_t>(Op.getExpr()));
    } else if (Op.isInst()) {
      Key.push_back('n');
      append(Key, reinterpret_cast<uintptr_t>(Op.getInst()));
    } else {
      Key.push_back('?');
    }
  }
}

/// Whether \p Inst, of RISC-V, asks for a type of vectors that is reserved, so
/// that no vector instruction runs behind it. LLVM takes any type and divides
/// by what follows from it. Source: the vector extension's specification 1.0,
/// "Vector type register"; elements have 64 bits at the most.
static bool setsReservedVectorType(const MCInst &Inst, StringRef Name) {
  if (Name != "VSETVLI" && Name != "VSETIVLI")
    return false;
  const uint64_t Type = Inst.getOperand(2).getImm();
  // Registers in a group are 1, 2, 4, 8, or as a fraction an eighth (5), a
  // quarter (6), a half (7), of which 64 bits must hold an element.
  const unsigned Group = Type & 7, ElementWidth = Type >> 3 & 7;
  const unsigned WidestElement = Group < 4 ? 3 : Group - 5;
  return Type >> 8 || Group == 4 || ElementWidth > WidestElement;
}

std::vector<const LoweredInstruction *>
Lowering::lower(const Program &P, const CodeBlock &Block) {
  std::vector<const LoweredInstruction *> Lowered;
  SmallVector<mca::UniqueInstrument, 2> Owned;
  Instruments Active;
  auto hear = [&](const MCInst &Inst) {
    if (T.triple().isRISCV() &&
        setsReservedVectorType(Inst, T.mcii().getName(Inst.getOpcode())))
      return;
    for (mca::UniqueInstrument &New :
         InstrumentMaker->createInstruments(Inst)) {
      erase_if(Owned, [&](const mca::UniqueInstrument &Old) {
        return Old->getDesc() == New->getDesc();
      });
      Owned.push_back(std::move(New));
      Active.clear();
      for (const mca::UniqueInstrument &Instrument : Owned)
        Active.push_back(Instrument.get());
    }
  };
  for (const MCInst &Inst : P.before(Block))
    hear(Inst);
  for (const CodeInstruction &I : P.instructions(Block)) {
    if (!I.Decoded) {
      Lowered.push_back(&Undecoded);
      continue;
    }
    Lowered.push_back(&lower(I.Inst, Active));
    hear(I.Inst);
  }
  return Lowered;
}

const LoweredInstruction &Lowering::lower(const MCInst &Inst,
                                          const Instruments &Active) {
  SmallString<128> Key;
  makeKey(Inst, Key);
  for (const mca::Instrument *Instrument : Active) {
    Key += Instrument->getDesc();
    Key += Instrument->getData();
  }
  auto [It, IsNew] = Known.try_emplace(Key);
  if (IsNew)
    It->second = make(Inst, Active);
  return It->second;
}

/// What InstrBuilder takes for granted about operands and only asserts; empty
/// if all of it holds.
static std::string operandProblem(const MCInst &Inst, const MCInstrDesc &Desc) {
  if (Inst.getNumOperands() < Desc.getNumOperands())
    return "it has fewer operands than its description";
  return "";
}

/// Whether \p Write of \p Inst, which may load, only moves a pointer on: a base
/// register is updated in one cycle, beside longer writes; x86's stack and
/// string instructions say nothing of it, and LLVM gives such a write the
/// latency of the whole instruction.
static bool writesAddress(const mca::WriteDescriptor &Write,
                          const mca::InstrDesc &Desc, const MCInstrDesc &MCDesc,
                          const MCRegisterInfo &Registers) {
  if (Write.Latency <= 1 && Desc.MaxLatency > 1)
    return true;
  if (!Write.isImplicitWrite() ||
      !is_contained(MCDesc.implicit_uses(), Write.RegisterID))
    return false;
  return StringSwitch<bool>(Registers.getName(Write.RegisterID))
      .Cases("RSP", "ESP", "SP", true)
      .Cases("RSI", "ESI", "RDI", "EDI", true)
      .Default(false);
}

// InstrBuilder makes a write for each of the descriptor's, in order, but leaves
// out optional ones that name no register and those of constant registers.
void Lowering::noteWrites(LoweredInstruction &L, const MCInst &Inst) const {
  const mca::InstrDesc &Desc = L.Prototype->getDesc();
  for (unsigned I = 0; I != Desc.Writes.size(); ++I) {
    const mca::WriteDescriptor &Write = Desc.Writes[I];
    const MCPhysReg Register =
        Write.isImplicitWrite()
            ? Write.RegisterID
            : static_cast<MCPhysReg>(Inst.getOperand(Write.OpIndex).getReg());
    L.WritesAddress.push_back(
        writesAddress(Write, Desc, T.mcii().get(Inst.getOpcode()), T.mri()));
    if ((Write.IsOptionalDef && !Register) || T.mri().isConstant(Register))
      continue;
    L.WriteOfDef.push_back(I);
  }
  assert(L.WriteOfDef.size() == L.Prototype->getDefs().size() &&
         "InstrBuilder makes writes in another way");
}

const mca::Instruction &Lowering::lengthened(const LoweredInstruction &L,
                                             unsigned Cycles) {
  std::unique_ptr<Lengthened> &Longer = LongerOnes[{&L, Cycles}];
  if (!Longer)
    Longer = std::make_unique<Lengthened>(L, Cycles);
  return Longer->Prototype;
}

Lowering::Lengthened::Lengthened(const LoweredInstruction &L, unsigned Cycles)
    : Desc(copyOf(L, Cycles)), Prototype(*Desc, L.Prototype->getOpcode()) {
  const mca::Instruction &Original = *L.Prototype;
  if (Original.isOptimizableMove())
    Prototype.setOptimizableMove();
  for (const mca::ReadState &Read : Original.getUses())
    Prototype.getUses().push_back(Read);
  for (auto [Def, Write] : zip_equal(Original.getDefs(), L.WriteOfDef))
    Prototype.getDefs().emplace_back(Desc->Writes[Write], Def.getRegisterID(),
                                     Def.clearsSuperRegisters(),
                                     Def.isWriteZero());
  Prototype.setLoadBarrier(Original.isALoadBarrier());
  Prototype.setStoreBarrier(Original.isAStoreBarrier());
  Prototype.setMayLoad(Original.getMayLoad());
  Prototype.setMayStore(Original.getMayStore());
  Prototype.setHasSideEffects(Original.getHasSideEffects());
  Prototype.setBeginGroup(Original.getBeginGroup());
  Prototype.setEndGroup(Original.getEndGroup());
  // In-order cores go on behind a miss until something needs its value; LLVM's
  // pipeline would hold back all later write-backs.
  Prototype.setRetireOOO(true);
}

std::unique_ptr<mca::InstrDesc>
Lowering::Lengthened::copyOf(const LoweredInstruction &L, unsigned Cycles) {
  const mca::InstrDesc &Original = L.Prototype->getDesc();
  auto Copy = std::make_unique<mca::InstrDesc>();
  Copy->Writes = Original.Writes;
  Copy->Reads = Original.Reads;
  Copy->Resources = Original.Resources;
  Copy->UsedBuffers = Original.UsedBuffers;
  Copy->UsedProcResUnits = Original.UsedProcResUnits;
  Copy->UsedProcResGroups = Original.UsedProcResGroups;
  Copy->MaxLatency = Original.MaxLatency + Cycles;
  Copy->NumMicroOps = Original.NumMicroOps;
  Copy->SchedClassID = Original.SchedClassID;
  Copy->MustIssueImmediately = Original.MustIssueImmediately;
  Copy->IsRecyclable = Original.IsRecyclable;
  Copy->HasPartiallyOverlappingGroups = Original.HasPartiallyOverlappingGroups;
  for (auto [Write, IsAddress] : zip_equal(Copy->Writes, L.WritesAddress))
    if (!IsAddress)
      Write.Latency += Cycles;
  return Copy;
}

LoweredInstruction Lowering::make(const MCInst &Inst,
                                  const Instruments &Active) {
  const MCInstrDesc &Desc = T.mcii().get(Inst.getOpcode());
  LoweredInstruction Result;
  Result.Reason = operandProblem(Inst, Desc);
  if (Result.Reason.empty()) {
    Expected<std::unique_ptr<mca::Instruction>> Created =
        builder(builderLatency(Inst)).create(Inst, Desc, Active);
    if (Created) {
      PostProcess->postProcessInstruction(*Created, Inst);
      Result.Prototype = std::move(*Created);
      noteWrites(Result, Inst);
      return Result;
    }
    handleAllErrors(
        Created.takeError(),
        [&](const mca::InstructionError<MCInst> &E) {
          Result.Reason = E.Message;
        },
        [&](const ErrorInfoBase &E) { Result.Reason = E.message(); });
  }
  Result.Modelled = false;
  while (StringRef(Result.Reason).ends_with("."))
    Result.Reason.pop_back();
  Result.Prototype = makeStandIn(UnmodelledDesc, Inst.getOpcode());
  return Result;
}

} // namespace mcad
