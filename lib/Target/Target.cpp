//===- Target/Target.cpp - the guest's machine as LLVM describes it ------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Target/Target.h"
#include "Target/ModelOwner.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/ARMTargetParser.h"
#include "llvm/TargetParser/Host.h"

using namespace llvm;

namespace mcad {

void Target::initializeAll() {
  InitializeAllTargetInfos();
  InitializeAllTargetMCs();
  InitializeAllAsmParsers();
  InitializeAllDisassemblers();
  InitializeAllTargetMCAs();
}

std::string Target::defaultCpu(const Triple &T) {
  if (T.getArch() == Triple(sys::getDefaultTargetTriple()).getArch())
    return std::string(sys::getHostCPUName());
  switch (T.getArch()) {
  case Triple::arm:
  case Triple::thumb:
    return ARM::parseArchProfile(T.getArchName()) == ARM::ProfileKind::M
               ? "cortex-m4"
               : "cortex-a57";
  case Triple::aarch64:
    return "cortex-a57";
  case Triple::x86:
  case Triple::x86_64:
    return "skylake";
  case Triple::riscv64:
    return "sifive-u74";
  case Triple::riscv32:
    return "sifive-e76";
  case Triple::ppc64le:
  case Triple::ppc64:
    return "pwr9";
  default:
    return "";
  }
}

/// Extensions that QEMU's default CPUs have and that a user-mode guest may
/// therefore run on any modelled CPU; see the file comment of Target.h.
static std::string decodeFeatures(const Triple &T, bool IsMicrocontroller) {
  switch (T.getArch()) {
  case Triple::arm:
  case Triple::thumb:
    // M-profile encodings overlap with A-profile ones: leave those CPUs alone.
    return IsMicrocontroller ? ""
                             : "+v8.2a,+neon,+fp-armv8,+crypto,+crc,+hwdiv,"
                               "+hwdiv-arm,+dsp,+mp,+fullfp16,+dotprod,+bf16,"
                               "+i8mm,+fp16fml,+trustzone,+virtualization";
  case Triple::aarch64:
  case Triple::aarch64_be:
    return "+all";
  case Triple::riscv32:
  case Triple::riscv64:
    return "+m,+a,+f,+d,+c,+zicsr,+zifencei,+zba,+zbb,+zbc,+zbs,+zfh,+v,"
           "+zicbom,+zicboz,+zawrs";
  default:
    return "";
  }
}

static bool isArm32(const Triple &T) { return T.isARM() || T.isThumb(); }

/// ARM's M profile, which has Thumb only.
static bool isMicrocontroller(const MCSubtargetInfo &STI) {
  return isArm32(STI.getTargetTriple()) &&
         any_of(STI.getEnabledProcessorFeatures(),
                [](const SubtargetFeatureKV &F) {
                  return StringRef(F.Key) == "mclass";
                });
}

static Error unknown(StringRef Option, StringRef Value, StringRef Mend) {
  return createStringError(Option + "=" + Value + ": " + Mend);
}

/// LLVM prints about features that it does not know and goes on: ask first.
static Error checkFeatures(const MCSubtargetInfo &STI,
                           ArrayRef<std::string> Features) {
  for (StringRef Feature : Features) {
    StringRef Name = Feature;
    if (!Name.consume_front("+") && !Name.consume_front("-"))
      return unknown("-mattr", Feature,
                     "a feature starts with + or -, for example +" +
                         Feature.str());
    if (Name == "all" || Name == "help" || Name == "cpuhelp")
      continue;
    if (none_of(STI.getAllProcessorFeatures(),
                [&](const SubtargetFeatureKV &F) { return Name == F.Key; }))
      return unknown("-mattr", Feature,
                     "not a feature of this target: -mattr=+help lists them");
  }
  return Error::success();
}

Expected<std::unique_ptr<Target>> Target::create(const TargetRequest &Request) {
  // 1. The LLVM target: from the triple, which -march may override.
  Triple T(Triple::normalize(
      Request.Triple.empty() ? sys::getDefaultTargetTriple() : Request.Triple));
  std::string Message;
  const llvm::Target *Found =
      TargetRegistry::lookupTarget(Request.Arch, T, Message);
  if (!Found)
    return unknown(Request.Arch.empty() ? "-mtriple" : "-march",
                   Request.Arch.empty() ? T.str() : Request.Arch,
                   "not a target of this LLVM: -version lists them");
  std::unique_ptr<Target> Result(new Target(*Found, T));
  const std::string &Name = Result->TheTriple.str();

  // 2. The CPU and the features, checked before LLVM sees them.
  std::unique_ptr<MCSubtargetInfo> Plain(
      Found->createMCSubtargetInfo(Name, "", ""));
  if (!Plain)
    return unknown("-mtriple", Name, "this LLVM cannot describe its machine");
  Result->Cpu = Request.Cpu;
  if (Result->Cpu.empty()) {
    Result->Cpu = defaultCpu(Result->TheTriple);
    Result->CpuIsDefault = true;
    if (Result->Cpu.empty())
      return createStringError("-mcpu: no default for " + Name +
                               ": name one, -mcpu=help lists them");
  } else if (Result->Cpu == "native") {
    Result->Cpu = std::string(sys::getHostCPUName());
  }
  if (!Plain->isCPUStringValid(Result->Cpu))
    return unknown("-mcpu", Result->Cpu,
                   "not a CPU of " + Name + ": -mcpu=help lists them");
  if (Error E = checkFeatures(*Plain, Request.Features))
    return E;
  Result->FeatureString = join(Request.Features, ",");

  // 3. The machine-code objects.
  Result->MRI.reset(Found->createMCRegInfo(Name));
  if (Result->MRI)
    Result->MAI.reset(
        Found->createMCAsmInfo(*Result->MRI, Name, Result->Options));
  Result->MCII.reset(Found->createMCInstrInfo());
  Result->STI.reset(
      Found->createMCSubtargetInfo(Name, Result->Cpu, Result->FeatureString));
  if (!Result->MRI || !Result->MAI || !Result->MCII || !Result->STI)
    return unknown("-mtriple", Name, "this LLVM has no machine-code support");
  Result->MCIA.reset(Found->createMCInstrAnalysis(Result->MCII.get()));
  if (!Result->schedModel().hasInstrSchedModel())
    return unknown("-mcpu", Result->Cpu,
                   "LLVM has no scheduling model of it for " + Name +
                       ": choose a CPU of the same family that has one" +
                       (defaultCpu(Result->TheTriple).empty()
                            ? std::string()
                            : ", such as " + defaultCpu(Result->TheTriple)));

  // 4. The decoding subtargets.
  const bool Arm32 = isArm32(Result->TheTriple);
  std::string Decode = Result->FeatureString;
  auto add = [](std::string A, const std::string &B) {
    return A.empty() ? B : B.empty() ? A : A + "," + B;
  };
  Decode =
      add(decodeFeatures(Result->TheTriple, isMicrocontroller(*Result->STI)),
          Decode);
  const bool ThumbOnly = isMicrocontroller(*Result->STI);
  Result->DecodeSTI.reset(Found->createMCSubtargetInfo(
      Name, Result->Cpu,
      Arm32 && !ThumbOnly ? add(Decode, "-thumb-mode") : Decode));
  if (Arm32)
    Result->ThumbSTI.reset(Found->createMCSubtargetInfo(
        Name, Result->Cpu, add(Decode, "+thumb-mode")));
  Result->DecodeContext =
      std::make_unique<MCContext>(Result->TheTriple, Result->MAI.get(),
                                  Result->MRI.get(), Result->DecodeSTI.get());
  return Result;
}

const MCSubtargetInfo &Target::decodeSti(DecodeMode Mode) const {
  if (!ThumbSTI)
    return *DecodeSTI;
  const bool Thumb = Mode == DecodeMode::Thumb ||
                     (Mode == DecodeMode::Default &&
                      (TheTriple.isThumb() || isMicrocontroller(*STI)));
  return Thumb ? *ThumbSTI : *DecodeSTI;
}

std::unique_ptr<MCDisassembler>
Target::createDisassembler(DecodeMode Mode) const {
  return std::unique_ptr<MCDisassembler>(
      TheTarget.createMCDisassembler(decodeSti(Mode), *DecodeContext));
}

std::unique_ptr<MCInstPrinter> Target::createPrinter(unsigned Dialect) const {
  return std::unique_ptr<MCInstPrinter>(
      TheTarget.createMCInstPrinter(TheTriple, Dialect, *MAI, *MCII, *MRI));
}

unsigned Target::minInstructionBytes(DecodeMode Mode) const {
  if (TheTriple.isX86())
    return 1;
  if (TheTriple.isRISCV())
    return 2;
  return ThumbSTI && &decodeSti(Mode) == ThumbSTI.get() ? 2 : 4;
}

Target::ModelIdentity Target::modelIdentity() const {
  ModelIdentity Identity;
  const MCSchedModel &Model = schedModel();
  for (const SubtargetSubTypeKV &Cpu : STI->getAllProcessorDescriptions())
    if (Cpu.SchedModel->ProcID == Model.ProcID)
      Identity.Shared.push_back(Cpu.Key);
  Identity.Owner = modelOwner(Model, TheTriple, Identity.Shared);
  Identity.IsOutOfOrder = Model.isOutOfOrder();
  return Identity;
}

} // namespace mcad
