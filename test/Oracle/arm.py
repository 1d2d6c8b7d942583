# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""32-bit ARM templates: A32 and Thumb-2, VFP and Advanced SIMD."""

from vocabulary import Vocabulary, immediates, registers

OPERANDS = {
    "r": registers("r%d", range(13)),
    "l": registers("r%d", range(8)),
    "s": registers("s%d", range(32)),
    "d": registers("d%d", range(16)),
    "q": registers("q%d", range(8)),
    "i5": immediates(1, 31),
    "i8": immediates(0, 255),
    "i16": immediates(0, 65535),
    "off": immediates(0, 124, 4),
    "cc": ["eq", "ne", "lt", "le", "gt", "ge", "lo", "hs", "mi", "pl"],
    "sh": ["lsl", "lsr", "asr", "ror"],
    "m": ["[{r}]", "[{r}, #{off}]", "[{r}, {r}]", "[{r}, {r}, lsl #2]"],
}

BOTH = {
    "integer": [
        "[add|sub|and|orr|eor|bic|adc|sbc][|s] {r}, {r}, {r}", "[add|sub|rsb] {r}, {r}, #{i8}",
        "mov[|s] {r}, {r}", "mov {r}, #{i8}", "movw {r}, #{i16}", "movt {r}, #{i16}",
        "mvn {r}, {r}", "[cmp|cmn|tst|teq] {r}, {r}", "cmp {r}, #{i8}", "clz {r}, {r}",
        "[rev|rbit|rev16] {r}, {r}", "[uxtb|sxtb|uxth|sxth] {r}, {r}", "uxtab {r}, {r}, {r}",
        "[ubfx|sbfx] {r}, {r}, #4, #8", "bfi {r}, {r}, #4, #8", "bfc {r}, #4, #8",
        "[uadd8|sadd16|qadd|usat16x] {r}, {r}, {r}", "ssat {r}, #8, {r}", "sel {r}, {r}, {r}",
        "usad8 {r}, {r}, {r}", "mrs {r}, apsr",
    ],
    "shift": [
        "{sh}[|s] {r}, {r}, #{i5}", "{sh} {r}, {r}, {r}",
        "[add|sub|eor|and|orr] {r}, {r}, {r}, {sh} #{i5}", "cmp {r}, {r}, {sh} #{i5}",
        "mvn {r}, {r}, {sh} #{i5}", "rrx {r}, {r}",
    ],
    "muldiv": [
        "mul {r}, {r}, {r}", "ml[a|s] {r}, {r}, {r}, {r}", "[umull|smull] r0, r1, {r}, {r}",
        "[umlal|smlal|umaal] r2, r3, {r}, {r}", "[udiv|sdiv] {r}, {r}, {r}",
        "smul[bb|tb|wb] {r}, {r}, {r}", "smmul {r}, {r}, {r}", "smla[bb|wt] {r}, {r}, {r}, {r}",
        "smuad {r}, {r}, {r}", "smlad {r}, {r}, {r}, {r}",
    ],
    "load": [
        "ldr {r}, {m}", "ldr[b|h|sb|sh] {r}, [{r}, #{off}]", "ldr {r}, [{r}], #4",
        "ldr {r}, [{r}, #8]!", "ldrd r0, r1, [{r}, #{off}]", "ldm {r}, {r4, r5, r6, r7}",
        "ldm {r}!, {r1, r3, r5}", "pop {r4, r5, r6}", "ldrex {r}, [{r}]", "pld [{r}, #{off}]",
        "ldrb {r}, [{r}, {r}]", "ldr {r}, symbol",
    ],
    "store": [
        "str {r}, {m}", "str[b|h] {r}, [{r}, #{off}]", "str {r}, [{r}], #4",
        "strd r2, r3, [{r}, #{off}]", "stm {r}, {r4, r5, r6, r7}", "stmdb {r}!, {r1, r3}",
        "push {r4, r5, lr}", "dmb ish", "strex r0, r1, [r2]", "strh {r}, [{r}, {r}]",
    ],
    "branch": ["b{cc} target", "b target", "cmp {r}, {r}", "tst {r}, #{i8}"],
    "call": ["bl callee", "blx {r}", "bx lr", "add {r}, {r}, {r}", "ldr {r}, [{r}]"],
    "fp": [
        "v[add|sub|mul|div].f32 {s}, {s}, {s}", "v[add|sub|mul|div].f64 {d}, {d}, {d}",
        "v[mla|mls|nmul].f32 {s}, {s}, {s}", "v[mla|fma].f64 {d}, {d}, {d}", "vsqrt.f[32 {s}, {s}|64 {d}, {d}]",
        "vcmp.f32 {s}, {s}", "vcmp.f64 {d}, {d}", "vmrs APSR_nzcv, fpscr", "vabs.f32 {s}, {s}",
        "vneg.f64 {d}, {d}", "vcvt.f64.f32 {d}, {s}", "vcvt.f32.f64 {s}, {d}",
        "vcvt.s32.f32 {s}, {s}", "vcvt.f32.s32 {s}, {s}", "vmov {s}, {r}", "vmov {r}, {s}",
        "vmov {d}, {r}, {r}", "vmov.f32 {s}, {s}", "vmov.f64 {d}, {d}", "vfma.f32 {s}, {s}, {s}",
        "vldr {s}, [{r}, #{off}]", "vldr {d}, [{r}, #{off}]", "vstr {s}, [{r}, #{off}]",
        "vstr {d}, [{r}, #{off}]", "vldm {r}, {d0, d1, d2, d3}", "vpush {d8, d9}",
    ],
    "simd": [
        "v[add|sub|mul].i[8|16|32] {q}, {q}, {q}", "v[add|sub|mul].f32 {q}, {q}, {q}",
        "v[and|orr|eor|bic] {q}, {q}, {q}", "v[max|min].s32 {d}, {d}, {d}", "vmla.f32 {q}, {q}, {q}",
        "vshl.i32 {q}, {q}, #{i5}", "vshr.s32 {q}, {q}, #{i5}", "vmull.s16 {q}, {d}, {d}",
        "vmlal.u8 {q}, {d}, {d}", "vpadd.i16 {d}, {d}, {d}", "vext.8 {q}, {q}, {q}, #3",
        "vtrn.32 {q}, {q}", "vzip.8 {q}, {q}", "vtbl.8 {d}, {d0}, {d}", "vdup.32 {q}, {r}",
        "vld1.32 {d0, d1}, [{r}]", "vld1.8 {d2}, [{r}]!", "vst1.64 {d4, d5}, [{r}]",
        "vld2.16 {d0, d1}, [{r}]", "vst4.8 {d0, d1, d2, d3}, [{r}]", "vmovn.i32 {d}, {q}",
        "vceq.i32 {q}, {q}, {q}", "vbsl {q}, {q}, {q}", "vmov.32 {r}, {d}[1]", "vmvn {q}, {q}",
        "vcvt.f32.s32 {q}, {q}", "vrecpe.f32 {q}, {q}", "vqadd.s16 {q}, {q}, {q}", "vabd.u8 {q}, {q}, {q}",
    ],
}

