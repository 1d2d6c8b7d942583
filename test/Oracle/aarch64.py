# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""AArch64 templates: integer, floating point, Advanced SIMD, atomics, SVE."""

from vocabulary import Vocabulary, immediates, registers

OPERANDS = {
    "x": registers("x%d", range(29)),
    "w": registers("w%d", range(29)),
    "s": registers("s%d", range(32)),
    "d": registers("d%d", range(32)),
    "q": registers("q%d", range(32)),
    "v": registers("v%d", range(32)),
    "z": registers("z%d", range(32)),
    "p": registers("p%d", range(8)),
    "i5": immediates(1, 31),
    "i6": immediates(1, 63),
    "i12": immediates(0, 4095),
    "off": immediates(0, 248, 8),
    "cc": ["eq", "ne", "lt", "le", "gt", "ge", "lo", "hs", "mi", "pl"],
    "sh": ["lsl", "lsr", "asr"],
    "m": ["[{x}]", "[{x}, #{off}]", "[{x}, {x}]", "[{x}, {x}, lsl #3]"],
}

GROUPS = {
    "integer": [
        "[add|sub|and|orr|eor|bic|adds|subs|ands] {x}, {x}, {x}",
        "[add|sub|adds|subs|adc|sbc|orn|eon] {w}, {w}, {w}", "[add|sub|subs] {x}, {x}, #{i12}",
        "mov {x}, {x}", "mov {x}, #{i12}", "movk {x}, #{i12}, lsl #16", "movz {w}, #0",
        "mvn {x}, {x}", "neg {x}, {x}", "[cmp|cmn] {x}, {x}", "tst {w}, {w}",
        "csel {x}, {x}, {x}, {cc}", "[csinc|csinv|csneg] {w}, {w}, {w}, {cc}", "cset {w}, {cc}",
        "ccmp {x}, {x}, #4, {cc}", "[clz|cls|rbit|rev] {x}, {x}", "adrp {x}, symbol",
        "[uxtb|sxtb|uxth|sxth] {w}, {w}", "sxtw {x}, {w}", "[ubfx|sbfx|bfi] {x}, {x}, #8, #12",
        "and {x}, {x}, #0xff", "orr {w}, wzr, {w}", "eor {x}, {x}, {x}", "mrs {x}, nzcv",
    ],
    "shift": [
        "[lsl|lsr|asr|ror] {x}, {x}, #{i6}", "[lsl|lsr|asr|ror] {w}, {w}, {w}",
        "[add|sub|and|eor|orr] {x}, {x}, {x}, {sh} #{i5}", "add {x}, {x}, {w}, uxtw #2",
        "extr {x}, {x}, {x}, #{i6}", "cmp {w}, {w}, {sh} #{i5}",
    ],
    "muldiv": [
        "mul {x}, {x}, {x}", "mul {w}, {w}, {w}", "m[add|sub] {x}, {x}, {x}, {x}",
        "m[add|sub] {w}, {w}, {w}, {w}", "[smull|umull] {x}, {w}, {w}", "[smulh|umulh] {x}, {x}, {x}",
        "[smaddl|umaddl] {x}, {w}, {w}, {x}", "[udiv|sdiv] {x}, {x}, {x}", "[udiv|sdiv] {w}, {w}, {w}",
        "crc32cx {w}, {w}, {x}",
    ],
    "load": [
        "ldr {x}, {m}", "ldr {w}, [{x}, #{off}]", "ldr[b|h|sb|sh] {w}, [{x}, {x}]", "ldrsw {x}, [{x}, #{off}]",
        "ldr x5, [x6], #8", "ldr x7, [x8, #16]!", "ldp x9, x10, [{x}, #16]", "ldpsw x3, x4, [x11]",
        "ldur {x}, [{x}, #-8]", "ldar {x}, [{x}]", "ldxr {w}, [{x}]", "prfm pldl1keep, [{x}]",
        "ldr {x}, [{x}, {w}, sxtw #3]", "ldp x20, x21, [sp], #16",
    ],
    "store": [
        "str {x}, {m}", "str {w}, [{x}, #{off}]", "str[b|h] {w}, [{x}, #{off}]", "str x5, [x6], #8",
        "stp x9, x10, [{x}, #16]", "stp x20, x21, [sp, #-32]!", "stur {w}, [{x}, #-4]",
        "stlr {x}, [{x}]", "stxr w1, {w}, [{x}]", "dmb ish", "str xzr, [{x}]",
    ],
    "atomic": ["[ldadd|ldaddal|swp|ldset] {x}, {x}, [{x}]", "cas {w}, {w}, [{x}]", "stadd {w}, [{x}]"],
    "branch": ["b.{cc} target", "b target", "[cbz|cbnz] {x}, target", "[tbz|tbnz] {w}, #3, target",
               "cmp {x}, {x}", "subs {w}, {w}, #1", "br {x}"],
    "call": ["bl callee", "blr {x}", "ret", "add {x}, {x}, {x}", "ldr {x}, [{x}]"],
    "fp": [
        "f[add|sub|mul|div|max|minnm] {d}, {d}, {d}", "f[add|sub|mul|nmul|div] {s}, {s}, {s}",
        "f[madd|msub|nmadd] {d}, {d}, {d}, {d}", "f[abs|neg|sqrt|mov] {d}, {d}", "f[abs|neg|sqrt] {s}, {s}",
        "fcmp {d}, {d}", "fcmp {s}, #0.0", "fcsel {d}, {d}, {d}, {cc}", "fcvt {d}, {s}", "fcvt {s}, {d}",
        "[scvtf|ucvtf] {d}, {x}", "fcvtz[s|u] {x}, {d}", "fmov {d}, {x}", "fmov {w}, {s}", "fmov {d}, #1.0",
        "frint[a|z] {d}, {d}", "ldr {d}, [{x}, #{off}]", "str {s}, [{x}, #{off}]", "ldr {q}, [{x}]",
        "str {q}, [{x}, #16]", "ldp d1, d2, [{x}]", "stp q3, q4, [{x}]",
    ],
    "simd": [
        "[add|sub|mul] {v}.[16b, {v}.16b, {v}.16b|4s, {v}.4s, {v}.4s|8h, {v}.8h, {v}.8h]",
        "add {v}.2d, {v}.2d, {v}.2d", "f[add|sub|mul|div] {v}.4s, {v}.4s, {v}.4s",
        "fml[a|s] {v}.2d, {v}.2d, {v}.2d", "fmla {v}.4s, {v}.4s, {v}.s[1]", "mla {v}.4s, {v}.4s, {v}.4s",
        "[and|orr|eor|bic|bsl] {v}.16b, {v}.16b, {v}.16b", "movi {v}.2d, #0", "dup {v}.4s, {w}",
        "umov {w}, {v}.s[2]", "ins {v}.d[1], {x}", "[shl|sshr|ushr] {v}.4s, {v}.4s, #{i5}",
        "sshl {v}.4s, {v}.4s, {v}.4s", "[zip1|uzp2|trn1] {v}.8h, {v}.8h, {v}.8h", "ext {v}.16b, {v}.16b, {v}.16b, #5",
        "tbl {v}.16b, {{v}.16b}, {v}.16b", "[smull|umlal] {v}.4s, {v}.4h, {v}.4h", "addv s1, {v}.4s",
        "addp {v}.4s, {v}.4s, {v}.4s", "[smax|umin] {v}.4s, {v}.4s, {v}.4s", "cmeq {v}.4s, {v}.4s, {v}.4s",
        "cnt {v}.16b, {v}.16b", "xtn {v}.4h, {v}.4s", "scvtf {v}.4s, {v}.4s", "frecpe {v}.4s, {v}.4s",
        "ld1 {v1.4s}, [{x}]", "ld1 {v1.4s, v2.4s}, [{x}], #32", "ld2 {v3.8h, v4.8h}, [{x}]",
        "ld4 {v4.4s, v5.4s, v6.4s, v7.4s}, [{x}]", "st1 {v1.2d, v2.2d}, [{x}]", "st3 {v5.8b, v6.8b, v7.8b}, [{x}]",
        "ld1r {v9.4s}, [{x}]", "mov {v}.16b, {v}.16b", "uaddlv d3, {v}.4s", "fcvtzs {v}.4s, {v}.4s",
        "aese {v}.16b, {v}.16b", "sdot {v}.4s, {v}.16b, {v}.16b", "sqrdmulh {v}.4s, {v}.4s, {v}.4s",
    ],
    "sve": [
        "add {z}.s, {z}.s, {z}.s", "fmla {z}.d, {p}/m, {z}.d, {z}.d", "ld1d {z1.d}, {p}/z, [{x}]",
        "st1w {z2.s}, {p}, [{x}]", "ptrue {p}.s", "whilelo {p}.d, {x}, {x}", "mul z3.s, {p}/m, z3.s, {z}.s",
        "movprfx z4, {z}\nmul z4.s, {p}/m, z4.s, z7.s", "cntd {x}", "uaddv d1, {p}, {z}.s", "sel {z}.b, {p}, {z}.b, {z}.b", "incd {x}",
    ],
}


def vocabulary():
    # Of the comments of this dialect, llvm-mca finds its regions in this one.
    return Vocabulary("#", OPERANDS, GROUPS)
