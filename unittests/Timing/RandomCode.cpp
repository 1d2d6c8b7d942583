//===- RandomCode.cpp - random programs, executions and facts -------------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RandomCode.h"
#include "../Target/MakeTarget.h"
#include "Code/Decode.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/DJB.h"
#include <random>
#include <set>

using namespace llvm;

namespace mcad::test {

namespace {

class Draw {
  std::mt19937 Engine;

public:
  explicit Draw(uint32_t Seed) : Engine(Seed) {}

  /// From 0 to \p N - 1.
  uint32_t below(uint32_t N) { return Engine() % N; }
  uint32_t between(uint32_t First, uint32_t Last) {
    return First + below(Last - First + 1);
  }
  bool oneIn(uint32_t N) { return below(N) == 0; }
  /// From \p First to \p Last; a smaller number is more likely.
  uint32_t magnitude(uint32_t First, uint32_t Last) {
    uint32_t Top = First + 1;
    while (Top < Last && !oneIn(4))
      Top *= 2;
    return between(First, std::min(Top, Last));
  }
  template <typename List> auto &of(List &Items) {
    return Items[below(std::size(Items))];
  }
};

/// Where instructions come from: a CPU that decodes most of what its relatives
/// do, with features that only those have.
struct Family {
  const char *Triple, *Cpu;
  std::vector<std::string> Features;
  std::vector<InstructionSet> Sets = {InstructionSet::Default};
};

const char *const MicrocontrollerTriple = "thumbv7em-none-eabi";

const Family Families[] = {
    {"x86_64-linux-gnu", "znver4", {}},
    {"armv7-linux-gnueabihf",
     "cortex-a57",
     {},
     {InstructionSet::Arm, InstructionSet::Thumb}},
    {MicrocontrollerTriple, "cortex-m85", {}},
    {"aarch64-linux-gnu", "cortex-a57", {}},
    {"riscv64-linux-gnu",
     "sifive-x280",
     {"+svinval", "+zbkb", "+zbkc", "+zbkx", "+zicbop", "+zihintntl", "+zknd",
      "+zkne", "+zknh", "+zksed", "+zksh", "+zvbb", "+zvbc", "+zvkg", "+zvkned",
      "+zvknhb", "+zvksed", "+zvksh"}},
    {"riscv32-linux-gnu", "sifive-e76", {}},
    {"powerpc64le-linux-gnu", "pwr11", {}},
};

const Family &familyOf(const ModelledCpu &Cpu) {
  return *find_if(Families,
                  [&](const Family &F) { return F.Triple == Cpu.Triple; });
}

//===--- encodings --------------------------------------------------------===//

/// Decodes single instructions.
class Decoder {
  const Target &T;
  const DecodeMode Mode;
  std::unique_ptr<MCDisassembler> Disassembler;

public:
  Decoder(const Target &T, InstructionSet Set)
      : T(T), Mode(Set == InstructionSet::Arm     ? DecodeMode::Arm
                   : Set == InstructionSet::Thumb ? DecodeMode::Thumb
                                                  : DecodeMode::Default) {}

  /// Drops the bytes of \p E behind its first instruction.
  bool decode(Encoding &E, MCInst &Inst) {
    // ARM's remembers IT instructions.
    if (!Disassembler || T.triple().isARM() || T.triple().isThumb())
      Disassembler = T.createDisassembler(Mode);
    uint64_t Size = 0;
    // AArch64's trips over the opcode of an earlier one.
    Inst = MCInst();
    if (!decodeInstruction(T, *Disassembler, Inst, Size, E, /*Address=*/0) ||
        Size > E.size())
      return false;
    E.resize(Size);
    return Size;
  }
};

/// Encodings of all the instructions of a family that were found.
class Reservoir {
public:
  Reservoir(const Family &F, InstructionSet Set)
      : T(target(F.Triple, F.Cpu, F.Features)), D(T, Set), Random(1) {
    search();
    for (auto &[Opcode, Of] : ByOpcode) {
      for (unsigned I = 0; I != 2; ++I)
        narrow(Of, Opcode, Random.of(Of), registersBeyondFour);
      narrow(Of, Opcode, Of.front(), sumOfRegisters);
    }
  }

