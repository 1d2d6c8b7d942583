#!/usr/bin/env python3
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""generated.py TRACE.txt OUTPUT: whether a trace as text (mcad trace dump) has executed
in the memory that test/Guests/generated.c wrote code to what the program says in its
output: the instructions of each call, in order."""

import re
import sys


def main():
    trace, output = sys.argv[1:]
    with open(output) as file:
        words = next(line for line in file if line.startswith("generated ")).split()
    start, end = int(words[1], 16), int(words[2], 16)
    told = [int(word) for word in words[3:]]
    # Of each block: its address, its instructions, its bytes.
    blocks, calls, codes, is_run = {}, [], set(), False
    with open(trace) as file:
        for line in file:
            if match := re.match(
                    r"\s*block (\d+) address=(0x[0-9a-f]+) .*sizes=([\d,]+) bytes=(\w+)", line):
                blocks[match[1]] = (int(match[2], 16), match[3].count(",") + 1, match[4])
                continue
            if not line.startswith("  "):
                is_run = line.startswith("run ")
                line = line.partition(":")[2]
            for word in line.split() if is_run else []:
                if not word.isdigit():
                    continue
                address, count, code = blocks[word]
                if start <= address < end:
                    # A long function is several blocks.
                    if address == start:
                        calls.append(0)
                        codes.add(code)
                    calls[-1] += count
    if calls != told:
        sys.exit(f"executed {calls}\ntold     {told}")
    print(f"{len(calls)} calls, {sum(calls)} instructions, {len(codes)} codes")


if __name__ == "__main__":
    main()
