#!/usr/bin/env python3
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The report in README.md is what demo/trace.sh prints for demo/hello.c.

    readme.py --build=<build folder> [--check]

Without --check it writes the report into README.md; with --check it fails if the
one there is another. What differs from run to run (process, port, seconds) is
written as `...`. Only the words are compared: the figures hold the loader's
start-up, which is another on another machine.
"""

import argparse
import difflib
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
TRIPLE = "arm-linux-gnueabihf"
CPU = "cortex-a57"
REPORT = re.compile(r"<!-- report: begin -->\n```\n(.*?)```\n<!-- report: end -->\n", re.S)
# The loader and the C library look at environment and path of a program, so that
# the figures depend on their lengths: both are the same everywhere.
ENVIRONMENT = {"PATH": "/usr/bin:/bin"}
FOLDER_LENGTH = 80
FROM_RUN_TO_RUN = [
    (r"process \d+", "process ..."),
    (r"\b(127\.0\.0\.1|localhost|\[::1\]):\d+", r"\1:..."),
    (r"\bport=\d+", "port=..."),
    (r"in [\d.]+ s \([\d.]+ million", "in ... s (... million"),
]
# Which instructions are the worst of libraries depends on the machine.
LISTS = r"Most cycles of latency beyond L1:.*?(?=\nSimulated)"


def measure(build):
    """The report of the demonstration."""
    with tempfile.TemporaryDirectory() as base:
        folder = pathlib.Path(base) / ("d" * max(1, FOLDER_LENGTH - len(base) - 1))
        folder.mkdir()
        return measure_in(folder, build)


def measure_in(folder, build):
    subprocess.run([f"{TRIPLE}-gcc", "-O2", "-o", str(folder / "hello"), "demo/hello.c"],
                   cwd=ROOT, check=True)
    result = subprocess.run([str(ROOT / "demo" / "trace.sh"), str(build), TRIPLE, CPU, "./hello"],
                            cwd=folder, env=ENVIRONMENT, capture_output=True, text=True,
                            timeout=120)
    if result.returncode != 0:
        sys.exit(f"readme.py: demo/trace.sh: exit status {result.returncode}\n"
                 f"{result.stdout}{result.stderr}")
    report = result.stdout
    for pattern, text in FROM_RUN_TO_RUN:
        report = re.sub(pattern, text, report)
    report = re.sub(LISTS, "...\n", report, flags=re.S)
    return report.strip("\n") + "\n"


def words(report):
    """The report without its figures."""
    return re.sub(r"[\d.]+", "0", re.sub(r"\s+", " ", report))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", required=True, type=pathlib.Path)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    if not shutil.which(f"{TRIPLE}-gcc") or not shutil.which("qemu-arm"):
        sys.exit("readme.py: no compiler for ARM or no qemu-arm: run ./setup.sh")

    readme = ROOT / "README.md"
    text = readme.read_text()
    found = REPORT.search(text)
    if not found:
        sys.exit("readme.py: README.md has no marks for the report")
    report = measure(arguments.build.resolve())
    if not arguments.check:
        readme.write_text(text[:found.start()] + f"<!-- report: begin -->\n```\n{report}```\n"
                          "<!-- report: end -->\n" + text[found.end():])
        return 0
    # Only the words: the loader's part of the figures depends on the machine.
    old_report = found.group(1)
    same = words(report) == words(old_report)
    if not same:
        sys.stdout.writelines(line + "\n" for line in difflib.unified_diff(
            old_report.splitlines(), report.splitlines(), "README.md", "now", lineterm=""))
        print("readme: mend README.md with: test/readme.py --build=<build folder>")
        return 1
    print("readme: the report in README.md is what the program prints")
    return 0


if __name__ == "__main__":
    sys.exit(main())
