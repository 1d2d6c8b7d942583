#!/usr/bin/env python3
# Part of the MCAD Project, under the Apache License v2.0 with LLVM Exceptions.
# See LICENSE for license information.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs regions.cpp and holds what the report says of its regions against what the
program does, and against what the report says of the same code elsewhere.

    check-regions.py --mcad=<mcad> --source=<regions.cpp> <program> [run option ...]
"""

import argparse
import os
import pathlib
import sys
import tempfile

sys.path.append(os.path.join(os.path.dirname(__file__), "..", "..", "Inputs"))
from closure import cycles_of, problems, rows
from regions_run import expect, finish, run

# Region -> how often it is entered and left, and entered and not left.
EXPECTED = {
    "loop": (10, 0),
    "left by longjmp": (3, 0),
    "left by exception": (2, 0),
    "left by return": (6, 0),
    "recursive": (1, 0),
    "outer": (1, 0),
    "inner": (1, 0),
    "overlapping": (1, 0),
    "in threads": (15, 0),
    "never left": (0, 1),
    # Of the manifest. The threads call it as well.
    "work": (10 + 3 + 2 + 9 + 8 + 6 + 4 + 15 + 1, 0),
    "fibonacci": (1, 0),
    "fibonacci by address": (1, 0),
    "lines": (1, 0),
    "all of lines()": (1, 0),
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--mcad", required=True)
    parser.add_argument("--source", type=pathlib.Path, required=True)
    parser.add_argument("program")
    arguments, options = parser.parse_known_args()

    source = arguments.source.read_text().splitlines()
    first, = (i for i, line in enumerate(source, 1) if "The first of the lines" in line)
    last, = (i for i, line in enumerate(source, 1) if "The last of the lines" in line)
    manifest = [
        {"symbol": "(anonymous namespace)::work(int)", "description": "work"},
        {"symbol": "(anonymous namespace)::fibonacci(int)", "description": "fibonacci"},
        {"lines": f"{arguments.source.name}:{first}-{last}", "description": "lines"},
        {"symbol": "(anonymous namespace)::lines()", "description": "all of lines()",
         "offsets": [0, 0]},
    ]
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        trace, = run(arguments.mcad, arguments.program, manifest, folder, *options)["traces"]
        profile = trace["attribution"]
        functions = {f["name"]: f for f in rows(profile["functions"])}
        image, = (i for i in rows(profile["images"]) if i["path"].endswith(arguments.program))
        fibonacci = functions["(anonymous namespace)::fibonacci(int)"]
        start = int(fibonacci["address"], 16) - int(image["loadBias"], 16)
        manifest.append({"start": hex(start), "end": start + fibonacci["sizeBytes"],
                         "description": "fibonacci by address"})
        trace, = run(arguments.mcad, arguments.program, manifest, folder, *options)["traces"]

    profile = trace["attribution"]
    regions = {r["description"]: r for r in rows(profile["regions"])}
    expect("regions", sorted(regions), sorted(EXPECTED))
    for name, counts in EXPECTED.items():
        expect(f"entries of '{name}', and not left",
               (regions[name]["entries"], regions[name]["openEntries"]), counts)

    # With that, each cycle is of one region that was entered last, or of none.
    expect("what does not add up", problems(trace), [])
    for name, r in regions.items():
        histogram = r["histogram"]
        expect(f"histogram of '{name}'", sum(histogram[2::3]), r["entries"])
        expect(f"order of '{name}'", sorted([r["minimum"], r["median"], r["percentile90"],
                                             r["maximum"]]),
               [r["minimum"], r["median"], r["percentile90"], r["maximum"]])
        # In several threads, and where one is not left, there are other cycles too.
        if not r["openEntries"]:
            expect(f"cycles of the entries of '{name}'", r["entryCycles"],
                   cycles_of(r["cycles"]))

    # The call tree knows the same of whole functions, in its own way.
    functions = {f["name"]: f for f in rows(profile["functions"])}
    for region, function in [("work", "work(int)"), ("fibonacci", "fibonacci(int)"),
                             ("fibonacci by address", "fibonacci(int)"),
                             ("all of lines()", "lines()")]:
        of = functions[f"(anonymous namespace)::{function}"]
        for key, value in [("instructions", regions[region]["instructions"]),
                           ("cycles", cycles_of(regions[region]["cycles"]))]:
            expect(f"{key} of '{region}'", value, of["inclusive" + key.capitalize()])

    finish()


main()
