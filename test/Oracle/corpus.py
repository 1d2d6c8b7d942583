# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Which files the oracle test compares: for every CPU four random ones (short,
medium, long, and several regions), some under options of llvm-mca, and the ones
that are written by hand for a reason of their own.

The seed of a file is its name: what is generated does not depend on what else
is, and a failing name is enough to make the file again.
"""

import dataclasses
import random

import aarch64
import arm
import powerpc
import riscv
import x86

# Calls cost what their scheduling class says, unless this asks for what
# llvm-mca assumes.
CALLS_AS_LLVM_MCA = ["-mca-call-latency=100"]


@dataclasses.dataclass
class Case:
    name: str
    options: list       # For both programs.
    our_options: list   # For ours alone.
    units: list         # Each a text of lines that are kept or dropped together.
    comment: str
    prologue: str = ""
    # Names of regions to spread the units over, None for one without a name;
    # empty: no regions, all of the file counts.
    regions: list = dataclasses.field(default_factory=list)

    def text(self):
        """The file, from the units that are left."""
        lines = [self.prologue] if self.prologue else []
        if not self.regions:
            return "\n".join(lines + self.units) + "\n"
        share = max(1, len(self.units) // len(self.regions))
        for i, name in enumerate(self.regions):
            last = i + 1 == len(self.regions)
            label = " " + name if name else ""
            lines.append(f"{self.comment} LLVM-MCA-BEGIN{label}")
            lines += self.units[i * share:None if last else (i + 1) * share]
            lines.append(f"{self.comment} LLVM-MCA-END{label}")
            # What lies between regions counts in none of them.
            lines += self.units[:1]
        return "\n".join(lines) + "\n"


X86 = "x86_64-linux-gnu"
I386 = "i386-linux-gnu"
A32 = "armv7-linux-gnueabihf"
A32V8 = "armv8-linux-gnueabihf"
T32 = "thumbv7-linux-gnueabihf"
T32V8 = "thumbv8-linux-gnueabihf"
T7M = "thumbv7em-none-eabi"
T8M = "thumbv8.1m.main-none-eabi"
A64 = "aarch64-linux-gnu"
RV = "riscv64-linux-gnu"
PPC = "powerpc64le-linux-gnu"

CPUS = [
    (X86, x86.vocabulary(64),
     ["skylake", "skylake-avx512", "icelake-server", "alderlake", "haswell",
      "sandybridge", "btver2", "bdver2", "znver1", "znver2", "znver3", "znver4",
      "slm", "atom", "x86-64"]),
    (I386, x86.vocabulary(32), ["atom", "haswell", "btver2"]),
    (A32, arm.vocabulary(False), ["cortex-a9", "cortex-a57", "swift"]),
    (A32V8, arm.vocabulary(False), ["cortex-r52"]),
    (T32, arm.vocabulary(True), ["cortex-a9", "cortex-a57", "cortex-a15"]),
    (T32V8, arm.vocabulary(True), ["cortex-r52"]),
    (T7M, arm.vocabulary(True), ["cortex-m4", "cortex-m7"]),
    (T8M, arm.vocabulary(True), ["cortex-m55"]),
    (A64, aarch64.vocabulary(),
     ["cortex-a53", "cortex-a55", "cortex-a57", "cortex-a510", "neoverse-n1",
      "neoverse-n2", "neoverse-v1", "neoverse-v2", "thunderx2t99", "exynos-m5",
      "cyclone", "a64fx", "ampere1", "falkor"]),
    (RV, riscv.vocabulary(),
     ["sifive-u74", "sifive-x280", "sifive-p450", "sifive-p670", "rocket-rv64",
      "xiangshan-nanhu", "syntacore-scr3-rv64"]),
    (PPC, powerpc.vocabulary(), ["pwr7", "pwr8", "pwr9", "pwr10"]),
]

# What llvm-mca 19 itself cannot do. On alderlake, dpps never ends: what its
# model asks for is never free. On cortex-a9, a floating-point instruction that
# issues while the address unit is busy uses no unit at all, and llvm-mca then
# writes outside of its table: a crash, or figures in another row.
BEYOND_LLVM_MCA = [("alderlake", "dpps"), ("cortex-a9", "v")]

# One set in turn for every third file. Sizes of queues and register files are
# small enough to be felt.
OPTION_SETS = [
    ["-dispatch=2"], ["-noalias=false"], ["-lqueue=4", "-squeue=2"],
    ["-register-file-size=20"], ["-noalias=false", "-lqueue=8", "-squeue=8"],
    ["-dispatch=8", "-register-file-size=48"], ["-dispatch=1", "-noalias=false"],
]


def generated(triple, vocabulary, cpu, kind, options):
    """One random file; the kind says how long it is."""
    name = f"{triple.split('-')[0]}-{cpu}-{kind}"
    rng = random.Random(name)
    size = {"short": rng.randint(1, 12), "medium": rng.randint(20, 90),
            "long": rng.randint(150, 400), "regions": rng.randint(20, 120)}[kind]
    with_calls = kind == "medium"
    groups = [g for g in vocabulary.groups if g != "call"]
    groups = rng.sample(groups, rng.randint(min(3, len(groups)), len(groups)))
    if with_calls and "call" in vocabulary.groups:
        groups.append("call")
    weights = [rng.choice([1, 1, 2, 4]) for _ in groups]
    operands = vocabulary.pick_operands(rng, rng.choice([0.1, 0.3, 0.6, 1]))
    units = [vocabulary.expand(rng.choice(vocabulary.groups[group]), operands, rng)
             for group in rng.choices(groups, weights, k=size)]
    units = [unit for unit in units
             if not any(cpu == c and unit.startswith(m) for c, m in BEYOND_LLVM_MCA)]
    regions = []
    if kind == "regions":
        regions = ["first", None, "third one", "last"][:rng.randint(2, 4)]
    return Case(name, [f"-mtriple={triple}", f"-mcpu={cpu}"] + options,
                CALLS_AS_LLVM_MCA if with_calls else [], units,
                vocabulary.comment, regions=regions)


def written():
    """Files that each are there for one reason."""
    skylake = [f"-mtriple={X86}", "-mcpu=skylake"]

    def case(name, options, text, calls=False, comment="#"):
        return Case(name, options, CALLS_AS_LLVM_MCA if calls else [],
                    [], comment, prologue=text.strip("\n"))

    yield case("nested-regions", skylake, """
