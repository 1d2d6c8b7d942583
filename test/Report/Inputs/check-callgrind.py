#!/usr/bin/env python3
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Does callgrind_annotate find in the callgrind format what the JSON report says?

    check-callgrind.py report.json callgrind.out

Totals, and of every function its own instructions and cycles. callgrind_annotate
has a row for each file whose code is inlined in a function, and one row for
functions of the same name in the same file, so that rows are added up by the
function's name.

With --inclusive=yes the row of a function that is called is what its callers say of
it; so of every function that is called, begins no stream and has its name alone there
must be a row of its instructions and cycles with what it called.
"""

import collections
import json
import os
import re
import subprocess
import sys

sys.path.append(os.path.join(os.path.dirname(__file__), "..", "..", "Inputs"))
from closure import cycles_of, rows

ROW = re.compile(r"^ *([\d,]+|\.) +([\d,]+|\.)  (.+?)(?: \[(?:/[^\]]*|\?\?\?)\])?$")


def number(text):
    return 0 if text == "." else int(text.replace(",", ""))


def annotated(profile, *options):
    """The totals, and by function the rows' instructions and cycles."""
    done = subprocess.run(["callgrind_annotate", "--threshold=100", "--auto=no",
                           "--show-percs=no", *options, profile],
                          capture_output=True, text=True, check=True)
    if done.stderr:
        sys.exit(f"check-callgrind.py: callgrind_annotate says: {done.stderr}")
    totals, found = None, collections.defaultdict(list)
    for line in done.stdout.splitlines():
        if not (match := ROW.match(line)):
            continue
        costs, name = (number(match[1]), number(match[2])), match[3]
        if name == "PROGRAM TOTALS":
            totals = costs
        else:
            found[name.split(":", 1)[1]].append(costs)
    return totals, found


def added(costs):
    return tuple(map(sum, zip(*costs)))


def main():
    report, profile = sys.argv[1:]
    with open(report) as file:
        trace = json.load(file)["traces"][0]
    functions = collections.defaultdict(list)
    for f in rows(trace["attribution"]["functions"]):
        functions[f["name"]].append(f)
    called = {call["callee"] for call in rows(trace["attribution"]["calls"])}
    called -= {c["function"] for c in rows(trace["attribution"]["contexts"])
               if c["parent"] is None}
    names = [row[0] for row in trace["attribution"]["functions"]["rows"]]
    wrong = []

    totals, found = annotated(profile)
    if totals != (trace["executed"], trace["summary"]["totalCycles"]):
        wrong.append(f"totals: {totals}")
    for name, same in functions.items():
        costs = added((f["instructions"], cycles_of(f["self"])) for f in same)
        if added(found.get(name, [(0, 0)])) != costs:
            wrong.append(f"own costs of {name}: {found.get(name)}, not {costs}")

    _, inclusive = annotated(profile, "--inclusive=yes")
    compared = 0
    for name in {names[callee] for callee in called}:
        if len(functions[name]) != 1:
            continue
        [f] = functions[name]
        costs = (f["inclusiveInstructions"], f["inclusiveCycles"])
        compared += 1
        if costs not in inclusive.get(name, [(0, 0)]):
            wrong.append(f"inclusive costs of {name}: {inclusive.get(name)}, not {costs}")

    for name in [*found, *inclusive]:
        if name not in functions:
            wrong.append(f"{name} is no function of the report")
    if compared < len(functions) / 2:
        wrong.append(f"only {compared} of {len(functions)} functions are compared")
    if wrong:
        sys.exit("\n".join(f"check-callgrind.py: {line}" for line in wrong[:20]))
    print(f"{totals[1]} cycles, {len(functions)} names, {compared} of them with what they call")


if __name__ == "__main__":
    main()
