#!/usr/bin/env python3
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reads a trace as text (mcad trace dump). Each execution of a block of some functions,
which have no instruction that accesses memory now and then, must have the accesses of
its first: as many, of the same instructions, sizes and directions.

    same-accesses.py trace.txt <program> <function>...
"""

import re
import subprocess
import sys

BLOCK = re.compile(r"\s*block (\d+) address=(0x[0-9a-f]+) ")


def code_of(program, functions):
    """Where the functions lie in the file, as nm says: [first, end)."""
    ranges = []
    for line in subprocess.run(["nm", "-SC", program], check=True, capture_output=True,
                               text=True).stdout.splitlines():
        words = line.split(maxsplit=3)
        if len(words) == 4 and words[3] in functions:
            start = int(words[0], 16)
            ranges.append((start, start + int(words[1], 16)))
    if len(ranges) != len(functions):
        sys.exit(f"{program}: nm finds {len(ranges)} of {len(functions)} functions")
    return ranges


def load_bias(path):
    """How much higher the program lies than its file says."""
    with open(path) as file:
        match = re.search(r" load-bias=(0x[0-9a-f]+) ", file.readline())
    return int(match.group(1), 16) if match else 0


def executions(path):
    """Of each: the block's address, and its accesses."""
    addresses, block, accesses, is_run = {}, None, [], False
    with open(path) as file:
        for line in file:
            if match := BLOCK.match(line):
                addresses[match.group(1)] = int(match.group(2), 16)
                continue
            if not line.startswith("  "):
                is_run = line.startswith("run ")
                line = line.partition(":")[2]
            for word in line.split() if is_run else []:
                if word.isdigit():
                    if block is not None:
                        yield addresses[block], accesses
                    block, accesses = word, []
                else:
                    kind, place = word.lstrip("w").split("@")
                    accesses.append((kind, place.split("/")[1]))


def main():
    path, program, *functions = sys.argv[1:]
    ranges, bias = code_of(program, functions), load_bias(path)
    first, differing, count = {}, 0, 0
    for address, accesses in executions(path):
        if not any(start <= address - bias < end for start, end in ranges):
            continue
        count += 1
        if first.setdefault(address, accesses) != accesses:
            differing += 1
            print(f"block at {address:#x}: {accesses}, before: {first[address]}")
    if not count:
        sys.exit("these functions were not executed")
    print(f"{differing} executions differ")
    sys.exit(1 if differing else 0)


main()
