#!/usr/bin/env python3
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs regions.cpp with -region-mode=trim, and holds the report of each region
against what -region-mode=mark says of it, and against the simulation of the same
instructions from a file.

    check-trim.py --mcad=<mcad> --llvm-mcad=<llvm-mcad> [--thumb] <program>
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.append(os.path.join(os.path.dirname(__file__), "..", "..", "Inputs"))
from closure import cycles_of, problems, rows
from regions_run import expect, finish, run

STRAIGHT = "(anonymous namespace)::straight(int)"
MANIFEST = [
    {"symbol": "(anonymous namespace)::work(int)", "description": "work"},
    {"symbol": "(anonymous namespace)::fibonacci(int)", "description": "fibonacci"},
    {"symbol": STRAIGHT, "description": "straight"},
    {"symbol": "never_called", "description": "not executed"},
]


def cycles_of_bytes(arguments, target, listed, folder):
    """Of instructions, as hexadecimal digits, executed once after each other."""
    code, path = folder / "code.hex", folder / "code.json"
    code.write_text("\n".join(listed))
    triple = target["triple"].replace("arm", "thumb") if arguments.thumb else target["triple"]
    subprocess.run([arguments.llvm_mcad, "-broker=raw", f"-mtriple={triple}",
                    f"-mcpu={target['cpu']}", f"-report=json={path}", str(code)], check=True)
    return json.loads(path.read_text())["traces"][0]["summary"]["totalCycles"]


def check_region(name, trace, marked):
    region, = rows(trace["attribution"]["regions"])
    expect(f"regions of the report of '{name}'", region["description"], name)
    for key in ["entries", "openEntries", "instructions"]:
        expect(f"{key} of '{name}'", region[key], marked[key])
    total = trace["summary"]["totalCycles"]
    expect(f"executed in '{name}'", trace["executed"], marked["instructions"])
    expect(f"cycles of '{name}'", cycles_of(region["cycles"]), total)
    expect(f"complete, of '{name}'", trace["complete"], True)
    expect(f"what does not add up in '{name}'", problems(trace), [])
    if not region["openEntries"]:
        expect(f"cycles of the entries of '{name}'", region["entryCycles"], total)
    # Each entry fills and drains the core.
    expect(f"as many cycles as entries at least, of '{name}'", total >= region["entries"], True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--mcad", required=True)
    parser.add_argument("--llvm-mcad", required=True)
    parser.add_argument("--thumb", action="store_true", help="the program is Thumb code")
    parser.add_argument("program")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)

        def report(*options):
            return run(arguments.mcad, arguments.program, MANIFEST, folder, *options)

        all_of_it, = report()["traces"]
        marked = {r["description"]: r for r in rows(all_of_it["attribution"]["regions"])}
        trimmed = report("--region-mode=trim", "--verify-engine")
        expect("reports", sorted(t["description"]["region"] for t in trimmed["traces"]),
               sorted(marked))
        for trace in trimmed["traces"]:
            name = trace["description"]["region"]
            check_region(name, trace, marked[name])

        # The core is empty at each entry: all are the same.
        ideal = report("--region-mode=trim", "--ideal")
        straight, = (t for t in ideal["traces"] if t["description"]["region"] == "straight")
        region, = rows(straight["attribution"]["regions"])
        code = [i["bytes"] for i in rows(straight["attribution"]["instructions"])]
        expect("blocks of straight()", len(rows(straight["attribution"]["blocks"])), 1)
        expect("entries of straight()", region["entries"], 7)
        cycles = cycles_of_bytes(arguments, ideal["target"], code, folder)
        expect("cycles of each entry", [region["minimum"], region["maximum"]], [cycles] * 2)
        never, = (t for t in ideal["traces"] if t["description"]["region"] == "not executed")
        expect("cycles of what is not executed", never["summary"]["totalCycles"], 0)

    finish()


main()
