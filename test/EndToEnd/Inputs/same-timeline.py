#!/usr/bin/env python3
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Fails unless the timelines of two JSON reports are the same and not empty; with
--but-for-it as first argument, unless all else is."""

import json
import sys


def read(path):
    with open(path) as f:
        report = json.load(f)
    del report["runTime"]
    return report, report["traces"][0]["attribution"].pop("timeline")["rows"]


def main():
    is_all_else = sys.argv[1] == "--but-for-it"
    (first, rows), (second, others) = map(read, sys.argv[-2:])
    if is_all_else:
        sys.exit(first != second and "the reports differ in more than the timeline")
    if not rows or rows != others:
        sys.exit("the timelines differ, or are empty")
    print(f"{len(rows)} instructions, the same")


main()
