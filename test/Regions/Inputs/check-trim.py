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
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.append(os.path.join(os.path.dirname(__file__), "..", "..", "Inputs"))
import json

from closure import cycles_of, problems, rows

STRAIGHT = "(anonymous namespace)::straight(int)"
MANIFEST = [
    {"symbol": "(anonymous namespace)::work(int)", "description": "work"},
    {"symbol": "(anonymous namespace)::fibonacci(int)", "description": "fibonacci"},
    {"symbol": STRAIGHT, "description": "straight"},
    {"symbol": "never_called", "description": "not executed"},
]

failures = 0


def expect(what, got, wanted):
    global failures
    if got != wanted:
        print(f"{what}: {got} where {wanted} is expected")
        failures += 1


class Runner:
    def __init__(self, arguments, folder):
        self.mcad, self.llvm_mcad = arguments.mcad, arguments.llvm_mcad
        self.program, self.thumb, self.folder = arguments.program, arguments.thumb, folder
        (folder / "regions.json").write_text(json.dumps(MANIFEST))

    def report(self, *options):
        path = self.folder / "report.json"
        subprocess.run([self.mcad, "run", "--quiet", f"--regions={self.folder}/regions.json",
                        "-o", str(path), *options, "--", self.program], check=True)
        return json.loads(path.read_text())

    def triple(self, target):
        return target["triple"].replace("arm", "thumb") if self.thumb else target["triple"]

    def cycles_of_bytes(self, target, listed):
        """Of instructions, as hexadecimal digits, executed once after each other."""
        code, path = self.folder / "code.hex", self.folder / "code.json"
        code.write_text("\n".join(listed))
        subprocess.run([self.llvm_mcad, "-broker=raw", f"-mtriple={self.triple(target)}",
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
    # Each entry fills and drains the core: it is no part of what others do.
    if region["entries"] and total < region["entries"]:
        expect(f"cycles of '{name}'", total, "at least as many as entries")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--mcad", required=True)
    parser.add_argument("--llvm-mcad", required=True)
    parser.add_argument("--thumb", action="store_true", help="the program is Thumb code")
    parser.add_argument("program")
    with tempfile.TemporaryDirectory() as folder:
        run = Runner(parser.parse_args(), pathlib.Path(folder))
        all_of_it, = run.report()["traces"]
        marked = {r["description"]: r for r in rows(all_of_it["attribution"]["regions"])}
        trimmed = run.report("--region-mode=trim", "--verify-engine")
        expect("reports", sorted(t["description"]["region"] for t in trimmed["traces"]),
               sorted(marked))
        for trace in trimmed["traces"]:
            name = trace["description"]["region"]
            check_region(name, trace, marked[name])

        # The core is empty at each entry: all are the same.
        ideal = run.report("--region-mode=trim", "--ideal")
        straight, = (t for t in ideal["traces"] if t["description"]["region"] == "straight")
        region, = rows(straight["attribution"]["regions"])
        code = [i["bytes"] for i in rows(straight["attribution"]["instructions"])]
        expect("blocks of straight()", len(rows(straight["attribution"]["blocks"])), 1)
        expect("entries of straight()", region["entries"], 7)
        cycles = run.cycles_of_bytes(ideal["target"], code)
        expect("cycles of each entry", [region["minimum"], region["maximum"]], [cycles] * 2)
        never, = (t for t in ideal["traces"] if t["description"]["region"] == "not executed")
        expect("cycles of what is not executed", never["summary"]["totalCycles"], 0)

    sys.exit(f"{failures} differences" if failures else 0)


main()