  std::vector<Encoding> all() const {
    std::vector<Encoding> All;
    for (const auto &[Opcode, Of] : ByOpcode)
      append_range(All, Of);
    return All;
  }

private:
  using Score = unsigned (*)(unsigned Number);
  static unsigned registersBeyondFour(unsigned Number) { return Number >= 4; }
  /// Best if all operands are the same register: zero idioms and moves.
  static unsigned sumOfRegisters(unsigned Number) { return Number; }

  // 20 million steps find 1 % (x86) to 8 % (Power) more opcodes in LLVM 19's
  // disassemblers.
  static constexpr unsigned StepsPerOpcode = 250, FewestSteps = 600000;
  static constexpr unsigned PerOpcode = 2;

  void search() {
    std::vector<Encoding> Found;
    MCInst Inst;
    for (size_t Step = 0;
         Step < std::max<size_t>(FewestSteps, StepsPerOpcode * ByOpcode.size());
         ++Step) {
      Encoding E = Found.empty() || Random.oneIn(4) ? fresh()
                                                    : changed(Random.of(Found));
      if (!D.decode(E, Inst))
        continue;
      std::vector<Encoding> &Of = ByOpcode[Inst.getOpcode()];
      if (Of.size() == PerOpcode)
        continue;
      Of.push_back(E);
      Found.push_back(E);
    }
  }

  static constexpr unsigned MaxBytes = 15;

  Encoding fresh() {
    Encoding E;
    if (T.triple().isX86()) {
      // Prefixes and escapes to other tables of opcodes.
      static const uint8_t Starts[] = {0x66, 0xf2, 0xf3, 0xf0, 0x48, 0x41,
                                       0x0f, 0xc4, 0xc5, 0x62, 0x8f};
      for (unsigned I = Random.below(4); I != 0; --I)
        E.push_back(Random.of(Starts));
    }
    return filled(std::move(E));
  }
  Encoding changed(Encoding E) {
    for (unsigned I = Random.between(1, 3); I != 0; --I) {
      // What comes late are addresses and immediates.
      uint8_t &Byte = E[Random.below(std::min<size_t>(E.size(), 8))];
      Byte = Random.oneIn(4) ? Random.below(256) : Byte ^ 1 << Random.below(8);
    }
    return filled(std::move(E));
  }
  Encoding filled(Encoding E) {
    while (E.size() < MaxBytes)
      E.push_back(Random.below(256));
    return E;
  }

  unsigned score(const MCInst &Inst, Score S) const {
    unsigned Sum = 0;
    for (const MCOperand &Op : Inst)
      if (Op.isReg() && Op.getReg())
        Sum += S(T.mri().getEncodingValue(Op.getReg()));
    return Sum;
  }

  /// Adds to \p Of what \p E becomes if each of its bits is changed, in random
  /// order, where that does not make the score worse.
  void narrow(std::vector<Encoding> &Of, unsigned Opcode, Encoding E, Score S) {
    MCInst Inst;
    D.decode(E, Inst);
    unsigned Best = score(Inst, S);
    std::vector<unsigned> Bits(E.size() * 8);
    for (unsigned I = 0; I != Bits.size(); ++I) {
      Bits[I] = I;
      std::swap(Bits[I], Bits[Random.below(I + 1)]);
    }
    for (unsigned Bit : Bits) {
      Encoding Other = E;
      Other[Bit / 8] ^= 1 << Bit % 8;
      if (!D.decode(Other, Inst) || Inst.getOpcode() != Opcode ||
          Other.size() != E.size() || score(Inst, S) > Best)
        continue;
      Best = score(Inst, S);
      E = std::move(Other);
    }
    if (!is_contained(Of, E))
      Of.push_back(std::move(E));
  }

