#!/usr/bin/env python3
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks a report of a program and its forked children: so many traces, all
complete, all children but the first of one that is there too; what is noted of
the children's end, if that is given, and of no other's.

  family.py report.json count [--children=<name of a loss>]
"""

import argparse
import json
import sys

parser = argparse.ArgumentParser()
parser.add_argument("report")
parser.add_argument("count", type=int)
parser.add_argument("--children")
args = parser.parse_args()
with open(args.report, encoding="utf-8") as file:
    traces = json.load(file)["traces"]
processes = {trace["description"]["processId"] for trace in traces}
if len(traces) != args.count or len(processes) != len(traces):
    sys.exit(f"{len(traces)} traces of {len(processes)} processes")
for index, trace in enumerate(traces):
    losses = [loss["name"] for loss in trace["losses"]]
    if not trace["complete"]:
        sys.exit(f"trace {index} is not complete: {losses}")
    if index and trace["description"]["parentProcessId"] not in processes:
        sys.exit(f"trace {index}: nobody knows its parent")
    if args.children and (args.children in losses) != (index > 0):
        sys.exit(f"trace {index}: its end is noted as {losses}")
