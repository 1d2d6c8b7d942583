# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""x86 templates in AT&T syntax, 64 and 32 bits, and a few in Intel syntax."""

from vocabulary import Vocabulary, immediates, registers

LEGACY = ["ax", "bx", "cx", "dx", "si", "di", "bp"]
LOW = ["al", "bl", "cl", "dl"]
HIGH = ["ah", "bh", "ch", "dh"]


def percent(names):
    return ["%" + name for name in names]


def operands(bits):
    extended = range(8, 16) if bits == 64 else []
    vectors = range(16 if bits == 64 else 8)
    address = "r64" if bits == 64 else "r32"
    return {
        "r8": percent(LOW + ["r%db" % n for n in extended]),
        "r8h": percent(HIGH),
        "r16": percent(LEGACY + ["r%dw" % n for n in extended]),
        "r32": percent(["e" + n for n in LEGACY] + ["r%dd" % n for n in extended]),
        "r64": percent(["r" + n for n in LEGACY] + ["r%d" % n for n in extended]),
        "x": registers("%%xmm%d", vectors),
        "y": registers("%%ymm%d", vectors),
        "z": registers("%%zmm%d", vectors),
        "k": registers("%%k%d", range(1, 8)),
        "st": registers("%%st(%d)", range(1, 8)),
        "mm": registers("%%mm%d", range(8)),
        "i5": immediates(1, 31),
        "i8": immediates(0, 127),
        "i32": immediates(-100000, 100000),
        "off": immediates(-256, 256, 8),
        "cc": ["e", "ne", "l", "le", "g", "ge", "b", "be", "a", "ae", "s", "ns"],
        "m": ["({%s})" % address, "{off}({%s})" % address,
              "{off}({%s},{%s})" % (address, address),
              "({%s},{%s},4)" % (address, address),
              "{off}({%s},{%s},8)" % (address, address)],
    }


