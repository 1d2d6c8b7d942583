#!/usr/bin/env python3
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A sweep's tables say what the reports of single simulations say.

    check-sweep.py <table.csv> <table.json> <report.json>...

The reports are those of the table's CPUs, in its order.
"""

import csv
import json
import sys

with open(sys.argv[1]) as table:
    rows = list(csv.DictReader(table))
with open(sys.argv[2]) as table:
    objects = json.load(table)["cpus"]
reports = []
for path in sys.argv[3:]:
    with open(path) as report:
        reports.append(json.load(report))
assert len(rows) == len(objects) == len(reports), (len(rows), len(objects), len(reports))
first = None
for row, one, report in zip(rows, objects, reports):
    summary = report["traces"][0]["summary"]
    cycles = summary["totalCycles"]
    first = first or cycles
    assert row["complete"] == "yes" and one["isComplete"] is True
    assert int(row["cycles"]) == one["cycles"] == cycles, (row, cycles)
    assert int(row["instructions"]) == one["instructions"] == summary["instructions"]
    assert abs(float(row["relative"]) - cycles / first) < 1e-5
    assert abs(one["ipc"] - summary["instructions"] / cycles) < 1e-9
