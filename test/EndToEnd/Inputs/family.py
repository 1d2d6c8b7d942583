#!/usr/bin/env python3
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks a report of a program and its forked children: so many traces, all
complete, all children but the first of one that is there too.

  family.py report.json count
"""

import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    traces = json.load(file)["traces"]
processes = {trace["description"]["processId"] for trace in traces}
if len(traces) != int(sys.argv[2]) or len(processes) != len(traces):
    sys.exit(f"{len(traces)} traces of {len(processes)} processes")
for index, trace in enumerate(traces):
    if not trace["complete"]:
        sys.exit(f"trace {index} is not complete: {trace['losses']}")
    if index and trace["description"]["parentProcessId"] not in processes:
        sys.exit(f"trace {index}: nobody knows its parent")
