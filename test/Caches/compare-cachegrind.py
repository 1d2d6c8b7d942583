#!/usr/bin/env python3
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Holds llvm-mcad's data caches against cachegrind's, over what one run does more
than another.

    compare-cachegrind.py [options] --traced=... --llvm-mcad=... --qemu=... --model=... \\
        PROGRAM ARG ... -- PROGRAM ARG ...

The model has an L1I, an L1D and an L2 that cachegrind can have, too. Without
--lines, misses must be equal.
"""

import argparse
import json
import re
import shlex
import subprocess
import sys
import tempfile


def size(text):
    return int(text[:-1]) * 1024 if text.endswith("K") else int(text)


def cachegrind(model, command):
    values = model["values"]
    options = []
    for option, level in (("I1", "l1i"), ("D1", "l1d"), ("LL", "l2")):
        options.append(f"--{option}={size(values[level + '.size'])},"
                       f"{values[level + '.ways']},{values[level + '.line']}")
    done = subprocess.run(
        ["valgrind", "--tool=cachegrind", "--cache-sim=yes",
         "--cachegrind-out-file=/dev/null", *options, *command],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, text=True, check=True)

    def count(name):
        return int(re.search(rf"{name}:\s+([\d,]+)", done.stderr)
                   .group(1).replace(",", ""))
    return {"accesses": count(r"D\s+refs"), "L1D misses": count(r"D1\s+misses"),
            "L2 misses": count(r"LL misses")}


def mcad(args, command):
    with tempfile.NamedTemporaryFile("r") as report:
        subprocess.run(
            [*shlex.split(args.traced), "--guest-output=/dev/null", "--",
             *shlex.split(args.llvm_mcad), "-mcpu=skylake", "-engine=none",
             f"-model={args.model}", f"-report=json={report.name}",
             "---", args.qemu, *command],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, check=True)
        trace = json.load(report)["traces"][0]
    misses = {c["cache"]: c["misses"] for c in trace["surroundings"]["caches"]}
    return {"accesses": trace["loads"] + trace["stores"],
            "L1D misses": misses["L1D"], "L2 misses": misses["L2"]}


def main():
    words = sys.argv[1:]
    split = len(words) - words[::-1].index("--") - 1
    more = words[split + 1:]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("traced", "llvm-mcad", "qemu", "model"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--lines", type=int, default=0,
                        help="misses that may differ")
    parser.add_argument("--modifications", type=int,
                        help="accesses that cachegrind does not count")
    parser.add_argument("less", nargs=argparse.REMAINDER)
    args = parser.parse_args(words[:split])
    with open(args.model) as file:
        model = json.load(file)

    theirs = [cachegrind(model, command) for command in (args.less, more)]
    ours = [mcad(args, command) for command in (args.less, more)]
    wrong = 0
    for name in ("L1D misses", "L2 misses", "accesses"):
        their, our = (both[1][name] - both[0][name] for both in (theirs, ours))
        allowed = args.lines
        if name == "accesses":
            if args.modifications is None:
                continue
            our -= args.modifications
            allowed = 0
        if their == our:
            print(f"{name}: {our} by both")
        else:
            print(f"{name}: {our} by llvm-mcad, {their} by cachegrind")
        wrong += abs(their - our) > allowed
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