COMMON = {
    "integer": [
        "[add|sub|and|or|xor|cmp]l {r32}, {r32}", "[adc|sbb]l {r32}, {r32}",
        "[add|sub|and|or|xor|cmp]l ${i32}, {r32}", "[inc|dec|neg|not]l {r32}",
        "testl {r32}, {r32}", "leal {m}, {r32}", "movl {r32}, {r32}",
        "movl ${i32}, {r32}", "xchgl {r32}, {r32}", "bswapl {r32}",
        "set{cc} {r8}", "cmov{cc}l {r32}, {r32}", "cltd", "cwtl",
        "popcntl {r32}, {r32}", "[lzcnt|tzcnt]l {r32}, {r32}",
        "bs[f|r]l {r32}, {r32}", "bt[|s|r|c]l {r32}, {r32}", "andnl {r32}, {r32}, {r32}",
        "[blsr|blsi|blsmsk]l {r32}, {r32}", "[pdep|pext]l {r32}, {r32}, {r32}",
    ],
    "partial": [
        "[add|sub|and|or|xor]b {r8}, {r8}", "movb {r8}, {r8}", "movb {r8h}, %al",
        "addb {r8h}, %cl", "movb ${i8}, {r8}", "[add|sub|and|or]w {r16}, {r16}",
        "movw {r16}, {r16}", "[inc|dec]b {r8}", "[inc|dec]w {r16}",
        "mov[z|s]bl {r8}, {r32}", "mov[z|s]wl {r16}, {r32}", "xorb %al, %al",
        "movzbl {r8h}, %eax", "imulw {r16}, {r16}", "sahf", "lahf",
    ],
    "shift": [
        "[shl|shr|sar|rol|ror]l ${i5}, {r32}", "[shl|shr|sar|rol|ror]l %cl, {r32}",
        "[shl|shr|sar]l {r32}", "sh[l|r]dl ${i5}, {r32}, {r32}",
        "sh[l|r]dl %cl, {r32}, {r32}", "[shlx|shrx|sarx]l {r32}, {r32}, {r32}",
        "rorxl ${i5}, {r32}, {r32}", "rc[l|r]l {r32}",
    ],
    "muldiv": [
        "imull {r32}, {r32}", "imull ${i32}, {r32}, {r32}", "[mul|imul]l {r32}",
        "[div|idiv]l {r32}", "[mul|div]b {r8}", "mulxl {r32}, {r32}, {r32}",
    ],
    "load": [
        "movl {m}, {r32}", "[add|sub|and|or|xor|cmp]l {m}, {r32}",
        "mov[z|s]bl {m}, {r32}", "mov[z|s]wl {m}, {r32}", "imull {m}, {r32}",
        "testl {r32}, {m}", "cmpl ${i8}, {m}", "cmov{cc}l {m}, {r32}",
        "movb {m}, {r8}", "movw {m}, {r16}", "movbel {m}, {r32}", "prefetcht0 {m}",
    ],
    "store": [
        "movl {r32}, {m}", "movb {r8}, {m}", "movw {r16}, {m}", "movl ${i32}, {m}",
        "[add|sub|and|or|xor]l {r32}, {m}", "[inc|dec|neg|not]l {m}",
        "shll ${i5}, {m}", "set{cc} {m}", "lock addl {r32}, {m}", "xchgl {r32}, {m}",
        "mfence", "sfence",
    ],
    "zero": [
        "xorl %eax, %eax", "subl %ecx, %ecx", "xorl %edx, %edx", "pxor %xmm1, %xmm1",
        "xorps %xmm2, %xmm2", "pcmpeqd %xmm3, %xmm3", "vpxor %xmm4, %xmm4, %xmm4",
        "vxorps %ymm5, %ymm5, %ymm5", "pcmpgtb %xmm6, %xmm6", "sbbl %eax, %eax",
        "vpcmpeqd %ymm7, %ymm7, %ymm7", "movl %eax, %eax", "vmovaps {y}, {y}",
        "movaps {x}, {x}", "movdqa {x}, {x}",
    ],
    "branch": ["j{cc} .Ltarget", "jmp .Ltarget", "jmp *{m}", "cmpl {r32}, {r32}",
               "testl {r32}, {r32}"],
    "sse": [
        "[add|sub|mul|div|min|max][ss|sd|ps|pd] {x}, {x}", "sqrt[ss|sd|ps] {x}, {x}",
        "[and|or|xor|andn]ps {x}, {x}", "ucomis[s|d] {x}, {x}", "cvtsi2s[s|d]l {r32}, {x}",
        "cvtts[s|d]2si {x}, {r32}", "cvt[ss2sd|sd2ss|dq2ps|ps2pd] {x}, {x}",
        "movap[s|d] {x}, {x}", "movs[s|d] {m}, {x}", "movups {m}, {x}", "movups {x}, {m}",
        "movs[s|d] {x}, {m}", "shufps ${i5}, {x}, {x}", "unpck[l|h]ps {x}, {x}",
        "p[add|sub][b|w|d|q] {x}, {x}", "pmul[lw|ld|hw|udq] {x}, {x}", "pshufd ${i8}, {x}, {x}",
        "pshufb {x}, {x}", "ps[ll|rl][w|d|q] ${i5}, {x}", "pslldq $3, {x}",
        "p[and|or|xor|andn] {x}, {x}", "pcmp[eq|gt]d {x}, {x}", "pmovmskb {x}, {r32}",
        "movd {x}, {r32}", "movd {r32}, {x}", "[add|mul]ps {m}, {x}", "haddps {x}, {x}",
        "dpps $17, {x}, {x}", "punpcklbw {x}, {x}", "roundss $4, {x}, {x}", "rcpps {x}, {x}",
        "blendvps {x}, {x}", "psadbw {x}, {x}", "cvtps2dq {x}, {x}", "aesenc {x}, {x}",
    ],
    "avx": [
        "v[add|sub|mul|div|min|max][ps|pd] {y}, {y}, {y}", "v[add|mul]s[s|d] {x}, {x}, {x}",
        "vp[add|sub][b|w|d|q] {y}, {y}, {y}", "vfm[add|sub]213p[s|d] {y}, {y}, {y}",
        "vfmadd231ps {m}, {y}, {y}", "vmovups {m}, {y}", "vmovups {y}, {m}",
        "vperm[2f128|2i128] $1, {y}, {y}, {y}", "vpermd {y}, {y}, {y}", "vpsllvd {y}, {y}, {y}",
        "vbroadcastss {m}, {y}", "vextractf128 $1, {y}, {x}", "vinsertf128 $1, {x}, {y}, {y}",
        "vpmulld {y}, {y}, {y}", "vsqrtps {y}, {y}", "vpshufb {y}, {y}, {y}",
        "vandps {y}, {y}, {y}", "vpblendw $5, {y}, {y}, {y}", "vcvtps2pd {x}, {y}",
        "vzeroupper", "vptest {y}, {y}", "vcmpps $1, {y}, {y}, {y}", "vaddps {m}, {y}, {y}",
        "vcvtph2ps {x}, {y}", "vblendvps {y}, {y}, {y}, {y}",
        "vgatherdps %xmm1, ({rp},%xmm2,4), %xmm3",
    ],
    "avx512": [
        "v[add|sub|mul]p[s|d] {z}, {z}, {z}", "vpaddd {z}, {z}, {z}{{k}}",
        "vmovdqu64 {m}, {z}", "vmovdqu64 {z}, {m}", "vpternlogd $150, {z}, {z}, {z}",
        "vcmpps $1, {z}, {z}, {k}", "k[and|or|xor]w {k}, {k}, {k}", "kmovw {k}, {r32}",
        "vfmadd213pd {z}, {z}, {z}", "vpxord {z}, {z}, {z}", "vdivps {z}, {z}, {z}",
        "vpmullq {z}, {z}, {z}", "vaddps {m}{1to16}, {z}, {z}", "vpermd {z}, {z}, {z}",
    ],
    "x87": ["fld {st}", "fadd {st}, %st", "fmul {st}, %st", "fxch {st}", "fldl {m}",
            "fstpl {m}", "fdiv {st}, %st", "fsqrt", "fchs", "faddp", "fld1", "fildl {m}"],
    "mmx": ["paddd {mm}, {mm}", "pmullw {mm}, {mm}", "movq {mm}, {mm}", "pxor %mm1, %mm1",
            "psllw ${i5}, {mm}", "emms", "punpcklbw {mm}, {mm}"],
    "string": ["rep movsb", "rep stosb", "movsb", "lodsb", "cld", "cpuid", "rdtsc", "nop",
               "pause", "nopl {m}", "xgetbv"],
    "call": ["call{p} callee", "call{p} *{m}", "ret{p}", "addl {r32}, {r32}", "movl {m}, {r32}"],
    "stack": ["push{p} {rp}", "pop{p} {rp}", "leave", "push{p} ${i8}"],
}

