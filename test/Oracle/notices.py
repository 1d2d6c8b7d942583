#!/usr/bin/env python3
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tests the oracle test: llvm-mca in llvm-mcad's place is equal to itself, and
each way to alter its output by a little is noticed.

    notices.py <llvm-mca> <folder>
    notices.py --alter <way> <llvm-mca> <options>    what compare.py then runs
"""

import pathlib
import re
import shlex
import subprocess
import sys

# Name -> what becomes of the output. Each alters the least there is.
WAYS = {
    "cycles": lambda text: re.sub(
        r"^(Total Cycles: +)(\d+)", lambda m: m[1] + str(int(m[2]) + 1), text, count=1, flags=re.M),
    "throughput": lambda text: re.sub(
        r"^(Block RThroughput: .*)$", r"\g<1>1", text, count=1, flags=re.M),
    "pressure": lambda text: re.sub(
        r"(pressure by instruction:\n[^\n]*\n.*?)\d\.\d\d", r"\g<1>9.99", text,
        count=1, flags=re.S),
    "resource": lambda text: re.sub(r"^\[1\]   - .*\n", "", text, count=1, flags=re.M),
    "instruction": lambda text: re.sub(r"\n[^\n]*\n*\Z", "\n", text, count=1),
    "region": lambda text: text.replace("Code Region - outer", "Code Region - inner", 1),
    "last-region": lambda text: text[:text.rindex("[1] Code Region")],
    "nothing-printed": lambda text: "",
}
CASE = "nested-regions"


def alter(way, command):
    result = subprocess.run(command, capture_output=True, text=True)
    altered = WAYS[way](result.stdout)
    if altered == result.stdout:
        sys.exit(f"the way '{way}' finds nothing to alter")
    sys.stdout.write(altered)
    return result.returncode


def compare(llvm_mca, ours, folder):
    script = pathlib.Path(__file__).with_name("compare.py")
    return subprocess.run(
        [sys.executable, str(script), f"--llvm-mca={llvm_mca}", "--self-test",
         f"--llvm-mcad={shlex.join(ours)}", f"--folder={folder}", f"--only={CASE}"],
        capture_output=True, text=True)


def main():
    if sys.argv[1] == "--alter":
        return alter(sys.argv[2], sys.argv[3:])
    llvm_mca, folder = sys.argv[1:]
    failed = 0
    plain = [llvm_mca, "-iterations=1"]
    result = compare(llvm_mca, plain, folder)
    if result.returncode != 0:
        failed += 1
        print(f"llvm-mca differs from itself:\n{result.stdout}{result.stderr}")
    for way in WAYS:
        result = compare(llvm_mca, [sys.executable, __file__, "--alter", way, *plain], folder)
        if result.returncode != 1 or "+++ llvm-mcad" not in result.stdout:
            failed += 1
            print(f"not noticed: {way}\n{result.stdout}{result.stderr}")
    print(f"oracle: {len(WAYS) + 1 - failed} of {len(WAYS) + 1} ways behave")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
