#!/usr/bin/env python3
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The oracle test: for assembly, llvm-mcad prints the figures of llvm-mca.

Generates the files of corpus.py into a folder, drops the lines that llvm-mca
does not take for their CPU, runs `llvm-mca -iterations=1` and `llvm-mcad` on
each, and compares to the letter, region by region: the summary, the resources,
the pressure per iteration and the pressure by instruction. A difference is
printed as a unified diff with the two command lines. Fails as well if fewer
than 200 files or too few of the generated lines are left to compare.
"""

import argparse
import concurrent.futures
import difflib
import pathlib
import re
import shlex
import subprocess
import sys

import corpus

FEWEST_FILES = 200
# Of the generated units, over all files. The templates of a vocabulary serve
# CPUs of different age, so that each of them refuses some.
SMALLEST_SHARE = 0.8
TIME_LIMIT_SECONDS = 20

HEADING = re.compile(r"^\[\d+\] Code Region")
# Section -> the lines it ends with: a blank one.
SECTIONS = ["Resources:", "Resource pressure per iteration:",
            "Resource pressure by instruction:"]
SUMMARY = ["Iterations:", "Instructions:", "Total Cycles:", "Total uOps:", "",
           "Dispatch Width:", "uOps Per Cycle:", "IPC:", "Block RThroughput:"]


def run(command):
    return subprocess.run(command, capture_output=True, text=True,
                          timeout=TIME_LIMIT_SECONDS)


def comparable(output):
    """The lines to compare of a report: all else that it says is left out."""
    lines = output.splitlines()
    kept = []
    i = 0
    while i < len(lines):
        if HEADING.match(lines[i]):
            kept.append(lines[i])
        elif lines[i].startswith(SUMMARY[0]):
            kept += lines[i:i + len(SUMMARY)]
            i += len(SUMMARY) - 1
        elif lines[i] in SECTIONS:
            while i < len(lines) and lines[i]:
                kept.append(lines[i])
                i += 1
            continue
        i += 1
    return kept


def drop_refused(case, llvm_mca, path):
    """Leaves the units that llvm-mca takes for the case's CPU, each tried in a
    region of its own. Returns how many there were."""
    units = case.units
    if not units:
        return 0
    trial = [case.prologue] if case.prologue else []
    for i, unit in enumerate(units):
        trial += [f"{case.comment} LLVM-MCA-BEGIN u{i}", unit,
                  f"{case.comment} LLVM-MCA-END u{i}"]
    path.write_text("\n".join(trial) + "\n")
    command = [llvm_mca, "-iterations=1", "-skip-unsupported-instructions=any",
               "-resource-pressure=0", "-instruction-info=0", *case.options, str(path)]
    result = run(command)
    if result.returncode != 0:
        raise RuntimeError(f"{shlex.join(command)}\n{result.stderr}")
    taken = {}
    for match in re.finditer(r"^\[\d+\] Code Region - u(\d+)\n\nIterations: +1\n"
                             r"Instructions: +(\d+)$", result.stdout, re.M):
        taken[int(match.group(1))] = int(match.group(2))
    # A pseudo instruction becomes several, never fewer than its lines.
    case.units = [unit for i, unit in enumerate(units)
                  if taken.get(i, 0) >= unit.count("\n") + 1]
    return len(units)


def compare(case, arguments):
    """Returns (units generated, units left, message); empty message: equal."""
    path = arguments.folder / f"{case.name}.s"
    generated = drop_refused(case, arguments.llvm_mca, path)
    path.write_text(case.text())
    theirs = [arguments.llvm_mca, "-iterations=1", *case.options, str(path)]
    ours = [*shlex.split(arguments.llvm_mcad), *case.options, str(path)]
    if not arguments.self_test:
        ours[-1:-1] = case.our_options
    commands = f"  {shlex.join(theirs)}\n  {shlex.join(ours)}\n"
    try:
        expected, actual = run(theirs), run(ours)
    except subprocess.TimeoutExpired as error:
        return generated, len(case.units), f"{commands}{error}\n"
    if expected.returncode != 0 or not comparable(expected.stdout):
        return generated, len(case.units), (
            f"{commands}llvm-mca refuses the file, which is to be mended here:\n"
            f"{expected.stderr}")
    if actual.returncode != 0:
        return generated, len(case.units), (
            f"{commands}llvm-mcad: exit status {actual.returncode}\n{actual.stderr}")
    difference = list(difflib.unified_diff(
        comparable(expected.stdout), comparable(actual.stdout),
        "llvm-mca", "llvm-mcad", lineterm="", n=2))
    if difference:
        return generated, len(case.units), commands + "\n".join(difference[:60]) + "\n"
    return generated, len(case.units), ""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--llvm-mca", required=True)
    parser.add_argument("--llvm-mcad", required=True, help="the command to test")
    parser.add_argument("--folder", required=True, type=pathlib.Path,
                        help="where the files are written, and stay")
    parser.add_argument("--only", default="", help="a part of the names to compare")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--self-test", action="store_true",
                        help="--llvm-mcad is an llvm-mca: give it no option of ours")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)

    cases = [case for case in corpus.all_cases() if arguments.only in case.name]
    names = [case.name for case in cases]
    assert len(names) == len(set(names)), "two cases write the same file"
    generated = left = failed = 0
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        results = pool.map(lambda case: compare(case, arguments), cases)
        for case, (case_generated, case_left, message) in zip(cases, results):
            generated += case_generated
            left += case_left
            if message:
                failed += 1
                print(f"FAIL: {case.name}\n{message}", flush=True)
    print(f"oracle: {len(cases)} files, {left} of {generated} generated units taken, "
          f"{len(cases) - failed} equal, {failed} different")
    if failed:
        return 1
    if not arguments.only and len(cases) < FEWEST_FILES:
        print(f"oracle: fewer than {FEWEST_FILES} files")
        return 1
    if not arguments.only and left < SMALLEST_SHARE * generated:
        print(f"oracle: llvm-mca takes less than {SMALLEST_SHARE:.0%} of the units: "
              "mend the templates")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