A32 = {
    "conditional": [
        "[add|sub|mov|orr]{cc} {r}, {r}, {r}", "mov{cc} {r}, #{i8}", "ldr{cc} {r}, [{r}]",
        "str{cc} {r}, [{r}]", "rsc {r}, {r}, {r}", "add {r}, {r}, {r}, {sh} {r}", "mul{cc} {r}, {r}, {r}",
    ],
}

T32 = {
    "narrow": [
        "[adds|subs] {l}, {l}, {l}", "movs {l}, #{i8}", "adds {l}, #{i8}", "cmp {l}, #{i8}",
        "[ands|orrs|eors|bics] {l}, {l}", "lsls {l}, {l}, #{i5}", "ldr {l}, [{l}, #{off}]",
        "str {l}, [{l}, #{off}]", "muls {l}, {l}", "uxtb {l}, {l}", "ldrb {l}, [{l}, {l}]",
        "cbz {l}, target", "cbnz {l}, target", "mov {r}, {r}", "rsbs {l}, {l}, #0",
    ],
    "conditional": [
        "orn {r}, {r}, {r}", "tbb [{r}, {r}]", "addw {r}, {r}, #{i8}",
        "it eq\nmoveq {r}, {r}", "ite ne\naddne {r}, {r}, {r}\nsubeq {r}, {r}, {r}",
        "itt lt\nldrlt {r}, [{r}]\nstrlt {r}, [{r}]",
    ],
}


def vocabulary(thumb):
    return Vocabulary("@", OPERANDS, {**BOTH, **(T32 if thumb else A32)})
