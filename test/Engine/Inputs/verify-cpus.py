#!/usr/bin/env python3
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""verify-cpus.py <llvm-mcad> <trace> <cpu>...

Simulates a recorded trace on each CPU with -verify-engine, with the CPU's model
and without any, and with so little memory that the fast engine must forget; then
with each engine alone, whose reports must be the same but for the engine's name
and the time. Prints a line for each CPU."""
import re
import subprocess
import sys


def run(options):
    done = subprocess.run(options, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(options)}: status {done.returncode}\n"
                 f"{done.stdout[-2000:]}{done.stderr}")
    return done.stdout


def without_engine(report):
    return re.sub(r"Simulated by engine .*", "", report)


tool, trace, *cpus = sys.argv[1:]
for cpu in cpus:
    common = [tool, "-broker=trace", trace, f"-mcpu={cpu}"]
    for surroundings in [], ["-ideal"]:
        run([*common, *surroundings, "-verify-engine"])
    reference = run([*common, "-engine=llvm"])
    for memory in "0", "1", "1024":
        fast = run([*common, "-engine=fast", f"-engine-memory={memory}"])
        if without_engine(fast) != without_engine(reference):
            sys.exit(f"{cpu}: reports differ, with -engine-memory={memory}:\n{reference}\n{fast}")
    cycles = re.search(r"Total Cycles: +(\d+)", reference).group(1)
    print(f"{cpu}: {cycles} cycles, as the reference")
