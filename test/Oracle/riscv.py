# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""RISC-V templates: RV64GC, bit manipulation, and vectors with vsetvli."""

from vocabulary import Vocabulary, immediates, registers

OPERANDS = {
    "r": registers("a%d", range(8)) + registers("t%d", range(7)) + registers("s%d", range(2, 12)),
    "c": registers("a%d", range(6)) + ["s0", "s1"],
    "f": registers("fa%d", range(8)) + registers("ft%d", range(12)) + registers("fs%d", range(12)),
    "v": registers("v%d", range(1, 32)),
    "v2": registers("v%d", range(2, 32, 2)),
    "v4": registers("v%d", range(4, 32, 4)),
    "i5": immediates(1, 31),
    "i12": immediates(-2048, 2047),
    "off": immediates(0, 248, 8),
}

GROUPS = {
    "integer": [
        "[add|sub|and|or|xor|slt|sltu] {r}, {r}, {r}", "[addw|subw] {r}, {r}, {r}",
        "[addi|andi|ori|xori|slti] {r}, {r}, {i12}", "addiw {r}, {r}, {i12}", "lui {r}, 4096",
        "auipc {r}, 16", "mv {r}, {r}", "li {r}, {i12}", "neg {r}, {r}", "not {r}, {r}",
        "seqz {r}, {r}", "sext.w {r}, {r}", "nop", "add {r}, {r}, zero",
    ],
    "compressed": ["c.add {r}, {r}", "c.sub {c}, {c}", "c.mv {r}, {r}", "c.addi {r}, 5", "c.lw {c}, 8({c})",
                   "c.sd {c}, 16({c})", "c.li {r}, 7", "c.slli {r}, 3", "c.and {c}, {c}"],
    "shift": ["[sll|srl|sra] {r}, {r}, {r}", "[slli|srli|srai] {r}, {r}, {i5}", "[sllw|sraw] {r}, {r}, {r}",
              "[slliw|srliw] {r}, {r}, {i5}"],
    "bits": ["[clz|ctz|cpop] {r}, {r}", "[andn|orn|xnor] {r}, {r}, {r}", "sh[1|2|3]add {r}, {r}, {r}",
             "[max|min|maxu] {r}, {r}, {r}", "rev8 {r}, {r}", "rori {r}, {r}, {i5}", "bset {r}, {r}, {r}",
             "zext.h {r}, {r}", "add.uw {r}, {r}, {r}"],
    "muldiv": ["[mul|mulh|mulhu|mulw] {r}, {r}, {r}", "[div|divu|rem|remu|divw|remw] {r}, {r}, {r}"],
    "load": ["l[b|h|w|d|bu|hu|wu] {r}, {off}({r})", "ld {r}, {off}(sp)", "lr.w {r}, ({r})"],
    "store": ["s[b|h|w|d] {r}, {off}({r})", "sd {r}, {off}(sp)", "amoadd.[w|d] {r}, {r}, ({r})", "sb {r}, 1({r})",
              "sc.w {r}, {r}, ({r})", "sd zero, {off}({r})"],
    "branch": ["b[eq|ne|lt|ge|ltu|geu] {r}, {r}, target", "j target", "beqz {r}, target", "slt {r}, {r}, {r}",
               "jr {r}"],
    "call": ["jal callee", "jalr {r}", "call callee", "ret", "add {r}, {r}, {r}", "ld {r}, ({r})"],
    "fp": [
        "f[add|sub|mul|div|min|max].[s|d] {f}, {f}, {f}", "f[madd|msub|nmadd].[s|d] {f}, {f}, {f}, {f}",
        "fsqrt.[s|d] {f}, {f}", "fsgnj[|n|x].[s|d] {f}, {f}, {f}", "f[eq|lt|le].[s|d] {r}, {f}, {f}",
        "fcvt.d.s {f}, {f}", "fcvt.s.d {f}, {f}", "fcvt.d.[w|l] {f}, {r}", "fcvt.w.d {r}, {f}, rtz",
        "fmv.x.d {r}, {f}", "fmv.d.x {f}, {r}", "fl[w|d] {f}, {off}({r})", "fs[w|d] {f}, {off}({r})",
        "fclass.d {r}, {f}", "fmv.d {f}, {f}",
    ],
    # A vector instruction's cost depends on the vsetvli before it: llvm-mca
    # reads it from there, so each comes with its own, or with a neighbour's.
    "vector": [
        "vsetvli {r}, {r}, e32, m1, ta, ma\nvadd.vv {v}, {v}, {v}",
        "vsetvli zero, {r}, e8, m2, ta, ma\nvmul.vx {v2}, {v2}, {r}",
        "vsetvli zero, {r}, e64, m4, ta, ma\nvfadd.vv {v4}, {v4}, {v4}",
        "vsetvli zero, {r}, e64, m1, ta, ma\nvfmacc.vv {v}, {v}, {v}\nvfdiv.vv {v}, {v}, {v}",
        "vsetivli zero, 4, e32, mf2, ta, ma\nvle32.v {v}, ({r})\nvadd.vi {v}, {v}, 3",
        "[vadd|vsub|vand|vor|vxor].vv {v4}, {v4}, {v4}", "vse32.v {v}, ({r})", "vredsum.vs {v}, {v}, {v}",
        "vsll.vi {v}, {v}, 3", "vmv.v.i {v}, 0", "vmseq.vv v0, {v}, {v}", "vid.v {v}",
        "vrgather.vv v8, {v}, v9", "vdivu.vv {v}, {v}, {v}",
    ],
}


def vocabulary():
    return Vocabulary("#", OPERANDS, GROUPS)
