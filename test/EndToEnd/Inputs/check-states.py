#!/usr/bin/env python3
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Holds the relay's word on ARM and Thumb against the CPU's, for every block of one
guest, under a QEMU that has registers to ask for.

    check-states.py --traced='run-traced.py ...' --llvm-mcad=M --mcad=M --states=S
                    --work=W [options] -- qemu-arm ... guest

Runs the guest twice: once the relay infers the state as it does where there is
nobody to ask (-infer-state), once it asks. In both runs a plugin of its own
(Plugins/ThumbStates.c) writes down in which state the CPU executed each block.

  1. The listing of the code has the blocks that the CPU executed, each in the
     CPU's state.
  2. Asked, no block of the trace is ambiguous.
  3. Both runs have the same listing and the same report (unless --threads), so that
     no state was guessed.
"""

import argparse
import collections
import json
import os
import re
import shlex
import subprocess
import sys


def fail(message):
    sys.exit(f"check-states.py: {message}")


def options(words):
    parser = argparse.ArgumentParser()
    for name in ["traced", "llvm-mcad", "mcad", "states", "work"]:
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--input", default=os.devnull)
    parser.add_argument("--threads", action="store_true",
                        help="the guest has several: what they execute is another each time")
    return parser.parse_args(words)


def run(command):
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode != 0:
        fail(f"exit status {result.returncode}: {shlex.join(command)}\n"
             f"{result.stdout[-2000:]}{result.stderr[-4000:]}")
    return result.stdout


def contents(path):
    with open(path) as file:
        return file.read()


def check_run(given, guest, work, relay_option):
    """One run: its listing, its report, and what is to be said of it."""
    os.makedirs(work, exist_ok=True)

    def path(name):
        return os.path.join(work, name)

    run(shlex.split(given.traced) +
        [f"--plugin={given.states},out={path('states')}", f"--relay-arg={relay_option}",
         f"--guest-input={given.input}", f"--guest-output={path('output')}", "--time-limit=200",
         "--", given.llvm_mcad, "-mcpu=cortex-a57", f"-report=json={path('report.json')}",
         f"-record={path('trace.mcad')}", f"-code={path('code')}", "---", *guest])
    report = json.loads(contents(path("report.json")))
    if not report["complete"]:
        fail(f"not complete: {report['traces'][0]['losses']}")
    del report["runTime"]
    for name in ["processId", "parentProcessId", "recorderOptions"]:
        del report["traces"][0]["description"][name]

    executed = collections.defaultdict(set)
    for line in contents(path("states")).splitlines():
        address, state = line.split()
        executed[int(address, 16)].add(state)
    listing = contents(path("code"))
    listed = collections.defaultdict(set)
    for address, state in re.findall(r"^block \d+ at 0x([0-9a-f]+) \((\w+)\):$", listing, re.M):
        listed[int(address, 16)].add(state)
    wrong = [f"{address:x}: relay {sorted(listed[address])}, CPU {sorted(executed[address])}"
             for address in sorted(listed.keys() | executed.keys())
             if listed[address] != executed[address]]
    if wrong:
        fail(f"{relay_option}: {len(wrong)} blocks of {len(executed)} differ:\n"
             + "\n".join(wrong[:10]))

    ambiguous = run([given.mcad, "trace", "dump", path("trace.mcad")]).count(" set=ambiguous")
    os.remove(path("trace.mcad"))
    states = collections.Counter(state for each in listed.values() for state in each)
    return listing, report, states, ambiguous


def main():
    words = sys.argv[1:]
    first = words.index("--")
    given, guest = options(words[:first]), words[first + 1:]
    listing, report, states, ambiguous = check_run(
        given, guest, os.path.join(given.work, "inferred"), "infer-state=on")
    listing2, report2, _, ambiguous2 = check_run(
        given, guest, os.path.join(given.work, "asked"), "infer-state=off")
    if ambiguous2:
        fail(f"{ambiguous2} blocks are ambiguous, although the CPU is asked")
    if not given.threads and listing != listing2:
        fail(f"the listings in {given.work} differ")
    if not given.threads and report != report2:
        fail(f"the reports in {given.work} differ")
    print(f"{states['ARM']} places in ARM state and {states['Thumb']} in Thumb state, as the CPU; "
          f"{ambiguous} blocks by QEMU's text")


if __name__ == "__main__":
    main()
