#!/usr/bin/env python3
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Checks a report of one trace: so many streams, as many instructions in each as
the sender counted, and in all as many as in their sum.

  streams.py report.json count
"""

import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    (trace,) = json.load(file)["traces"]
streams = trace["streams"]
if not trace["complete"] or len(streams) != int(sys.argv[2]):
    sys.exit(f"{len(streams)} streams, complete: {trace['complete']}")
for stream in streams:
    if stream["executed"] != stream["sent"]["instructions"]:
        sys.exit(f"stream {stream['stream']}: {stream}")
total = sum(stream["executed"] for stream in streams)
if total != trace["executed"]:
    sys.exit(f"{trace['executed']} in all, {total} in the streams")
