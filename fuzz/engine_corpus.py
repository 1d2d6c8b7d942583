#!/usr/bin/env python3
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes a corpus for EngineFuzzer to start with: random inputs for each CPU.

    engine_corpus.py <folder>

EngineFuzzer.cpp reads bytes as they come, so that any are an input. The first
says how the fast engine remembers, the second names the CPU.
"""

import pathlib
import random
import sys

WAYS = 5
CPUS = 157  # More do no harm: their numbers are taken modulo.
SIZES = [120, 600]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(1)
    for cpu in range(CPUS):
        for number, size in enumerate(SIZES):
            head = bytes([(cpu + number) % WAYS, cpu])
            (folder / f"{cpu:03}-{number}").write_bytes(head + rng.randbytes(size))


main()
