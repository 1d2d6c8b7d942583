# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""64-bit PowerPC templates: fixed point, floating point, VMX and VSX."""

from vocabulary import Vocabulary, immediates, registers

OPERANDS = {
    "r": registers("%d", range(3, 31)),
    "f": registers("%d", range(32)),
    "v": registers("%d", range(32)),
    "cr": registers("%d", range(8)),
    "i5": immediates(1, 31),
    "i16": immediates(-32768, 32767),
    "off": immediates(0, 240, 16),
}

GROUPS = {
    "integer": [
        "[add|subf|and|or|xor|nand|nor|andc|orc|eqv][|.] {r}, {r}, {r}", "addi {r}, {r}, {i16}",
        "addis {r}, {r}, 12", "[addc|adde|subfc|subfe] {r}, {r}, {r}", "addze {r}, {r}", "neg {r}, {r}",
        "li {r}, {i16}", "lis {r}, 4", "mr {r}, {r}", "[ori|xori] {r}, {r}, 255", "andi. {r}, {r}, 15",
        "[cmpw|cmpd|cmplw|cmpld] {cr}, {r}, {r}", "cmpdi {cr}, {r}, 7", "isel {r}, {r}, {r}, 2",
        "[cntlzd|cnttzd|cntlzw] {r}, {r}", "[extsb|extsh|extsw][|.] {r}, {r}", "popcntd {r}, {r}",
        "crxor 2, 3, 4", "mfcr {r}", "mtctr {r}", "mflr {r}", "setb {r}, {cr}", "nop",
    ],
    "shift": [
        "[sld|srd|srad|slw|srw|sraw] {r}, {r}, {r}", "sradi {r}, {r}, {i5}", "srawi {r}, {r}, {i5}",
        "rlwinm {r}, {r}, {i5}, 3, 20", "rldicl[|.] {r}, {r}, {i5}, 12", "rldicr {r}, {r}, {i5}, 40",
        "rlwimi {r}, {r}, {i5}, 3, 20", "rldimi {r}, {r}, {i5}, 8", "extswsli {r}, {r}, 3",
    ],
    "muldiv": ["mull[w|d] {r}, {r}, {r}", "mulli {r}, {r}, {i16}", "mulh[w|wu|d|du] {r}, {r}, {r}",
               "div[w|wu|d|du] {r}, {r}, {r}", "mod[sw|ud] {r}, {r}, {r}", "maddld {r}, {r}, {r}, {r}"],
    "load": ["l[bz|hz|ha|wz|d] {r}, {off}({r})", "l[bzx|hzx|wzx|dx] {r}, {r}, {r}", "lwa {r}, {off}({r})",
             "ldu 9, 16({r})", "lwbrx {r}, {r}, {r}", "ldarx {r}, 0, {r}", "dcbt 0, {r}", "lwzu 10, 8({r})"],
    "store": ["st[b|h|w|d] {r}, {off}({r})", "st[bx|hx|wx|dx] {r}, {r}, {r}", "stdu 1, -64(1)", "stdbrx {r}, {r}, {r}",
              "stdcx. {r}, 0, {r}", "lwsync", "sync", "isync"],
    "branch": ["beq {cr}, target", "bne {cr}, target", "blt {cr}, target", "b target", "bdnz target", "bctr",
               "cmpd {cr}, {r}, {r}"],
    "call": ["bl callee", "blr", "bctrl", "mflr 0", "mtlr 0", "add {r}, {r}, {r}", "ld {r}, 16({r})"],
    "fp": ["f[add|sub|mul|div][|s] {f}, {f}, {f}", "f[madd|msub|nmadd][|s] {f}, {f}, {f}, {f}", "fsqrt[|s] {f}, {f}",
           "f[mr|neg|abs|rsp] {f}, {f}", "fcmpu {cr}, {f}, {f}", "fctidz {f}, {f}", "fcfid {f}, {f}",
           "lf[s|d] {f}, {off}({r})", "stf[s|d] {f}, {off}({r})", "lfdx {f}, {r}, {r}", "fsel {f}, {f}, {f}, {f}",
           "fre {f}, {f}", "mffs {f}"],
    "simd": ["vadd[ubm|uwm|udm] {v}, {v}, {v}", "v[and|or|xor|nor] {v}, {v}, {v}", "vperm {v}, {v}, {v}, {v}",
             "v[sl|sr][w|d] {v}, {v}, {v}", "vmuluwm {v}, {v}, {v}", "vsel {v}, {v}, {v}, {v}", "vspltisw {v}, 3",
             "vsldoi {v}, {v}, {v}, 4", "vcmpequw[|.] {v}, {v}, {v}", "vmsumshm {v}, {v}, {v}, {v}", "lvx {v}, {r}, {r}",
             "stvx {v}, {r}, {r}", "vmaddfp {v}, {v}, {v}, {v}", "vmrghw {v}, {v}, {v}", "vsum4ubs {v}, {v}, {v}",
             "vcipher {v}, {v}, {v}"],
    "vsx": ["xv[add|sub|mul|div][sp|dp] {v}, {v}, {v}", "xvmaddadp {v}, {v}, {v}", "xs[add|mul|div]dp {v}, {v}, {v}",
            "xxl[and|or|xor] {v}, {v}, {v}", "xxpermdi {v}, {v}, {v}, 2", "lxv {v}, {off}({r})", "stxv {v}, {off}({r})",
            "lxvd2x {v}, 0, {r}", "stxvd2x {v}, 0, {r}", "xvsqrtdp {v}, {v}", "xxspltw {v}, {v}, 1", "mtvsrd {v}, {r}",
            "mfvsrd {r}, {v}", "xscvdpsxds {v}, {v}", "xsmaddadp {v}, {v}, {v}", "xxsel {v}, {v}, {v}, {v}",
            "xsaddqp {v}, {v}, {v}"],
    "prefixed": ["paddi {r}, {r}, 100000, 0", "pld {r}, 40000({r}), 0", "pstd {r}, 40000({r}), 0", "mulhd {r}, {r}, {r}",
                 "xvf32gerpp 1, {v}, {v}", "cfuged {r}, {r}, {r}"],
}


def vocabulary():
    return Vocabulary("#", OPERANDS, GROUPS)