ONLY64 = {
    "wide": [
        "[add|sub|and|or|xor|cmp]q {r64}, {r64}", "[add|sub|and|or|cmp]q ${i8}, {r64}",
        "movq {r64}, {r64}", "movabsq $1234567890123, {r64}", "leaq {m}, {r64}",
        "imulq {r64}, {r64}", "[mul|imul|div|idiv]q {r64}", "cqto", "movslq {r32}, {r64}",
        "movq {m}, {r64}", "movq {r64}, {m}", "[shl|shr|sar]q ${i5}, {r64}", "xorq {r64}, {r64}",
        "addq {m}, {r64}", "addq {r64}, {m}", "cmov{cc}q {r64}, {r64}", "movq {r64}, {x}",
        "movq {x}, {r64}", "cvtsi2sdq {r64}, {x}", "ad[c|o]xq {r64}, {r64}",
        "movslq {m}, {r64}", "crc32q {r64}, {r64}", "cmpxchgq {r64}, {m}",
        "leaq symbol(%rip), {r64}", "movq symbol(%rip), {r64}",
    ],
}

INTEL = {
    "integer": [
        "[add|sub|xor|cmp] {n64}, {n64}", "mov {n64}, qword ptr [{n64} + {i8}]",
        "mov dword ptr [{n64} + 4*{n64}], {n32}", "lea {n64}, [{n64} + {n64} + {i8}]",
        "imul {n32}, {n32}", "shl {n32}, {i5}", "movzx {n32}, byte ptr [{n64}]", "j{cc} .Ltarget",
    ],
    "sse": ["[addps|mulps|paddd|pxor] {nx}, {nx}", "movups {nx}, xmmword ptr [{n64}]",
            "vaddps {nx}, {nx}, {nx}", "movups xmmword ptr [{n64}], {nx}"],
}


def vocabulary(bits):
    own = operands(bits)
    own["p"] = ["q" if bits == 64 else "l"]
    own["rp"] = own["r64" if bits == 64 else "r32"]
    return Vocabulary("#", own, {**COMMON, **(ONLY64 if bits == 64 else {})})


def intel_vocabulary():
    own = {**operands(64),
           "n32": ["e" + n for n in LEGACY] + ["r%dd" % n for n in range(8, 16)],
           "n64": ["r" + n for n in LEGACY] + ["r%d" % n for n in range(8, 16)],
           "nx": registers("xmm%d", range(16))}
    return Vocabulary("#", own, INTEL)