  const Target &T;
  Decoder D;
  Draw Random;
  std::map<unsigned, std::vector<Encoding>> ByOpcode;
};

/// Made once per process.
const std::vector<Encoding> &encodings(const Family &F, InstructionSet Set) {
  static std::map<std::pair<const Family *, InstructionSet>,
                  std::vector<Encoding>>
      Made;
  auto [It, IsNew] = Made.try_emplace({&F, Set});
  if (IsNew)
    It->second = Reservoir(F, Set).all();
  return It->second;
}

} // namespace

//===--- CPUs -------------------------------------------------------------===//

/// Whether \p Cpu, of \p Any's architecture, is of ARM's M profile.
static bool isMicrocontroller(const Target &Any,
                              const SubtargetSubTypeKV &Cpu) {
  if (!Any.triple().isARM() && !Any.triple().isThumb())
    return false;
  std::unique_ptr<MCSubtargetInfo> STI(
      Any.llvmTarget().createMCSubtargetInfo(Any.triple().str(), Cpu.Key, ""));
  return STI->checkFeatures("+mclass");
}

const std::vector<ModelledCpu> &modelledCpus() {
  static std::vector<ModelledCpu> Cpus;
  if (!Cpus.empty())
    return Cpus;
  for (const Family &F : Families) {
    const Target &Any = target(F.Triple, F.Cpu, F.Features);
    const MCSubtargetInfo &STI = Any.sti();
    auto has = [&](const SubtargetSubTypeKV &Cpu, StringRef Feature) {
      return any_of(STI.getAllProcessorFeatures(),
                    [&](const SubtargetFeatureKV &KV) {
                      return Feature == KV.Key &&
                             Cpu.Implies.getAsBitset().test(KV.Value);
                    });
    };
    // What tells CPUs apart, for LLVM.
    std::vector<std::tuple<unsigned, FeatureBitset, FeatureBitset>> Kept;
    for (const SubtargetSubTypeKV &Cpu : STI.getAllProcessorDescriptions()) {
      const Triple &T = STI.getTargetTriple();
      if (!Cpu.SchedModel->hasInstrSchedModel() ||
          (T.isRISCV() && !has(Cpu, T.isRISCV64() ? "64bit" : "32bit")) ||
          isMicrocontroller(Any, Cpu) !=
              (StringRef(F.Triple) == MicrocontrollerTriple))
        continue;
      std::tuple Key(Cpu.SchedModel->getProcessorID(),
                     Cpu.Implies.getAsBitset(), Cpu.TuneImplies.getAsBitset());
      if (is_contained(Kept, Key))
        continue;
      Kept.push_back(Key);
      Cpus.push_back({F.Triple, Cpu.Key});
    }
  }
  return Cpus;
}

std::vector<InstructionSet> instructionSets(const ModelledCpu &Cpu) {
  return familyOf(Cpu).Sets;
}

bool cutToOne(const ModelledCpu &Cpu, InstructionSet Set, Encoding &E) {
  MCInst Inst;
  return Decoder(target(Cpu.Triple, Cpu.Cpu), Set).decode(E, Inst);
}

//===--- code -------------------------------------------------------------===//

/// Whether \p Inst writes a register of 8 or 16 bits, which on x86 is a part of
/// a larger one.
static bool writesPart(const Target &T, const MCInst &Inst) {
  const MCInstrDesc &Desc = T.mcii().get(Inst.getOpcode());
  for (unsigned I = 0; I != Desc.getNumDefs(); ++I) {
    const int Class = Desc.operands()[I].RegClass;
    if (Class >= 0 && T.mri().getRegClass(Class).getSizeInBits() <= 16)
      return true;
  }
  return false;
}

CpuCode::CpuCode(const ModelledCpu &Cpu, InstructionSet Set)
    : Cpu(Cpu), Set(Set), Kinds(NumKinds) {
  const Target &T = target(Cpu.Triple, Cpu.Cpu);
  Program P(T);
  Lowering L(T, std::nullopt);
  std::set<unsigned> Modelled, Unmodelled;
  for (const Encoding &E : encodings(familyOf(Cpu), Set)) {
    const uint8_t Size = E.size();
    BlockBytes Bytes;
    Bytes.Set = Set;
    Bytes.Sizes = Size;
    Bytes.Bytes = E;
    const CodeBlock &Block = P.block(cantFail(P.define(Bytes)));
    const CodeInstruction &I = P.instructions(Block).front();
    if (!I.Decoded)
      continue;
    const LoweredInstruction &Lowered = *L.lower(P, Block).front();
    const mca::Instruction &Inst = *Lowered.Prototype;
    const unsigned Opcode = I.Inst.getOpcode();
    (Lowered.Modelled ? Modelled : Unmodelled).insert(Opcode);
    const MCSchedClassDesc &Class =
        *T.sti().getSchedModel().getSchedClassDesc(Inst.getDesc().SchedClassID);
    const ArrayRef<MCReadAdvanceEntry> Advances =
        T.sti().getReadAdvanceEntries(Class);
    const auto &Resources = Inst.getDesc().Resources;
    const bool Is[NumKinds] = {
        true,
        Inst.getMayLoad(),
        Inst.getMayStore(),
        E.size() <= 4, // On x86 what is not of vectors.
        !Lowered.Modelled,
        Inst.getMayLoad() && Inst.getMayStore(),
        Inst.isALoadBarrier() || Inst.isAStoreBarrier(),
        any_of(Inst.getDefs(), [](auto &W) { return W.isWriteZero(); }),
        any_of(Inst.getUses(),
               [](auto &R) { return R.isIndependentFromDef(); }),
        Inst.isOptimizableMove(),
        writesPart(T, I.Inst),
        Inst.getNumMicroOps() > 1,
        Inst.getDesc().MustIssueImmediately != 0,
        Inst.getLatency() > 8,
        Inst.getBeginGroup() || Inst.getEndGroup() || Inst.getRetireOOO(),
        any_of(Inst.getUses(), [](auto &R) { return R.isImplicitRead(); }),
        any_of(Inst.getDefs(), [](auto &W) { return W.getLatency() == 0; }),
        any_of(Advances, [](auto &R) { return R.Cycles > 0; }),
        any_of(Advances, [](auto &R) { return R.Cycles < 0; }),
        T.mcii().get(Opcode).isVariadic(),
        any_of(Resources, [](auto &R) { return R.second.isReserved(); }),
        any_of(Resources, [](auto &R) { return R.second.size() > 1; }),
    };
    for (unsigned Kind = 0; Kind != Kinds.size(); ++Kind)
      if (Is[Kind])
        Kinds[Kind].push_back(&E);
  }
  for (unsigned Kind = 0; Kind != NumKinds; ++Kind)
    IsThere[Kind] = !Kinds[Kind].empty();
  erase_if(Kinds, [](const Encodings &Kind) { return Kind.empty(); });
  NumModelled = Modelled.size();
  NumUnmodelled = Unmodelled.size();
}

namespace {

/// Of \p Instructions, one in \p OneIn with facts; what they say is drawn from
/// \p Mix, numbers below 6.
std::vector<FactsRow> randomFacts(unsigned Instructions, unsigned OneIn,
                                  const std::vector<unsigned> &Mix,
                                  Draw &Random) {
  static const Cause Levels[] = {Cause::L2, Cause::L3, Cause::Memory};
  static const Cause Reasons[] = {Cause::Store, Cause::MissLimit, Cause::L2,
                                  Cause::L3,    Cause::Memory,    Cause::Split};
  std::vector<FactsRow> Rows;
  for (unsigned At = 0; At != Instructions; ++At) {
    if (!Random.oneIn(OneIn))
      continue;
    auto cycles = [&] { return Random.magnitude(0, 1000); };
    FactsRow Row;
    InstructionFacts &F = Row.Facts;
    F.At = At;
    // Mostly one thing, sometimes several.
    do
      switch (Random.of(Mix)) {
      case 0:
        F.LoadCycles = cycles();
        F.TlbCycles = Random.oneIn(3) ? Random.between(0, F.LoadCycles) : 0;
        F.SplitCycles =
            Random.oneIn(3) ? Random.between(0, F.LoadCycles - F.TlbCycles) : 0;
        F.LoadWhy = Random.of(Levels);
        break;
      case 1:
        F.StoreCycles = cycles();
        break;
      case 2:
        F.AwaitsBranch = true;
        F.BranchWhy = Random.oneIn(3) ? Cause::Target : Cause::Mispredict;
        F.BranchCycles = Random.below(20);
        break;
      case 3:
        F.RedirectCycles = Random.below(8);
        F.FetchTlbCycles = Random.oneIn(2) ? cycles() : 0;
        F.FetchMissCycles = Random.oneIn(2) ? cycles() : 0;
        break;
      case 4:
        F.FetchWaitCycles = cycles();
        F.FetchWaitDistance = Random.magnitude(1, MaxDistance);
        break;
      default:
        for (unsigned I = Random.between(1, 3); I != 0; --I)
          Row.Waits.push_back({Random.magnitude(1, MaxDistance),
                               static_cast<uint16_t>(cycles()),
                               Random.of(Reasons)});
        break;
      }
    while (Random.oneIn(4));
    Rows.push_back(std::move(Row));
  }
  return Rows;
}

/// Changes one number of \p Rows, if there is any: what is remembered of an
/// execution must not be taken for one that differs in that alone.
void changeOne(std::vector<FactsRow> &Rows, Draw &Random) {
  if (Rows.empty())
    return;
  FactsRow &Row = Random.of(Rows);
  if (!Row.Waits.empty() && Random.oneIn(2)) {
    Random.of(Row.Waits).Cycles = Random.magnitude(0, 1000);
    return;
  }
  setCycles(Row.Facts, Random.of(CyclesFields).Of, Random.magnitude(0, 1000));
}

PipelineOverrides randomOverrides(Draw &Random) {
  PipelineOverrides Result;
  Result.AssumeNoAlias = !Random.oneIn(4);
  for (unsigned *Size : {&Result.DispatchWidth, &Result.RegisterFileSize,
                         &Result.LoadQueueSize, &Result.StoreQueueSize})
    if (Random.oneIn(3))
      *Size = Random.magnitude(1, 64);
  return Result;
}

} // namespace

Sequence CpuCode::sequence(uint32_t Seed) const {
  Draw Random(djbHash(Cpu.Cpu, Seed));
  Sequence S;
  S.Cpu = Cpu;
  S.Set = Set;
  if (Random.oneIn(2))
    S.Overrides = randomOverrides(Random);
  S.HasModel = Random.oneIn(2);
  S.HasAddresses = S.HasModel && !Random.oneIn(3);
  S.FetchQueue = Random.between(1, 40);

  // All of one sequence comes from some kinds, or from a few instructions.
  std::vector<Encodings> From;
  for (unsigned I = Random.between(1, 6); I != 0; --I)
    From.push_back(Random.of(Kinds));
  if (Random.oneIn(3))
    From.push_back(Kinds[All]);
  if (S.HasAddresses && Random.oneIn(2))
    append_range(From, ArrayRef{Kinds[Loads], Kinds[Stores], Kinds[Stores]});
  if (Random.oneIn(3))
    for (Encodings &Kind : From)
      Kind = {Random.of(Kind), Random.of(Kind)};
  // With short blocks in ever other orders, the ports of states that are known
  // are in many states.
  const bool AreShort = Random.oneIn(3);
  const unsigned Breaks = AreShort ? 1 << Random.below(6) : 0;
  for (unsigned I = Random.between(1, 6); I != 0; --I) {
    std::vector<Encoding> &Block = S.Blocks.emplace_back();
    for (unsigned J = Random.between(1, AreShort ? 3 : 20); J != 0; --J)
      Block.push_back(*Random.of(Random.of(From)));
  }

  // Loops over some blocks, of which some run once.
  const unsigned Length =
      Random.oneIn(64) ? 20000 : 50 * Random.between(1, 1 << Random.below(6));
  const uint32_t NumBlocks = S.Blocks.size();
  const unsigned OneIn = 1 << Random.below(8);
  const unsigned Restarts = Random.oneIn(4) ? 1 << Random.below(8) : 0;
  std::vector<unsigned> Mix;
  for (unsigned I = Random.between(1, 6); I != 0; --I)
    Mix.push_back(Random.below(6));
  for (unsigned Count = 0; Count < Length;) {
    std::vector<ExecutedBlock> Body;
    for (unsigned I = Random.magnitude(1, 6); I != 0; --I) {
      const uint32_t Block = Random.below(NumBlocks);
      Body.push_back({Block, {}});
    }
    // The facts of an iteration are often those of the one before.
    const unsigned NewFacts = 1 << Random.below(6);
    for (unsigned I = Random.magnitude(1, 300); I != 0 && Count < Length; --I)
      for (ExecutedBlock &E : Body) {
        if (Breaks && Random.oneIn(Breaks)) {
          const uint32_t Other = Random.below(NumBlocks);
          S.Executions.push_back({Other, {}});
          Count += S.Blocks[Other].size();
          continue;
        }
        const unsigned Size = S.Blocks[E.Block].size();
        if (S.HasModel && Random.oneIn(NewFacts)) {
          if (Random.oneIn(2))
            changeOne(E.Facts, Random);
          else
            E.Facts = randomFacts(Size, OneIn, Mix, Random);
        }
        E.What = Random.oneIn(10) ? ExecutedBlock::Then::EndsBatch
                                  : ExecutedBlock::Then::GoesOn;
        if (Restarts && Random.oneIn(Restarts))
          E.What = ExecutedBlock::Then::Restarts;
        S.Executions.push_back(E);
        Count += Size;
      }
  }

  // Any stretch of it, or one that goes on behind its end.
  if (!Random.oneIn(4)) {
    S.Watched.From = Random.below(Length);
    S.Watched.To = S.Watched.From + Random.magnitude(1, 400);
  }
  return S;
}

} // namespace mcad::test