addl %eax, %eax
# LLVM-MCA-BEGIN outer
imull %ecx, %edx
# LLVM-MCA-BEGIN inner
addl %edx, %edx
# LLVM-MCA-END inner
movl (%rdx), %eax
# LLVM-MCA-END outer
""")
    yield case("empty-region", skylake, """
# LLVM-MCA-BEGIN nothing
# LLVM-MCA-END nothing
# LLVM-MCA-BEGIN something
addl %eax, %ebx
# LLVM-MCA-END something
""")
    yield case("one-nop", skylake, "nop")
    yield case("labels-and-directives", skylake, """
.text
.globl f
.type f, @function
f:
.cfi_startproc
addl %edi, %esi
.p2align 4
.Lloop:
subl $1, %esi
jne .Lloop
.cfi_endproc
""")
    yield case("macro", skylake, """
.macro twice reg
addl %\\reg, %\\reg
addl %\\reg, %\\reg
.endm
twice eax
.rept 5
imull %eax, %ebx
.endr
""")
    yield case("intel-directive", skylake, """
.intel_syntax noprefix
add rax, qword ptr [rbx + 4*rcx + 8]
mov dword ptr [rax], ecx
""")
    yield case("feature", [f"-mtriple={X86}", "-mcpu=x86-64", "-mattr=+avx2"],
               "vpaddd %ymm0, %ymm1, %ymm2\nvpmulld %ymm2, %ymm1, %ymm0")
    yield case("march", ["-march=aarch64", "-mcpu=cortex-a57"],
               "add x0, x1, x2\nldr x3, [x0]\nmul x4, x3, x3")
    yield case("call-then-use", skylake,
               "callq callee\naddq %rax, %rbx\nretq", calls=True)
    yield case("store-to-load", skylake + ["-noalias=false"], """
movl %eax, (%rdi)
movl (%rsi), %ebx
imull %ebx, %ebx
movl %ebx, (%rdi)
movl (%rsi), %ecx
""")
    yield case("thumb-directive", [f"-mtriple={A32}", "-mcpu=cortex-a57"], """
.thumb
adds r0, r1, r2
ldr r3, [r0, #4]
mul r4, r3, r0
""", comment="@")
    yield case("move-chain", [f"-mtriple={X86}", "-mcpu=btver2"], """
movq %rax, %rbx
movq %rbx, %rcx
movq %rcx, %rdx
addq %rdx, %rax
vxorps %xmm0, %xmm0, %xmm0
vmovaps %xmm0, %xmm1
vaddps %xmm1, %xmm1, %xmm2
""")
    yield case("register-file-of-two", [f"-mtriple={X86}", "-mcpu=btver2",
                                        "-register-file-size=2"], "addl %eax, %ebx\n" * 20)
    yield case("long-latency-in-order", [f"-mtriple={A64}", "-mcpu=cortex-a55"],
               "sdiv x0, x1, x2\nadd x3, x0, x0\nadd x4, x5, x6\nldr x7, [x4]\nadd x8, x7, x7\n" * 6)


def all_cases():
    number = 0
    for triple, vocabulary, cpus in CPUS:
        for cpu in cpus:
            for kind in ["short", "medium", "long", "regions"]:
                options = []
                if number % 3 == 1:
                    options = OPTION_SETS[number // 3 % len(OPTION_SETS)]
                number += 1
                yield generated(triple, vocabulary, cpu, kind, options)
    for cpu in ["skylake", "znver3"]:
        intel = generated(X86, x86.intel_vocabulary(), cpu, "medium", [])
        intel.name += "-intel"
        intel.prologue = ".intel_syntax noprefix"
        yield intel
    yield from written()
