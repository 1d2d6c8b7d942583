//===- Target/Target.h - the guest's machine as LLVM describes it --------===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// One owned bundle of LLVM's machine-code objects for a triple, a CPU and
/// features: what the rest needs to decode, to print and to schedule.
///
/// Two subtargets stand side by side. The scheduling one is what the user asked
/// for. The decoding one has the architecture's extensions switched on as well,
/// because a guest may run instructions that the modelled CPU lacks (QEMU's
/// default CPU has them all, and C libraries pick by what they find); such an
/// instruction must still be decoded before it can be counted as unmodelled.
///
/// Immutable after create; may be read from several threads, but a disassembler
/// or printer made from it belongs to one.
///
/// Tested by unittests/Target/TargetTest.cpp.
///
//===----------------------------------------------------------------------===//
#ifndef MCAD_TARGET_TARGET_H
#define MCAD_TARGET_TARGET_H

#include "llvm/MC/MCAsmInfo.h"
#include "llvm/MC/MCContext.h"
#include "llvm/MC/MCDisassembler/MCDisassembler.h"
#include "llvm/MC/MCInstPrinter.h"
#include "llvm/MC/MCInstrAnalysis.h"
#include "llvm/MC/MCInstrInfo.h"
#include "llvm/MC/MCRegisterInfo.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/MCTargetOptions.h"
#include "llvm/Support/Error.h"
#include "llvm/TargetParser/Triple.h"
#include <memory>
#include <string>
#include <vector>

namespace llvm {
class Target;
}

namespace mcad {

/// What the user asked for. Empty members take a default.
struct TargetRequest {
  std::string Triple;                ///< -mtriple; default: the host's.
  std::string Arch;                  ///< -march, overrides the triple's.
  std::string Cpu;                   ///< -mcpu; default: see defaultCpu().
  std::vector<std::string> Features; ///< -mattr, each "+name" or "-name".
};

/// Which instructions of a triple to decode, where it has several sets.
enum class DecodeMode : uint8_t { Default, Arm, Thumb };

class Target {
public:
  /// Fails with one line that names the triple, CPU or feature that LLVM does
  /// not know, or the CPU that has no scheduling model.
  static llvm::Expected<std::unique_ptr<Target>>
  create(const TargetRequest &Request);

  /// Makes LLVM's targets known to its registry. Once per process, before
  /// create.
  static void initializeAll();

  /// The CPU taken when the user names none; empty where there is no sensible
  /// one. "native" semantics for the host's own architecture.
  static std::string defaultCpu(const llvm::Triple &T);

  const llvm::Triple &triple() const { return TheTriple; }
  const std::string &cpu() const { return Cpu; }
  /// The CPU was not named by the user.
  bool cpuIsDefault() const { return CpuIsDefault; }
  /// "+a,-b" as given, comma-separated.
  const std::string &features() const { return FeatureString; }

  const llvm::MCSubtargetInfo &sti() const { return *STI; }
  const llvm::MCSchedModel &schedModel() const { return STI->getSchedModel(); }
  const llvm::MCInstrInfo &mcii() const { return *MCII; }
  const llvm::MCRegisterInfo &mri() const { return *MRI; }
  const llvm::MCAsmInfo &mai() const { return *MAI; }
  const llvm::MCInstrAnalysis *mcia() const { return MCIA.get(); }
  const llvm::MCTargetOptions &options() const { return Options; }
  const llvm::Target &llvmTarget() const { return TheTarget; }

  /// The subtarget to decode and print with in \p Mode.
  const llvm::MCSubtargetInfo &decodeSti(DecodeMode Mode) const;

  /// A fresh disassembler (the ARM one carries state from call to call), or
  /// null where LLVM has none for the target.
  std::unique_ptr<llvm::MCDisassembler>
  createDisassembler(DecodeMode Mode) const;

  /// A printer for assembly dialect \p Dialect; null if there is no such one.
  std::unique_ptr<llvm::MCInstPrinter> createPrinter(unsigned Dialect) const;

  /// The smallest instruction in bytes: how far to go on after bytes that do
  /// not decode.
  unsigned minInstructionBytes(DecodeMode Mode) const;

  /// The scheduling model that is really used.
  struct ModelIdentity {
    std::string Owner; ///< The CPU that the model was written for.
    std::vector<std::string> Shared; ///< All CPUs that LLVM gives it, sorted.
    bool IsOutOfOrder = false;
  };
  ModelIdentity modelIdentity() const;

private:
  Target(const llvm::Target &TheTarget, llvm::Triple T)
      : TheTarget(TheTarget), TheTriple(std::move(T)) {}

  const llvm::Target &TheTarget;
  llvm::Triple TheTriple;
  std::string Cpu;
  bool CpuIsDefault = false;
  std::string FeatureString;
  llvm::MCTargetOptions Options;
  std::unique_ptr<llvm::MCRegisterInfo> MRI;
  std::unique_ptr<llvm::MCAsmInfo> MAI;
  std::unique_ptr<llvm::MCInstrInfo> MCII;
  std::unique_ptr<llvm::MCInstrAnalysis> MCIA;
  std::unique_ptr<llvm::MCSubtargetInfo> STI;
  std::unique_ptr<llvm::MCSubtargetInfo> DecodeSTI; ///< Default, or Arm.
  std::unique_ptr<llvm::MCSubtargetInfo> ThumbSTI;  ///< 32-bit ARM only.
  std::unique_ptr<llvm::MCContext> DecodeContext;
};

} // namespace mcad

#endif // MCAD_TARGET_TARGET_H
