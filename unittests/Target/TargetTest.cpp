//===- TargetTest.cpp - the guest's machine, and whose model it runs on ---===//
//
// Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "MakeTarget.h"
#include "Target/ModelOwner.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"
#include "gtest/gtest.h"
#include <set>

using namespace llvm;
using namespace mcad;
using namespace mcad::test;

namespace {

// Not LLVM's.
using mcad::Target;

constexpr const char *X86 = "x86_64-linux-gnu";
constexpr const char *Arm = "armv7-linux-gnueabihf";
constexpr const char *AArch64 = "aarch64-linux-gnu";
constexpr const char *RiscV64 = "riscv64-linux-gnu";
constexpr const char *RiscV32 = "riscv32-linux-gnu";
constexpr const char *Power = "powerpc64le-linux-gnu";
constexpr const char *Triples[] = {X86, Arm, AArch64, RiscV64, RiscV32, Power};

std::string owner(const char *Triple, const char *Cpu) {
  return target(Triple, Cpu).modelIdentity().Owner;
}

/// The text of one instruction decoded by \p T in \p Mode; "" if it is none.
std::string decoded(const Target &T, DecodeMode Mode, ArrayRef<uint8_t> Bytes) {
  MCInst Inst;
  uint64_t Size = 0;
  if (T.createDisassembler(Mode)->getInstruction(
          Inst, Size, Bytes, 0, nulls()) != MCDisassembler::Success ||
      Size != Bytes.size())
    return "";
  std::string Text;
  raw_string_ostream OS(Text);
  T.createPrinter(0)->printInst(&Inst, 0, "", T.decodeSti(Mode), OS);
  return StringRef(Text).ltrim().str();
}

//===--- whose model ------------------------------------------------------===//

TEST(ModelOwnerTest, IsOneOfTheCpusThatShareTheModelForEveryCpu) {
  for (const char *Triple : Triples) {
    const Target &Any = target(Triple, "");
    std::set<std::string> Modelled;
    for (const SubtargetSubTypeKV &Cpu :
         Any.sti().getAllProcessorDescriptions()) {
      if (!Cpu.SchedModel->hasInstrSchedModel())
        continue;
      SCOPED_TRACE(std::string(Triple) + " " + Cpu.Key);
      const Target &T = target(Triple, Cpu.Key);
      const Target::ModelIdentity Identity = T.modelIdentity();
      EXPECT_TRUE(is_contained(Identity.Shared, Cpu.Key));
      EXPECT_TRUE(is_contained(Identity.Shared, Identity.Owner));
      EXPECT_TRUE(is_sorted(Identity.Shared));
      EXPECT_EQ(Identity.IsOutOfOrder, Cpu.SchedModel->isOutOfOrder());
      const Target &Owner = target(Triple, Identity.Owner);
      EXPECT_EQ(Owner.schedModel().ProcID, T.schedModel().ProcID);
      EXPECT_EQ(Owner.modelIdentity().Owner, Identity.Owner);
      Modelled.insert(Cpu.Key);
    }
    EXPECT_GE(Modelled.size(), 5u) << Triple;
  }
}

TEST(ModelOwnerTest, OfEachArchitectureAreThoseThatLLVM19HasModelsOf) {
  auto owners = [](const char *Triple) {
    std::set<std::string> Owners;
    for (const SubtargetSubTypeKV &Cpu :
         target(Triple, "").sti().getAllProcessorDescriptions())
      if (Cpu.SchedModel->hasInstrSchedModel())
        Owners.insert(owner(Triple, Cpu.Key));
    return Owners;
  };
  using Names = std::set<std::string>;
  EXPECT_EQ(
      owners(X86),
      (Names{"alderlake", "atom", "bdver2", "broadwell", "btver2", "haswell",
             "icelake-server", "sandybridge", "sapphirerapids", "skylake",
             "skylake-avx512", "slm", "znver1", "znver2", "znver3", "znver4"}));
  EXPECT_EQ(owners(Arm),
            (Names{"cortex-a57", "cortex-a9", "cortex-m4", "cortex-m55",
                   "cortex-m7", "cortex-m85", "cortex-r52", "swift"}));
  EXPECT_EQ(
      owners(AArch64),
      (Names{"a64fx",       "ampere1",     "ampere1b",     "apple-a7",
             "cortex-a510", "cortex-a53",  "cortex-a55",   "cortex-a57",
             "exynos-m3",   "exynos-m4",   "exynos-m5",    "falkor",
             "kryo",        "neoverse-n1", "neoverse-n2",  "neoverse-v1",
             "neoverse-v2", "oryon-1",     "thunderx2t99", "thunderx3t110",
             "thunderxt88", "tsv110"}));
  const Names RiscV{"rocket",
                    "sifive-7-series",
                    "sifive-p450",
                    "sifive-p670",
                    "syntacore-scr1-base",
                    "syntacore-scr3-rv32",
                    "syntacore-scr3-rv64",
                    "xiangshan-nanhu"};
  EXPECT_EQ(owners(RiscV64), RiscV);
  EXPECT_EQ(owners(RiscV32), RiscV);
  EXPECT_EQ(owners(Power), (Names{"pwr10", "pwr7", "pwr8", "pwr9"}));
}

TEST(ModelOwnerTest, OfALentModelIsTheLender) {
  EXPECT_EQ(owner(AArch64, "cortex-a76"), "cortex-a57");
  EXPECT_EQ(owner(AArch64, "cortex-a72"), "cortex-a57");
  EXPECT_EQ(owner(AArch64, "neoverse-n3"), "neoverse-n2");
  EXPECT_EQ(owner(AArch64, "cortex-a35"), "cortex-a53");
  EXPECT_EQ(owner(AArch64, "apple-m4"), "apple-a7");
  EXPECT_EQ(owner(AArch64, "ampere1b"), "ampere1b");
  EXPECT_EQ(owner(X86, "znver5"), "znver4");
  EXPECT_EQ(owner(X86, "tigerlake"), "icelake-server");
  EXPECT_EQ(owner(X86, "x86-64-v3"), "haswell");
  EXPECT_EQ(owner(X86, "x86-64-v4"), "skylake-avx512");
  EXPECT_EQ(owner(Arm, "cortex-m33"), "cortex-m4");
  EXPECT_EQ(owner(Arm, "cortex-a15"), "cortex-a9");
  EXPECT_EQ(owner(RiscV64, "sifive-u74"), "sifive-7-series");
  EXPECT_EQ(owner(RiscV64, "sifive-u54"), "rocket");
  EXPECT_EQ(owner(Power, "pwr11"), "pwr10");
  EXPECT_EQ(owner(Power, "ppc64le"), "pwr8");
}

TEST(ModelOwnerTest, OfAModelOfOnesOwnIsTheCpuItself) {
  EXPECT_EQ(owner(X86, "broadwell"), "broadwell");
  EXPECT_EQ(owner(X86, "skylake"), "skylake");
  EXPECT_EQ(owner(X86, "znver1"), "znver1");
  EXPECT_EQ(owner(AArch64, "neoverse-v1"), "neoverse-v1");
  EXPECT_EQ(owner(Arm, "cortex-a9"), "cortex-a9");
  EXPECT_EQ(owner(RiscV64, "rocket"), "rocket");
  EXPECT_EQ(owner(Power, "pwr9"), "pwr9");
}

TEST(ModelOwnerTest, IsTheFirstOfThoseThatShareAModelThatTheTableDoesNotKnow) {
  const Target &T = target(X86, "skylake");
  EXPECT_EQ(modelOwner(T.schedModel(), T.triple(), {"b", "c"}), "b");
  EXPECT_EQ(modelOwner(T.schedModel(), Triple("sparc"), {"skylake"}),
            "skylake");
  EXPECT_EQ(modelOwner(T.schedModel(), T.triple(), {}), "");
}

//===--- refusals ---------------------------------------------------------===//

/// What create says to \p Request: one line, and nothing printed besides.
std::string refused(const TargetRequest &Request) {
  testing::internal::CaptureStderr();
  std::string Message = refusal(createTarget(Request));
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_EQ(Message.find('\n'), std::string::npos);
  return Message;
}

TEST(TargetTest, RefusesATripleThatLLVMDoesNotKnow) {
  EXPECT_EQ(refused({"zx81-linux-gnu", "", "", {}}),
            "-mtriple=zx81-unknown-linux-gnu: not a target of this LLVM: "
            "-version lists them");
}

TEST(TargetTest, RefusesAnArchitectureThatLLVMDoesNotKnow) {
  EXPECT_EQ(refused({X86, "zx81", "", {}}),
            "-march=zx81: not a target of this LLVM: -version lists them");
}

TEST(TargetTest, RefusesACpuThatLLVMDoesNotKnow) {
  EXPECT_EQ(refused({AArch64, "", "cortex-a1000", {}}),
            "-mcpu=cortex-a1000: not a CPU of aarch64-unknown-linux-gnu: "
            "-mcpu=help lists them");
}

TEST(TargetTest, RefusesACpuOfAnotherArchitecture) {
  EXPECT_EQ(refused({Power, "", "skylake", {}}),
            "-mcpu=skylake: not a CPU of powerpc64le-unknown-linux-gnu: "
            "-mcpu=help lists them");
}

TEST(TargetTest, RefusesAFeatureWithoutASign) {
  EXPECT_EQ(refused({AArch64, "", "cortex-a57", {"sve"}}),
            "-mattr=sve: a feature starts with + or -, for example +sve");
}

TEST(TargetTest, RefusesAFeatureThatLLVMDoesNotKnow) {
  EXPECT_EQ(refused({AArch64, "", "cortex-a57", {"+lse", "+flux"}}),
            "-mattr=+flux: not a feature of this target: -mattr=+help lists "
            "them");
  EXPECT_EQ(refused({AArch64, "", "cortex-a57", {"+"}}),
            "-mattr=+: not a feature of this target: -mattr=+help lists them");
}

TEST(TargetTest, RefusesACpuWithoutASchedulingModel) {
  EXPECT_EQ(refused({Arm, "", "cortex-a8", {}}),
            "-mcpu=cortex-a8: LLVM has no scheduling model of it for "
            "armv7-unknown-linux-gnueabihf: choose a CPU of the same family "
            "that has one, such as cortex-a57");
  EXPECT_EQ(refused({X86, "", "bdver4", {}}),
            "-mcpu=bdver4: LLVM has no scheduling model of it for "
            "x86_64-unknown-linux-gnu: choose a CPU of the same family that "
            "has one, such as " +
                Target::defaultCpu(Triple(X86)));
  EXPECT_EQ(refused({RiscV64, "", "generic-rv64", {}}),
            "-mcpu=generic-rv64: LLVM has no scheduling model of it for "
            "riscv64-unknown-linux-gnu: choose a CPU of the same family that "
            "has one, such as sifive-u74");
  EXPECT_EQ(refused({"thumbv6m-none-eabi", "", "cortex-m0", {}}),
            "-mcpu=cortex-m0: LLVM has no scheduling model of it for "
            "thumbv6m-unknown-none-eabi: choose a CPU of the same family that "
            "has one, such as cortex-m4");
}

TEST(TargetTest, RefusesNoCpuWhereNoneIsSensible) {
  EXPECT_EQ(refused({"sparc-linux-gnu", "", "", {}}),
            "-mcpu: no default for sparc-unknown-linux-gnu: name one, "
            "-mcpu=help lists them");
}

//===--- what a target is -------------------------------------------------===//

TEST(TargetTest, HasADefaultCpuWithAModelForEachArchitecture) {
  for (const char *Triple : {X86, Arm, AArch64, RiscV64, RiscV32, Power,
                             "i386-linux-gnu", "thumbv7-linux-gnueabihf",
                             "thumbv7m-none-eabi", "powerpc64-linux-gnu"}) {
    SCOPED_TRACE(Triple);
    Expected<std::unique_ptr<Target>> T = createTarget({Triple, "", "", {}});
    ASSERT_TRUE(bool(T)) << toString(T.takeError());
    EXPECT_TRUE((*T)->cpuIsDefault());
    EXPECT_EQ((*T)->cpu(), Target::defaultCpu(llvm::Triple(Triple)));
    EXPECT_TRUE((*T)->schedModel().hasInstrSchedModel());
  }
}

TEST(TargetTest, IsTheOneAskedFor) {
  const Target &T = target(AArch64, "cortex-a76", {"+sve", "-crc"});
  EXPECT_EQ(T.triple().str(), "aarch64-unknown-linux-gnu");
  EXPECT_EQ(T.cpu(), "cortex-a76");
  EXPECT_FALSE(T.cpuIsDefault());
  EXPECT_EQ(T.features(), "+sve,-crc");
  EXPECT_TRUE(T.sti().checkFeatures("+sve"));
  EXPECT_FALSE(T.sti().checkFeatures("+crc"));
}

TEST(TargetTest, TakesTheArchitectureFromMarchBeforeTheTriple) {
  Expected<std::unique_ptr<Target>> T =
      createTarget({X86, "aarch64", "cortex-a53", {}});
  ASSERT_TRUE(bool(T)) << toString(T.takeError());
  EXPECT_TRUE((*T)->triple().isAArch64());
}

//===--- decoding ---------------------------------------------------------===//

constexpr uint8_t ArmBxLr[] = {0x1e, 0xff, 0x2f, 0xe1};
constexpr uint8_t ThumbBxLr[] = {0x70, 0x47};

TEST(TargetTest, DecodesArmByDefaultForAnArmTriple) {
  const Target &T = target(Arm, "cortex-a57");
  EXPECT_EQ(decoded(T, DecodeMode::Default, ArmBxLr), "bx\tlr");
  EXPECT_EQ(decoded(T, DecodeMode::Arm, ArmBxLr), "bx\tlr");
  EXPECT_EQ(decoded(T, DecodeMode::Thumb, ThumbBxLr), "bx\tlr");
  EXPECT_EQ(decoded(T, DecodeMode::Default, ThumbBxLr), "");
  EXPECT_EQ(T.minInstructionBytes(DecodeMode::Default), 4u);
  EXPECT_EQ(T.minInstructionBytes(DecodeMode::Thumb), 2u);
}

TEST(TargetTest, DecodesThumbByDefaultForAThumbTriple) {
  const Target &T = target("thumbv7-linux-gnueabihf", "cortex-a57");
  EXPECT_EQ(decoded(T, DecodeMode::Default, ThumbBxLr), "bx\tlr");
  EXPECT_EQ(decoded(T, DecodeMode::Arm, ArmBxLr), "bx\tlr");
  EXPECT_EQ(T.minInstructionBytes(DecodeMode::Default), 2u);
}

TEST(TargetTest, DecodesThumbByDefaultForEveryCpuOfTheMProfile) {
  for (const char *Cpu :
       {"cortex-m3", "cortex-m4", "cortex-m33", "cortex-m35p", "cortex-m7",
        "cortex-m52", "cortex-m55", "cortex-m85", "sc300"}) {
    SCOPED_TRACE(Cpu);
    const Target &T = target(Arm, Cpu);
    EXPECT_EQ(decoded(T, DecodeMode::Default, ThumbBxLr), "bx\tlr");
    EXPECT_EQ(T.minInstructionBytes(DecodeMode::Default), 2u);
  }
}

TEST(TargetTest, DecodesWhatTheModelledCpuLacks) {
  const Target &Arm64 = target(AArch64, "cortex-a57");
  EXPECT_FALSE(Arm64.sti().checkFeatures("+lse"));
  EXPECT_EQ(decoded(Arm64, DecodeMode::Default, {0x41, 0x00, 0x20, 0xb8}),
            "ldadd\tw0, w1, [x2]");
  EXPECT_FALSE(Arm64.sti().checkFeatures("+sve"));
  EXPECT_EQ(decoded(Arm64, DecodeMode::Default, {0xe0, 0xe3, 0x18, 0x25}),
            "ptrue\tp0.b");
  // sdiv r0, r0, r1: an ARM instruction that Cortex-A9 does not have.
  const Target &A9 = target(Arm, "cortex-a9");
  EXPECT_FALSE(A9.sti().checkFeatures("+hwdiv-arm"));
  EXPECT_EQ(decoded(A9, DecodeMode::Arm, {0x10, 0xf1, 0x10, 0xe7}),
            "sdiv\tr0, r0, r1");
  const Target &U54 = target(RiscV64, "sifive-u54");
  EXPECT_FALSE(U54.sti().checkFeatures("+v"));
  EXPECT_TRUE(U54.decodeSti(DecodeMode::Default).checkFeatures("+v"));
}

TEST(TargetTest, DoesNotDecodeWhatTheUserSwitchedOff) {
  const Target &T = target(Arm, "cortex-a9", {"-hwdiv-arm"});
  EXPECT_EQ(decoded(T, DecodeMode::Arm, {0x10, 0xf1, 0x10, 0xe7}), "");
}

TEST(TargetTest, KnowsTheSmallestInstruction) {
  EXPECT_EQ(target(X86, "skylake").minInstructionBytes(DecodeMode::Default),
            1u);
  EXPECT_EQ(
      target(AArch64, "cortex-a53").minInstructionBytes(DecodeMode::Default),
      4u);
  EXPECT_EQ(target(RiscV64, "rocket").minInstructionBytes(DecodeMode::Default),
            2u);
  EXPECT_EQ(target(Power, "pwr9").minInstructionBytes(DecodeMode::Default), 4u);
}

} // namespace
