#!/usr/bin/env python3
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks cycles in JSON reports.

    check-cycles.py REPORT              cycles by cause are part of all cycles
    check-cycles.py --less A B          A has fewer cycles than B, for the same program
"""

import json
import sys


def summary(path):
    with open(path) as file:
        return json.load(file)["traces"][0]


def main():
    if sys.argv[1] == "--less":
        one, other = summary(sys.argv[2]), summary(sys.argv[3])
        assert one["executed"] == other["executed"]
        assert one["summary"]["totalCycles"] < other["summary"]["totalCycles"]
        return
    trace = summary(sys.argv[1])
    lost = trace["surroundings"]["lostCycles"]
    cycles = trace["summary"]["totalCycles"]
    # In each other cycle at least one instruction retired, and at most all did.
    retiring = cycles - sum(lost.values())
    assert 0 < retiring <= trace["executed"], (cycles, lost)
    assert lost["memory"] and lost["mispredict"] and lost["fetch-miss"], lost


main()
